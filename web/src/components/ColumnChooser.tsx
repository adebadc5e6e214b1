// Which columns the runs table has, and in which order.

import * as Popover from "@radix-ui/react-popover";
import { useState } from "react";
import type { Column, Kind } from "../lib/columns.ts";
import { Icon } from "./Icon.tsx";

interface Props {
  all: Column[];
  /** Their ids, in order. */
  shown: string[];
  change: (ids: string[] | undefined) => void;
  /** Whether they were chosen, and can be forgotten. */
  custom: boolean;
}

const KINDS: [Kind, string][] = [
  ["attribute", "Attributes"],
  ["metric", "Metrics"],
  ["param", "Params"],
  ["tag", "Tags"],
];

export function ColumnChooser({ all, shown, change, custom }: Props) {
  const [wanted, setWanted] = useState("");
  const visible = new Set(shown);
  const found = all.filter((one) => one.title.toLowerCase().includes(wanted.toLowerCase()));

  /** New ones stand behind those of their kind. */
  function set(columns: Column[], on: boolean) {
    const ids = new Set(columns.map((one) => one.id));
    if (!on) return change(shown.filter((id) => !ids.has(id)));
    const next = [...shown];
    for (const one of columns) {
      if (visible.has(one.id)) continue;
      const last = next.findLastIndex((id) => id[0] === one.id[0]);
      next.splice(last < 0 ? next.length : last + 1, 0, one.id);
    }
    change(next);
  }

  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="button">
          <Icon name="columns" /> Columns
          <span className="count">{shown.length}</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="menu chooser"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Columns"
        >
          <input
            className="input"
            aria-label="Search columns"
            placeholder="Search columns"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
          <div className="chooser-list">
            {KINDS.map(([kind, title]) => {
              const own = found.filter((one) => one.kind === kind);
              if (own.length === 0) return null;
              const on = own.filter((one) => visible.has(one.id)).length;
              return (
                <fieldset key={kind}>
                  <legend className="visually-hidden">{title}</legend>
                  <div className="row spread menu-label">
                    <span aria-hidden="true">
                      {title} {on}/{own.length}
                    </span>
                    <button type="button" className="link" onClick={() => set(own, on < own.length)}>
                      {on < own.length ? "all" : "none"}
                      <span className="visually-hidden"> of {title}</span>
                    </button>
                  </div>
                  {own.map((one) => (
                    <label key={one.id} className="menu-item">
                      <input
                        type="checkbox"
                        checked={visible.has(one.id)}
                        onChange={(event) => set([one], event.target.checked)}
                      />
                      <span className="truncate">{one.title}</span>
                    </label>
                  ))}
                </fieldset>
              );
            })}
          </div>
          {custom && (
            <button type="button" className="button small" onClick={() => change(undefined)}>
              Back to the usual columns
            </button>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
