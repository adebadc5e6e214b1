import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible, expectFits, inEveryLook, type Look, open } from "./browser.ts";
import { api, as, makeUser, TOKEN, weir } from "./people.ts";
import { type Server, startServer } from "./server.ts";

const SETTINGS = "/team/iris/-/settings";
let server: Server;
let root: Look;

beforeAll(async () => {
  server = await startServer({ auth: TOKEN, outbound: "gitlab.com,token.actions.githubusercontent.com" });
  const team = await api<{ id: number }>(server, "POST", "groups", { name: "Team", path: "team" });
  await api(server, "POST", "projects", { name: "iris", namespace_id: team.id });
  for (const name of ["mia", "greta", "dev"]) await makeUser(server, name);
  await api(server, "POST", "groups/team/members", { username: "mia", access_level: 40 });
  await weir(server, "member", "add", "team/iris", "greta", "guest");
  root = await as(server, "root");
});
afterAll(() => server.stop());

test("every page is there in every look", async () => {
  await inEveryLook("project-settings", SETTINGS, (page) => page.getByLabel("Visibility").waitFor(), root);
  await inEveryLook(
    "project-members",
    `${SETTINGS}/members`,
    (page) => page.getByRole("row", { name: /greta/ }).waitFor(),
    root,
  );
});

