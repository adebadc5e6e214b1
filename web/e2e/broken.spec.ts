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

test("while the server is away, a page that was never open takes nothing else away", async () => {
  const { page, context } = await open(`${ML}/experiments`);
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  await page.evaluate(() => Object.assign(window, { stillHere: true }));
  await context.setOffline(true);
  await page.getByRole("link", { name: "Models", exact: true }).first().click();
  await page.getByRole("heading", { name: "This page could not be shown" }).waitFor();
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByText("The server does not answer yet.").waitFor();
  expect(await page.evaluate(() => "stillHere" in window)).toBe(true);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Reload" }).click();
  await page.getByRole("heading", { name: "Models" }).waitFor();
  await context.close();
});
