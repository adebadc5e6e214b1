import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { expectAccessible, ML, open } from "./browser.ts";
import { experimentId, post } from "./client.ts";

interface Created {
  run: { info: { run_id: string } };
}

async function newRun(name: string): Promise<{ id: string; experiment: string }> {
  const experiment = await experimentId("smoke-tests");
  const body = { experiment_id: experiment, run_name: name, start_time: Date.now() };
  const { run } = await post<Created>("runs/create", body);
  return { id: run.info.run_id, experiment };
}

const logMetric = (run_id: string, key: string, value: number, step: number) =>
  post("runs/log-metric", { run_id, key, value, step, timestamp: Date.now() });

/** Once the server has said that it will tell. */
const listening = (page: Page) => page.waitForResponse((response) => response.url().includes("/ml/events"));

test("a run is shown as it goes on, and many changes are few questions", async () => {
  const { id } = await newRun("goes-on");
  const { page, sins, context } = await open("/-/sign-in");
  const heard = listening(page);
  await page.goto(`${inject("url")}${ML}/candidates/${id}`);
  await heard;
  await page.getByText("This run logged no metrics.").waitFor();
  await logMetric(id, "live/loss", 0.5, 0);
  await page.getByRole("rowheader", { name: "live/loss" }).waitFor();

  let questions = 0;
  page.on("request", (request) => {
    if (request.url().includes("/runs/get")) questions += 1;
  });
  for (let step = 1; step <= 60; step += 1) await logMetric(id, "live/loss", 0.5 - step / 1000, step);
  await page.getByRole("cell", { name: "0.44", exact: true }).waitFor();
  expect(questions).toBeLessThan(10);
  await post("runs/update", { run_id: id, status: "FINISHED", end_time: Date.now() });
  await page.getByText("Finished", { exact: true }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("a new run appears in the table, a new model in the list, a new alias on the version", async () => {
  const experiment = await experimentId("smoke-tests");
  const { page, context } = await open("/-/sign-in");
  const heard = listening(page);
  await page.goto(`${inject("url")}${ML}/experiments/${experiment}`);
  await heard;
  const run = `appears-${Date.now()}`;
  await newRun(run);
  await page.getByRole("link", { name: run }).waitFor();

  await page.getByRole("link", { name: "Models" }).click();
  await page.getByRole("link", { name: "churn", exact: true }).waitFor();
  const name = `live-${Date.now()}`;
  await post("registered-models/create", { name });
  await page.getByRole("link", { name }).click();
  await page.getByRole("heading", { name: "No versions yet" }).waitFor();
  await post("model-versions/create", { name, source: "" });
  await page.getByRole("link", { name: "1.0.0" }).click();
  await page.getByRole("heading", { name: `${name} 1.0.0` }).waitFor();
  await post("registered-models/alias", { name, alias: "shadow", version: "1" });
  await page.getByText("@shadow", { exact: true }).first().waitFor();
  await context.close();
});

test("one connection for all pages; when it is lost the pages ask by themselves, and hear again later", async () => {
  const { page, context } = await open("/-/sign-in");
  let streams = 0;
  page.on("request", (request) => {
    if (request.url().includes("/ml/events")) streams += 1;
  });
  const heard = listening(page);
  await page.goto(`${inject("url")}${ML}/experiments`);
  await heard;
  await page.getByRole("link", { name: "Models" }).click();
  await page.getByRole("link", { name: "churn", exact: true }).waitFor();
  await page.getByRole("link", { name: "Experiments" }).click();
  await page.getByRole("link", { name: "churn-baseline" }).waitFor();
  expect(streams).toBe(1);

  const { id } = await newRun("asks-by-itself");
  await page.route("**/ml/events*", (route) => route.abort());
  await page.goto(`${inject("url")}${ML}/candidates/${id}`);
  await page.getByText("Not live").waitFor();
  await expectAccessible(page);
  await logMetric(id, "polled", 1, 0);
  await page.getByRole("rowheader", { name: "polled" }).waitFor();
  await page.unroute("**/ml/events*");
  // The browser says that the network is back: no reason to wait any longer.
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await page.getByText("Not live").waitFor({ state: "detached" });
  await context.close();
});
