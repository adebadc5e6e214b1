import { expect, test } from "vitest";
import { isReasonable } from "./markdown.ts";

test("what people write is read as Markdown", () => {
  expect(isReasonable("# Card\n\n> quoted\n\n- a [link](https://example.com)\n")).toBe(true);
  expect(isReasonable(`${"-".repeat(80)}\n`)).toBe(true);
});

test("what nests without end is shown as text", () => {
  expect(isReasonable(">".repeat(40_000))).toBe(false);
  expect(isReasonable("[a](".repeat(16_000))).toBe(false);
});
