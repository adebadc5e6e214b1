// What stands in the lines of the runs table: a run's name and values, a group's means, and how both differ from the baseline.

import { memo, type ReactNode } from "react";
import { Icon } from "../../components/Icon.tsx";
import { StatusBadge, Time } from "../../components/parts.tsx";
import { seriesColor } from "../../lib/colors.ts";
import { type Column, metric, type RunRow, text } from "../../lib/columns.ts";
import { formatCell, formatNumber, plural } from "../../lib/format.ts";
import type { Group, Row } from "../../lib/rows.ts";
import { delta } from "../../lib/view.ts";
import { menuLabel } from "./RunMenu.tsx";
import type { Layout } from "./TableHead.tsx";

/** What the reader has done with the runs, and can do. */
export interface RunMarks {
  selected: ReadonlySet<string>;
  hidden: ReadonlySet<string>;
  base: RunRow | undefined;
  /** The palette's place of a run that is drawn in the charts; `undefined` for the others. */
  color: (id: string) => number | undefined;
}

export interface RunActions {
  toggle: (id: string) => void;
  open: (id: string) => void;
  hide: (id: string) => void;
  /** Opens the run's menu beside the button. */
  menu: (run: RunRow, button: HTMLElement) => void;
}

interface LineProps {
  /** The address of a run, without its number. */
  link: string;
  row: Row;
  index: number;
  layout: Layout;
  marks: RunMarks;
  act: RunActions;
  active: boolean;
  /** Of a line among others; without it the line stays where it is. */
  top: number | undefined;
  tree: boolean;
  activate: (index: number) => void;
}

export const Line = memo(function Line(props: LineProps) {
  const { link, row, index, layout, marks, act, active, top, tree, activate } = props;
  const run = row.kind === "run" ? row.run : undefined;
  const base = marks.base;
  const own = run ? marks.selected.has(run.id) : false;
  const depth = row.kind === "group" ? 0 : row.depth;
  const open = row.kind === "note" ? undefined : row.open;
  return (
    <div
      id={lineId(row.id, top === undefined)}
      role="row"
      aria-rowindex={index + 3}
      aria-selected={run ? own : undefined}
      aria-level={tree ? depth + 1 : undefined}
      aria-expanded={tree ? open : undefined}
      data-active={active}
      data-base={run !== undefined && run.id === base?.id}
      className={`grid-line ${row.kind === "group" ? "group" : ""}`}
      style={top === undefined ? { position: "relative" } : { transform: `translateY(${top}px)` }}
      onClick={() => activate(index)}
    >
      <div role="rowheader" aria-colindex={1} className="grid-first" style={{ width: layout.first }}>
        {depth > 0 && <span style={{ flex: "none", width: depth * 14 }} />}
        {row.kind === "run" && (
          <RunHead link={link} run={row.run} marks={marks} act={act} tree={tree} open={row.open} />
        )}
        {row.kind === "group" && <GroupHead group={row.group} id={row.id} open={row.open} act={act} />}
        {row.kind === "note" && <span className="quiet">{row.text}</span>}
      </div>
      {row.kind !== "note" && <LineCells row={row} layout={layout} base={base} />}
    </div>
  );
});

/** The same run may be among those at the top, too. */
export const lineId = (id: string, pinned: boolean): string => `${pinned ? "pin" : "run"}-${id}`;

/** What stands for a run in addresses. */
export const runAddress = (run: RunRow): string => (run.iid ? String(run.iid) : run.id);

interface HeadProps {
  link: string;
  run: RunRow;
  marks: RunMarks;
  act: RunActions;
  tree: boolean;
  open: boolean | undefined;
}

