import { expect, test } from "vitest";
import { type ClaimRow, claimsOf, matchOf, problemOf, providerOf } from "./claims.ts";

const row = (claim: string, value: string, match: ClaimRow["match"] = matchOf(value)): ClaimRow => ({
  id: 1,
  claim,
  match,
  value,
});

test("rows become the claims of a rule", () => {
  const rows = [row(" project_path ", "acme/vision"), row("ref", "release-*"), row("", "")];
  expect(problemOf(rows)).toBe("");
  expect(claimsOf(rows)).toEqual({ project_path: "acme/vision", ref: "release-*" });
});

test("what cannot be sent says why", () => {
  expect(problemOf([])).toContain("at least one claim");
  expect(problemOf([row("ref", "**")])).toContain("at least one claim");
  expect(problemOf([row("", "main")])).toContain("main");
  expect(problemOf([row("ref", "")])).toContain("ref");
  expect(problemOf([row("ref", "a"), row("ref", "b")])).toContain("twice");
  expect(problemOf([row("ref", "release-*", "exact")])).toContain("pattern");
});

test("an issuer tells whose jobs they are", () => {
  expect(providerOf("https://token.actions.githubusercontent.com")).toBe("github");
  expect(providerOf("https://gitlab.corp")).toBe("gitlab");
});
