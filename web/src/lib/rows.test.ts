import { expect, test } from "vitest";
import type { RunRow } from "./columns.ts";
import { type Group, groupClause, groupId, groupRows, type Row, readGroupId, runRows } from "./rows.ts";

const run = (id: string, children = 0): RunRow => ({
  id,
  name: id,
  user: "",
  status: "FINISHED",
  startedAt: 1,
  endedAt: 2,
  deleted: false,
  metrics: new Map(),
  params: new Map(),
  tags: new Map(),
  children,
});

const lines = (rows: Row[]) =>
  rows.map((row) =>
    row.kind === "run"
      ? `${">".repeat(row.depth)}${row.run.id}${row.open === undefined ? "" : row.open ? " -" : " +"}`
      : row.kind === "group"
        ? `[${row.group.value}] ${row.open ? "-" : "+"}`
        : `${">".repeat(row.depth)}${row.text}`,
  );

test("children stand below an opened run", () => {
  const runs = [run("a", 2), run("b"), run("c", 1)];
  expect(lines(runRows(runs, new Set(), new Map()))).toEqual(["a +", "b", "c +"]);
  const opened = new Set(["a", "c", "d"]);
  const below = new Map([["a", { runs: [run("d", 1)], total: 2 }]]);
  expect(lines(runRows(runs, opened, below))).toEqual([
    "a -",
    ">d -",
    ">>Loading…",
    ">and 1 more run",
    "b",
    "c -",
    ">Loading…",
  ]);
});

test("groups hold their runs, also those without a value", () => {
  const groups: Group[] = [
    { value: "x", count: 1, metrics: new Map() },
    { value: undefined, count: 3, metrics: new Map() },
  ];
  const below = new Map([["none", { runs: [run("a")], total: 3 }]]);
  expect(lines(groupRows(groups, 5, new Set(["none"]), below))).toEqual([
    "[x] +",
    "[undefined] -",
    ">a",
    ">and 2 more runs",
    "and 3 more groups",
  ]);
});

test("what stands below a group says why it could not be loaded", () => {
  const groups: Group[] = [{ value: "x", count: 1, metrics: new Map() }];
  const below = new Map([["=x", { runs: [], total: 0, problem: "No such thing" }]]);
  expect(lines(groupRows(groups, 1, new Set(["=x"]), below))).toEqual(["[x] -", ">No such thing"]);
});

test("every line has an id of its own, also a run that is shown twice", () => {
  const rows = runRows(
    [run("a", 1), run("b")],
    new Set(["a"]),
    new Map([["a", { runs: [run("b")], total: 1 }]]),
  );
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
});

test("groups have a name in the address and a clause", () => {
  for (const value of ["x", "", "none", "=y", undefined]) {
    expect(readGroupId(groupId(value))).toEqual({ value });
  }
  expect(readGroupId("a".repeat(32))).toBeUndefined();
  expect(groupClause("p.max/depth", "3")).toBe("params.`max/depth` = '3'");
  expect(groupClause("t.team", undefined)).toBe("tags.team IS NULL");
});
