// `npm run speed`: how fast the runs page is with many runs, and the charts with long histories. Prints its figures; it
// judges nothing, since a busy machine would fail it. WEIR_BIN should be a release build.
//
// usage: speed.mjs [--runs 100000] [--points 10000] [--server URL]
// With a server that an earlier run has filled, nothing is filled.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const RUNS = Number(option("runs", "100000"));
const POINTS = Number(option("points", "10000"));
const [COLUMNS, CHARTED, METRICS] = [20, 50, 10];
/** What one `log-batch` may carry. */
const BATCH = 1000;
const CLIENTS = 32;
const FRAMES = 600;

const binary = process.env.WEIR_BIN ?? fileURLToPath(new URL("../../target/release/weir", import.meta.url));

async function startServer() {
  const data = await mkdtemp(join(tmpdir(), "weir-speed-"));
  const args = ["serve", "--listen", "127.0.0.1:0", "--data", data, "--no-auth"];
  const env = { ...process.env, WEIR_LOG: "error" };
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "inherit"], env });
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (piece) => {
      said += piece;
      const found = /listens on (http:\/\/\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the server stopped with ${code}: ${said}`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  return { url, stop };
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

function post(url, path, body) {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
    const call = request(`${url}/api/2.0/mlflow/${path}`, { method: "POST", headers, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const said = Buffer.concat(parts).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(said));
        else reject(new Error(`${path}: ${answer.statusCode} ${said}`));
      });
    });
    call.on("error", reject);
    call.end(text);
  });
}

async function inTurn(count, act) {
  let next = 0;
  const work = async () => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: Math.min(CLIENTS, count) }, work));
}

const begun = 1_795_000_000_000;

async function fillRuns(url) {
  const { experiment_id } = await post(url, "experiments/create", { name: "speed-runs" });
  await inTurn(RUNS, async (index) => {
    const start_time = begun + index * 1000;
    const run_name = `run-${String(index).padStart(6, "0")}`;
    const { run } = await post(url, "runs/create", { experiment_id, start_time, run_name });
    const keys = Array.from({ length: COLUMNS }, (_, key) => key);
    await post(url, "runs/log-batch", {
      run_id: run.info.run_id,
      metrics: keys.map((key) => ({
        key: `metric_${key}`,
        value: Math.sin(index * (key + 1)),
        timestamp: start_time,
        step: 1,
      })),
      params: keys.map((key) => ({ key: `param_${key}`, value: String((index * (key + 7)) % 101) })),
    });
  });
  return experiment_id;
}

async function fillHistories(url) {
  const { experiment_id } = await post(url, "experiments/create", { name: "speed-histories" });
  await inTurn(CHARTED, async (index) => {
    const run_name = `long-${index}`;
    const { run } = await post(url, "runs/create", { experiment_id, start_time: begun, run_name });
    for (let first = 0; first < METRICS * POINTS; first += BATCH) {
      const metrics = Array.from({ length: BATCH }, (_, at) => {
        const [step, key] = [Math.floor((first + at) / METRICS), (first + at) % METRICS];
        const value = Math.exp(-step / (900 + 70 * key + index)) + 0.05 * Math.sin(step * (index + 3) * (key + 1));
        return { key: `metric_${key}`, value, timestamp: begun + step * 500, step };
      });
      await post(url, "runs/log-batch", { run_id: run.info.run_id, metrics });
    }
  });
  return experiment_id;
}

/** What was logged last is folded into summaries in the background; that is not what is measured. */
async function settle(url, id) {
  const answer = await fetch(`${url}/api/v4/projects/1/ml/experiments/${id}/columns`);
  if (!answer.ok) throw new Error(`columns: ${answer.status}`);
  await answer.arrayBuffer();
}

async function byName(url, name) {
  const answer = await fetch(`${url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=${name}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${name}: ${body.message}`);
  return body.experiment.experiment_id;
}

/** Says when so many elements are there for the first time, in milliseconds since the navigation began. */
const watch = ({ selector, count }) => {
  const look = () => {
    if (document.querySelectorAll(selector).length >= count) window.readyAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

async function opened(browser, url, path, viewport, wanted) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const bytes = { all: 0, series: 0 };
  const series = new Set();
  await session.send("Network.enable");
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (response.url.endsWith("/series")) series.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes.all += encodedDataLength;
    if (series.has(requestId)) bytes.series += encodedDataLength;
  });
  await page.addInitScript(watch, wanted);
  await page.goto(url + path);
  await page.waitForFunction(() => window.readyAt !== undefined, undefined, { timeout: 60_000 });
  return { page, context, bytes, ready: await page.evaluate(() => window.readyAt) };
}

/** One step a frame; how long each frame took, and in how many there was nothing where a row should be. */
const scroll = async ({ frames, step }) => {
  const grid = document.querySelector(".grid");
  const box = grid.getBoundingClientRect();
  const times = [];
  let blank = 0;
  let passed = 0;
  let before = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame += 1) {
    const from = grid.scrollTop;
    grid.scrollTop += step;
    passed += grid.scrollTop - from;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
    for (const share of [0.2, 0.5, 0.9]) {
      const there = document.elementFromPoint(box.left + 60, box.top + box.height * share);
      if (!there?.closest(".grid-line")) blank += 1;
    }
  }
  return { times, blank, passed };
};

const ms = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const kb = (value) => `${(value / 1024).toFixed(0)} KB`;

function part(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function say(what, figure, goal = "-") {
  console.log(`| ${what.padEnd(58)} | ${figure.padEnd(34)} | ${goal.padEnd(12)} |`);
}

async function measure(browser, url, runs, histories) {
  const path = (id) => `/root/default/-/ml/experiments/${id}`;
  const rows = { selector: "[role=rowheader] a", count: 15 };
  const cold = [];
  for (let time = 0; time < 5; time += 1) {
    const { ready, context } = await opened(browser, url, path(runs), { width: 1280, height: 900 }, rows);
    cold.push(ready);
    await context.close();
  }
  say("runs page, cold, until its rows are there (median of 5)", ms(part(cold, 0.5)), "< 1 s");
  for (const step of [200, 1200]) {
    const { page, context } = await opened(browser, url, path(runs), { width: 1280, height: 900 }, rows);
    await page.waitForLoadState("networkidle");
    const { times, blank, passed } = await page.evaluate(scroll, { frames: FRAMES, step });
    const figure = `${ms(part(times, 0.5))}, p95 ${ms(part(times, 0.95))}, most ${ms(Math.max(...times))}`;
    say(`scrolling ${step} px a frame, ${Math.round(passed / 34)} rows: frames`, figure, "16.7 ms");
    say("  places without a row", String(blank), "0");
    await context.close();
  }
  const wanted = { selector: ".chart canvas", count: METRICS };
  const drawn = [];
  let bytes;
  for (let time = 0; time < 5; time += 1) {
    const all = { width: 1280, height: 2400 };
    const shown = await opened(browser, url, `${path(histories)}?tab=charts`, all, wanted);
    drawn.push(shown.ready);
    bytes = shown.bytes;
    await shown.context.close();
  }
  const what = `${CHARTED} runs x ${METRICS} metrics x ${POINTS} points`;
  say(`charts, ${what}, cold, until drawn (median of 5)`, ms(part(drawn, 0.5)), "< 1.5 s");
  say("  transferred: histories; everything", `${kb(bytes.series)}; ${kb(bytes.all)}`, "< 3 MB");
}

const given = option("server");
const server = given ? { url: given.replace(/\/$/, ""), stop: async () => {} } : await startServer();
try {
  const started = Date.now();
  const runs = given ? await byName(server.url, "speed-runs") : await fillRuns(server.url);
  const histories = given ? await byName(server.url, "speed-histories") : await fillHistories(server.url);
  if (!given) console.log(`filled ${RUNS} runs and the histories in ${Math.round((Date.now() - started) / 1000)} s`);
  await settle(server.url, runs);
  await settle(server.url, histories);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    await measure(browser, server.url, runs, histories);
  } finally {
    await browser.close();
  }
} finally {
  agent.destroy();
  await server.stop();
}
