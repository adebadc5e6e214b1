// JSON as a tree that folds: what is deep or long is folded at first.

import { useState } from "react";
import { plural } from "../lib/format.ts";

type Json = unknown;

/** Of longer ones the rest comes on a click. */
const SHOWN = 100;
/** Unfolded at first: the top and what is directly in it. */
const DEPTH = 2;

export function JsonTree({ value }: { value: Json }) {
  return (
    <div className="json mono">
      <Node value={value} depth={0} />
    </div>
  );
}

function Node({ name, value, depth }: { name?: string; value: Json; depth: number }) {
  const label = name === undefined ? null : <span className="json-key">{name}: </span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div className="json-leaf">
        {label}
        <span className={`json-${value === null ? "null" : typeof value}`}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  return <Branch label={label} value={value} depth={depth} />;
}

function Branch({ label, value, depth }: { label: React.ReactNode; value: object; depth: number }) {
  const list = Array.isArray(value);
  const entries: [string, Json][] = Object.entries(value);
  const [open, setOpen] = useState(depth < DEPTH && entries.length <= SHOWN);
  const [shown, setShown] = useState(SHOWN);
  const [left, right] = list ? "[]" : "{}";
  if (entries.length === 0) {
    return (
      <div className="json-leaf">
        {label}
        {left}
        {right}
      </div>
    );
  }
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        {left}
        {!open && (
          <span className="quiet">
            {" "}
            {plural(entries.length, list ? "item" : "key")} {right}
          </span>
        )}
      </summary>
      {/* Not there while it is folded: a large file would be a large page. */}
      {open && (
        <div className="json-inside">
          {entries.slice(0, shown).map(([key, one]) => (
            <Node key={key} name={list ? key : JSON.stringify(key)} value={one} depth={depth + 1} />
          ))}
          {entries.length > shown && (
            <button type="button" className="link" onClick={() => setShown(shown + 10 * SHOWN)}>
              {entries.length - shown} more
            </button>
          )}
          <div>{right}</div>
        </div>
      )}
    </details>
  );
}
