import { expect, test } from "vitest";
import { expectAccessible, expectFits, ML, open, picture } from "./browser.ts";
import { bestRuns } from "./client.ts";

test("the palette goes to experiments, models, runs and pages", async () => {
  const { page, sins, context } = await open(`${ML}/experiments`);
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  const field = page.getByRole("combobox", { name: "Go to or do" });
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("churn-b");
  await page.getByRole("option", { name: "churn-baseline" }).waitFor();
  await expectAccessible(page);
  await picture(page, "palette-light");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "churn-baseline" }).waitFor();
  await field.waitFor({ state: "detached" });

  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("fraud");
  await page.getByRole("option", { name: "fraud-scorer", exact: true }).click();
  await page.getByRole("heading", { name: "fraud-scorer" }).waitFor();

  const [best] = await bestRuns(1);
  if (!best) throw new Error("there is no run");
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.insertText(best.info.run_id);
  await page.getByRole("option", { name: best.info.run_id }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/candidates/${best.info.run_id}`);

  // What the page itself can do, and back to where the focus was.
  await page.getByRole("button", { name: "Actions on this run" }).focus();
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("rename");
  await page.getByRole("option", { name: "Rename this run" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Rename run" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("zzzz");
  await page.getByText("Nothing is called that.").waitFor();
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("letters typed before the palette is there are in its field", async () => {
  const { page, context } = await open(`${ML}/models`);
  await page.getByRole("link", { name: "churn", exact: true }).waitFor();
  let load = () => {};
  const asked = new Promise<void>((resolve) => {
    load = resolve;
  });
  await page.route("**/CommandPalette*.js", async (route) => {
    await asked;
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.keyboard.type("xmo");
  load();
  await page.getByRole("combobox", { name: "Go to or do" }).waitFor();
  await page.keyboard.type("dels");
  expect(await page.getByRole("combobox", { name: "Go to or do" }).inputValue()).toBe("xmodels");
  await context.close();
});

test("the palette switches the theme, and fits a small window in the dark", async () => {
  const { page, context } = await open(`${ML}/models`, { width: 390, theme: "dark" });
  await page.getByRole("button", { name: "Go to or do…" }).click();
  await page.getByRole("combobox", { name: "Go to or do" }).waitFor();
  await expectAccessible(page);
  await expectFits(page);
  await page.keyboard.type("light");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
  await context.close();
});

test("lists are walked, lines selected and compared by single letters, and typing is typing", async () => {
  const { page, context } = await open(`${ML}/models`);
  await page.getByRole("link", { name: "churn", exact: true }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("jkxc?chu");
  expect(await page.getByLabel("Search by name").inputValue()).toBe("jkxc?chu");
  await page.getByLabel("Search by name").fill("churn");
  await page.getByRole("link", { name: "fraud-scorer" }).waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Models" }).click();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "1.1.0" }).waitFor();

  // The list is whole once it says which version is the latest.
  await page.getByText("latest", { exact: true }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "main");
  for (const key of ["j", "j", "x", "j", "x"]) await page.keyboard.press(key);
  await page.getByRole("link", { name: "Compare 1.0.0 with 1.1.0" }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Compare versions" }).waitFor();

  // Who is steered by voice switches them off.
  await page.keyboard.press("?");
  await page.getByRole("heading", { name: "Keys" }).waitFor();
  await expectAccessible(page);
  await page.getByLabel("Single letters do something").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Go to or do" }).waitFor();
  expect(await page.getByRole("heading", { name: "Keys" }).count()).toBe(0);
  await context.close();
});

test("the keyboard begins at the content, and goes on there on the next page", async () => {
  const { page, context } = await open(`${ML}/experiments`);
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("button", { name: "Skip to content" });
  expect(await skip.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  await page.getByRole("link", { name: "churn-baseline" }).press("Enter");
  await page.getByRole("heading", { name: "churn-baseline" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "main");
  await page
    .locator("[aria-live=polite]", { hasText: "churn-baseline · Weir" })
    .waitFor({ state: "attached" });
  await context.close();
});
