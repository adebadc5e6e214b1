// The colours of series: the same run has the same one in the table, its charts and the comparison.

const SERIES = 10;

/** As CSS takes it. */
export const seriesColor = (index: number): string => `var(--series-${(index % SERIES) + 1})`;

export const ALL_COLORS: readonly number[] = Array.from({ length: SERIES }, (_, index) => index);

/**
 * A place in the palette for each run. It comes from the run alone, whatever the order and the page, so that it stays;
 * a few runs together get different ones. `chosen` are the reader's own.
 */
export function assignColors(
  runs: readonly { id: string; iid?: number }[],
  chosen: ReadonlyMap<string, number>,
): Map<string, number> {
  const places = new Map<string, number>();
  const ids = runs.map((run) => run.id);
  // By number, runs that were made one after the other differ.
  for (const { id, iid } of runs) places.set(id, (chosen.get(id) ?? iid ?? slot(id)) % SERIES);
  if (ids.length > SERIES) return places;
  const taken = new Set(ids.flatMap((id) => (chosen.has(id) ? [places.get(id)] : [])));
  // In an order that does not depend on how the list is sorted.
  for (const id of ids.filter((one) => !chosen.has(one)).sort()) {
    let place = places.get(id) ?? 0;
    while (taken.has(place) && taken.size < SERIES) place = (place + 1) % SERIES;
    taken.add(place);
    places.set(id, place);
  }
  return places;
}

function slot(id: string): number {
  let sum = 0;
  for (let at = 0; at < id.length; at += 1) sum = (sum * 31 + id.charCodeAt(at)) % 9973;
  return sum % SERIES;
}

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
