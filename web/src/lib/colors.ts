// The colours of series, by place: the same run has the same one in the table, its charts and the comparison.

const SERIES = 10;

/** As CSS takes it. */
export const seriesColor = (index: number): string => `var(--series-${(index % SERIES) + 1})`;

/** What a canvas takes: the colour as it is now, in this theme. */
export function resolveColor(color: string, element: Element): string {
  const name = /^var\((--[\w-]+)\)$/.exec(color)?.[1];
  if (!name) return color;
  const probe = document.createElement("span");
  probe.style.color = color;
  element.append(probe);
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}
