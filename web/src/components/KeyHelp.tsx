// `?` shows what the keys do.

import { useState } from "react";
import { useShortcut } from "../lib/shortcut.ts";
import { Dialog } from "./Dialog.tsx";

const KEYS: [keys: string[], what: string][] = [
  [["/"], "Search or filter"],
  [["j", "k"], "Next and previous run"],
  [["x"], "Select the run"],
  [["c"], "Compare the selected runs"],
  [["Enter"], "Open the run, in the table"],
  [["?"], "These keys"],
];

export function KeyHelp() {
  const [open, setOpen] = useState(false);
  useShortcut("?", () => setOpen(true));
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
      <div className="actions">
        <button type="button" className="button" onClick={() => setOpen(false)}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
