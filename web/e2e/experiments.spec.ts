import { expect, test } from "vitest";
import { inEveryLook, ML, open } from "./browser.ts";

test("the list is there in every look", async () => {
  await inEveryLook("experiments", `${ML}/experiments`, (page) =>
    page.getByRole("link", { name: "churn-baseline" }).waitFor(),
  );
});

test("the projects are there in every look", async () => {
  await inEveryLook("projects", "/", (page) => page.getByRole("link", { name: "root/default" }).waitFor());
});

test("the first page leads to a project", async () => {
  const { page, context } = await open("/");
  await page.getByRole("link", { name: "root/default" }).click();
  await page.getByRole("heading", { name: "Experiments" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`${ML}/experiments`);
  await context.close();
});

test("searching stands in the address and survives a reload", async () => {
  const { page, sins, context } = await open(`${ML}/experiments`);
  await page.getByRole("link", { name: "smoke-tests" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("BASE");
  await page.getByRole("link", { name: "smoke-tests" }).waitFor({ state: "detached" });
  expect(new URL(page.url()).search).toBe("?q=BASE");
  await page.reload();
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  expect(await page.getByRole("row").count()).toBe(2);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("an experiment is made, renamed, deleted and restored", async () => {
  const { page, context } = await open(`${ML}/experiments`);
  await page.getByRole("button", { name: "New experiment" }).click();
  await page.getByLabel("Name", { exact: true }).fill("churn-baseline");
  await page.getByRole("button", { name: "Create" }).click();
  expect(await page.getByRole("alert").innerText()).toContain("churn-baseline");
  await page.getByLabel("Name", { exact: true }).fill("made-here");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "made-here" }).waitFor();
  await page.getByRole("heading", { name: "No runs yet" }).waitFor();

  await page.getByRole("link", { name: "Experiments" }).first().click();
  await page.getByRole("button", { name: "Actions on made-here" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByLabel("Name", { exact: true }).fill("renamed-here");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("button", { name: "Actions on renamed-here" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "renamed-here" }).waitFor({ state: "detached" });

  await page.getByLabel("Which experiments").selectOption("deleted");
  await page.getByRole("button", { name: "Actions on renamed-here" }).click();
  await page.getByRole("menuitem", { name: "Restore" }).click();
  await page.getByText("Restored renamed-here").waitFor();
  await page.getByLabel("Which experiments").selectOption("active");
  await page.getByRole("button", { name: "Actions on renamed-here" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("link", { name: "renamed-here" }).waitFor({ state: "detached" });
  await context.close();
});
