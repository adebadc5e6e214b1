import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, inEveryLook, type Look, open } from "./browser.ts";
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
