import { expect, test } from "vitest";
import { differences } from "./audit.ts";

test("only what differs is told, and what was not there is left out", () => {
  expect(
    differences({ name: "a", path: "x", scopes: ["api"] }, { name: "b", path: "x", role: "guest" }),
  ).toEqual([
    { name: "name", was: "a", is: "b" },
    { name: "scopes", was: '["api"]', is: undefined },
    { name: "role", was: undefined, is: "guest" },
  ]);
  expect(differences({}, { note: "" })).toEqual([]);
});
