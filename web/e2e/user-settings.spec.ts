import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, inEveryLook, type Look, open } from "./browser.ts";
import { api, as, makeUser, PASSWORD, TOKEN } from "./people.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let alice: Look;

beforeAll(async () => {
  server = await startServer({ auth: TOKEN });
  await makeUser(server, "alice");
  alice = await as(server, "alice");
});
afterAll(() => server.stop());

test("every page is there in every look", async () => {
  await inEveryLook(
    "user-profile",
    "/-/user_settings",
    (page) => page.getByRole("heading", { name: "Profile" }).waitFor(),
    alice,
  );
  await inEveryLook(
    "user-sessions",
    "/-/user_settings/active_sessions",
    (page) => page.getByText("this one").waitFor(),
    alice,
  );
});

test("people give themselves another name, and not another address", async () => {
  const { page, sins, context } = await open("/-/user_settings/profile", alice);
  const save = page.getByRole("button", { name: "Save" });
  await page.getByLabel("Name", { exact: true }).waitFor();
  expect(await save.isDisabled()).toBe(true);
  expect(await page.getByLabel("E-mail").isDisabled()).toBe(true);
  await page.getByText("An administrator changes it").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("x".repeat(256));
  await save.click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("Alice Liddell");
  await expectAccessible(page);
  await save.click();
  await page.getByText("Saved").waitFor();
  await page.reload();
  await page.getByLabel("Name", { exact: true }).waitFor();
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Alice Liddell");
  // Others read it.
  const users = await api<{ name: string }[]>(server, "GET", "users?username=alice");
  expect(users.map(({ name }) => name)).toEqual(["Alice Liddell"]);
  // The server refuses what the page does not offer.
  const status = await page.evaluate(async () => {
    const session = await (await fetch("/-/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token };
    const body = '{"email":"root@x.example"}';
    return (await fetch("/api/v4/user", { method: "PUT", headers, body })).status;
  });
  expect(status).toBe(403);
  expect(sins.errors.filter((error) => !/40[03]/.test(error))).toEqual([]);
  await context.close();

  const root = await open("/-/user_settings/profile", await as(server, "root"));
  await root.page.getByLabel("E-mail").fill("root@example.org");
  await root.page.getByRole("button", { name: "Save" }).click();
  await root.page.getByText("Saved").waitFor();
  expect(await api<{ email: string }>(server, "GET", "user")).toMatchObject({ email: "root@example.org" });
  await root.context.close();
});

test("a token is made, shown once, works, and ends when it is revoked", async () => {
  const { page, sins, context } = await open("/-/user_settings/personal_access_tokens", alice);
  await page.getByText("No token is in force.").waitFor();
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("laptop");
  await page.getByLabel("read_user").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByRole("region", { name: "The token", exact: true }).innerText();
  expect(await page.getByRole("region", { name: "Shell" }).innerText()).toBe(
    `export MLFLOW_TRACKING_TOKEN=${token}`,
  );
  await expectAccessible(page);
  const ask = () => fetch(`${server.url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": token } });
  expect(((await (await ask()).json()) as { username: string }).username).toBe("alice");
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page
    .getByRole("row", { name: /laptop/ })
    .getByText("api, read_user")
    .waitFor();
  expect(await page.getByText(token).count()).toBe(0);

  // Another in its place, and then none.
  await page.getByRole("button", { name: "Actions on laptop" }).click();
  await page.getByRole("menuitem", { name: "Rotate…" }).click();
  await page.getByRole("button", { name: "Rotate" }).click();
  const rotated = await page.getByRole("region", { name: "The token", exact: true }).innerText();
  expect(rotated).not.toBe(token);
  expect((await ask()).status).toBe(401);
  await page.getByRole("button", { name: "Actions on laptop" }).click();
  await page.getByRole("menuitem", { name: "Revoke…" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No token is in force.").waitFor();
  await page.getByRole("button", { name: "Ended" }).click();
  await page.getByText("revoked").first().waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("the password changes, and with it the other sessions end", async () => {
  const other = await as(server, "alice");
  const { page, sins, context } = await open("/-/user_settings/password", await as(server, "alice"));
  await page.getByLabel("New password", { exact: true }).fill("another horse battery");
  await page.getByLabel("The new password again").fill("another horse");
  await page.getByText("It differs from the one above.").waitFor();
  await expectAccessible(page);
  expect(await page.getByRole("button", { name: "Change password" }).isDisabled()).toBe(true);
  await page.getByLabel("The new password again").fill("another horse battery");
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByText("The password is changed").waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();

  // The other browser signs in again, and is back where it was.
  const { page: second, context: elsewhere } = await open("/-/user_settings/active_sessions", other);
  await second.getByLabel("User name").fill("alice");
  await second.getByLabel("Password").fill(PASSWORD);
  await second.getByRole("button", { name: "Sign in" }).click();
  await second.getByText("the user name or the password is wrong").waitFor();
  await second.getByLabel("Password").fill("another horse battery");
  await second.getByRole("button", { name: "Sign in" }).click();
  await second.getByRole("heading", { name: "Sessions" }).waitFor();

  // One session ends by itself, then all do.
  const third = await as(server, "alice");
  await second.reload();
  await second.getByRole("button", { name: "End", exact: true }).last().click();
  await second.getByRole("button", { name: "End session" }).click();
  await second.getByText("The session has ended").waitFor();
  await second.getByRole("button", { name: "Sign out everywhere" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await second.getByLabel("Password").waitFor();
  const { page: last, context: gone } = await open("/-/user_settings/profile", third);
  await last.getByLabel("Password").waitFor();
  await elsewhere.close();
  await gone.close();
});
