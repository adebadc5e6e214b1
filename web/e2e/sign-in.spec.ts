import { expect, test } from "vitest";
import { inEveryLook, open } from "./browser.ts";

test("the form is there in every look", async () => {
  await inEveryLook("sign-in", "/-/sign-in", (page) => page.getByLabel("Password").waitFor());
});

test("what cannot be is said in words", async () => {
  const { page, context } = await open("/-/sign-in");
  await page.getByLabel("User name").fill("nobody");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  expect(await page.getByRole("alert").innerText()).not.toBe("");
  await context.close();
});

test("the theme that somebody chose stays", async () => {
  const { page, context } = await open("/-/sign-in");
  const canvas = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await canvas();
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  expect(await canvas()).not.toBe(light);
  await page.reload();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await context.close();
});
