// Which columns the runs table has, and in which order.

import * as Popover from "@radix-ui/react-popover";
import { useState } from "react";
import { type Column, type Kind, statId } from "../lib/columns.ts";
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

/** A metric's other values go behind it, all else behind those of its kind. */
function beside(id: string, one: Column): boolean {
  return one.stat === "last" ? id[0] === one.id[0] : id.slice(2) === one.key && /^[mlh]/.test(id);
}

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
      const last = next.findLastIndex((id) => beside(id, one));
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
                    <div key={one.id} className="row">
                      <label className="menu-item">
                        <input
                          type="checkbox"
                          checked={visible.has(one.id)}
                          onChange={(event) => set([one], event.target.checked)}
                        />
                        <span className="truncate">{one.title}</span>
                      </label>
                      {kind === "metric" && <Extremes metric={one} visible={visible} set={set} />}
                    </div>
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

interface ExtremesProps {
  metric: Column;
  visible: ReadonlySet<string>;
  set: (columns: Column[], on: boolean) => void;
}

/** Beside a metric's last value, the lowest and the highest that it ever had. */
function Extremes({ metric, visible, set }: ExtremesProps) {
  return (["min", "max"] as const).map((stat) => {
    const one = { ...metric, id: statId(metric.key, stat), stat };
    const on = visible.has(one.id);
    return (
      <button
        key={stat}
        type="button"
        className="extreme"
        aria-pressed={on}
        aria-label={`${metric.key} ${stat}`}
        onClick={() => set([one], !on)}
      >
        {stat}
      </button>
    );
  });
}
