// Which element of the document shows which line of a table. While it scrolls, elements of lines that went take those
// that came: to make and drop elements costs the browser several times what new texts in old ones do.

export interface Slots {
  /** The element of each line, by its number. */
  byId: ReadonlyMap<string, number>;
  /** The lines in the order of their elements in the document. */
  order: readonly string[];
  /** The first number that no element has had. */
  fresh: number;
}

export const NO_SLOTS: Slots = { byId: new Map(), order: [], fresh: 0 };

/**
 * The elements for these lines. A line that stays keeps its element, and so the focus and what else the browser holds
 * there. While `moving`, the others take what has become free, wherever it stands; else they get elements of their own,
 * and all stand in the order of the lines, as the Tab key and screen readers go through them.
 */
export function assignSlots(before: Slots, ids: readonly string[], moving: boolean): Slots {
  const shown = new Set(ids);
  const free: number[] = [];
  if (moving) for (const [id, slot] of before.byId) if (!shown.has(id)) free.push(slot);
  let fresh = before.fresh;
  const byId = new Map<string, number>();
  for (const id of ids) byId.set(id, before.byId.get(id) ?? free.pop() ?? fresh++);
  return { byId, order: moving ? orderKept(before, byId) : ids, fresh };
}

/** The elements stay where they are; new ones come behind them. */
function orderKept(before: Slots, byId: ReadonlyMap<string, number>): string[] {
  const idOf = new Map([...byId].map(([id, slot]) => [slot, id]));
  const order: string[] = [];
  for (const id of before.order) {
    const slot = before.byId.get(id);
    const now = slot === undefined ? undefined : idOf.get(slot);
    if (slot === undefined || now === undefined) continue;
    order.push(now);
    idOf.delete(slot);
  }
  return [...order, ...idOf.values()];
}
