import { expect, test } from "vitest";
import { expectAccessible, ML, open } from "./browser.ts";
import { experimentId, post } from "./client.ts";

const notes = async () => `${ML}/experiments/${await experimentId("smoke-tests")}?tab=overview`;

test("what was written in a dialog goes only when one says so", async () => {
  const { page, sins, context } = await open(await notes());
  await page.getByRole("button", { name: "Edit" }).click();
  // Nothing was written yet.
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Markdown").fill("An hour of thought");
  await page.keyboard.press("Escape");
  await page.getByText("Discard what you wrote?").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Go on writing" }).click();
  await page.mouse.click(5, 300);
  await page.getByText("Discard what you wrote?").waitFor();
  expect(await page.getByLabel("Markdown").inputValue()).toBe("An hour of thought");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("a session that ended while one wrote takes nothing away", async () => {
  const { page, context } = await open(await notes());
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Markdown").fill("An hour of thought");
  const refused = { status: 401, contentType: "application/json", body: '{"message":"401 Unauthorized"}' };
  await page.route(/set-experiment-tag/, (route) => route.fulfill(refused));
  await page.getByRole("button", { name: "Save" }).click();
  const link = page.getByRole("link", { name: "sign in in a new tab" });
  await link.waitFor();
  expect(await link.getAttribute("target")).toBe("_blank");
  expect(await page.getByLabel("Markdown").inputValue()).toBe("An hour of thought");
  await page.unroute(/set-experiment-tag/);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByText("An hour of thought").waitFor();
  await post("experiments/set-experiment-tag", {
    experiment_id: await experimentId("smoke-tests"),
    key: "mlflow.note.content",
    value: "",
  });
  await context.close();
});

test("a deleted experiment says so, and can be restored where it is", async () => {
  const { experiment_id } = await post<{ experiment_id: string }>("experiments/create", {
    name: "gone-soon",
  });
  await post("experiments/delete", { experiment_id });
  const { page, sins, context } = await open(`${ML}/experiments/${experiment_id}`);
  await page.getByRole("heading", { name: "This experiment is deleted" }).waitFor();
  expect(await page.getByRole("button", { name: /token/ }).count()).toBe(0);
  await expectAccessible(page);
  await page
    .getByRole("tab", { name: "Overview" })
    .or(page.getByRole("link", { name: "Overview" }))
    .click();
  await page.getByRole("heading", { name: "Notes" }).waitFor();
  expect(await page.getByRole("heading", { name: "Log to this experiment" }).count()).toBe(0);
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByRole("heading", { name: "Log to this experiment" }).waitFor();
  expect(await page.getByRole("button", { name: "Restore" }).count()).toBe(0);
  await post("experiments/delete", { experiment_id });
  expect(sins.errors).toEqual([]);
  await context.close();
});
