// Paths of files, where they may be put, and how large ones are cut.

/** Ids of runs are hexadecimal digits alone. */
export const isLoggedModel = (tree: string): boolean => tree.startsWith("m-");

export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const folderOf = (path: string): string =>
  path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";

/** Where a tree of files stands behind MLflow's proxy; `undefined` for files that the server does not keep. */
export function rootOf(artifactUri: string): string | undefined {
  return /^mlflow-artifacts:\/+([^/].*?)\/*$/.exec(artifactUri)?.[1];
}

/** Why nothing can be put in a folder of this name, or an empty text. */
export function checkFolder(text: string): string {
  if (text === "") return "";
  if (text.startsWith("/")) return "Write it from the top of the files, without a slash before it.";
  const names = text.replace(/\/$/, "").split("/");
  if (names.includes("")) return "Two slashes have no name between them.";
  const dots = names.find((name) => name === "." || name === "..");
  if (dots) return `“${dots}” is no name of a folder.`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: just these are refused
  if (/[\u0000-\u001f\u007f\\]/.test(text)) return "Backslashes and control characters are not allowed.";
  return "";
}

/** The path of a file that was chosen or dropped, in the folder that was written. */
export const pathIn = (folder: string, relative: string): string =>
  [folder.replace(/\/$/, ""), relative.replace(/^\/+/, "")].filter((part) => part !== "").join("/");

/**
 * Above this many bytes a file goes up in parts: a refusal comes before the first byte and not after the last, and
 * what breaks off goes on where it was. Below it the server reads what it refuses, so that its answer arrives.
 */
export const WHOLE_BYTES = 64 * 1024 * 1024;

const PART_BYTES = 16 * 1024 * 1024;
/** As S3 has it. */
const MOST_PARTS = 10_000;

/** From where to where each part goes. */
export function partsOf(size: number): [from: number, to: number][] {
  const part = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
  const parts: [number, number][] = [];
  for (let from = 0; from < size; from += part) parts.push([from, Math.min(size, from + part)]);
  return parts;
}

export type UploadState = "waiting" | "sending" | "done" | "exists" | "failed" | "cancelled";

export interface Upload {
  id: number;
  path: string;
  size: number;
  sent: number;
  state: UploadState;
  /** Why it failed, in the server's words. */
  problem: string;
  sha256: string;
}

export interface Totals {
  files: number;
  done: number;
  /** Not sent, and not going to be without somebody's doing. */
  stuck: number;
  bytes: number;
  sent: number;
  busy: boolean;
}

/** All uploads as one; those that were given up count no more. */
export function totalOf(uploads: readonly Upload[]): Totals {
  const totals: Totals = { files: 0, done: 0, stuck: 0, bytes: 0, sent: 0, busy: false };
  for (const { state, size, sent } of uploads) {
    if (state === "cancelled") continue;
    totals.files += 1;
    totals.bytes += size;
    totals.sent += state === "done" ? size : Math.min(size, sent);
    if (state === "done") totals.done += 1;
    else if (state === "failed" || state === "exists") totals.stuck += 1;
    else totals.busy = true;
  }
  return totals;
}

/** Full hundreds only when all is there. */
export function percentOf(sent: number, size: number, done: boolean): number {
  if (done) return 100;
  return size === 0 ? 0 : Math.min(99, Math.floor((100 * sent) / size));
}
