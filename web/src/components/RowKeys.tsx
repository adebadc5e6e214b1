// `j` and `k` go through the rows of a page's lists, `x` selects one, `c` compares: on the browser's own focus, so that
// Enter opens what is focused, and screen readers say where one is. The runs table has keys of its own.

import { useShortcut } from "../lib/shortcut.ts";

const LINKS = "main table.data tbody th[scope=row] a[href]";

function move(by: number): boolean {
  if (document.querySelector("main [role=grid]")) return false;
  const links = [...document.querySelectorAll<HTMLElement>(LINKS)].filter((link) => link.checkVisibility());
  const row = document.activeElement?.closest("tr");
  const at = links.findIndex((link) => row?.contains(link));
  const to = at < 0 ? (by > 0 ? links[0] : links.at(-1)) : links[at + by];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
  return to !== undefined;
}

function click(element: HTMLElement | null | undefined): boolean {
  element?.click();
  return Boolean(element);
}

const checkbox = () =>
  document.activeElement?.closest("main table.data tr")?.querySelector<HTMLElement>("input[type=checkbox]");

export function RowKeys() {
  useShortcut("j", () => move(1));
  useShortcut("k", () => move(-1));
  useShortcut("x", () => click(checkbox()));
  useShortcut("c", () => click(document.querySelector<HTMLElement>("main a[data-compare]")));
  return null;
}
