// How a reader arranges the runs table: columns, groups, nested runs, and what is done with single ones.

import { beforeAll, expect, test } from "vitest";
import { expectAccessible, ML, open } from "./browser.ts";
import { experimentId } from "./client.ts";

let path = "";
let nested = "";
beforeAll(async () => {
  path = `${ML}/experiments/${await experimentId("churn-gradient-boosting")}`;
  nested = `${ML}/experiments/${await experimentId("nested-search")}`;
});

const param = (page: { url: () => string }, name: string) => new URL(page.url()).searchParams.get(name);

test("columns are moved by mouse and by key, kept at the left, widened and hidden", async () => {
  const { page, sins, context } = await open(`${path}?cols=m.val/auc,p.model,p.max_depth,p.seed`);
  const head = (name: string) => page.getByRole("columnheader", { name, exact: true });
  await head("max_depth").waitFor();
  await head("max_depth").dragTo(head("val/auc"));
  await page.waitForFunction(() => location.search.includes("cols=p.max_depth%2Cm.val%2Fauc"));
  await page.getByRole("button", { name: "max_depth", exact: true }).focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.waitForFunction(() => location.search.includes("cols=m.val%2Fauc%2Cp.max_depth"));
  await page.keyboard.press("Alt+Shift+ArrowRight");
  await page.waitForFunction(() => /w=p.max_depth%3A\d+/.test(location.search));

  await page.getByRole("button", { name: "Column model" }).click();
  await page.getByRole("menuitem", { name: "Keep at the left" }).click();
  await page.waitForFunction(() => location.search.includes("fix=p.model"));
  expect(await head("model").getAttribute("aria-colindex")).toBe("2");
  await page.getByRole("button", { name: "Column val/auc" }).click();
  await page.getByRole("menuitem", { name: "Show its highest value" }).click();
  await head("val/auc max").waitFor();
  await page.getByRole("button", { name: "val/auc max", exact: true }).click();
  await page.locator("[aria-sort=descending]").waitFor();
  await page.getByRole("button", { name: "Column seed" }).click();
  await page.getByRole("menuitem", { name: "Hide" }).click();
  await head("seed").waitFor({ state: "detached" });
  await expectAccessible(page);
  await page.reload();
  await head("val/auc max").waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("runs are grouped by a param, with mean and spread, and a group is opened", async () => {
  const { page, sins, context } = await open(path, { theme: "dark" });
  await page.getByRole("rowheader").first().waitFor();
  await page.getByLabel("Group by").selectOption("p.model");
  await page.getByRole("treegrid").waitFor();
  await page.getByText("±").first().waitFor();
  expect(await page.getByRole("row", { expanded: false }).count()).toBe(3);
  await page.getByRole("button", { name: "Runs of xgboost" }).click();
  await page
    .getByRole("link", { name: /^xgboost-/ })
    .first()
    .waitFor();
  expect(await page.getByRole("link", { name: /^lightgbm-/ }).count()).toBe(0);
  expect([param(page, "by"), param(page, "open")]).toEqual(["p.model", "=xgboost"]);
  await expectAccessible(page);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("nested runs stand below their parents, two deep", async () => {
  const { page, sins, context } = await open(nested);
  await page.getByRole("link", { name: "search-2" }).waitFor();
  expect(await page.getByRole("rowheader").count()).toBe(3);
  await page.getByRole("button", { name: "Runs of search-2" }).click();
  await page.getByRole("link", { name: "trial-2-0" }).waitFor();
  await page.getByRole("button", { name: "Runs of trial-2-1" }).click();
  await page.getByRole("link", { name: "refit-2" }).waitFor();
  expect(await page.getByRole("row", { name: /refit-2/ }).getAttribute("aria-level")).toBe("3");
  await expectAccessible(page);
  // A filter finds them wherever they are.
  await page.getByRole("combobox", { name: "Filter runs" }).fill("attributes.run_name LIKE 'refit%'");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "refit-0" }).waitFor();
  expect(await page.getByRole("rowheader").count()).toBe(3);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("a run is pinned, made the baseline, recoloured and hidden, in the table and in the charts", async () => {
  const { page, sins, context } = await open(`${path}?cols=m.val/auc,p.model`);
  const last = page.getByRole("rowheader").nth(5).getByRole("link");
  const name = (await last.textContent()) ?? "";
  const act = async (action: string) => {
    await page
      .getByRole("button", { name: `Actions on ${name}` })
      .first()
      .click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  await act("Keep at the top");
  await page.getByRole("rowgroup", { name: "Kept at the top" }).waitFor();
  await act("Make it the baseline");
  await page.getByText("baseline", { exact: true }).first().waitFor();
  await page
    .getByRole("gridcell", { name: /^[+−]0\.\d+ 0\.\d+$/ })
    .first()
    .waitFor();
  await expectAccessible(page);
  await page
    .getByRole("button", { name: `Actions on ${name}` })
    .first()
    .click();
  await page.getByRole("menuitemradio", { name: "Colour 4" }).click();
  expect(param(page, "color")).toMatch(/^[0-9a-f]{32}:3$/);
  await page.getByRole("link", { name: "Charts" }).click();
  const legend = page.locator(".legend").getByRole("link", { name });
  await legend.waitFor();
  expect(await legend.locator(".swatch").getAttribute("style")).toContain("--series-4");
  await page.getByRole("link", { name: /^Runs/ }).click();
  await page
    .getByRole("button", { name: `Draw ${name}` })
    .first()
    .click();
  await page.getByRole("link", { name: "Charts" }).click();
  await page.locator(".legend").getByRole("link").first().waitFor();
  expect(await legend.count()).toBe(0);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("selected runs are tagged", async () => {
  const { page, context } = await open(`${path}?cols=t.reviewed`);
  await page.getByRole("rowheader").first().waitFor();
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Tag…" }).click();
  await page.getByLabel("Key", { exact: true }).fill("reviewed");
  await page.getByLabel("Value", { exact: true }).fill("yes");
  await page.getByRole("button", { name: "Set tag" }).click();
  await page.getByText("Tagged 2 runs").waitFor();
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll("[role=gridcell]")].filter((cell) => cell.textContent === "yes")
        .length === 2,
  );
  await context.close();
});

test("values against each other narrow the table", async () => {
  const { page, sins, context } = await open(`${path}?tab=charts&plot=parallel`);
  await page.getByRole("region", { name: "Parallel coordinates" }).waitFor();
  await page.getByLabel("Column to mark").selectOption("p.model");
  await page.getByLabel("Value", { exact: true }).selectOption("xgboost");
  await page.getByRole("button", { name: "Mark", exact: true }).click();
  await page.getByRole("button", { name: "Take back: model xgboost" }).waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Scatter" }).click();
  const chart = page.getByRole("region", { name: "Scatter" }).locator("canvas");
  await chart.waitFor();
  await page.getByLabel("Across").selectOption("m.val/auc");
  await page.getByLabel("Up").selectOption("m.val/loss");
  await page.waitForFunction(() => location.search.includes("sy=m.val%2Floss"));
  const box = await chart.boundingBox();
  if (!box) throw new Error("the chart has no place");
  await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 20, box.y + box.height - 60, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: /^Take back: val\/auc/ }).waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Runs/ }).click();
  await page.waitForFunction(() => {
    const names = [...document.querySelectorAll("[role=rowheader] a")].map((link) => link.textContent ?? "");
    return names.length > 0 && names.every((name) => name.startsWith("xgboost"));
  });
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("charts have another metric for x, sizes and sections", async () => {
  const { page, sins, context } = await open(`${path}?tab=charts&find=val&size=small`);
  await page.locator("canvas").first().waitFor();
  const asked = page.waitForRequest(
    (request) => request.url().endsWith("/series") && request.postDataJSON().metrics.length === 2,
  );
  await page.getByLabel("x axis").selectOption("m.train/loss");
  expect((await asked).postDataJSON().metrics).toContain("train/loss");
  await page.getByRole("button", { name: "Large: val/auc" }).click();
  await page.getByLabel("Size of the charts").selectOption("large");
  await page.getByLabel("Log x").check();
  const search = new URL(page.url()).searchParams;
  expect(["x", "wide", "size", "logx"].map((name) => search.get(name))).toEqual([
    "m.train/loss",
    "val/auc",
    "large",
    "1",
  ]);
  await page.locator("canvas").first().waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("lines that scroll in use the elements of others, in the order of the rows, and take no focus with them", async () => {
  const { page, sins, context } = await open(`${path}?cols=m.val/auc`);
  await page.setViewportSize({ width: 1280, height: 520 });
  const heads = page.getByRole("rowheader");
  await heads.first().waitFor();
  const label = (await heads.first().getByRole("checkbox").getAttribute("aria-label")) ?? "";
  await heads.first().getByRole("checkbox").focus();
  const elements = await page.evaluate(() => {
    const grid = document.querySelector(".grid");
    const lines = [...document.querySelectorAll(".grid-line")];
    Object.assign(window, { before: new Set(lines) });
    grid?.scrollTo({ top: 34 * 30 });
    return lines.length;
  });
  await page.waitForFunction(
    (gone) => !document.querySelector(`[aria-label="${gone}"]`) && document.activeElement?.matches(".grid"),
    label,
  );
  // At rest: the document has the lines in their order, and each of them once.
  await page.waitForFunction(() => {
    const at = [...document.querySelectorAll(".grid-line")].map((line) => Number(line.ariaRowIndex));
    return at.length > 0 && at.every((index, place) => place === 0 || index === (at[place - 1] ?? 0) + 1);
  });
  const used = await page.evaluate(() => {
    const { before } = window as unknown as { before: Set<Element> };
    return [...document.querySelectorAll(".grid-line")].filter((line) => before.has(line)).length;
  });
  expect(used).toBeGreaterThan(elements / 2);
  const link = heads.last().getByRole("link");
  const name = await link.innerText();
  await link.click();
  await page.getByRole("heading", { name }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});
