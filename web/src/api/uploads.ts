// Files on their way to the server: a queue that outlives the page that began it, three at a time.

import { useMemo, useSyncExternalStore } from "react";
import type { Upload } from "../lib/files.ts";
import { pathIn, WHOLE_BYTES } from "../lib/files.ts";
import type { Slug } from "../lib/project.ts";
import { UploadList } from "../lib/uploadList.ts";
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

const list = new UploadList();
const trees = new Map<number, string>();
const jobs = new Map<number, Job>();
/** Those that wait for their turn, in its order. */
const queue = new Set<number>();
let next = 1;
let running = 0;

/** All that were begun on this page and not cleared, with the tree that each goes to. */
export function useUploads(tree: string): Upload[] {
  const all = useSyncExternalStore(list.subscribe, list.all);
  return useMemo(() => all.filter((one) => trees.get(one.id) === tree), [all, tree]);
}

export function addUploads(target: Target, folder: string, chosen: readonly Chosen[]): void {
  const added = chosen.map(({ file, relative }): Upload => {
    const id = next++;
    trees.set(id, target.tree);
    jobs.set(id, { target, file, replace: false, abort: new AbortController() });
    queue.add(id);
    const path = pathIn(folder, relative);
    return { id, path, size: file.size, sent: 0, state: "waiting", problem: "", sha256: "" };
  });
  list.add(added);
  pump();
}

export function cancelUpload(id: number): void {
  const job = jobs.get(id);
  queue.delete(id);
  job?.abort.abort();
  // What arrived of it is of no use to anybody; the server's own sweep would find it later.
  if (job?.parts) void abortParts(putting(id, job), job.parts).catch(() => {});
  if (job) job.parts = undefined;
  if (list.get(id)?.state !== "done") list.change(id, { state: "cancelled" });
  list.soon();
  guardPage();
}

export function retryUpload(id: number, replace = false): void {
  const job = jobs.get(id);
  if (!job) return;
  job.abort = new AbortController();
  job.replace = replace || job.replace;
  queue.add(id);
  list.change(id, { state: "waiting", problem: "", sent: 0 });
  list.soon();
  pump();
}

/** Takes those that ended off the list. */
export function clearUploads(tree: string): void {
  list.keep((one) => trees.get(one.id) !== tree || one.state === "sending" || one.state === "waiting");
  for (const id of [...trees.keys()]) {
    if (list.get(id)) continue;
    trees.delete(id);
    jobs.delete(id);
  }
}

/** A page with files on their way is not left without a question. */
function guardPage() {
  const busy = running > 0 || queue.size > 0;
  window.onbeforeunload = busy ? (event) => event.preventDefault() : null;
}

function pump() {
  for (const id of queue) {
    if (running >= AT_ONCE) break;
    queue.delete(id);
    const job = jobs.get(id);
    if (!job) continue;
    running += 1;
    list.change(id, { state: "sending" });
    void send(id, job).finally(() => {
      running -= 1;
      pump();
    });
  }
  guardPage();
}

const putting = (id: number, job: Job): Putting => ({
  project: job.target.project,
  root: job.target.root,
  tree: job.target.tree,
  path: list.get(id)?.path ?? job.file.name,
  replace: job.replace,
  signal: job.abort.signal,
  progress: (sent) => list.change(id, { sent }),
});

async function send(id: number, job: Job): Promise<void> {
  const { signal } = job.abort;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const sha256 = await sendOnce(id, job);
      if (sha256 === undefined) return list.change(id, { state: "exists" });
      list.change(id, { state: "done", sent: job.file.size, sha256 });
      return job.target.arrived();
    } catch (error) {
      // Cancelled, or cancelled and begun again since.
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 412) return list.change(id, { state: "exists" });
      // The parts may have been swept away meanwhile: the next attempt begins anew.
      if (error instanceof ApiError && error.status === 404) job.parts = undefined;
      const wait = isPassing(error) ? WAITS_MS[attempt] : undefined;
      if (wait === undefined) {
        const problem = error instanceof Error ? error.message : String(error);
        return list.change(id, { state: "failed", problem });
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
