import { expect, test } from "vitest";
import { readProfile, readSchema, readSource } from "./dataset.ts";

test("columns and tensors", () => {
  expect(
    readSchema('{"mlflow_colspec": [{"type": "long", "name": "a", "required": true}, {"type": "double"}]}'),
  ).toEqual([
    { name: "a", type: "long" },
    { name: "#2", type: "double" },
  ]);
  const tensor = '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]';
  expect(readSchema(JSON.stringify({ mlflow_tensorspec: { features: tensor, targets: null } }))).toEqual([
    { name: "features", type: "float64(-1, 3)" },
    { name: "targets", type: "" },
  ]);
  for (const odd of [undefined, "", "no json", "[]", "{}", '{"mlflow_tensorspec": 3}'])
    expect(readSchema(odd)).toEqual([]);
});

test("profile and source", () => {
  expect(readProfile('{"num_rows": 12345, "x": null, "shape": [1]}')).toEqual([
    ["num_rows", "12,345"],
    ["shape", "[1]"],
  ]);
  expect(readSource('{"uri": "s3://a/b.csv"}')).toBe("s3://a/b.csv");
  expect(readSource('{"tags": {"mlflow.source.name": "train.py"}}')).toBe("train.py");
  expect(readSource("as it is")).toBe("as it is");
  expect(readSource('{"odd": 1}')).toBe("");
});
