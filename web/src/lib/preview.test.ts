import { expect, test } from "vitest";
import { beginningOf, csvLine, parseCsv, previewOf } from "./preview.ts";

test("kinds by name", () => {
  const kinds = {
    "a/report.MD": "markdown",
    "x.json": "json",
    "t.csv": "csv",
    "p.png": "image",
    "r.html": "html",
    "model/MLmodel": "mlmodel",
    "w.bin": "none",
    "conda.yaml": "text",
  };
  for (const [path, kind] of Object.entries(kinds)) expect(previewOf(path), path).toBe(kind);
});

test("quotes, separators and line ends in cells", () => {
  expect(parseCsv('a,b\r\n"x, ""y""","1\n2"\n,', ",", 10)).toEqual([
    ["a", "b"],
    ['x, "y"', "1\n2"],
    ["", ""],
  ]);
  expect(parseCsv("1\n2\n3\n", ",", 2)).toEqual([["1"], ["2"]]);
});

test("cells that a spreadsheet would run are text", () => {
  expect(csvLine(["=HYPERLINK(1)", "-1.5", "-x", 'say "hi"', "a,b"])).toBe(
    `'=HYPERLINK(1),-1.5,'-x,"say ""hi""","a,b"`,
  );
});

test("of a long text whole lines are shown", () => {
  expect(beginningOf("one\ntwo\nthr")).toBe("one\ntwo\n");
  expect(beginningOf("one long li\uFFFD")).toBe("one long li");
});
