import { expect, test } from "vitest";
import { assignColors } from "./colors.ts";
import {
  delta,
  fixedFirst,
  moved,
  readPairs,
  readZooms,
  together,
  toggled,
  writePairs,
  writeZooms,
} from "./view.ts";

test("pairs survive keys with colons and commas", () => {
  const pairs = new Map([
    ["m.val/auc", 140],
    ["p.a:b,c", 90],
  ]);
  expect(readPairs(writePairs(pairs))).toEqual(pairs);
  expect(readPairs("x,:4,y:,z:1.5,w:2")).toEqual(new Map([["w", 2]]));
  expect(writePairs(new Map())).toBeUndefined();
});

test("a list in the address takes one more, or gives it back", () => {
  expect(toggled(undefined, "a")).toBe("a");
  expect(toggled("a,b", "a")).toBe("b");
  expect(toggled("a", "a")).toBeUndefined();
  expect(toggled("a", "a", true)).toBe("a");
  expect(toggled("b", "a", false)).toBe("b");
});

test("what is kept already stays when more comes to it", () => {
  expect(together("a,b", ["b", "c"])).toBe("a,b,c");
  expect(together(undefined, ["a"])).toBe("a");
  expect(together(undefined, [])).toBeUndefined();
});

test("the zoom of each chart stands in the address", () => {
  const zooms = new Map<string, [number, number]>([
    ["val/loss:a,b", [1763000000.125, 1763000060.5]],
    ["auc", [-3, 40]],
  ]);
  expect(readZooms(writeZooms(zooms))).toEqual(zooms);
  expect(readZooms("auc,auc:1,auc:9:2,auc:x:y").size).toBe(0);
  expect(writeZooms(new Map())).toBeUndefined();
});

test("columns move to a place, and those that stay come first", () => {
  const ids = ["a", "b", "c", "d"];
  expect(moved(ids, "d", "b")).toEqual(["a", "d", "b", "c"]);
  expect(moved(ids, "a", "c")).toEqual(["b", "c", "a", "d"]);
  expect(moved(ids, "x", "c")).toEqual(ids);
  expect(fixedFirst(ids, ["c", "a"])).toEqual(["a", "c", "b", "d"]);
});

test("distances from the reference", () => {
  expect(delta(0.5, 0.25)).toBe("+0.25");
  expect(delta(0.25, 0.5)).toBe("−0.25");
  expect(delta(1, 1)).toBe("");
  expect(delta(Number.NaN, 1)).toBe("");
  expect(delta(undefined, 1)).toBe("");
});

test("colours do not depend on the order, and differ among a few runs", () => {
  const ids = Array.from({ length: 10 }, (_, index) => `${index}`.repeat(32));
  const runs = ids.map((id) => ({ id }));
  const one = assignColors(runs, new Map());
  const other = assignColors([...runs].reverse(), new Map());
  for (const id of ids) expect(other.get(id)).toBe(one.get(id));
  expect(new Set(one.values()).size).toBe(10);
  const first = ids[0] ?? "";
  expect(assignColors(runs, new Map([[first, 7]])).get(first)).toBe(7);
  expect(new Set(assignColors(runs, new Map([[first, 7]])).values()).size).toBe(10);
  expect([
    ...assignColors(
      [
        { id: "a", iid: 13 },
        { id: "b", iid: 14 },
      ],
      new Map(),
    ).values(),
  ]).toEqual([3, 4]);
});
