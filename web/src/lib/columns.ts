// The runs table's columns: which there are, how the address names them, and what a run has in one.

import type { Run } from "../api/mlflow.ts";
import { quoteKey } from "./filter.ts";
import { formatDuration } from "./format.ts";

export type Kind = "attribute" | "metric" | "param" | "tag";

/** What a run has under keys: a map, or a line of columns. */
export interface Values<T> {
  get: (key: string) => T | undefined;
}

/** A run as tables and charts look at it; a `Run` is one too. */
export interface RunRow
  extends Pick<Run, "id" | "name" | "user" | "status" | "startedAt" | "endedAt" | "deleted"> {
  /** The latest value of each. */
  metrics: Values<number>;
  /** The lowest and the highest value of each, where they were asked for. */
  lows?: Values<number>;
  highs?: Values<number>;
  params: Values<string>;
  tags: Values<string>;
  /** The number in the address; where the server told it. */
  iid?: number;
  /** How many runs name this one as their parent; where the server told it. */
  children?: number;
}

/** Which of a metric's values. */
export type Stat = "last" | "min" | "max";

export interface Column {
  /** As in the address: `a.status`, `m.val/auc` (its last value), `l.…` (lowest), `h.…` (highest), `p.max_depth`, `t.team`. */
  id: string;
  kind: Kind;
  key: string;
  /** Of metrics. */
  stat: Stat;
  title: string;
  width: number;
}

const LETTERS: Record<string, [Kind, Stat]> = {
  a: ["attribute", "last"],
  m: ["metric", "last"],
  l: ["metric", "min"],
  h: ["metric", "max"],
  p: ["param", "last"],
  t: ["tag", "last"],
};

/** The id of another value of the same metric. */
export const statId = (key: string, stat: Stat): string =>
  `${{ last: "m", min: "l", max: "h" }[stat]}.${key}`;

const ATTRIBUTES: Record<string, { title: string; width: number; order?: string }> = {
  status: { title: "Status", width: 112, order: "attributes.status" },
  started: { title: "Created", width: 128, order: "attributes.start_time" },
  duration: { title: "Duration", width: 104 },
  user: { title: "User", width: 110, order: "attributes.user_id" },
  source: { title: "Source", width: 130 },
  id: { title: "Run id", width: 270, order: "attributes.run_id" },
};

/** Tags that MLflow itself sets: shown elsewhere, and as columns only when asked for. */
const OWN_TAG = /^(mlflow|gitlab|weir)\./;

/** Of one kind, at first: nobody looks through more, and all of their values would have to be fetched. */
const USUAL = 60;

export function column(id: string): Column | undefined {
  const [kind, stat] = LETTERS[id[0] ?? ""] ?? [];
  const key = id.slice(2);
  if (!kind || !stat || id[1] !== "." || key === "") return undefined;
  if (kind === "attribute") {
    const attribute = ATTRIBUTES[key];
    return attribute && { id, kind, key, stat, title: attribute.title, width: attribute.width };
  }
  const title = stat === "last" ? key : `${key} ${stat}`;
  const width = kind === "metric" ? 116 : 132;
  // Seven pixels a letter, so that most names can be read whole.
  return { id, kind, key, stat, title, width: Math.min(220, Math.max(width, title.length * 7 + 40)) };
}

export interface Catalogue {
  metrics: string[];
  params: string[];
  tags: string[];
}

/** Every key of the runs, sorted. */
export function catalogue(runs: readonly Run[]): Catalogue {
  const metrics = new Set<string>();
  const params = new Set<string>();
  const tags = new Set<string>();
  for (const run of runs) {
    for (const key of run.metrics.keys()) metrics.add(key);
    for (const key of run.params.keys()) params.add(key);
    for (const key of run.tags.keys()) tags.add(key);
  }
  const sorted = (keys: Set<string>) => [...keys].sort((a, b) => a.localeCompare(b, "en"));
  return { metrics: sorted(metrics), params: sorted(params), tags: sorted(tags) };
}

