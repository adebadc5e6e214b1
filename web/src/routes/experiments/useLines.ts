// Which lines of a table are in view. All are of one height, so that a hundred thousand cost no more than a hundred.

import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";

interface Lines {
  count: number;
  /** Of one, in pixels. */
  height: number;
  /** What stands over the first line, and over all lines while they scroll. */
  above: number;
}

/** Lines beyond the window, on both sides. */
const BEYOND = 8;
/** The lines that exist change only when so many have passed: most frames of a scroll have nothing to do. */
const STRIDE = 4;
/** So long after the last of its events a scroll has ended. */
const REST_MS = 150;

interface View {
  first: number;
  lines: number;
  moving: boolean;
}

export function useLines(box: RefObject<HTMLElement | null>, { count, height, above }: Lines) {
  const [view, setView] = useState<View>({ first: 0, lines: 24, moving: false });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let seen: View = { first: -1, lines: -1, moving: false };
    let rest: ReturnType<typeof setTimeout> | undefined;
    const look = (moving: boolean) => {
      const first = Math.floor(element.scrollTop / height / STRIDE) * STRIDE;
      const lines = Math.ceil(element.clientHeight / height) + STRIDE;
      if (first === seen.first && lines === seen.lines && (moving || !seen.moving)) return false;
      seen = { first, lines, moving };
      return true;
    };
    const scrolled = () => {
      clearTimeout(rest);
      // At once: later than this frame there would be nothing where the lines should be.
      if (look(true)) withFocus(element, () => setView(seen));
      if (seen.moving)
        rest = setTimeout(() => look(false) && withFocus(element, () => setView(seen)), REST_MS);
    };
    const resized = () => look(seen.moving) && setView(seen);
    resized();
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      clearTimeout(rest);
      observer.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, [box, height]);

  const first = Math.max(0, Math.min(view.first, count) - BEYOND);
  const last = Math.min(count, view.first + view.lines + BEYOND);
  /** Scrolls as little as brings the line into view. */
  const show = (index: number) => {
    const element = box.current;
    if (!element) return;
    const top = index * height;
    const bottom = above + top + height - element.clientHeight;
    if (element.scrollTop > top) element.scrollTop = top;
    else if (element.scrollTop < bottom) element.scrollTop = bottom;
  };
  return { first, last, show, moving: view.moving };
}

/**
 * Changes the lines at once. The focus stays on a line that stays, though its element may have been moved; it goes to the
 * table when another run has taken the element, so that no key acts on that one.
 */
function withFocus(box: HTMLElement, change: () => void) {
  const held = document.activeElement;
  const line =
    held instanceof HTMLElement && held !== box && box.contains(held) ? held.closest("[role=row]") : null;
  const id = line?.id;
  flushSync(change);
  if (!line || !(held instanceof HTMLElement)) return;
  if (line.id !== id || !held.isConnected) box.focus({ preventScroll: true });
  else if (document.activeElement !== held) held.focus({ preventScroll: true });
}
