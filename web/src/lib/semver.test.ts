import { expect, test } from "vitest";
import { bumps, compare } from "./semver.ts";

test("the order that semver.org gives as its example", () => {
  const order = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.2.0",
    "1.10.0",
    "2.0.0",
  ];
  expect([...order].reverse().sort(compare)).toEqual(order);
  expect(compare("1.0.0+a", "1.0.0+b")).toBe(0);
  expect(compare("nightly", "0.0.1")).toBeLessThan(0);
});

test("what may come next", () => {
  expect(bumps("1.4.2")).toEqual(["1.4.3", "1.5.0", "2.0.0"]);
  expect(bumps("nightly")).toEqual(["1.0.0"]);
});
