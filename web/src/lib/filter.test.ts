import { expect, test } from "vitest";
import { asFilter, quoteKey, readFilterProblem, splitAt, suggest } from "./filter.ts";

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

test("a key with a blank is completed from its back quote on", () => {
  const words = { metrics: ["val loss"], params: [], tags: ["it's"] };
  const text = 'params.a = "it\'s" AND metrics.`val l';
  const { from, suggestions } = suggest(text, text.length, words);
  expect(text.slice(0, from) + suggestions[0]?.text).toBe('params.a = "it\'s" AND metrics.`val loss`');
});

test("plain words look for runs of such a name", () => {
  expect(asFilter(" mlp ")).toBe("attributes.run_name ILIKE '%mlp%'");
  expect(asFilter("big mlp")).toBe("attributes.run_name ILIKE '%big mlp%'");
  for (const clause of [
    "metrics.loss < 1",
    "status = 'FINISHED'",
    "tags.a LIKE 'x'",
    "metrics.a IS NULL",
    "",
  ])
    expect(asFilter(clause)).toBe(clause);
});
