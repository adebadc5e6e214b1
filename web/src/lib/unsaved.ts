// Whether a form on the page holds something that was typed and not sent: nothing may take that away unasked.

const holders = new Set<symbol>();

/** Says that something is unsaved, until the function that this gives is called. */
export function hold(): () => void {
  const holder = Symbol("unsaved");
  holders.add(holder);
  return () => void holders.delete(holder);
}

export const anythingUnsaved = (): boolean => holders.size > 0;
