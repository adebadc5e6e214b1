import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { expectAccessible, inEveryLook, ML, open, picture } from "./browser.ts";
import { experimentId } from "./client.ts";

let path = "";
beforeAll(async () => {
  path = `${ML}/experiments/${await experimentId("churn-gradient-boosting")}`;
});

test("the runs table is there in every look", async () => {
  await inEveryLook("runs", path, (page) => page.getByRole("rowheader").first().waitFor());
});

test("only the rows and columns in view exist, and scrolling brings the others", async () => {
  const { page, sins, context } = await open(path);
  const grid = page.getByRole("grid", { name: "Runs" });
  await grid.waitFor();
  const rows = await page.getByRole("rowheader").count();
  expect(rows).toBeGreaterThan(15);
  expect(rows).toBeLessThan(60);
  await grid.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight));
  await page.getByRole("columnheader", { name: "subsample" }).waitFor();
  // The first run that was made is the last of the newest-first list; its name still stands at the left.
  await page.getByRole("link", { name: /-000$/ }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("a click on a column sorts by it, and the address says so", async () => {
  const { page, context } = await open(path);
  await page.getByRole("button", { name: "val/accuracy", exact: true }).click();
  await page
    .getByRole("columnheader", { name: "val/accuracy", exact: true })
    .and(page.locator("[aria-sort=descending]"))
    .waitFor();
  expect(new URL(page.url()).searchParams.get("sort")).toBe("-m.val/accuracy");
  await page.waitForFunction(
    () => document.querySelector("[role=grid]")?.getAttribute("aria-busy") === "false",
  );
  const index = await page
    .getByRole("columnheader", { name: "val/accuracy", exact: true })
    .getAttribute("aria-colindex");
  const cells = await page.locator(`[role=gridcell][aria-colindex="${index}"]`).allInnerTexts();
  const values = cells.slice(0, 10).map(Number);
  expect(values).toEqual([...values].sort((a, b) => b - a));
  await context.close();
});

test("a column's menu lies beside its name", async () => {
  const { page, context } = await open(`${path}?cols=m.val/auc,p.seed`);
  await page.getByRole("columnheader", { name: "val/auc" }).hover();
  const name = await page.getByRole("button", { name: "val/auc", exact: true }).boundingBox();
  const menu = await page.getByRole("button", { name: "Column val/auc" }).boundingBox();
  expect(menu && name && menu.x + menu.width <= name.x).toBe(true);
  await context.close();
});

test("the line that j goes to is opened by Enter", async () => {
  const { page, context } = await open(path);
  const first = page.getByRole("rowheader").first().getByRole("link");
  const name = (await first.textContent()) ?? "";
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page.goto(
    page.url().replace(/candidates.*/, `${path.slice(path.indexOf("experiments"))}?by=p.model`),
  );
  await page.getByRole("row", { expanded: false }).first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowRight");
  await page.getByRole("row", { expanded: true }).waitFor();
  await context.close();
});

test("a filter narrows the runs, and a wrong one is marked at its character", async () => {
  const { page, context } = await open(path);
  const filter = page.getByRole("combobox", { name: "Filter runs" });
  await filter.fill("params.model = 'xgboost' ANDD x");
  await filter.press("Enter");
  const problem = page.getByRole("alert");
  await problem.waitFor();
  expect(await problem.locator("mark").innerText()).not.toBe("");
  expect(await problem.innerText()).toContain("Invalid clause");
  await expectAccessible(page);
  await picture(page, "filter-error-light");

  await filter.fill("metrics.va");
  const options = page.getByRole("option");
  await options.first().waitFor();
  await filter.press("ArrowDown");
  await filter.press("Enter");
  expect(await filter.inputValue()).toBe("metrics.`val/accuracy` ");
  await filter.fill("params.model = 'xgboost'");
  await filter.press("Enter");
  await problem.waitFor({ state: "detached" });
  await page.waitForFunction(() => {
    const names = [...document.querySelectorAll("[role=rowheader] a")].map((link) => link.textContent ?? "");
    return names.length > 0 && names.every((name) => name.startsWith("xgboost"));
  });
  expect(new URL(page.url()).searchParams.get("q")).toBe("params.model = 'xgboost'");
  await context.close();
});

test("columns are chosen, and only those that differ shown", async () => {
  const { page, context } = await open(path);
  await page.getByRole("button", { name: /^Columns/ }).click();
  await page.getByLabel("Search columns").fill("val/loss");
  await expectAccessible(page);
  await page.getByRole("checkbox", { name: "val/loss" }).uncheck();
  await page.keyboard.press("Escape");
  expect(new URL(page.url()).searchParams.get("cols")).not.toContain("m.val/loss");

  const { page: one } = await open(`${path}?cols=p.seed,p.max_depth`);
  await one.getByRole("columnheader", { name: "seed" }).waitFor();
  await one.getByRole("button", { name: "Differences only" }).click();
  await one.getByRole("columnheader", { name: "seed" }).waitFor({ state: "detached" });
  await one.getByRole("columnheader", { name: "max_depth" }).waitFor();
  await context.close();
});

test("runs are selected by key and compared", async () => {
  const { page, context } = await open(path);
  await page.getByRole("rowheader").first().waitFor();
  for (const key of ["j", "x", "j", "j", "x", "k"]) await page.keyboard.press(key);
  await page.getByText("2 runs selected").waitFor();
  await expectAccessible(page);
  await picture(page, "runs-selected-light");
  await page.keyboard.press("c");
  await page.getByRole("heading", { name: "Compare 2 runs" }).waitFor();
  await page.goBack();
  await page.getByText("2 runs selected").waitFor();
  await context.close();
});

test("more runs are kept at the top beside those that are", async () => {
  const { page, context } = await open(path);
  await page.getByRole("rowheader").first().waitFor();
  const keep = page.getByRole("button", { name: "Keep at the top" });
  for (const key of ["j", "x"]) await page.keyboard.press(key);
  await keep.click();
  await page.waitForFunction(() => new URL(location.href).searchParams.get("pin")?.length === 32);
  for (const key of ["x", "j", "x"]) await page.keyboard.press(key);
  await keep.click();
  await page.waitForFunction(() => new URL(location.href).searchParams.get("pin")?.length === 65);
  await context.close();
});

test("runs are exported, deleted and restored", async () => {
  const { page, context } = await open(path);
  await page.getByRole("rowheader").first().waitFor();
  const name = await page.getByRole("rowheader").first().innerText();
  await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "More" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Export selected as CSV" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain("metric.val/auc");
  expect(lines[1]).toContain(name);

  await page.getByRole("button", { name: "Delete" }).click();
  expect(await page.getByRole("dialog").innerText()).toContain(`${name}. They can be restored`);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Deleted 1 run").waitFor();
  await page.getByRole("link", { name, exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Show deleted runs" }).click();
  await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await page.getByText("Restored 1 run").waitFor();
  await context.close();
});

test("charts are drawn in every look, and stand in the address", async () => {
  await inEveryLook("charts", `${path}?tab=charts&smooth=0.6`, (page) =>
    page.locator("canvas").first().waitFor(),
  );
  const { page, context } = await open(`${path}?tab=charts`);
  await page.locator("canvas").first().waitFor();
  await page.getByLabel("Log scale").check();
  await page.getByLabel("x axis").selectOption("relative");
  await page.getByLabel("Search metrics").fill("loss");
  await page.getByRole("region", { name: "val/auc" }).waitFor({ state: "detached" });
  const search = new URL(page.url()).searchParams;
  expect([search.get("log"), search.get("x"), search.get("find")]).toEqual(["1", "relative", "loss"]);
  await context.close();
});

test("charts draw runs while the table shows groups, and say why there are none", async () => {
  const { page, context } = await open(`${path}?tab=charts&by=p.model&find=auc`);
  await page.locator("canvas").first().waitFor();
  await page.goto(page.url().replace("by=p.model", "q=params.model='none'"));
  await page.getByRole("heading", { name: "No run matches the filter" }).waitFor();
  await page.goto(page.url().replace(/q=[^&]*/, "q=params.model%20%3D%20'x'%20ANDD%20y"));
  await page.getByRole("alert").getByText("Invalid clause").waitFor();
  expect(await page.locator(".skeleton").count()).toBe(0);
  await context.close();
});

test("dragging over a chart asks for that range of steps", async () => {
  const { page, context } = await open(`${path}?tab=charts&find=auc`);
  const canvas = page.locator("canvas").first();
  await canvas.waitFor();
  const over = page.locator(".u-over").first();
  const box = await over.boundingBox();
  if (!box) throw new Error("the chart has no place");
  const asked = page.waitForRequest(
    (request) => request.url().endsWith("/series") && request.postDataJSON().from !== undefined,
  );
  await page.mouse.move(box.x + box.width * 0.3, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  const { from, to } = (await asked).postDataJSON();
  expect(from).toBeGreaterThan(5);
  expect(to).toBeLessThan(50);
  // It stands in the address, until another axis has another unit.
  await page.reload();
  await page.getByRole("button", { name: "Whole range" }).waitFor();
  await page.getByLabel("x axis").selectOption("relative");
  await page.getByRole("button", { name: "Whole range" }).waitFor({ state: "detached" });
  await canvas.waitFor();
  expect(await page.getByText("None of these runs has values here").count()).toBe(0);
  await context.close();
});

test("the overview shows the notes in every look", async () => {
  await inEveryLook("experiment-overview", `${path}?tab=overview`, (page) =>
    page.getByText("90 days").waitFor(),
  );
});

test("a plain word in the filter looks for runs of such a name, and Tab completes a key", async () => {
  const { page, context } = await open(path);
  const filter = page.getByRole("combobox", { name: "Filter runs" });
  await filter.fill("-000");
  await filter.press("Enter");
  await page.getByRole("link", { name: /-000$/ }).waitFor();
  expect(await filter.inputValue()).toBe("attributes.run_name ILIKE '%-000%'");
  await filter.fill("");
  await filter.pressSequentially("metrics.`val/ac");
  await page.getByRole("option").first().waitFor();
  await filter.press("Tab");
  expect(await filter.inputValue()).toBe("metrics.`val/accuracy` ");
  await context.close();
});