function RunHead({ link, run, marks, act, tree, open }: HeadProps) {
  const name = run.name || run.id.slice(0, 12);
  const place = marks.color(run.id);
  const hidden = marks.hidden.has(run.id);
  return (
    <>
      <input
        type="checkbox"
        aria-label={`Select ${name}`}
        checked={marks.selected.has(run.id)}
        onChange={() => act.toggle(run.id)}
      />
      {tree && <Opener id={run.id} name={name} open={open} act={act} />}
      <button
        type="button"
        className="run-eye"
        aria-pressed={!hidden}
        aria-label={`Draw ${name}`}
        title={hidden ? "Not drawn in the charts" : "Drawn in the charts"}
        onClick={() => act.hide(run.id)}
      >
        <span
          className="swatch"
          style={
            hidden || place === undefined
              ? { boxShadow: "inset 0 0 0 1.5px var(--line-strong)" }
              : { background: seriesColor(place) }
          }
        />
      </button>
      <a href={link + runAddress(run)} data-run={runAddress(run)} className="truncate" title={run.name}>
        {name}
      </a>
      {run.id === marks.base?.id && <span className="run-base">baseline</span>}
      <button
        type="button"
        className="run-menu"
        aria-haspopup="menu"
        aria-label={menuLabel(run)}
        onClick={(event) => act.menu(run, event.currentTarget)}
      >
        <Icon name="more" size={14} />
      </button>
    </>
  );
}

interface OpenerProps {
  id: string;
  name: string;
  open: boolean | undefined;
  act: RunActions;
}

function Opener({ id, name, open, act }: OpenerProps) {
  if (open === undefined) return <span className="run-open" />;
  return (
    <button
      type="button"
      className="run-open"
      aria-label={`Runs of ${name}`}
      aria-expanded={open}
      onClick={() => act.open(id)}
    >
      <Icon name={open ? "down" : "right"} size={13} />
    </button>
  );
}

function GroupHead({ group, id, open, act }: { group: Group; id: string; open: boolean; act: RunActions }) {
  const name = group.value ?? "without a value";
  return (
    <>
      <Opener id={id} name={name} open={open} act={act} />
      <span className={`truncate ${group.value === undefined ? "quiet" : ""}`} title={name}>
        {name === "" ? "empty" : name}
      </span>
      <span className="count">{plural(group.count, "run")}</span>
    </>
  );
}

interface CellsProps {
  row: Exclude<Row, { kind: "note" }>;
  layout: Layout;
  base: RunRow | undefined;
}

function LineCells({ row, layout, base }: CellsProps) {
  return layout.cells.map(({ one, index, style }) => (
    <div
      key={one.id}
      role="gridcell"
      aria-colindex={index + 2}
      className={`grid-cell ${one.kind === "metric" ? "num" : ""} ${index < layout.fixed ? "fixed" : ""} ${
        row.kind === "run" && base && base.id !== row.run.id && differs(row.run, base, one) ? "changed" : ""
      }`}
      title={row.kind === "run" && one.kind === "metric" ? exact(row.run, one) : undefined}
      style={style}
    >
      {row.kind === "run" ? cellOf(row.run, one, base) : <GroupCell group={row.group} column={one} />}
    </div>
  ));
}

/** Measurements always differ: only what was set is marked. */
function differs(run: RunRow, base: RunRow, one: Column): boolean {
  return (one.kind === "param" || one.kind === "tag") && text(run, one) !== text(base, one);
}

const exact = (run: RunRow, one: Column) => metric(run, one)?.toString();

/** Not a component, and as few elements as can be: there are hundreds, which change while the table scrolls. */
function cellOf(run: RunRow, column: Column, base: RunRow | undefined): ReactNode {
  if (column.id === "a.status") return <StatusBadge status={run.status} />;
  if (column.id === "a.started") return <Time at={run.startedAt} />;
  if (column.kind === "metric") {
    const value = metric(run, column);
    if (value === undefined) return null;
    const away = base && base.id !== run.id ? delta(value, metric(base, column)) : "";
    if (!away) return formatCell(value);
    return (
      <span>
        <span className="delta">{away}</span> {formatCell(value)}
      </span>
    );
  }
  const shown = text(run, column);
  return shown === "" ? null : (
    <span className="truncate" title={shown}>
      {shown}
    </span>
  );
}

function GroupCell({ group, column }: { group: Group; column: Column }) {
  const found =
    column.kind === "metric" && column.stat === "last" ? group.metrics.get(column.key) : undefined;
  if (!found) return null;
  const { mean, spread } = found;
  return (
    <span title={spread === undefined ? `mean ${mean}` : `mean ${mean}, standard deviation ${spread}`}>
      {formatCell(mean)}{" "}
      {spread !== undefined && <span className="delta">± {formatNumber(Number(spread.toPrecision(2)))}</span>}
    </span>
  );
}
