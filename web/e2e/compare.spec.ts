import { beforeAll, expect, test } from "vitest";
import { inEveryLook, ML, open } from "./browser.ts";
import { bestRuns, runsOf } from "./client.ts";

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

test("an unknown run is named, the others are compared", async () => {
  const { page, sins, context } = await open(`${path},nosuchrun`);
  await page.getByRole("rowheader", { name: "learning_rate" }).waitFor();
  expect(await page.getByText("There is no such run here").innerText()).toContain("nosuchrun");
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("more runs than are shown are not left out silently", async () => {
  const runs = await bestRuns(31);
  const { page, context } = await open(`${ML}/compare?runs=${runs.map((run) => run.info.run_id).join(",")}`);
  await page.getByText("These are the first 30 of the 31 selected runs").waitFor();
  // The reference stays in view, beside the names.
  const reference = page.getByRole("columnheader").filter({ hasText: "reference" }).first();
  await page.getByRole("rowheader", { name: "learning_rate" }).waitFor();
  const before = await reference.boundingBox();
  await page.locator(".table-scroll").evaluate((element) => element.scrollTo(1500, 0));
  expect((await reference.boundingBox())?.x).toBe(before?.x);
  await context.close();
});

test("the signatures of the models that the runs logged are compared", async () => {
  const runs = (await runsOf("churn-baseline")).filter(({ info }) => info.run_name.startsWith("fit-"));
  const { page, sins, context } = await open(
    `${ML}/compare?runs=${runs.map((run) => run.info.run_id).join(",")}`,
  );
  await page.getByRole("rowheader", { name: "inputs: complaints" }).waitFor();
  expect(await page.getByRole("rowheader", { name: "inputs: tenure" }).count()).toBe(0);
  await page.getByLabel("Only what differs").uncheck();
  await page.getByRole("rowheader", { name: "inputs: tenure" }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});
