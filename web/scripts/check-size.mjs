// Fails when what the first page loads is larger than promised: the entry with all that it imports at once, gzipped.
import { readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const LIMIT = 400 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));
const files = new Set(["index.html"]);

function take(key) {
  const entry = manifest[key];
  if (files.has(entry.file)) return;
  files.add(entry.file);
  for (const css of entry.css ?? []) files.add(css);
  for (const needed of entry.imports ?? []) take(needed);
}

take("index.html");
// The heaviest page is counted on top, as if it were the first that is opened.
const pages = Object.entries(manifest).filter(([, entry]) => entry.isDynamicEntry);
const size = async (names) => {
  let bytes = 0;
  for (const name of names) bytes += gzipSync(await readFile(new URL(name, dist)), { level: 9 }).length;
  return bytes;
};
const shell = await size(files);
let heaviest = { bytes: 0, key: "" };
for (const [key] of pages) {
  const before = new Set(files);
  take(key);
  const own = [...files].filter((name) => !before.has(name));
  const bytes = await size(own);
  for (const name of own) files.delete(name);
  if (bytes > heaviest.bytes) heaviest = { bytes, key };
}
const total = shell + heaviest.bytes;
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
console.log(
  `first page: ${kb(shell)} and ${kb(heaviest.bytes)} (${heaviest.key}), gzipped; the limit is ${kb(LIMIT)}`,
);
if (total > LIMIT) process.exit(1);
// It was made for this check; the server would only carry it around.
await rm(new URL(".vite", dist), { recursive: true });
