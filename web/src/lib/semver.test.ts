import { expect, test } from "vitest";
import { bumps, compare, parse } from "./semver.ts";

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

test("what the server refuses is no version here either", () => {
  for (const wrong of ["1.0.0-01", "01.0.0", "1.0", "1.0.0-", "1.0.0-a..b", "1.0.0+", "v1.0.0"])
    expect(parse(wrong), wrong).toBeUndefined();
  for (const right of ["1.0.0-0", "1.0.0-01a", "1.0.0-0.a-b", "1.0.0+01", "10.20.30-rc.1+b.1"])
    expect(parse(right), right).toBeDefined();
});
