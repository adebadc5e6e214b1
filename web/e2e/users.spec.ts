import { expect, test } from "vitest";
import { expectAccessible, inEveryLook, open } from "./browser.ts";
import { as, makeUser, TOKEN } from "./people.ts";
import { startServer } from "./server.ts";

test("an administrator makes users, lets them in by a link, blocks and deletes them", async () => {
  const server = await startServer({ auth: TOKEN });
  try {
    const root = await as(server, "root");
    await inEveryLook("users", "/admin/users", (page) => page.getByRole("table").waitFor(), root);
    const { page, sins, context } = await open("/", root);
    await page.getByRole("link", { name: "Users" }).click();
    await page.getByRole("button", { name: "New user" }).click();
    await page.getByLabel("User name").fill("alice");
    await page.getByLabel("Name", { exact: true }).fill("Alice A.");
    await page.getByLabel("E-mail").fill("alice@example.org");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Create" }).click();
    const link = await page.getByRole("region", { name: "The link" }).innerText();
    await expectAccessible(page);
    const other = await open(new URL(link).pathname, { url: server.url });
    await other.page.getByRole("button", { name: "Sign in" }).click();
    await other.page.getByRole("button", { name: "Account of alice" }).waitFor();
    await other.page.goto(`${server.url}/admin/users`);
    await other.page.getByText("It is for administrators of this server.").waitFor();
    await expectAccessible(other.page);

    const act = async (name: string) => {
      await page.getByRole("button", { name: "Actions on alice" }).click();
      await page.getByRole("menuitem", { name }).click();
    };
    await act("Block…");
    await page.getByRole("button", { name: "Block" }).click();
    await page.getByRole("row", { name: /alice/ }).getByText("blocked").waitFor();
    // Whoever is blocked has to sign in, and cannot.
    await other.page.reload();
    await other.page.getByLabel("Password").waitFor();
    await other.context.close();
    await act("Unblock");
    await page.getByRole("row", { name: /alice/ }).getByText("active").waitFor();
    await act("Delete…");
    await page.getByRole("button", { name: "Delete user" }).click();
    await page.getByRole("row", { name: /alice/ }).waitFor({ state: "detached" });
    expect(sins.errors).toEqual([]);
    await context.close();
  } finally {
    await server.stop();
  }
});

test("where one was going is kept while one signs in, with all that the address says", async () => {
  const server = await startServer({ auth: TOKEN, basePath: "/tools/weir" });
  try {
    await makeUser(server, "alice");
    const asked = "/tools/weir/groups?q=vision";
    const { page, context } = await open(asked, { url: server.url });
    await page.getByLabel("User name").fill("alice");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("No group has “vision” in its name").waitFor();
    const { pathname, search } = new URL(page.url());
    expect(pathname + search).toBe(asked);
    await page.goto(`${server.url}/tools/weir/no/such/-/page`);
    await page.getByText("There is no such").first().waitFor();
    await expectAccessible(page);
    await context.close();
  } finally {
    await server.stop();
  }
});
