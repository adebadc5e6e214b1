import { expect, test } from "vitest";
import { quoteKey, readFilterProblem, splitAt, suggest } from "./filter.ts";

test("the server's place of an error is found and taken out of its sentence", () => {
  const problem = readFilterProblem("Invalid clause(s) in filter string: 'ANDD', '3' (at character 30: '3')");
  expect(problem).toEqual({ message: "Invalid clause(s) in filter string: 'ANDD', '3'", at: 29, length: 1 });
  expect(readFilterProblem("busy, try again").at).toBeUndefined();
});

test("characters are counted as the server counts them, not as UTF-16", () => {
  expect(splitAt("tags.😀 ? 1", 7, 1)).toEqual(["tags.😀 ", "?", " 1"]);
  expect(splitAt("a >", 3, 1)).toEqual(["a >", " ", ""]);
});

test("keys are quoted where they must be", () => {
  expect(quoteKey("loss")).toBe("loss");
  expect(quoteKey("val/auc")).toBe("`val/auc`");
});

test("keys are suggested by their beginning and by what they contain", () => {
  const words = { metrics: ["val/auc", "loss"], params: ["lr"], tags: [] };
  const { from, suggestions } = suggest("metrics.loss > 1 AND au", 23, words);
  expect(from).toBe(21);
  expect(suggestions[0]).toEqual({ text: "metrics.`val/auc`", kind: "metric" });
  expect(suggest("params.lr = 'au", 15, words).suggestions).toEqual([]);
});
