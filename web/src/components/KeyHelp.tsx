// `?` shows what the keys do, and lets people switch the single letters off.

import { useEffect, useState } from "react";
import { areShortcutsOn, setShortcuts, useShortcut } from "../lib/shortcut.ts";
import { Dialog } from "./Dialog.tsx";

const KEYS: [keys: string[], what: string][] = [
  [["Ctrl K"], "Go anywhere, do anything (⌘ K on a Mac)"],
  [["/"], "Search or filter"],
  [["j", "k"], "Next and previous line of a list"],
  [["x"], "Select the line"],
  [["c"], "Compare what is selected"],
  [["Enter"], "Open the line"],
  [["→", "←"], "Open and close a group, or a run with runs below it"],
  [["Shift →", "Shift ←"], "Move the column, on its head; with Alt make it wider or narrower"],
  [["?"], "These keys"],
];

const OPEN = "weir:keys";

/** Opens the help from elsewhere. */
export const showKeys = () => window.dispatchEvent(new Event(OPEN));

export function KeyHelp() {
  const [open, setOpen] = useState(false);
  const [on, setOn] = useState(areShortcutsOn);
  useShortcut("?", () => setOpen(true));
  useEffect(() => {
    const show = () => setOpen(true);
    window.addEventListener(OPEN, show);
    return () => window.removeEventListener(OPEN, show);
  }, []);
  if (!open) return null;
  return (
    <Dialog title="Keys" close={() => setOpen(false)}>
      <dl className="facts">
        {KEYS.map(([keys, what]) => (
          <div key={what} style={{ display: "contents" }}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="row">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            setShortcuts(event.target.checked);
            setOn(event.target.checked);
          }}
        />
        Single letters do something
      </label>
      <div className="actions">
        <button type="button" className="button" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
