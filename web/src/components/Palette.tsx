// Ctrl K or ⌘ K, from anywhere, also while typing. What it shows is no part of the first page.

import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./Icon.tsx";

const load = () => import("./CommandPalette.tsx");
const CommandPalette = lazy(load);

/** After the first page is there. */
const IDLE_MS = 1500;

export function Palette() {
  const [open, setOpen] = useState(false);
  // What was typed while the palette itself was still on its way.
  const [typed, setTyped] = useState("");
  const close = useCallback(() => {
    setOpen(false);
    setTyped("");
  }, []);
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
      if (open) close();
      else setOpen(true);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [open, close]);
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
        <Suspense fallback={<Field text={typed} change={setTyped} close={close} />}>
          <CommandPalette close={close} typed={typed} />
        </Suspense>
      )}
    </>
  );
}

interface FieldProps {
  text: string;
  change: (text: string) => void;
  close: () => void;
}

/** The palette's field alone: letters that are typed meanwhile are neither lost nor taken for the page's keys. */
function Field({ text, change, close }: FieldProps) {
  return createPortal(
    <>
      <div className="scrim" />
      <div className="dialog palette" role="dialog" aria-modal="true" aria-label="Go to or do">
        <input
          className="input"
          ref={focusNow}
          aria-label="Go to or do"
          placeholder="A project, experiment, model, run id, page or action"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && close()}
        />
      </div>
    </>,
    document.body,
  );
}

const focusNow = (field: HTMLInputElement | null) => field?.focus();
