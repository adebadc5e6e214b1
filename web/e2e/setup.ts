// Before all browser tests: a server with data in it.

import type { TestProject } from "vitest/node";
import { startServer, tracking, withClient } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
  }
}

export default async function setup(project: TestProject) {
  const given = process.env.WEIR_E2E_URL;
  if (given) {
    project.provide("url", given.replace(/\/$/, ""));
    return;
  }
  const server = await startServer();
  await withClient("seed.py", [tracking(server.url)]).catch(async (error) => {
    await server.stop();
    throw error;
  });
  project.provide("url", server.url);
  return server.stop;
}
