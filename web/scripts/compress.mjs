// Leaves a gzipped twin beside every built file that becomes much smaller by it: the server sends that to browsers.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);

for (const name of await readdir(dist, { recursive: true })) {
  // The page itself is small, and the server writes its base path into it.
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const file = new URL(name, dist);
  const bytes = await readFile(file);
  const small = gzipSync(bytes, { level: 9 });
  if (small.length < bytes.length * 0.8 && bytes.length > 1000)
    await writeFile(new URL(`${name}.gz`, dist), small);
}
