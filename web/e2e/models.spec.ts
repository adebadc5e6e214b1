import { expect, test } from "vitest";
import { inEveryLook, ML, open } from "./browser.ts";
import { anySource, post } from "./client.ts";

test("the list, a model, a version are there in every look", async () => {
  await inEveryLook("models", `${ML}/models`, (page) =>
    page.getByRole("link", { name: "churn", exact: true }).waitFor(),
  );
  await inEveryLook("model", `${ML}/models/churn`, (page) =>
    page.getByRole("link", { name: "1.1.0" }).waitFor(),
  );
  await inEveryLook("version", `${ML}/models/churn/versions/1.1.0`, (page) =>
    page.getByRole("heading", { name: "Signature" }).waitFor(),
  );
  await inEveryLook("version-history", `${ML}/models/churn?tab=events`, (page) =>
    page.getByText("Version 1.1.0 was made").waitFor(),
  );
});

test("versions stand in SemVer order, with the latest release marked", async () => {
  const { page, context } = await open(`${ML}/models/churn`);
  await page.getByRole("link", { name: "1.1.0" }).waitFor();
  const names = await page.locator("tbody th a").allInnerTexts();
  expect(names).toEqual(["2.0.0-rc.1", "1.1.0", "1.0.0", "0.9.0"]);
  expect(await page.getByRole("row", { name: /1\.1\.0/ }).innerText()).toContain("latest");
  await context.close();
});

test("two versions are compared", async () => {
  const { page, sins, context } = await open(`${ML}/models/churn`);
  await page.getByRole("checkbox", { name: "Select 1.1.0" }).check();
  await page.getByRole("checkbox", { name: "Select 1.0.0" }).check();
  await page.getByRole("link", { name: "Compare 1.0.0 with 1.1.0" }).click();
  await page.getByRole("rowheader", { name: "complaints" }).waitFor();
  await page.getByRole("rowheader", { name: "numpy" }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
  await inEveryLook("compare-versions", `${ML}/models/churn/compare?from=1.0.0&to=1.1.0`, (one) =>
    one.getByRole("heading", { name: /Files/ }).waitFor(),
  );
});

test("a version is opened by alias and by range", async () => {
  const { page, context } = await open(`${ML}/models/churn/versions/champion`);
  await page.getByText("champion is version 1.0.0 now.").waitFor();
  await page.goto(page.url().replace("champion", encodeURIComponent("^1.0")));
  await page.getByRole("heading", { name: "churn 1.1.0" }).waitFor();
  await context.close();
});

test("a model is made, described and deleted", async () => {
  const { page, context } = await open(`${ML}/models`);
  await page.getByRole("button", { name: "New model" }).click();
  await page.getByLabel("Name", { exact: true }).fill("made-here");
  await page.getByLabel("Description", { exact: true }).fill("For **tests**.");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: "made-here" }).waitFor();
  await page.getByRole("heading", { name: "No versions yet" }).waitFor();
  await page.getByRole("link", { name: "Model card" }).click();
  await page.locator("strong", { hasText: "tests" }).waitFor();
  await page.getByRole("button", { name: "Actions on this model" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "Models" }).waitFor();
  expect(await page.getByRole("link", { name: "made-here" }).count()).toBe(0);
  await context.close();
});

test("a version is made without a run, its card written with a preview", async () => {
  const name = `by-hand-${Date.now()}`;
  await post("registered-models/create", { name });
  const { page, sins, context } = await open(`${ML}/models/${name}`);
  await page.getByRole("button", { name: "New version" }).click();
  await page.getByLabel("Version", { exact: true }).fill("1.x");
  await page.getByText("A version looks like").waitFor();
  await page.getByLabel("Version", { exact: true }).fill("2.1.0-rc.1");
  await page.getByLabel("Description", { exact: true }).fill("By **hand**.");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator("strong", { hasText: "hand" }).waitFor();
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { name: `${name} 2.1.0-rc.1` }).waitFor();
  await page.getByText("Drop files or folders here").waitFor();
  await page.goto(`${new URL(page.url()).origin}${ML}/models/${name}?tab=runs`);
  await page.getByRole("link", { name: "Open as experiment" }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("an alias is set and removed, a stage changed, a version published", async () => {
  // One of its own: what is published stays so, and this test may run again.
  const name = `to-publish-${Date.now()}`;
  await post("registered-models/create", { name });
  await post("model-versions/create", { name, source: await anySource() });
  const { page, context } = await open(`${ML}/models/${name}/versions/1.0.0`);
  const actions = page.getByRole("button", { name: "Actions on this version" });
  await actions.click();
  await page.getByRole("menuitem", { name: "Set an alias…" }).click();
  await page.getByLabel("Alias", { exact: true }).fill("night");
  await page.getByRole("button", { name: "Set" }).click();
  await page.getByText("@night is 1.0.0 now").waitFor();
  await actions.click();
  await page.getByRole("menuitem", { name: "Stage: Staging…" }).click();
  await page.getByLabel("Archive the versions that are in Staging now").check();
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByText("1.0.0 is in Staging now").waitFor();
  await actions.click();
  await page.getByRole("menuitem", { name: "Remove @night…" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await page.getByText("Removed @night").waitFor();

  await page.getByRole("button", { name: "Publish" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
  await page.getByText(/sha256:[0-9a-f]{64}/).waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("Version 1.0.0 was published").waitFor();
  await context.close();
});
