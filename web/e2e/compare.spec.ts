import { beforeAll, expect, test } from "vitest";
import { inEveryLook, ML, open } from "./browser.ts";
import { bestRuns } from "./client.ts";

let path = "";
beforeAll(async () => {
  const runs = await bestRuns(4);
  path = `${ML}/compare?runs=${runs.map((run) => run.info.run_id).join(",")}`;
});

test("the comparison is there in every look", async () => {
  await inEveryLook("compare-runs", path, (page) =>
    page.getByRole("rowheader", { name: "learning_rate" }).waitFor(),
  );
});

test("only differences, all, and another reference", async () => {
  const { page, sins, context } = await open(path);
  await page.getByRole("rowheader", { name: "learning_rate" }).waitFor();
  expect(await page.getByRole("rowheader", { name: "seed" }).count()).toBe(0);
  await page.getByLabel("Only what differs").uncheck();
  await page.getByRole("rowheader", { name: "seed" }).waitFor();
  await page.getByRole("button", { name: "make reference" }).first().click();
  expect(new URL(page.url()).searchParams.get("base")).toMatch(/^[0-9a-f]{32}$/);
  await page.getByRole("region", { name: "val/loss" }).scrollIntoViewIfNeeded();
  await page.locator("canvas").first().waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});
