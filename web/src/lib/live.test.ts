import { expect, test } from "vitest";
import { backoff, type Change, concerns, gatherFor, merge } from "./live.ts";

const run = (...changes: string[]): Change => ({ kind: "run", changes, experiment_id: "4", run_id: "ab" });
const hit = (key: unknown[], change: Change) => concerns(key, "g~p", change);

test("a run's change reaches what shows the run, and nothing else", () => {
  const metrics = run("metrics");
  expect(hit(["run", "g~p", "ab"], metrics)).toBe(true);
  expect(hit(["run", "g~p", "cd"], metrics)).toBe(false);
  expect(hit(["run", "g~other", "ab"], metrics)).toBe(false);
  expect(hit(["runs", "g~p", "4", { filter: "x" }], metrics)).toBe(true);
  expect(hit(["runs", "g~p", "5", {}], metrics)).toBe(false);
  expect(hit(["series", "g~p", "loss", 100, ["cd", "ab"]], metrics)).toBe(true);
  expect(hit(["series", "g~p", "loss", 100, ["cd"]], metrics)).toBe(false);
  expect(hit(["series", "g~p", "loss", 100, ["ab"]], run("tags"))).toBe(false);
  expect(hit(["artifacts", "g~p", "ab", ""], metrics)).toBe(false);
  expect(hit(["artifacts", "g~p", "ab", ""], run("artifacts"))).toBe(true);
  expect(hit(["experiments", "g~p", {}], metrics)).toBe(false);
  expect(hit(["experiments", "g~p", {}], run("created"))).toBe(true);
  expect(hit(["columns", "g~p", "4"], metrics)).toBe(false);
  expect(hit(["columns", "g~p", "4"], run("params"))).toBe(true);
  expect(hit(["candidate", "g~p", "4"], run("created"))).toBe(false);
  expect(hit(["models", "g~p"], metrics)).toBe(false);
  expect(hit(["session"], metrics)).toBe(false);
});

test("the run of a version is part of its page", () => {
  const change = { ...run("artifacts"), model: "churn", version: "3" };
  expect(hit(["version", "g~p", "churn", "^1.2"], change)).toBe(true);
  expect(hit(["version", "g~p", "other", "1.0.0"], change)).toBe(false);
});

test("models and versions", () => {
  const version: Change = { kind: "version", changes: ["created"], model: "churn", version: "3" };
  for (const key of ["models", "model", "versions", "version", "events"])
    expect(hit([key, "g~p", "churn"], version), key).toBe(true);
  expect(hit(["models", "g~p", "name ILIKE '%x%'", "name"], version)).toBe(true);
  expect(hit(["runs", "g~p", "4"], version)).toBe(false);
  const logged: Change = { kind: "logged_model", changes: ["created"], experiment_id: "4", model_id: "m-1" };
  expect(hit(["logged-models", "g~p", "ab"], logged)).toBe(true);
  expect(hit(["logged-model", "g~p", "m-1"], logged)).toBe(true);
});

test("too many runs to name are all runs of their experiment", () => {
  const many: Change = { kind: "experiment", changes: ["runs"], experiment_id: "4" };
  expect(hit(["runs", "g~p", "4", {}], many)).toBe(true);
  expect(hit(["experiments", "g~p", {}], many)).toBe(true);
  expect(hit(["runs", "g~p", "5", {}], many)).toBe(false);
});

test("changes of one thing become one", () => {
  expect(merge([run("metrics"), run("tags"), run("metrics"), { ...run("tags"), run_id: "cd" }])).toEqual([
    run("metrics", "tags"),
    { ...run("tags"), run_id: "cd" },
  ]);
});

test("waits grow, differ and end", () => {
  expect(backoff(0, 0)).toBe(500);
  expect(backoff(3, 1)).toBe(8000);
  expect(backoff(99, 0.999)).toBeLessThanOrEqual(60_000);
  expect(gatherFor(60_000, 10)).toBe(250);
  expect(gatherFor(0, 10)).toBe(1500);
  expect(gatherFor(0, 2000)).toBe(8000);
});
