// The real binary on a free port with a fresh data folder, and the stock client that fills it.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const binary = process.env.WEIR_BIN ?? join(root, "target/debug/weir");
const python = process.env.WEIR_PYTHON ?? join(root, ".cache/venv-mlflow3/bin/python");

export interface Server {
  url: string;
  /** Its data folder. */
  data: string;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  /** The first token of root; without it all callers are root. */
  auth?: string;
  basePath?: string;
  /** Hosts that it may ask. */
  outbound?: string;
}

/** It keeps nothing when it stops. */
export async function startServer({ auth, basePath = "/", outbound }: ServerOptions = {}): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), "weir-e2e-"));
  const args = ["serve", "--listen", "127.0.0.1:0", "--data", data, "--base-path", basePath];
  if (!auth) args.push("--no-auth");
  if (outbound) args.push("--outbound-allow", outbound);
  const child = spawn(binary, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, WEIR_LOG: "error", WEIR_ROOT_TOKEN: auth ?? "" },
  });
  try {
    const url = await listening(child);
    const stop = async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(data, { recursive: true, force: true });
    };
    return { url, data, stop };
  } catch (error) {
    child.kill("SIGKILL");
    await rm(data, { recursive: true, force: true });
    throw error;
  }
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(() => reject(new Error(`the server did not start in time:\n${said}`)), 30_000);
    child.stdout?.on("data", (piece) => {
      said += piece;
      const url = /listens on (http:\/\/\S+)/.exec(said)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server stopped with ${code}:\n${said}`)));
  });
}

const run = promisify(execFile);

/** Runs a script of this folder with the stock MLflow client. */
export async function withClient(
  script: string,
  args: string[],
  settings: NodeJS.ProcessEnv = {},
): Promise<string> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const env = { ...process.env, MLFLOW_DISABLE_TELEMETRY: "true", ...settings };
  const { stdout } = await run(python, [path, ...args], { env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** The tracking address of project 1. */
export const tracking = (url: string) => `${url}/api/v4/projects/1/ml/mlflow`;
