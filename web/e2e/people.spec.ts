import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { expectAccessible, ML, open, picture } from "./browser.ts";
import { binary, startServer, tracking, withClient } from "./server.ts";

const run = promisify(execFile);
const TOKEN = "glpat-e2e0123456789abcdefghij";

test("who is not signed in signs in, goes on where they wanted to, and a Guest may only look", async () => {
  const server = await startServer({ auth: TOKEN });
  const weir = (...args: string[]) => run(binary, [...args, "--data", server.data]);
  try {
    await withClient("seed.py", [tracking(server.url), "--runs", "4"], { MLFLOW_TRACKING_TOKEN: TOKEN });
    await weir("user", "create", "guest");
    const password = run(binary, ["user", "set-password", "guest", "--data", server.data]);
    password.child.stdin?.end("correct horse battery\n");
    await password;
    await weir("member", "add", "root/default", "guest", "guest");

    const { page, sins, context } = await open(`${ML}/models/churn`, { url: server.url });
    await page.getByLabel("User name").fill("guest");
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("the user name or the password is wrong").waitFor();
    await expectAccessible(page);
    await picture(page, "sign-in-wrong-light");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "1.1.0" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${ML}/models/churn`);

    // Nothing that would be refused is offered.
    expect(await page.getByRole("button", { name: "Edit card" }).count()).toBe(0);
    await page.goto(`${server.url}${ML}/models/churn/versions/1.1.0?tab=artifacts`);
    await page.getByRole("treeitem", { name: "MLmodel" }).waitFor();
    expect(await page.getByText("Drop files or folders here").count()).toBe(0);
    await page.goto(`${server.url}${ML}/experiments`);
    await page.getByRole("link", { name: "churn-baseline" }).waitFor();
    await page.getByRole("button", { name: "Account of guest" }).waitFor();
    expect(await page.getByRole("button", { name: "New experiment" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Actions on/ }).count()).toBe(0);
    // And the server refuses it anyway.
    const status = await page.evaluate(async () => {
      const session = await (await fetch("/-/session")).json();
      const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token };
      const path = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/create";
      return (await fetch(path, { method: "POST", headers, body: '{"name":"sneaked in"}' })).status;
    });
    expect(status).toBe(403);

    // A session that ended elsewhere: the next question leads to the form.
    await context.clearCookies();
    await page.getByRole("link", { name: "Models" }).click();
    await page.getByLabel("Password").waitFor();
    await page.getByLabel("User name").fill("guest");
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "fraud-scorer" }).waitFor();
    await page.getByRole("button", { name: "Account of guest" }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByLabel("Password").waitFor();
    expect(sins.errors).toEqual([]);
    await context.close();
  } finally {
    await server.stop();
  }
});

test("root changes things by a session as by a token", async () => {
  const server = await startServer({ auth: TOKEN });
  try {
    const { stdout } = await run(binary, ["user", "sign-in-link", "root", "--data", server.data]);
    const path = /\/-\/sign-in\/link\/\S+/.exec(stdout)?.[0];
    if (!path) throw new Error(`no link in: ${stdout}`);
    const { page, context } = await open(path, { url: server.url });
    await page.getByRole("button").first().click();
    await page.waitForURL((url) => !url.pathname.includes("/link/"));
    await page.goto(`${server.url}${ML}/experiments`);
    await page.getByRole("button", { name: "New experiment" }).click();
    await page.getByLabel("Name", { exact: true }).fill("by-session");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "by-session" }).waitFor();

    await page.goto(`${server.url}${ML}/models`);
    await page.getByRole("button", { name: "New model" }).click();
    await page.getByLabel("Name", { exact: true }).fill("by-hand");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "New version" }).click();
    await page.getByRole("button", { name: "Create" }).click();
    const file = { name: "by-session.txt", mimeType: "text/plain", buffer: Buffer.from("put with a cookie") };
    await page.getByTestId("files").setInputFiles(file);
    await page.getByRole("treeitem", { name: "by-session.txt" }).click();
    await page.getByText("put with a cookie").waitFor();
    await context.close();
  } finally {
    await server.stop();
  }
});
