import { expect, test } from "vitest";
import { pathOfName } from "./visibility.ts";

test("a path is suggested as the server would make it", () => {
  for (const [name, path] of [
    ["My Models", "my-models"],
    ["  a  --b ", "a-b"],
    ["v1.2_x", "v1.2_x"],
    ["!", ""],
  ])
    expect(pathOfName(name ?? "")).toBe(path);
});
