// `npm run e2e`: the browser tests against the real binary. With `--server URL` against one that runs already, and that
// e2e/seed.py has filled; with `--pictures` the screenshots are written anew. Other arguments go to Vitest: a part of a file's name, say.
import { spawnSync } from "node:child_process";

const rest = process.argv.slice(2);
const at = rest.indexOf("--server");
const env = { ...process.env };
if (at >= 0) env.WEIR_E2E_URL = rest.splice(at, 2)[1];
const pictures = rest.indexOf("--pictures");
if (pictures >= 0) {
  rest.splice(pictures, 1);
  env.WEIR_E2E_PICTURES = "1";
}
const vitest = new URL("../node_modules/vitest/vitest.mjs", import.meta.url).pathname;
const args = [vitest, "run", "--config", "vitest.e2e.config.ts", ...rest];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1);
