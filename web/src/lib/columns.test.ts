import { expect, test } from "vitest";
import type { Run } from "../api/mlflow.ts";
import {
  allColumns,
  catalogue,
  column,
  defaultColumns,
  differing,
  nextSort,
  orderBy,
  readList,
  readSort,
  writeList,
} from "./columns.ts";

function run(params: Record<string, string>, metrics: Record<string, number> = {}): Run {
  return {
    id: "a".repeat(32),
    name: "one",
    experimentId: "1",
    user: "root",
    status: "FINISHED",
    startedAt: 1000,
    endedAt: 3000,
    artifactUri: "",
    deleted: false,
    metrics: new Map(Object.entries(metrics)),
    params: new Map(Object.entries(params)),
    tags: new Map([
      ["mlflow.user", "ada"],
      ["team", "growth"],
    ]),
    datasets: [],
    modelIds: [],
  };
}

test("columns come from the keys of the runs", () => {
  const keys = catalogue([run({ lr: "1" }, { loss: 1 }), run({ depth: "2" })]);
  expect(keys).toEqual({ metrics: ["loss"], params: ["depth", "lr"], tags: ["mlflow.user", "team"] });
  const shown = defaultColumns(keys);
  expect(shown).toContain("t.team");
  expect(shown).not.toContain("t.mlflow.user");
  expect(shown).not.toContain("a.id");
  expect(allColumns(keys).map((one) => one.id)).toContain("t.mlflow.user");
});

test("only what differs", () => {
  const columns = ["p.lr", "p.depth", "t.team"].flatMap((id) => column(id) ?? []);
  const runs = [run({ lr: "1", depth: "2" }), run({ lr: "3", depth: "2" })];
  expect(differing(columns, runs).map((one) => one.key)).toEqual(["lr"]);
  expect(differing(columns, runs.slice(1))).toHaveLength(3);
});

test("sorting as the server takes it", () => {
  expect(orderBy({ id: "m.val/auc", descending: true })).toBe("metrics.`val/auc` DESC");
  expect(orderBy({ id: "p.lr", descending: false })).toBe("params.lr ASC");
  expect(readSort("-a.started")).toEqual({ id: "a.started", descending: true });
  expect(readSort("a.duration")).toBeUndefined();
  expect(readSort("nonsense")).toBeUndefined();
});

test("three clicks: one way, the other, and none", () => {
  const first = nextSort(undefined, "m.loss");
  expect(first).toEqual({ id: "m.loss", descending: true });
  const second = nextSort(first, "m.loss");
  expect(second).toEqual({ id: "m.loss", descending: false });
  expect(nextSort(second, "m.loss")).toBeUndefined();
});

test("lists survive keys with commas", () => {
  const ids = ["p.a,b", "m.val/auc"];
  expect(readList(writeList(ids))).toEqual(ids);
  expect(readList(undefined)).toEqual([]);
});
