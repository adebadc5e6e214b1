import { expect, test } from "vitest";
import type { Run } from "../api/mlflow.ts";
import { type Column, column } from "./columns.ts";
import { type Axis, axisOf, markOf, matches, placeOf, position, ticks, usualAxes } from "./plot.ts";

function run(params: Record<string, string>, loss?: number): Run {
  return {
    id: "a",
    name: "one",
    experimentId: "1",
    user: "",
    status: "FINISHED",
    startedAt: 1000,
    endedAt: 3000,
    artifactUri: "",
    deleted: false,
    metrics: new Map(loss === undefined ? [] : [["loss", loss]]),
    params: new Map(Object.entries(params)),
    tags: new Map(),
    datasets: [],
    modelIds: [],
  };
}

const of = (id: string): Column => {
  const found = column(id);
  if (!found) throw new Error(id);
  return found;
};

const runs = [
  run({ depth: "3", model: "b" }, 0.2),
  run({ depth: "10", model: "a" }, 0.6),
  run({ depth: "3.0", model: "c" }, Number.NaN),
  run({ model: "a" }),
];

function axis(id: string): Axis {
  const found = axisOf(of(id), runs);
  if (!found) throw new Error(id);
  return found;
}

test("an axis of numbers, of numbers written as texts, of words", () => {
  expect(axis("m.loss")).toMatchObject({ kind: "number", low: 0.2, high: 0.6, texts: undefined });
  expect(axis("p.depth")).toMatchObject({ kind: "number", low: 3, high: 10 });
  expect(axis("p.model")).toMatchObject({ kind: "text", values: ["a", "b", "c"] });
  expect(axisOf(of("p.none"), runs)).toBeUndefined();
});

test("where runs stand", () => {
  expect(runs.map((one) => position(axis("m.loss"), one))).toEqual([0, 1, undefined, undefined]);
  expect(runs.map((one) => position(axis("p.model"), one))).toEqual([0.5, 0, 1, 0]);
});

test("a brushed part is a range of a metric, and the values of a param as they are written", () => {
  const range = markOf(axis("m.loss"), 1, 0.5);
  expect(range).toEqual({ low: 0.4, high: 0.6 });
  expect(markOf(axis("p.depth"), 0, 0.5)).toEqual({ values: ["3", "3.0"] });
  expect(markOf(axis("p.model"), 0, 0.6)).toEqual({ values: ["a", "b"] });
  expect(markOf(axis("p.model"), 0.1, 0.2)).toBeUndefined();
  expect(placeOf(axis("m.loss"), { low: 0.4, high: 9 })?.map((at) => at.toFixed(3))).toEqual([
    "0.500",
    "1.000",
  ]);
  expect(placeOf(axis("p.model"), { values: ["a", "b"] })).toEqual([0, 0.5]);
});

test("runs in the marks", () => {
  const marks = new Map([
    ["m.loss", { low: 0.1, high: 0.3 }],
    ["p.model", { values: ["a", "b"] }],
  ]);
  expect(runs.map((one) => matches(one, marks))).toEqual([true, false, false, false]);
});

test("ticks", () => {
  expect(ticks(axis("m.loss"), 3)).toEqual([
    { at: 0, label: "0.2" },
    { at: 0.5, label: "0.4" },
    { at: 1, label: "0.6" },
  ]);
  expect(ticks(axis("p.model"), 5).map((tick) => tick.label)).toEqual(["a", "b", "c"]);
});

test("the usual axes are params that differ, and metrics with the sorted one last", () => {
  const columns = ["p.model", "p.depth", "p.none", "m.loss"].map(of);
  expect(usualAxes(columns, runs, "m.loss")).toEqual(["p.model", "p.depth", "m.loss"]);
});