test("a maintainer chooses what automatic versions raise, and the next one follows", async () => {
  const { page, sins, context } = await open(`${SETTINGS}/general`, await as(server, "mia"));
  const part = page.getByLabel("Number that automatic versions raise");
  await page.getByText("after 1.4.2 comes 1.4.3").waitFor();
  expect(await part.inputValue()).toBe("patch");
  await part.selectOption("Minor");
  await page.getByText("after 1.4.2 comes 1.5.0").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved").waitFor();
  await page.reload();
  await page.getByText("after 1.4.2 comes 1.5.0").waitFor();
  const models = "projects/team%2Firis/ml/mlflow/api/2.0/mlflow";
  await api(server, "POST", `${models}/registered-models/create`, { name: "m" });
  const aliases: string[] = [];
  for (const _ of ["first", "second"]) {
    const body = { name: "m", source: "" };
    const made = await api<{ model_version: { aliases: string[] } }>(
      server,
      "POST",
      `${models}/model-versions/create`,
      body,
    );
    aliases.push(...made.model_version.aliases);
  }
  expect(aliases).toEqual(["1.0.0", "1.1.0"]);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("members are added, changed and removed, and one leaves by oneself", async () => {
  const { page, sins, context } = await open(`${SETTINGS}/members`, root);
  await page.getByRole("row", { name: /mia/ }).getByText("team", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Add member" }).click();
  await page.getByLabel("User name").fill("nobody");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("alert").getByText("404 User Not Found").waitFor();
  await page.getByLabel("User name").fill("dev");
  await page.getByLabel("Role").selectOption("Reporter");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("row", { name: /dev/ }).getByText("Reporter").waitFor();
  await page.getByRole("button", { name: "Actions on dev" }).click();
  await page.getByRole("menuitem", { name: "Change…" }).click();
  await page.getByLabel("Role").selectOption("Developer");
  await page.getByLabel("Ends on").fill("2037-01-31");
  await page.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row", { name: /dev/ });
  await row.getByText("Developer").waitFor();
  await row.getByText("2037-01-31").waitFor();
  await page.getByRole("button", { name: "Actions on dev" }).click();
  await page.getByRole("menuitem", { name: "Remove…" }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  await row.waitFor({ state: "detached" });
  expect(sins.errors).toEqual([]);
  await context.close();

  const guest = await open(`${SETTINGS}/members`, await as(server, "greta"));
  await guest.page.getByRole("row", { name: /mia/ }).waitFor();
  expect(await guest.page.getByRole("button", { name: "Add member" }).count()).toBe(0);
  expect(await guest.page.getByRole("button", { name: "Actions on mia" }).count()).toBe(0);
  await guest.page.getByRole("button", { name: "Actions on greta" }).click();
  await guest.page.getByRole("menuitem", { name: "Leave…" }).click();
  await guest.page.getByRole("button", { name: "Leave" }).click();
  await guest.page.getByText("You have left team/iris").waitFor();
  await guest.page.goto(`${server.url}${SETTINGS}/members`);
  await guest.page.getByText("There is no such project, or it is not for you to see.").waitFor();
  await expectAccessible(guest.page);
  await guest.context.close();
  await weir(server, "member", "add", "team/iris", "greta", "guest");
});

test("a guest is told which role the other pages need, and the server refuses them anyway", async () => {
  const { page, context } = await open(`${SETTINGS}/access_tokens`, await as(server, "greta"));
  await page.getByText("You are Guest here; it needs Maintainer.").waitFor();
  await expectAccessible(page);
  expect(await page.getByRole("link", { name: "General" }).count()).toBe(0);
  const statuses = await page.evaluate(async () => {
    const session = await (await fetch("/-/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrf_token };
    const base = "/api/v4/projects/team%2Firis";
    const asked: [string, string, string][] = [
      ["GET", `${base}/access_tokens`, ""],
      ["POST", `${base}/access_tokens`, '{"name":"x","scopes":["api"]}'],
      ["PUT", base, '{"name":"x"}'],
      ["DELETE", base, ""],
      ["POST", `${base}/members`, '{"username":"dev","access_level":10}'],
      ["PUT", `${base}/ml/ci_link`, '{"kind":"gitlab","project":"a/b"}'],
      ["GET", `${base}/audit_events`, ""],
    ];
    const answers = asked.map(([method, path, body]) =>
      fetch(path, { method, headers, body: body || undefined }),
    );
    return (await Promise.all(answers)).map((answer) => answer.status);
  });
  expect(statuses).toEqual(statuses.map(() => 403));
  await context.close();
});

test("a token of the project logs to it", async () => {
  const { page, sins, context } = await open(`${SETTINGS}/access_tokens`, root);
  await page.getByRole("button", { name: "New token" }).click();
  await page.getByLabel("Name").fill("ci");
  await page.getByLabel("Role").selectOption("Developer");
  await page.getByRole("button", { name: "Create token" }).click();
  const shell = await page.getByRole("region", { name: "Shell" }).innerText();
  const uri = /MLFLOW_TRACKING_URI=(\S+)/.exec(shell)?.[1];
  const token = /MLFLOW_TRACKING_TOKEN=(\S+)/.exec(shell)?.[1];
  const answer = await fetch(`${uri}/api/2.0/mlflow/experiments/create`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: '{"name":"by-token"}',
  });
  expect(answer.status).toBe(200);
  await page.getByRole("row", { name: /ci/ }).getByText("Developer").waitFor();
  await expectAccessible(page);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("CI jobs are trusted by rules, and told what to send", async () => {
  const { page, sins, context } = await open(`${SETTINGS}/trust_rules`, root);
  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel("Name").fill("training");
  await page.getByText("Say what project_path must be.").waitFor();
  await page.getByLabel("What project_path must be").fill("acme/vision-*");
  await page.getByText("choose “pattern” for project_path").waitFor();
  await page.getByLabel("How project_path is compared").selectOption("pattern");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Trust these jobs" }).click();
  await page.getByRole("heading", { name: "training" }).waitFor();
  await page.getByRole("button", { name: /How a job logs here.*training/ }).click();
  const job = await page.getByRole("region", { name: ".gitlab-ci.yml" }).innerText();
  expect(job).toContain(`aud: ${server.url}\n`);
  expect(job).toContain(`MLFLOW_TRACKING_URI: ${server.url}/api/v4/projects/`);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await page.getByRole("button", { name: "Remove training" }).click();
  await page.getByRole("button", { name: "Remove rule" }).click();
  await page.getByText("No CI is trusted").waitFor();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("the CI link keeps its token to itself", async () => {
  const { page, sins, context } = await open(`${SETTINGS}/ci_link`, root);
  await page.getByLabel("Project there").fill("acme");
  await page.getByRole("button", { name: "Link" }).click();
  await page.getByRole("alert").getByText("'acme' is not a project of gitlab").waitFor();
  await page.getByLabel("Project there").fill("acme/vision");
  await page.getByLabel("Access token").fill("glpat-of-gitlab");
  await page.getByRole("button", { name: "Link" }).click();
  await page.getByText("linked", { exact: true }).waitFor();
  expect(await page.getByLabel("Access token").inputValue()).toBe("");
  expect(await page.content()).not.toContain("glpat-of-gitlab");
  await expectAccessible(page);
  await page.getByRole("button", { name: "End link" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End link" }).click();
  await page.getByRole("button", { name: "Link", exact: true }).waitFor();

  // All of that is in the log.
  await page.getByRole("link", { name: "Audit events" }).click();
  await page.getByText("ci link removed").waitFor();
  await page.getByText("trust rule created").waitFor();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await page.getByLabel("To", { exact: true }).fill("2020-01-01");
  await page.getByText("Nothing was changed in that time.").waitFor();
  expect(new URL(page.url()).search).toBe("?to=2020-01-01");
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("a project is renamed, archived, deleted and restored", async () => {
  const { page, sins, context } = await open(`${SETTINGS}/general`, root);
  await page.getByLabel("Path").fill("iris-2");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL("**/team/iris-2/-/settings/general");
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive" }).click();
  await page.getByRole("button", { name: "Unarchive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Unarchive" }).click();
  await page.getByRole("button", { name: "Delete project" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete project" }).click();
  await page.getByText("It waits to be deleted").waitFor();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restore project" }).click();
  await page.getByRole("button", { name: "Delete project" }).waitFor();
  // The old address leads there.
  await page.goto(`${server.url}${SETTINGS}/members`);
  await page.waitForURL("**/team/iris-2/-/settings/members");
  expect(sins.errors).toEqual([]);
  await context.close();
});
