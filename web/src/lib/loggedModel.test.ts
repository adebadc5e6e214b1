import { expect, test } from "vitest";
import { latestMetrics, statusOf } from "./loggedModel.ts";

test("the last value of each metric on each dataset", () => {
  const one = (key: string, step: number, value: number, dataset_name?: string) => ({
    key,
    step,
    value,
    timestamp: step,
    run_id: "r",
    dataset_name,
  });
  const found = latestMetrics([one("b", 2, 1), one("b", 1, 9), one("a", 0, 3, "test"), one("a", 0, 4)]);
  expect(found.map(({ key, value, dataset_name = "" }) => [key, value, dataset_name])).toEqual([
    ["a", 4, ""],
    ["a", 3, "test"],
    ["b", 1, ""],
  ]);
});

test("a status that there is not yet is words all the same", () => {
  expect(statusOf("LOGGED_MODEL_READY")[1]).toBe("Ready");
  expect(statusOf("LOGGED_MODEL_HALF_DONE")[1]).toBe("half done");
});
