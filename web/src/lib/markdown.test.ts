import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { expect, test } from "vitest";
import { isReasonable, withLocalLinks } from "./markdown.ts";

test("what people write is read as Markdown", () => {
  expect(isReasonable("# Card\n\n> quoted\n\n- a [link](https://example.com)\n")).toBe(true);
  expect(isReasonable(`${"-".repeat(80)}\n`)).toBe(true);
});

test("what nests without end is shown as text", () => {
  expect(isReasonable(">".repeat(40_000))).toBe(false);
  expect(isReasonable("[a](".repeat(16_000))).toBe(false);
});

test("footnotes lead to their own text, on the page that shows it", () => {
  const text = 'Better[^1] by "#x", href="#y".\n\n[^1]: Than before.\n';
  const page = "/ml/g/p/-/ml/models/a?tab=card&x=1";
  const [one, two] = ["a-", "b-"].map((clobberPrefix) => {
    const options = { extensions: [gfm()], htmlExtensions: [gfmHtml({ clobberPrefix })] };
    return withLocalLinks(micromark(text, options), page, clobberPrefix);
  });
  expect(one).toContain('href="/ml/g/p/-/ml/models/a?tab=card&amp;x=1#a-fn-1" id="a-fnref-1"');
  expect(one).toContain('<li id="a-fn-1">');
  expect(one).toContain("href=&quot;#y&quot;");
  expect(one).not.toContain('href="#');
  const ids = (html = "") => [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids(one)).toEqual(["a-fnref-1", "a-label", "a-fn-1"]);
  expect(ids(two).filter((id) => ids(one).includes(id))).toEqual([]);
});
