// Keys that do something anywhere on a page, unless somebody is typing, or has switched them off.

import { useEffect, useRef } from "react";

const KEY = "weir.keys";

/** Who speaks to the computer, or steers it in another way, may want single letters to do nothing. */
export function areShortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function setShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Storage is switched off: then they stay as they are.
  }
}

/** Whether a key press is meant for a field, a menu or a dialog, and not for the page. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
    return true;
  if (document.querySelector("[role=dialog]") !== null) return true;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.closest("input, textarea, select, [role=menu], [role=dialog]") !== null
  );
}

/** `run` answers `false` where the key means nothing to it: then it is left to others. */
export function useShortcut(key: string, run: () => unknown, enabled = true): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!enabled) return;
    const listen = (event: KeyboardEvent) => {
      if (event.key !== key || isTaken(event) || !areShortcutsOn()) return;
      if (latest.current() !== false) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [key, enabled]);
}
