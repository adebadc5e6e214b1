import { expect, test } from "vitest";
import { expectAccessible, ML, open } from "./browser.ts";

test("a page whose code cannot be loaded says so, and offers the way back", async () => {
  const { page, context } = await open(`${ML}/experiments`);
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  await page.route(/\/assets\/Models-[^/]*\.js$/, (route) => route.abort());
  await page.getByRole("link", { name: "Models", exact: true }).first().click();
  await page.getByRole("heading", { name: "This page could not be shown" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Reload" }).waitFor();
  // What frames the page stays.
  expect(await page.getByRole("banner").count()).toBe(1);
  await page.getByRole("link", { name: "Back to the experiments" }).click();
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  await context.close();
});
