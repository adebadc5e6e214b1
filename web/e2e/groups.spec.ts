import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectFits, inEveryLook, type Look, open } from "./browser.ts";
import { as, makeUser, TOKEN } from "./people.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let alice: Look;

beforeAll(async () => {
  server = await startServer({ auth: TOKEN });
  await makeUser(server, "alice");
  await makeUser(server, "bob");
  alice = await as(server, "alice");
});
afterAll(() => server.stop());

test("somebody makes a group, a group in it and a project in that, and lets others in", async () => {
  const { page, sins, context } = await open("/", alice);
  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByText("No groups yet").waitFor();
  await page.getByRole("link", { name: "New group" }).click();
  await page.getByLabel("Name").fill("Vision Team");
  expect(await page.getByLabel("Path").inputValue()).toBe("vision-team");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create group" }).click();
  await page.getByRole("heading", { name: "Vision Team" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/groups/vision-team");
  await page.getByText("There is nothing in this group yet").waitFor();

  await page.getByRole("link", { name: "New subgroup" }).click();
  await page.getByLabel("Name").fill("Lab");
  await page.getByRole("button", { name: "Create group" }).click();
  await page.getByRole("heading", { name: "Lab" }).waitFor();
  await page.getByRole("link", { name: "New project" }).click();
  await page.getByLabel("Name").fill("Iris");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create project" }).click();
  await page.getByRole("heading", { name: "Log the first run" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/vision-team/lab/iris/-/ml/experiments");

  await page.goto(`${server.url}/groups/vision-team?tab=members`);
  await page.getByRole("button", { name: "Add member" }).click();
  await page.getByLabel("User name").fill("bob");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("row", { name: /bob/ }).getByText("Developer").waitFor();
  await page.goto(`${server.url}/groups/vision-team/lab?tab=members`);
  await page.getByRole("row", { name: /bob/ }).getByText("vision-team", { exact: true }).waitFor();

  await page.goto(`${server.url}/groups/vision-team/lab?tab=settings`);
  await page.getByLabel("Path").fill("lab-2");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/groups/vision-team/lab-2?tab=settings");
  await expectAccessible(page);
  expect(sins.errors).toEqual([]);
  await context.close();

  // Who is let in sees it, and is offered what a developer may do.
  const bob = await open("/groups/vision-team/lab-2", await as(server, "bob"));
  await bob.page.getByRole("link", { name: "vision-team/lab-2/iris" }).waitFor();
  await bob.page.getByRole("link", { name: "New project" }).waitFor();
  expect(await bob.page.getByRole("link", { name: "New subgroup" }).count()).toBe(0);
  expect(await bob.page.getByRole("link", { name: "Settings" }).count()).toBe(0);
  await bob.context.close();
});

test("an owner makes a token of the group, which others neither see nor get", async () => {
  const { page, sins, context } = await open("/groups/vision-team", alice);
  await page.getByRole("link", { name: "Access tokens" }).click();
  await page.getByText("No token is in force.").waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("nightly");
  await page.getByLabel("Role").selectOption("Developer");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByRole("region", { name: "The token", exact: true }).innerText();
  await expectAccessible(page);
  // It acts in what lies in the group.
  const runs = `${server.url}/api/v4/projects/vision-team%2Flab-2%2Firis/ml/mlflow/api/2.0/mlflow`;
  const ask = () =>
    fetch(`${runs}/experiments/create`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ name: `by-token-${Math.random()}` }),
    });
  expect((await ask()).status).toBe(200);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page
    .getByRole("row", { name: /nightly/ })
    .getByText("Developer")
    .waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await page.getByRole("button", { name: "Actions on nightly" }).click();
  await page.getByRole("menuitem", { name: "Revoke…" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No token is in force.").waitFor();
  expect((await ask()).status).toBe(401);
  expect(sins.errors).toEqual([]);
  await context.close();

  const bob = await open("/groups/vision-team?tab=access_tokens", await as(server, "bob"));
  await bob.page.getByText("You are Developer here; it needs Owner.").waitFor();
  expect(await bob.page.getByRole("link", { name: "Access tokens" }).count()).toBe(0);
  await expectAccessible(bob.page);
  const status = await bob.page.evaluate(
    async () => (await fetch("/api/v4/groups/vision-team/access_tokens")).status,
  );
  expect(status).toBe(403);
  await bob.context.close();
});

test("groups are there in every look", async () => {
  await inEveryLook(
    "group",
    "/groups/vision-team",
    (page) => page.getByRole("link", { name: "Lab" }).waitFor(),
    alice,
  );
  await inEveryLook("groups", "/groups", (page) => page.getByRole("table").waitFor(), alice);
});

test("a group that is not there, or not for one to see", async () => {
  const { page, context } = await open("/groups/nowhere", alice);
  await page.getByText("There is no such group, or it is not for you to see.").waitFor();
  await expectAccessible(page);
  await context.close();
});

test("a tab that there is not is the first one", async () => {
  const { page, sins, context } = await open("/groups/vision-team?tab=nonsense", alice);
  await page.getByRole("link", { name: "Lab" }).waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});
