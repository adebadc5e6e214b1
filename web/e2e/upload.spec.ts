import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, open as openFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { inEveryLook, ML, open } from "./browser.ts";
import { post } from "./client.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-upload-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Made {
  model_version: { run_id: string };
}

/** A version without files, of a model of its own. */
async function emptyVersion(): Promise<{ name: string; runId: string; path: string }> {
  const name = `upload-${Date.now()}`;
  await post("registered-models/create", { name });
  const { model_version } = await post<Made>("model-versions/create", { name, source: "" });
  const path = `${ML}/models/${name}/versions/1.0.0?tab=artifacts`;
  return { name, runId: model_version.run_id, path };
}

async function checksum(runId: string, path: string): Promise<string | null> {
  const query = new URLSearchParams({ run_id: runId, path });
  const address = `${inject("url")}/api/v4/projects/1/ml/mlflow/get-artifact?${query}`;
  return (await fetch(address, { method: "HEAD" })).headers.get("x-checksum-sha256");
}

/** Drops files of this machine as a person would, out of a file manager. */
async function drop(page: Page, ...files: string[]): Promise<void> {
  const box = await page.getByText("Drop files or folders here").boundingBox();
  if (!box) throw new Error("there is no place to drop files");
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + 5, y: box.y + 5, data: { items: [], files, dragOperationsMask: 1 } };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...at });
  await session.detach();
}

const MB = 1024 * 1024;

/** A file of so many megabytes, no two of them the same; and its SHA-256. */
async function bigFile(path: string, megabytes: number): Promise<string> {
  const file = await openFile(path, "w");
  const piece = Buffer.alloc(MB, 7);
  for (let index = 0; index < megabytes; index += 1) {
    piece.writeUInt32LE(index);
    await file.write(piece);
  }
  await file.close();
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest("hex");
}

test("200 MB are dropped, seen on their way, and are the same bytes on the server", async () => {
  const { runId, path } = await emptyVersion();
  const file = join(folder, "weights.bin");
  const sha256 = await bigFile(file, 200);
  const { page, sins, context } = await open(path);
  await page.getByText("Drop files or folders here").waitFor();
  await drop(page, file);
  const seen = await page.evaluate(async () => {
    const values = new Set<number>();
    for (;;) {
      const bar = document.querySelector("li [role=progressbar]");
      if (bar) values.add(Number(bar.getAttribute("aria-valuenow")));
      if (document.querySelector("li[data-state=done]")) return [...values];
      if (document.querySelector("li[data-state=failed]"))
        throw new Error(document.querySelector("li")?.innerText);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  expect(seen.length).toBeGreaterThan(3);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(await checksum(runId, "weights.bin")).toBe(sha256);
  await page.getByRole("treeitem", { name: "weights.bin" }).waitFor();
  // What the page holds is far from what it sent.
  const heap = await page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );
  expect(heap).toBeLessThan(100 * MB);
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("a folder goes up as it is, below the one that was written, and what is there is not overwritten", async () => {
  const { runId, path } = await emptyVersion();
  const data = join(folder, "data");
  await mkdir(join(data, "deep"), { recursive: true });
  await writeFile(join(data, "a.txt"), "first\n");
  await writeFile(join(data, "deep", "b.csv"), "x,y\n1,2\n");
  const { page, sins, context } = await open(path);
  const where = page.getByLabel("Into folder");
  await where.fill("../up");
  await page.getByText("is no name of a folder").waitFor();
  expect(await page.getByRole("button", { name: "Choose files" }).isDisabled()).toBe(true);
  await where.fill("in/here");
  await drop(page, data);
  await page.getByText("2 files uploaded").first().waitFor();
  expect(await checksum(runId, "in/here/data/deep/b.csv")).not.toBeNull();

  await where.fill("in/here/data");
  await page.getByTestId("files").setInputFiles({
    name: "a.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("second\n"),
  });
  await page.getByText("There is such a file already.").waitFor();
  const before = await checksum(runId, "in/here/data/a.txt");
  await page.getByRole("button", { name: "Replace in/here/data/a.txt" }).click();
  await page.getByText("3 files uploaded").first().waitFor();
  expect(await checksum(runId, "in/here/data/a.txt")).not.toBe(before);

  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await page.getByRole("treeitem", { name: "in" }).click();
  await page.getByRole("treeitem", { name: "here" }).click();
  await page.getByRole("treeitem", { name: "data" }).click();
  await page.getByRole("treeitem", { name: "a.txt" }).click();
  await page.getByText("second").waitFor();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("treeitem", { name: "a.txt" }).waitFor({ state: "detached" });
  expect(await checksum(runId, "in/here/data/a.txt")).toBeNull();
  expect(sins.errors).toEqual([]);
  await context.close();
});

test("an upload is given up, and begun again", async () => {
  const { runId, path } = await emptyVersion();
  const { page, context } = await open(path);
  let held = true;
  await page.route("**/mlflow-artifacts/artifacts/**", async (route) => {
    while (held) await new Promise((resolve) => setTimeout(resolve, 50));
    await route.continue().catch(() => {});
  });
  const file = { name: "slow.txt", mimeType: "text/plain", buffer: Buffer.from("slow") };
  await page.getByTestId("files").setInputFiles(file);
  await page.getByRole("button", { name: "Cancel slow.txt" }).click();
  await page.getByText("cancelled").waitFor();
  held = false;
  await page.getByRole("button", { name: "Try slow.txt again" }).click();
  await page.getByText("1 file uploaded").first().waitFor();
  expect(await checksum(runId, "slow.txt")).not.toBeNull();
  await context.close();
});

test("a version that was published meanwhile refuses, and says so", async () => {
  const { name, path } = await emptyVersion();
  const { page, context } = await open(path);
  await page.getByText("Drop files or folders here").waitFor();
  const publish = `${inject("url")}/api/v4/projects/1/ml/models/${name}/versions/1/publish`;
  // The page must not hear of it: it is what a page looks like that has been open for long.
  await page.route("**/ml/models/**", (route) => route.abort());
  expect((await fetch(publish, { method: "POST" })).status).toBe(200);
  const small = { name: "late.txt", mimeType: "text/plain", buffer: Buffer.from("late") };
  await page.getByTestId("files").setInputFiles(small);
  await page.locator("li[data-state=failed]").getByText("published").waitFor();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  // Of a large one nothing is sent before the refusal.
  await bigFile(join(folder, "late.bin"), 65);
  await drop(page, join(folder, "late.bin"));
  await page.locator("li[data-state=failed]").getByText("published").waitFor();
  await page.unroute("**/ml/models/**");
  await page.reload();
  await page.getByText("This version is published").waitFor();
  expect(await page.getByText("Drop files or folders here").count()).toBe(0);
  await context.close();
});

test("the place for files is there in every look", async () => {
  const { path } = await emptyVersion();
  await inEveryLook("upload", path, async (page) => {
    const file = { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# Notes") };
    await page.getByTestId("files").setInputFiles(file);
    await page.locator("li[data-state=done], li[data-state=exists]").waitFor();
  });
});
