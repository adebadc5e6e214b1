import { expect, test } from "vitest";
import { anythingUnsaved, hold } from "./unsaved.ts";

test("something is unsaved until the last form that holds it lets go", () => {
  const first = hold();
  const second = hold();
  first();
  expect(anythingUnsaved()).toBe(true);
  first();
  expect(anythingUnsaved()).toBe(true);
  second();
  expect(anythingUnsaved()).toBe(false);
});
