import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible, expectFits, ML, open, picture } from "./browser.ts";
import { as, makeUser, TOKEN, weir } from "./people.ts";
import { startServer, withClient } from "./server.ts";

test("an empty project says how to begin, and becomes the list when the first run arrives", async () => {
  const server = await startServer();
  try {
    const { page, sins, context } = await open(`${ML}/experiments`, { url: server.url });
    await page.getByRole("heading", { name: "Log the first run" }).waitFor();
    await expectAccessible(page);
    await picture(page, "first-run-light");
    // The very text of the page, as somebody would paste it.
    const snippet = await page.getByRole("region", { name: "Python" }).innerText();
    const file = join(await mkdtemp(join(tmpdir(), "weir-e2e-")), "snippet.py");
    await writeFile(file, snippet);
    await withClient("first-run.py", [file]);
    await page.getByRole("link", { name: "first-steps" }).waitFor();
    await page.getByRole("heading", { name: "Log the first run" }).waitFor({ state: "detached" });
    expect(sins.errors).toEqual([]);
    await context.close();
  } finally {
    await server.stop();
  }
});

test("the pages work below a path", async () => {
  const server = await startServer({ basePath: "/tools/weir" });
  try {
    const { page, sins, context } = await open(`/tools/weir${ML}/experiments`, { url: server.url });
    await page.getByRole("link", { name: "Default" }).click();
    await page.getByRole("heading", { name: "Default" }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/tools/weir${ML}/experiments/0`);
    await page.reload();
    await page.getByRole("heading", { name: "No runs yet" }).waitFor();
    expect(await page.getByRole("region", { name: "Python" }).innerText()).toContain(
      "/tools/weir/api/v4/projects/",
    );
    expect(sins.errors).toEqual([]);
    await context.close();
  } finally {
    await server.stop();
  }
});

test("where one has to sign in, the snippet gets a token on request; who may only look gets none", async () => {
  const server = await startServer({ auth: TOKEN });
  try {
    for (const name of ["dev", "rita"]) await makeUser(server, name);
    await weir(server, "member", "add", "root/default", "dev", "developer");
    await weir(server, "member", "add", "root/default", "rita", "reporter");
    const reader = await open(`${ML}/experiments`, await as(server, "rita"));
    await reader.page.getByText("Nothing has been logged yet").waitFor();
    expect(await reader.page.getByRole("button", { name: /token/ }).count()).toBe(0);
    expect(await reader.page.getByRole("button", { name: "New experiment" }).count()).toBe(0);

    const { page, sins, context } = await open(`${ML}/experiments`, await as(server, "dev"));
    const python = page.getByRole("region", { name: "Python" });
    await python.getByText("<your access token>").waitFor();
    await page.getByRole("button", { name: "Make a token and put it in" }).click();
    await python.getByText("glpat-").waitFor();
    await expectAccessible(page);
    const file = join(await mkdtemp(join(tmpdir(), "weir-e2e-")), "snippet.py");
    await writeFile(file, await python.innerText());
    await page.getByRole("button", { name: "GitHub Actions" }).click();
    await page.getByRole("region", { name: "The token" }).waitFor();
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectFits(page);
    await withClient("first-run.py", [file], { MLFLOW_TRACKING_TOKEN: "" });
    // Both pages become the list by themselves.
    await page.getByRole("link", { name: "first-steps" }).waitFor();
    await reader.page.getByRole("link", { name: "first-steps" }).waitFor();
    expect(await reader.page.getByRole("button", { name: /^Actions on/ }).count()).toBe(0);
    expect(sins.errors).toEqual([]);
    await context.close();
    await reader.context.close();
  } finally {
    await server.stop();
  }
});
