// The files of a run, of a model version (which is a run) and of a logged model: listed, fetched, put and deleted.

import { isLoggedModel, partsOf } from "../lib/files.ts";
import { apiOf, type Slug } from "../lib/project.ts";
import { ApiError, address, request, send, sendFile } from "./client.ts";

/** Whose files they are: the id of a run, or that of a logged model. */
export type TreeId = string;

export interface FileInfo {
  path: string;
  is_dir: boolean;
  file_size?: number;
}

interface Listed {
  files?: FileInfo[];
  next_page_token?: string;
}

const api = (project: Slug) => `${apiOf(project)}/ml/mlflow/api/2.0`;

/** What stands directly in the folder at `path`; the top is the empty path. */
export async function listFiles(
  project: Slug,
  tree: TreeId,
  path: string,
  signal?: AbortSignal,
): Promise<FileInfo[]> {
  const ofModel = isLoggedModel(tree);
  const route = ofModel
    ? `${api(project)}/mlflow/logged-models/${tree}/artifacts/directories`
    : `${api(project)}/mlflow/artifacts/list`;
  const files: FileInfo[] = [];
  let token: string | undefined;
  do {
    const query = ofModel
      ? { artifact_directory_path: path || undefined, page_token: token }
      : { run_id: tree, path: path || undefined, page_token: token };
    const answer = await request<Listed>("GET", route, { query, signal });
    files.push(...(answer.files ?? []));
    token = answer.next_page_token;
  } while (token);
  return files;
}

/** Where a file is fetched from, below the base path. */
function place(project: Slug, tree: TreeId, path: string): [path: string, query: Record<string, string>] {
  return isLoggedModel(tree)
    ? [`${api(project)}/mlflow/logged-models/${tree}/artifacts/files`, { artifact_file_path: path }]
    : [`${apiOf(project)}/ml/mlflow/get-artifact`, { run_id: tree, path }];
}

export const fileAddress = (project: Slug, tree: TreeId, path: string): string =>
  address(...place(project, tree, path));

/** The text of a file; of a long one its first `most` bytes. */
export async function readFile(
  project: Slug,
  tree: TreeId,
  path: string,
  signal: AbortSignal,
  most?: number,
): Promise<string> {
  const [route, query] = place(project, tree, path);
  const headers = most === undefined ? undefined : { Range: `bytes=0-${most - 1}` };
  return (await send("GET", route, { query, signal, headers })).text();
}

/** All files of a folder in one. */
export function zipAddress(project: Slug, tree: TreeId, path: string): string {
  const of = isLoggedModel(tree) ? "logged-models" : "runs";
  return address(`${apiOf(project)}/ml/${of}/${tree}/artifacts.zip`, { path: path || undefined });
}

/** The SHA-256 of a file; `undefined` when there is no such file. */
export async function findChecksum(
  project: Slug,
  tree: TreeId,
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const [route, query] = place(project, tree, path);
  try {
    return (await send("HEAD", route, { query, signal })).headers.get("x-checksum-sha256") ?? "";
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

const encode = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** A file, or a folder with all that is in it. `root` is where the tree stands behind MLflow's proxy (`lib/files.ts`). */
export const deleteFile = (project: Slug, root: string, path: string) =>
  request("DELETE", `${api(project)}/mlflow-artifacts/artifacts/${encode(`${root}/${path}`)}`);

export interface Putting {
  project: Slug;
  root: string;
  tree: TreeId;
  path: string;
  /** Whether a file that stands there already may be replaced. */
  replace: boolean;
  signal: AbortSignal;
  progress: (sent: number) => void;
}

/** Puts a file in one request; 412 when there is one already. Returns its SHA-256. */
export async function putFile(file: File, put: Putting): Promise<string> {
  const path = `${api(put.project)}/mlflow-artifacts/artifacts/${encode(`${put.root}/${put.path}`)}`;
  const headers: Record<string, string> = put.replace ? {} : { "If-None-Match": "*" };
  const etag = await sendFile(path, file, { headers, signal: put.signal, progress: put.progress });
  return etag.replaceAll('"', "");
}

/** The parts of a large file that arrived: whoever tries again sends only the others. */
export interface Parts {
  uploadId: string;
  /** By their numbers, from 1. */
  queries: Map<number, string>;
  etags: Map<number, string>;
}

interface CreatedUpload {
  upload_id: string;
  credentials: { url: string; part_number: number }[];
}

const multipart = (put: Putting, act: "create" | "complete" | "abort", body: object) => {
  const at = put.path.lastIndexOf("/");
  const folder = at < 0 ? put.root : `${put.root}/${put.path.slice(0, at)}`;
  const path = `${api(put.project)}/mlflow-artifacts/mpu/${act}/${encode(folder)}`;
  return request<CreatedUpload>("POST", path, { body: { path: put.path.slice(at + 1), ...body } });
};

/** Asks before the first byte: what is refused is refused here, in words. */
export async function beginParts(file: File, put: Putting): Promise<Parts> {
  const created = await multipart(put, "create", { num_parts: partsOf(file.size).length });
  // Of the signed addresses only the signature is taken: through a proxy the server may not know its own name.
  const queries = created.credentials.map((one) => [one.part_number, new URL(one.url).search] as const);
  return { uploadId: created.upload_id, queries: new Map(queries), etags: new Map() };
}

/** Sends the parts that are missing, and makes them the file. Returns its SHA-256. */
export async function putParts(file: File, put: Putting, parts: Parts): Promise<string> {
  const ranges = partsOf(file.size);
  let before = 0;
  for (const [index, [from, to]] of ranges.entries()) {
    const number = index + 1;
    if (!parts.etags.has(number)) {
      const path = `${api(put.project)}/mlflow-artifacts/mpu/part/${parts.uploadId}/${number}`;
      const query = Object.fromEntries(new URLSearchParams(parts.queries.get(number)));
      const progress = (sent: number) => put.progress(before + sent);
      parts.etags.set(
        number,
        await sendFile(path, file.slice(from, to), { query, signal: put.signal, progress }),
      );
    }
    before += to - from;
    put.progress(before);
  }
  const sent = [...parts.etags].map(([part_number, etag]) => ({ part_number, etag, url: "" }));
  await multipart(put, "complete", { upload_id: parts.uploadId, parts: sent });
  return (await findChecksum(put.project, put.tree, put.path)) ?? "";
}

export const abortParts = (put: Putting, parts: Parts) =>
  multipart(put, "abort", { upload_id: parts.uploadId });
