// Somebody at a server that asks who one is: by the command line, by the API, and in a browser.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Look } from "./browser.ts";
import { binary, type Server } from "./server.ts";

const run = promisify(execFile);

/** Root's, at every server that is started with it. */
export const TOKEN = "glpat-e2e0123456789abcdefghij";
export const PASSWORD = "correct horse battery";

/** A command of the server's binary on its data. */
export async function weir(server: Server, ...args: string[]): Promise<string> {
  const { stdout } = await run(binary, [...args, "--data", server.data]);
  return stdout;
}

export async function makeUser(server: Server, username: string): Promise<void> {
  await weir(server, "user", "create", username);
  const command = run(binary, ["user", "set-password", username, "--data", server.data]);
  command.child.stdin?.end(`${PASSWORD}\n`);
  await command;
}

/** GitLab's API as root. */
export async function api<T>(server: Server, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}/api/v4/${path}`, {
    method,
    headers: { "PRIVATE-TOKEN": TOKEN, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** How a browser opens pages as somebody: with the cookie of a new session, by a one-time link. */
export async function as(server: Server, username: string): Promise<Look> {
  const printed = await weir(server, "user", "sign-in-link", username);
  const path = /\/-\/sign-in\/link\/\S+/.exec(printed)?.[0];
  if (!path) throw new Error(`no link in: ${printed}`);
  const answer = await fetch(server.url + path, { method: "POST", redirect: "manual" });
  const value = /^weir_session=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
  if (!value) throw new Error(`the link gave no session: ${answer.status}`);
  return { url: server.url, cookies: [{ name: "weir_session", value, url: server.url }] };
}