/** All columns there could be, in their order. */
export function allColumns(keys: Catalogue): Column[] {
  const ids = [
    ...Object.keys(ATTRIBUTES).map((key) => `a.${key}`),
    ...keys.metrics.map((key) => `m.${key}`),
    ...keys.params.map((key) => `p.${key}`),
    ...keys.tags.map((key) => `t.${key}`),
  ];
  return ids.flatMap((id) => column(id) ?? []);
}

/** What is shown when the address does not say: no run ids, no source, and no tags that tools set. */
export function defaultColumns(keys: Catalogue): string[] {
  const shown = allColumns(keys).filter(({ kind, key }) =>
    kind === "attribute" ? key !== "id" && key !== "source" : kind !== "tag" || !OWN_TAG.test(key),
  );
  const kinds = new Map<Kind, number>();
  const few = shown.filter(({ kind }) => {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    return (kinds.get(kind) ?? 0) <= USUAL;
  });
  return few.map(({ id }) => id);
}

/** Columns in which the runs are not all the same; of fewer than two runs, all. */
export function differing(columns: Column[], runs: readonly RunRow[]): Column[] {
  if (runs.length < 2) return columns;
  return columns.filter((one) => new Set(runs.map((run) => text(run, one))).size > 1);
}

export function text(run: RunRow, one: Column): string {
  switch (one.kind) {
    case "metric":
      return String(metric(run, one) ?? "");
    case "param":
      return run.params.get(one.key) ?? "";
    case "tag":
      return run.tags.get(one.key) ?? "";
    case "attribute":
      return attribute(run, one.key);
  }
}

/** A metric's value in a column: its last, lowest or highest. */
export function metric(run: RunRow, one: Column): number | undefined {
  const values = one.stat === "last" ? run.metrics : one.stat === "min" ? run.lows : run.highs;
  return values?.get(one.key);
}

function attribute(run: RunRow, key: string): string {
  switch (key) {
    case "status":
      return run.status;
    case "started":
      return run.startedAt === undefined ? "" : new Date(run.startedAt).toISOString();
    case "duration":
      return run.startedAt && run.endedAt ? formatDuration(run.endedAt - run.startedAt) : "";
    case "user":
      return run.tags.get("mlflow.user") ?? run.user;
    case "source":
      return run.tags.get("mlflow.source.name") ?? "";
    default:
      return run.id;
  }
}

export interface Sort {
  id: string;
  descending: boolean;
}

/** `-m.val/auc` is the metric, largest first. */
export function readSort(text: string | undefined): Sort | undefined {
  if (!text) return undefined;
  const descending = text.startsWith("-");
  const id = descending ? text.slice(1) : text;
  return orderBy({ id, descending }) ? { id, descending } : undefined;
}

/** As the server takes it; `undefined` for what it cannot sort by. */
export function orderBy({ id, descending }: Sort): string | undefined {
  const direction = descending ? "DESC" : "ASC";
  if (id === "name") return `attributes.run_name ${direction}`;
  const one = column(id);
  if (!one) return undefined;
  if (one.kind === "attribute") {
    const order = ATTRIBUTES[one.key]?.order;
    return order && `${order} ${direction}`;
  }
  const entity = one.stat === "last" ? `${one.kind}s` : `metrics_${one.stat}`;
  return `${entity}.${quoteKey(one.key)} ${direction}`;
}

/** A click sorts metrics by the largest first, all else by the smallest; the next turns it round, the third ends it. */
export function nextSort(now: Sort | undefined, id: string): Sort | undefined {
  const first = /^[mlh]\./.test(id) || id === "a.started";
  if (now?.id !== id) return { id, descending: first };
  return now.descending === first ? { id, descending: !first } : undefined;
}

/** The address's list. Keys may hold anything, so what separates them is escaped in them. */
export function readList(text: string | undefined): string[] {
  if (!text) return [];
  return text
    .split(/(?<!\\),/)
    .map((one) => one.replaceAll("\\,", ","))
    .filter((one) => one !== "");
}

export const writeList = (ids: readonly string[]): string =>
  ids.map((id) => id.replaceAll(",", "\\,")).join(",");
