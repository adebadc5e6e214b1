// What every browser test does: opens a page, watches what it must never do, asks axe, takes its picture.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, expect, inject } from "vitest";

/** Chromium's own calls home are switched off: tests talk to this machine only. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Promise<Browser> | undefined;

function launch(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGS });
  return browser;
}

afterAll(async () => {
  const open = await browser;
  browser = undefined;
  await open?.close();
});

export interface Look {
  width?: 1280 | 390;
  theme?: "light" | "dark";
  url?: string;
  /** Who is signed in: e2e/people.ts makes it. */
  cookies?: Parameters<BrowserContext["addCookies"]>[0];
}

export const ML = "/root/default/-/ml";

/** Everything that the page must not do: errors, calls to other hosts, breaches of the Content-Security-Policy. */
export interface Sins {
  errors: string[];
}

export async function open(
  path: string,
  look: Look = {},
): Promise<{ page: Page; sins: Sins; context: BrowserContext }> {
  const { width = 1280, theme = "light", url = inject("url"), cookies = [] } = look;
  const context = await (await launch()).newContext({
    viewport: { width, height: width === 390 ? 844 : 900 },
    colorScheme: theme,
    reducedMotion: "reduce",
    acceptDownloads: true,
    locale: "en-GB",
    timezoneId: "UTC",
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const sins: Sins = { errors: [] };
  page.on("pageerror", (error) => sins.errors.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Minified React error|Warning:/.test(message.text()))
      sins.errors.push(message.text());
  });
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (target.protocol.startsWith("http") && target.origin !== new URL(url).origin)
      sins.errors.push(`asked ${target}`);
  });
  await page.goto(url + path);
  return { page, sins, context };
}

const axe = readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** No breach of WCAG 2.2 A and AA that a program can find. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  // Evaluated, not added as a script: the page's policy lets no foreign script in.
  await page.evaluate(await axe);
  const result = await page.evaluate(async () => {
    const runner = (
      globalThis as unknown as { axe: { run: (context: unknown, options: unknown) => Promise<unknown> } }
    ).axe;
    return runner.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      // Cannot be asked inside a frame without permissions.
      iframes: false,
    });
  });
  const found = (result as AxeResult).violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n  ${nodes
        .slice(0, 3)
        .map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`)
        .join("\n  ")}`,
  );
  expect(found).toEqual([]);
}

/** Nothing hangs out of the window sideways. */
export async function expectFits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);
}

const folder = fileURLToPath(new URL("../screenshots/", import.meta.url));

/** Only when asked for: they are in the repository, and would differ after each run of the tests. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.WEIR_E2E_PICTURES) return;
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
}

/**
 * The page in light and dark, wide and narrow: accessible, inside the window, free of errors. `ready` says when it is
 * there; the pictures are named after the page.
 */
export async function inEveryLook(
  name: string,
  path: string,
  ready: (page: Page) => Promise<unknown>,
  look: Look = {},
): Promise<void> {
  for (const [width, theme] of [
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
  ] as const) {
    const { page, sins, context } = await open(path, { ...look, width, theme });
    await ready(page);
    await expectAccessible(page);
    await expectFits(page);
    await picture(page, `${name}-${width === 390 ? "narrow" : theme}`);
    expect(sins.errors).toEqual([]);
    await context.close();
  }
}
