import { expect, test } from "vitest";
import { parseYaml, readMlModel } from "./mlmodel.ts";

const FILE = `artifact_path: mlflow-artifacts:/1/models/m-0f/artifacts
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    python_version: 3.12.3
  sklearn:
    code: null
    pickled_model: model.pkl
mlflow_version: 3.17.2
model_id: m-0123456789abcdef0123456789abcdef
model_size_bytes: 1043
run_id: 0123456789abcdef0123456789abcdef
saved_input_example_info:
  artifact_path: input_example.json
  type: dataframe
signature:
  inputs: '[{"type": "double", "name": "tenure", "required": true}, {"type": "double",
    "name": "it''s", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
utc_time_created: '2026-11-20 10:00:00.123456'
`;

test("an MLmodel file is read as what it means", () => {
  const facts = readMlModel(FILE);
  expect(facts?.flavors.map((flavor) => flavor.name)).toEqual(["python_function", "sklearn"]);
  expect(facts?.flavors[1]?.facts).toEqual([["pickled_model", "model.pkl"]]);
  expect(facts?.signature).toEqual([
    {
      title: "Inputs",
      fields: [
        { name: "tenure", type: "double", required: true },
        { name: "it's", type: "double", required: false },
      ],
    },
    { title: "Outputs", fields: [{ name: "#1", type: "tensor int64(-1)", required: true }] },
  ]);
  expect(facts?.runId).toBe("0123456789abcdef0123456789abcdef");
  expect(Object.fromEntries(facts?.facts ?? [])).toMatchObject({ MLflow: "3.17.2", Size: "1043" });
});

test("lists, also as far left as their key, and texts over lines", () => {
  const yaml = `a:\n- x: 1\n  y: two words\n    and more\n- plain\nb:\n  - - deep\nc: "q\\n"\n"odd key": v # said\n`;
  expect(parseYaml(yaml)).toEqual({
    a: [{ x: "1", y: "two words and more" }, "plain"],
    b: [["deep"]],
    c: "q\n",
    "odd key": "v",
  });
});

test("what is no such file is nothing, and ends", () => {
  for (const text of [
    "",
    "flavors:",
    "flavors: [",
    "'",
    "a: 'open\nb: c",
    "- a\n - b\n  c",
    "\u0000: :",
    "a: |\n  x",
  ])
    expect(readMlModel(text), text).toBeUndefined();
});

test("a file that is made to be slow is no description of a model", () => {
  expect(readMlModel("- ".repeat(5000))).toBeUndefined();
  expect(readMlModel(`flavors:\n  a: "x\n${"  y\n".repeat(20_000)}`)?.flavors).toEqual([
    { name: "a", facts: [] },
  ]);
});
