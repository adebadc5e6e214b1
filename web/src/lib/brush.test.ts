import { expect, test } from "vitest";
import { both, markClauses, markText, readMarks, refusal, shiftOf, writeMarks } from "./brush.ts";

const marks = new Map([
  ["m.val/auc", { low: 0.5, high: 0.91234567 }],
  ["p.a=b:c", { values: ["1:2", "x=y,z"] }],
  ["p.depth", { values: ["3"] }],
]);

test("marks stand in the address, whatever the keys hold", () => {
  const read = readMarks(writeMarks(marks));
  expect(read.get("m.val/auc")).toEqual({ low: 0.5, high: 0.912346 });
  expect(read.get("p.a=b:c")).toEqual({ values: ["1:2", "x=y,z"] });
  expect(read.get("p.depth")).toEqual({ values: ["3"] });
  expect(writeMarks(new Map())).toBeUndefined();
  expect(readMarks("nonsense,q.x:1:2,m.x:a:b").size).toBe(0);
});

test("marks are clauses of the search", () => {
  expect(markClauses(marks)).toEqual([
    "metrics.`val/auc` >= 0.5",
    "metrics.`val/auc` <= 0.912346",
    "(params.`a=b:c` = '1:2' OR params.`a=b:c` = 'x=y,z')",
    "params.depth = '3'",
  ]);
});

test("an OR of the filter stays by itself", () => {
  expect(both("a = 1 OR b = 2", ["c = 3"])).toBe("(a = 1 OR b = 2) AND c = 3");
  expect(both("a = 1", ["c = 3", "d = 4"])).toBe("a = 1 AND c = 3 AND d = 4");
  expect(both(undefined, ["c = 3"])).toBe("c = 3");
  expect(both("a = 1", [])).toBe("a = 1");
});

test("chips", () => {
  expect(markText("m.val/auc", { low: 0.5, high: 0.91 })).toBe("val/auc 0.5 to 0.91");
  expect(markText("p.depth", { values: ["3", "4"] })).toBe("depth 3, 4");
});

test("brackets before the filter are counted, its own are not", () => {
  expect(shiftOf("(a = 1 OR b = 2) AND c >> 3", ["d = 4"])).toBe(1);
  expect(shiftOf("(a = 1)", ["d = 4"])).toBe(0);
  expect(shiftOf("a = 1 OR b = 2", [])).toBe(0);
  expect(shiftOf(undefined, ["d = 4"])).toBe(0);
});

test("marks of more values than a filter compares are refused", () => {
  const values = Array.from({ length: 498 }, (_, at) => String(at));
  expect(refusal("a = 1 AND b = 2", new Map([["p.lr", { values }]]))).toBeUndefined();
  expect(refusal("a = 1 AND b = 2 OR c = 3", new Map([["p.lr", { values }]]))).toContain(
    "part of lr holds 498",
  );
  expect(refusal(undefined, new Map([["p.lr", { values: [`a"b'c`] }]]))).toContain("both kinds of quotes");
  expect(refusal(undefined, marks)).toBeUndefined();
});
