import { expect, test } from "vitest";
import type { Run } from "../api/mlflow.ts";
import { compareRuns, signatureOf } from "./compare.ts";

function run(id: string, metrics: Record<string, number>, params: Record<string, string>): Run {
  const common = {
    name: id,
    experimentId: "1",
    user: "",
    status: "FINISHED",
    startedAt: 1,
    endedAt: 2,
    artifactUri: "",
  } as const;
  const maps = {
    metrics: new Map(Object.entries(metrics)),
    params: new Map(Object.entries(params)),
    tags: new Map<string, string>(),
  };
  return { ...common, ...maps, id, deleted: false, datasets: [], modelIds: [] };
}

test("only what differs, against the reference", () => {
  const a = run("a", { auc: 0.5, nan: Number.NaN }, { lr: "1", same: "x" });
  const b = run("b", { auc: 0.75, nan: Number.NaN }, { lr: "2", same: "x", extra: "y" });
  const [metrics, params] = compareRuns([a, b], a, false);
  expect(metrics?.lines).toEqual([
    {
      key: "auc",
      cells: [
        { value: 0.5, changed: false, delta: 0 },
        { value: 0.75, changed: true, delta: 0.25 },
      ],
    },
  ]);
  expect(params?.lines.map((line) => line.key)).toEqual(["extra", "lr"]);
  expect(params?.lines[0]?.cells[0]).toEqual({ value: undefined, changed: false, delta: undefined });
  expect(compareRuns([a, b], a, true)[1]?.lines).toHaveLength(3);
});

test("the signatures of the models that runs logged, field by field", () => {
  const [a, b] = [run("a", {}, {}), run("b", {}, {})];
  const signature = (type: string) => {
    const fields = [
      { name: "age", type, required: true },
      { name: "plan", type: "string", required: false },
    ];
    const facts = { flavors: [], facts: [], modelId: "", runId: "" };
    return signatureOf({ ...facts, signature: [{ title: "Inputs", fields }] });
  };
  const signatures = new Map([
    ["a", signature("long")],
    ["b", signature("double")],
  ]);
  const lines = (all: boolean) =>
    compareRuns([a, b], a, all, signatures).find(({ title }) => title === "Signature")?.lines ?? [];
  expect(lines(false).map(({ key, cells }) => [key, ...cells.map(({ value }) => value)])).toEqual([
    ["inputs: age", "long", "double"],
  ]);
  expect(lines(true).map(({ key }) => key)).toEqual(["inputs: age", "inputs: plan"]);
});
