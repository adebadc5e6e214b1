// Ctrl K or ⌘ K, from anywhere, also while typing. What it shows is no part of the first page.

import { lazy, Suspense, useEffect, useState } from "react";
import { Icon } from "./Icon.tsx";

const load = () => import("./CommandPalette.tsx");
const CommandPalette = lazy(load);

/** After the first page is there. Letters that are typed while it is being loaded would be lost. */
const IDLE_MS = 1500;

export function Palette() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void load(), IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      if (event.altKey || event.shiftKey) return;
      // A form that somebody fills in is not to be lost behind it.
      if (!open && document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      setOpen(!open);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [open]);
  return (
    <>
      <button
        type="button"
        className="button icon plain"
        aria-label="Go to or do… (Ctrl K)"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
      >
        <Icon name="search" />
      </button>
      {open && (
        <Suspense fallback={null}>
          <CommandPalette close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
