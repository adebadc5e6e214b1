// Makes src/api/schema.d.ts from the server's OpenAPI snapshot; with --check it only says whether that is current.
import { readFile, writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";

const source = new URL("../../crates/api/tests/it/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);
const head = "// Made by `npm run schema` from the server's OpenAPI document. Not to be edited.\n";

const made = head + astToString(await openapiTypescript(JSON.parse(await readFile(source, "utf8"))));
if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8")) !== made) {
    console.error("src/api/schema.d.ts is stale: run `npm run schema`");
    process.exit(1);
  }
} else {
  await writeFile(target, made);
}
