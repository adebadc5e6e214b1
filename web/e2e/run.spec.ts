import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { inEveryLook, ML, open, picture } from "./browser.ts";
import { experimentId, runsOf, runWithFiles, type WireRun } from "./client.ts";

let run: WireRun;
let path = "";
beforeAll(async () => {
  run = await runWithFiles();
  path = `${ML}/candidates/${run.info.run_id}`;
});

test("the details are there in every look", async () => {
  await inEveryLook("run", path, (page) => page.getByRole("img", { name: "History of val/auc" }).waitFor());
});

test("charts and artifacts are there in every look", async () => {
  await inEveryLook("run-charts", `${path}?tab=charts`, (page) => page.locator("canvas").first().waitFor());
  await inEveryLook("artifacts", `${path}?tab=artifacts&file=report.md`, (page) =>
    page.getByRole("heading", { name: "Report" }).waitFor(),
  );
});

test("each kind of file has its preview", async () => {
  const { page, sins, context } = await open(`${path}?tab=artifacts`);
  await page.getByRole("treeitem", { name: "config.json" }).click();
  await page.getByText('"threshold": 0.42').waitFor();
  // What is deep is folded.
  await page.getByText("3 items").click();
  await page.getByText("0: 1").waitFor();
  await page.getByRole("treeitem", { name: "tables" }).click();
  await page.getByRole("treeitem", { name: "importance.csv" }).click();
  await page.getByRole("columnheader", { name: "importance" }).waitFor();
  await page.getByRole("treeitem", { name: "logs" }).click();
  await page.getByRole("treeitem", { name: "train.log" }).click();
  await page.getByText("epoch 1 loss 0.69").waitFor();
  expect((await page.locator(".lines .numbers").innerText()).split("\n")).toHaveLength(400);
  await page.getByRole("treeitem", { name: "long.log" }).click();
  await page.getByText(/^The first 256 KB of 2\.\d MB/).waitFor();
  await page.getByRole("treeitem", { name: "plots" }).click();
  await page.getByRole("treeitem", { name: "confusion.png" }).click();
  const image = page.getByRole("img", { name: "plots/confusion.png" });
  await image.waitFor();
  await page.waitForFunction(() => document.querySelector("img")?.naturalWidth === 240);
  await page.getByRole("treeitem", { name: "checkpoints" }).click();
  await page.getByRole("treeitem", { name: "step-60" }).click();
  await page.getByRole("treeitem", { name: "weights.bin" }).click();
  await page.getByText("no preview for files of this kind").waitFor();
  expect(new URL(page.url()).searchParams.get("file")).toBe("checkpoints/step-60/weights.bin");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("weights.bin");
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("an HTML file is shown, and runs nothing", async () => {
  const { page, context } = await open(`${path}?tab=artifacts&file=plots/calibration.html`);
  const frame = page.frameLocator("iframe");
  await frame.getByText("Rendered in a sandbox.").waitFor();
  expect(await page.locator("iframe").getAttribute("sandbox")).toBe("");
  expect(await page.title()).not.toBe("escaped");
  await picture(page, "artifact-html-light");
  await context.close();
});

test("a run is renamed, noted on, deleted and restored", async () => {
  const { page, context } = await open(path);
  const actions = page.getByRole("button", { name: "Actions on this run" });
  await actions.click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByLabel("Name", { exact: true }).fill("the best one");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("heading", { name: "the best one" }).waitFor();
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Markdown", { exact: true }).fill("Seen **here**, <img src=x onerror=alert(1)> too.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.locator("strong", { hasText: "here" }).waitFor();
  expect(await page.locator(".markdown img").count()).toBe(0);
  await actions.click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Deleted", { exact: true }).waitFor();
  await actions.click();
  await page.getByRole("menuitem", { name: "Restore" }).click();
  await page.getByText("Deleted", { exact: true }).waitFor({ state: "detached" });
  await context.close();
});

test("a folder is walked by arrow keys, and goes home as a zip", async () => {
  const { page, sins, context } = await open(`${path}?tab=artifacts`);
  await page.getByRole("treeitem", { name: "checkpoints" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("treeitem", { name: "step-60" }).waitFor();
  for (const key of ["ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
  await page.getByRole("treeitem", { name: "weights.bin" }).waitFor();
  for (const key of ["ArrowDown", "Enter"]) await page.keyboard.press(key);
  await page.getByText("no preview for files of this kind").waitFor();
  await page.getByRole("treeitem", { name: "plots" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as zip" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 2).toString()).toBe("PK");
  expect(bytes.includes("calibration.html")).toBe(true);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("tags are added, changed and removed", async () => {
  const { page, context } = await open(path);
  await page.getByRole("button", { name: "Add tag" }).click();
  await page.getByLabel("Key", { exact: true }).fill("reviewed");
  await page.getByLabel("Value", { exact: true }).fill("no");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("button", { name: "Actions on tag reviewed" }).click();
  await page.getByRole("menuitem", { name: "Change…" }).click();
  await page.getByLabel("Value", { exact: true }).fill("yes");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row", { name: "reviewed yes" }).waitFor();
  await page.getByRole("button", { name: "Actions on tag reviewed" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByRole("rowheader", { name: "reviewed" }).waitFor({ state: "detached" });
  await context.close();
});

test("a run's datasets and logged models are there, and a logged model has a page in every look", async () => {
  const [fit] = await runsOf("churn-baseline");
  if (!fit) throw new Error("the baseline has no run");
  const { page, sins, context } = await open(`${ML}/candidates/${fit.info.run_id}`);
  await page.getByText("customers", { exact: true }).waitFor();
  await page.getByText(/^\d columns$/).click();
  await page.getByRole("rowheader", { name: "tenure" }).waitFor();
  await page.getByRole("link", { name: "model", exact: true }).click();
  await page.getByText("Ready", { exact: true }).waitFor();
  const model = new URL(page.url()).pathname;
  await page.getByRole("link", { name: "Artifacts" }).click();
  await page.getByRole("treeitem", { name: "MLmodel" }).click();
  // What it means, and not only what it says.
  await page.getByText("loader_module", { exact: true }).waitFor();
  await page.getByRole("rowheader", { name: "tenure" }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
  await inEveryLook("logged-model", model, (one) => one.getByRole("heading", { name: "Metrics" }).waitFor());
  await inEveryLook("mlmodel", `${model}?tab=artifacts&file=MLmodel`, (one) =>
    one.getByText("loader_module", { exact: true }).waitFor(),
  );
});

test("a run becomes a version of a model", async () => {
  const { page, context } = await open(path);
  await page.getByRole("button", { name: "Promote to a model" }).click();
  await page.getByLabel("Model", { exact: true }).fill(`promoted-${Date.now()}`);
  await page.getByLabel("Version", { exact: true }).fill("1.x");
  await page.getByText("A version looks like").waitFor();
  await page.getByLabel("Version", { exact: true }).fill("3.1.4");
  await page.getByRole("dialog").getByRole("button", { name: "Promote" }).click();
  await page.getByRole("heading", { name: /promoted-.* 3\.1\.4/ }).waitFor();
  await page.getByRole("link", { name: "Artifacts" }).click();
  await page.getByRole("treeitem", { name: "report.md" }).waitFor();
  await context.close();
});

test("what is not there is said to be not there", async () => {
  const { page, context } = await open(`${ML}/candidates/${"0".repeat(32)}`);
  await page.getByText("There is no such run").waitFor();
  await picture(page, "not-found-light");
  await page.goto(new URL("/no/such/project", page.url()).href);
  await page.getByText("There is no such project").waitFor();
  await page.goto(new URL(`${ML}/no-such-page`, page.url()).href);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await context.close();
});

test("the links that MLflow's client prints lead to the page", async () => {
  const experiment = await experimentId("churn-gradient-boosting");
  const { page, context } = await open(
    `/api/v4/projects/1/ml/mlflow/#/experiments/${experiment}/runs/${run.info.run_id}`,
  );
  await page.getByRole("link", { name: "Artifacts" }).waitFor();
  // They name the project by its number; the page by its path.
  await page.waitForURL(`**${ML}/candidates/${run.info.run_id}`);
  await context.close();
});
