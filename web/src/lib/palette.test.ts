import { expect, test } from "vitest";
import { type Command, choose, likeness, readId } from "./palette.ts";

test("beginnings fit better than parts, parts better than letters", () => {
  const fits = ["Models", "New model", "remodel", "my old elm", "x"].map((label) => likeness(label, "mod"));
  expect(fits[0]).toBeGreaterThan(fits[1] ?? 0);
  expect(fits[1]).toBeGreaterThan(fits[2] ?? 0);
  expect(fits[2]).toBeGreaterThan(fits[3] ?? 0);
  expect(fits[4]).toBe(0);
  expect(likeness("churn-gradient-boosting", "grad boo")).toBeGreaterThan(3);
  expect(likeness("anything", " ")).toBeGreaterThan(0);
});

test("groups stay together, the best first", () => {
  const command = (label: string, group: string, also?: string): Command => ({
    id: label,
    label,
    group,
    also,
    run: () => {},
  });
  const all = [
    command("Experiments", "Pages"),
    command("Theme: dark", "Actions", "night black"),
    command("dark-matter", "Experiments"),
    command("Theme: light", "Actions"),
  ];
  expect(choose(all, "dark", 5).map(({ id }) => id)).toEqual(["dark-matter", "Theme: dark"]);
  expect(choose(all, "night", 5).map(({ id }) => id)).toEqual(["Theme: dark"]);
  expect(choose(all, "", 1).map(({ id }) => id)).toEqual(["Experiments", "Theme: dark", "dark-matter"]);
});

test("ids are known by their form", () => {
  expect(readId(` ${"A1".repeat(16)} `)).toEqual({ kind: "run", id: "a1".repeat(16) });
  expect(readId(`m-${"0".repeat(32)}`)?.kind).toBe("model");
  expect(readId("a1")).toBeUndefined();
});
