import { expect, test } from "vitest";
import { checkFolder, partsOf, pathIn, percentOf, rootOf, totalOf, type Upload } from "./files.ts";

test("where a tree stands behind the proxy", () => {
  expect(rootOf("mlflow-artifacts:/0/ab/artifacts")).toBe("0/ab/artifacts");
  expect(rootOf("mlflow-artifacts:///0/ab/artifacts/")).toBe("0/ab/artifacts");
  expect(rootOf("s3://bucket/a")).toBeUndefined();
  expect(rootOf("mlflow-artifacts:/")).toBeUndefined();
});

test("folders that are none are refused in words", () => {
  for (const fine of ["", "data", "data/2026", "data/", "a b", "é"]) expect(checkFolder(fine), fine).toBe("");
  for (const bad of ["/data", "a//b", "..", "a/../b", "./a", "a\\b", "a\tb"])
    expect(checkFolder(bad), bad).not.toBe("");
});

test("a file goes below the folder that was written", () => {
  expect(pathIn("", "a.txt")).toBe("a.txt");
  expect(pathIn("data/", "sub/a.txt")).toBe("data/sub/a.txt");
  expect(pathIn("data", "/a.txt")).toBe("data/a.txt");
});

test("parts are whole, in order, and never too many", () => {
  const size = 200 * 1024 * 1024 + 1;
  const parts = partsOf(size);
  expect(parts).toHaveLength(13);
  expect(parts[0]?.[0]).toBe(0);
  expect(parts.at(-1)?.[1]).toBe(size);
  parts.forEach(([from], index) => {
    if (index > 0) expect(from).toBe(parts[index - 1]?.[1]);
  });
  expect(partsOf(5e12).length).toBeLessThanOrEqual(10_000);
  expect(partsOf(0)).toEqual([]);
});

test("progress in all leaves out what was given up", () => {
  const one = (state: Upload["state"], size: number, sent: number): Upload => ({
    id: 0,
    path: "a",
    size,
    sent,
    state,
    problem: "",
    sha256: "",
  });
  expect(
    totalOf([one("done", 10, 0), one("sending", 20, 25), one("cancelled", 99, 9), one("exists", 5, 0)]),
  ).toEqual({ files: 3, done: 1, stuck: 1, bytes: 35, sent: 30, busy: true });
  expect(totalOf([one("failed", 1, 0)]).busy).toBe(false);
  expect([percentOf(0, 0, true), percentOf(999, 1000, false), percentOf(1, 1, false)]).toEqual([100, 99, 99]);
});
