// The lines of the runs table: runs, groups of them, and the runs below either that the reader has opened.

import type { RunRow } from "./columns.ts";
import { quoteKey, quoteValue } from "./filter.ts";
import { plural } from "./format.ts";

/** Runs with the same value of a param or tag. */
export interface Group {
  /** `undefined` for the runs that have none. */
  value: string | undefined;
  count: number;
  /** Of each metric that was asked for. */
  metrics: Map<string, { mean: number; spread: number | undefined }>;
}

/** What stands below a line that was opened; `undefined` until it has been loaded. */
export interface Below {
  runs: RunRow[];
  /** How many there are altogether. */
  total: number;
  /** Why they could not be loaded. */
  problem?: string;
}

export type Row =
  | { kind: "run"; id: string; run: RunRow; depth: number; open: boolean | undefined }
  | { kind: "group"; id: string; group: Group; open: boolean }
  | { kind: "note"; id: string; depth: number; text: string };

/** How the address names an opened group: a run's id never begins like this. */
export const groupId = (value: string | undefined): string => (value === undefined ? "none" : `=${value}`);

export function readGroupId(id: string): { value: string | undefined } | undefined {
  if (id === "none") return { value: undefined };
  return id.startsWith("=") ? { value: id.slice(1) } : undefined;
}

/** The search's clause for the runs of a group. `by` is a column: `p.model`, `t.team`. */
export function groupClause(by: string, value: string | undefined): string {
  const name = `${by.startsWith("p.") ? "params" : "tags"}.${quoteKey(by.slice(2))}`;
  return value === undefined ? `${name} IS NULL` : `${name} = ${quoteValue(value)}`;
}

/** Deeper trees than this are shown flat: the column has no more room. */
const DEEPEST = 8;

/** Runs and, below those that are open, their children. `open` is undefined for a run that has none. */
export function runRows(
  runs: readonly RunRow[],
  opened: ReadonlySet<string>,
  below: ReadonlyMap<string, Below>,
  depth = 0,
): Row[] {
  const rows: Row[] = [];
  for (const run of runs) {
    const open = run.children ? opened.has(run.id) : undefined;
    rows.push({ kind: "run", id: depth === 0 ? run.id : `${depth}:${run.id}`, run, depth, open });
    if (open && depth < DEEPEST) rows.push(...belowRows(run.id, opened, below, depth + 1));
  }
  return rows;
}

export function groupRows(
  groups: readonly Group[],
  total: number,
  opened: ReadonlySet<string>,
  below: ReadonlyMap<string, Below>,
): Row[] {
  const rows: Row[] = [];
  for (const group of groups) {
    const id = groupId(group.value);
    const open = opened.has(id);
    rows.push({ kind: "group", id, group, open });
    if (open) rows.push(...belowRows(id, opened, below, 1));
  }
  const rest = total - groups.length;
  if (rest > 0) rows.push({ kind: "note", id: "rest", depth: 0, text: `and ${plural(rest, "more group")}` });
  return rows;
}

function belowRows(
  id: string,
  opened: ReadonlySet<string>,
  below: ReadonlyMap<string, Below>,
  depth: number,
): Row[] {
  const found = below.get(id);
  if (!found) return [{ kind: "note", id: `wait ${id}`, depth, text: "Loading…" }];
  if (found.problem !== undefined) return [{ kind: "note", id: `fail ${id}`, depth, text: found.problem }];
  const rows = runRows(found.runs, opened, below, depth);
  const rest = found.total - found.runs.length;
  if (rest > 0) rows.push({ kind: "note", id: `rest ${id}`, depth, text: `and ${plural(rest, "more run")}` });
  return rows;
}
