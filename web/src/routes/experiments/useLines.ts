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

export function useLines(box: RefObject<HTMLElement | null>, { count, height, above }: Lines) {
  const [view, setView] = useState({ first: 0, lines: 24 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let seen = { first: -1, lines: -1 };
    const look = () => {
      const first = Math.floor(element.scrollTop / height / STRIDE) * STRIDE;
      const lines = Math.ceil(element.clientHeight / height) + STRIDE;
      if (first === seen.first && lines === seen.lines) return false;
      seen = { first, lines };
      return true;
    };
    const scrolled = () => {
      // At once: later than this frame there would be nothing where the lines should be.
      if (look()) flushSync(() => setView(seen));
    };
    const resized = () => look() && setView(seen);
    resized();
    const observer = new ResizeObserver(resized);
    observer.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
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
  return { first, last, show };
}
