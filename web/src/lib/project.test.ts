import { expect, test } from "vitest";
import { apiOf, readMlflowHash, toAddress, toRouter } from "./project.ts";

test("addresses become the router's and back", () => {
  for (const [address, inside] of [
    ["/root/default/-/ml/experiments", "/p/root~default/-/ml/experiments"],
    ["/a/b/c/-/ml/models/m/versions/1.0.0", "/p/a~b~c/-/ml/models/m/versions/1.0.0"],
    ["/7/-/ml/models", "/p/7/-/ml/models"],
    ["/a/b/-/settings/members", "/p/a~b/-/settings/members"],
    ["/groups/a", "/g/a"],
    ["/groups/a/b/c", "/g/a~b~c"],
  ] as const) {
    expect(toRouter(address)).toBe(inside);
    expect(toAddress(inside)).toBe(address);
  }
  expect(toRouter("/root/default")).toBe("/p/root~default/-/ml");
  expect(toRouter("/a/b/c/")).toBe("/p/a~b~c/-/ml");
  for (const address of [
    "/",
    "/root",
    "/-/sign-in",
    "/-/user_settings/profile",
    "/api/v4/projects/1/ml/mlflow",
    "/groups",
    "/groups/new",
    "/projects/new",
    "/admin/users",
  ])
    expect(toRouter(address)).toBe(address);
  expect(apiOf("root~default")).toBe("api/v4/projects/root%2Fdefault");
});

test("links that MLflow's client prints", () => {
  expect(readMlflowHash("#/experiments/1/runs/abc")).toEqual({ experiment: "1", run: "abc" });
  expect(readMlflowHash("#/experiments/4")).toEqual({ experiment: "4" });
  expect(readMlflowHash("#/models/a%20b/versions/3")).toEqual({ model: "a b", version: "3" });
  expect(readMlflowHash("")).toEqual({});
});
