import { expect, test } from "vitest";
import { assignSlots, NO_SLOTS } from "./slots.ts";

const still = assignSlots(NO_SLOTS, ["a", "b", "c"], false);

test("lines that scroll in take the elements of those that went", () => {
  const moved = assignSlots(still, ["c", "d", "e"], true);
  expect(moved.byId.get("c")).toBe(2);
  expect([...moved.byId.values()].sort()).toEqual([0, 1, 2]);
  // No element changes its place in the document meanwhile.
  expect(moved.order.map((id) => moved.byId.get(id))).toEqual([0, 1, 2]);
  const more = assignSlots(moved, ["d", "e", "f", "g"], true);
  expect(more.order.map((id) => more.byId.get(id))).toEqual([0, 1, 2, 3]);
  const fewer = assignSlots(more, ["f"], true);
  expect(fewer.order).toEqual(["f"]);
});

test("at rest the document has the order of the lines, each in the element that it had", () => {
  const moved = assignSlots(still, ["c", "d", "e"], true);
  const rested = assignSlots(moved, ["c", "d", "e"], false);
  expect(rested.order).toEqual(["c", "d", "e"]);
  expect(rested.byId).toEqual(moved.byId);
});

test("without scrolling no line gets the element of another one, which may have the focus", () => {
  const next = assignSlots(still, ["new", "b"], false);
  expect(next.byId.get("b")).toBe(1);
  expect(next.byId.get("new")).toBe(3);
  expect(assignSlots(next, ["other"], false).byId.get("other")).toBe(4);
});
