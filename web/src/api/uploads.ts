// Files on their way to the server: a queue that outlives the page that began it, three at a time.

import { useSyncExternalStore } from "react";
import type { Upload } from "../lib/files.ts";
import { pathIn, WHOLE_BYTES } from "../lib/files.ts";
import type { Slug } from "../lib/project.ts";
import { ApiError } from "./client.ts";
import {
  abortParts,
  beginParts,
  findChecksum,
  type Parts,
  type Putting,
  putFile,
  putParts,
} from "./files.ts";

/** Where files go, and who is told when one has arrived. */
export interface Target {
  project: Slug;
  /** The run, or the run that a version is. */
  tree: string;
  root: string;
  arrived: () => void;
}

export interface Chosen {
  file: File;
  /** With the folders below the one that was dropped. */
  relative: string;
}

interface Job {
  target: Target;
  file: File;
  replace: boolean;
  abort: AbortController;
  parts?: Parts;
}

const AT_ONCE = 3;
/** After what broke off on the way, and not after what was refused. */
const WAITS_MS = [1000, 4000];

let uploads: Upload[] = [];
let trees = new Map<number, string>();
const jobs = new Map<number, Job>();
const waiting = new Set<() => void>();
let next = 1;
let running = 0;

function subscribe(tell: () => void) {
  waiting.add(tell);
  return () => waiting.delete(tell);
}

function tellAll() {
  for (const tell of waiting) tell();
}

function change(id: number, to: Partial<Upload>) {
  uploads = uploads.map((one) => (one.id === id ? { ...one, ...to } : one));
  tellAll();
}

const stateOf = (id: number) => uploads.find((one) => one.id === id)?.state;

/** All that were begun on this page and not cleared, with the tree that each goes to. */
export function useUploads(tree: string): Upload[] {
  const all = useSyncExternalStore(subscribe, () => uploads);
  return all.filter((one) => trees.get(one.id) === tree);
}

export function addUploads(target: Target, folder: string, chosen: readonly Chosen[]): void {
  const added = chosen.map(({ file, relative }): Upload => {
    const id = next++;
    trees.set(id, target.tree);
    jobs.set(id, { target, file, replace: false, abort: new AbortController() });
    const path = pathIn(folder, relative);
    return { id, path, size: file.size, sent: 0, state: "waiting", problem: "", sha256: "" };
  });
  uploads = [...uploads, ...added];
  tellAll();
  pump();
}

export function cancelUpload(id: number): void {
  const job = jobs.get(id);
  job?.abort.abort();
  // What arrived of it is of no use to anybody; the server's own sweep would find it later.
  if (job?.parts) void abortParts(putting(id, job), job.parts).catch(() => {});
  if (job) job.parts = undefined;
  if (stateOf(id) !== "done") change(id, { state: "cancelled" });
}

export function retryUpload(id: number, replace = false): void {
  const job = jobs.get(id);
  if (!job) return;
  job.abort = new AbortController();
  job.replace = replace || job.replace;
  change(id, { state: "waiting", problem: "", sent: 0 });
  pump();
}

/** Takes those that ended off the list. */
export function clearUploads(tree: string): void {
  const keeps = (one: Upload) =>
    trees.get(one.id) !== tree || one.state === "sending" || one.state === "waiting";
  uploads = uploads.filter(keeps);
  const left = new Set(uploads.map((one) => one.id));
  trees = new Map([...trees].filter(([id]) => left.has(id)));
  for (const id of jobs.keys()) if (!left.has(id)) jobs.delete(id);
  tellAll();
}

function pump() {
  window.onbeforeunload = uploads.some((one) => one.state === "sending" || one.state === "waiting")
    ? (event) => event.preventDefault()
    : null;
  while (running < AT_ONCE) {
    const upload = uploads.find((one) => one.state === "waiting");
    const job = upload && jobs.get(upload.id);
    if (!job) return;
    running += 1;
    change(upload.id, { state: "sending" });
    void send(upload.id, job).finally(() => {
      running -= 1;
      pump();
    });
  }
}

const putting = (id: number, job: Job): Putting => ({
  project: job.target.project,
  root: job.target.root,
  tree: job.target.tree,
  path: uploads.find((one) => one.id === id)?.path ?? job.file.name,
  replace: job.replace,
  signal: job.abort.signal,
  progress: (sent) => change(id, { sent }),
});

async function send(id: number, job: Job): Promise<void> {
  const { signal } = job.abort;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const sha256 = await sendOnce(id, job);
      if (sha256 === undefined) return change(id, { state: "exists" });
      change(id, { state: "done", sent: job.file.size, sha256 });
      return job.target.arrived();
    } catch (error) {
      // Cancelled, or cancelled and begun again since.
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 412) return change(id, { state: "exists" });
      // The parts may have been swept away meanwhile: the next attempt begins anew.
      if (error instanceof ApiError && error.status === 404) job.parts = undefined;
      const wait = isPassing(error) ? WAITS_MS[attempt] : undefined;
      if (wait === undefined) {
        const problem = error instanceof Error ? error.message : String(error);
        return change(id, { state: "failed", problem });
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (signal.aborted) return;
    }
  }
}

/** Its SHA-256; `undefined` when there is such a file, and it is not to be replaced. */
async function sendOnce(id: number, job: Job): Promise<string | undefined> {
  const put = putting(id, job);
  if (job.file.size <= WHOLE_BYTES) return putFile(job.file, put);
  if (!job.replace && (await findChecksum(put.project, put.tree, put.path, put.signal)) !== undefined)
    return undefined;
  job.parts ??= await beginParts(job.file, put);
  const sha256 = await putParts(job.file, put, job.parts);
  job.parts = undefined;
  return sha256;
}

const isPassing = (error: unknown) =>
  error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
