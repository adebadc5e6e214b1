// The two lines above the runs: groups of columns, and their names, which sort, move, widen and open a menu.

import type { VirtualItem } from "@tanstack/react-virtual";
import { Icon } from "../../components/Icon.tsx";
import { type Action, Menu } from "../../components/Menu.tsx";
import { type Column, type Kind, orderBy, type Sort, statId } from "../../lib/columns.ts";

/** What can be done with a column. */
export interface ColumnActions {
  sort: (id: string, descending?: boolean) => void;
  unsort: () => void;
  fix: (id: string, on: boolean) => void;
  /** To the place of another one, which makes room. */
  place: (id: string, target: string) => void;
  step: (id: string, by: -1 | 1) => void;
  hide: (id: string) => void;
  add: (id: string, after: string) => void;
  /** While it is dragged, and when it is let go. */
  resize: (id: string, width: number, done: boolean) => void;
  group: (id: string) => void;
}

export interface Layout {
  /** All, those at the left first. */
  columns: Column[];
  /** How many of them stay at the left. */
  fixed: number;
  widthOf: (one: Column) => number;
  /** Of the column with the runs' names. */
  first: number;
  /** Those in view of the others; their indexes count from the first that scrolls. */
  items: VirtualItem[];
  /** Of all. */
  width: number;
  /** Where the cells of a line are: the same for all lines. */
  cells: PlacedCell[];
}

export interface PlacedCell {
  one: Column;
  /** Among all columns. */
  index: number;
  style: { left: number; width: number };
}

interface Props {
  layout: Layout;
  sort: Sort | undefined;
  act: ColumnActions;
  all: boolean;
  selectAll: () => void;
  top: string;
}

const GROUPS: Record<Kind, string> = {
  attribute: "Attributes",
  metric: "Metrics",
  param: "Params",
  tag: "Tags",
};

export function TableHead({ layout, sort, act, all, selectAll, top }: Props) {
  const { columns, fixed, first, items, width } = layout;
  const held = leftEdges(layout).at(-1) ?? first;
  return (
    <div role="rowgroup" className="grid-head" style={{ width, ["--first" as string]: `${held}px` }}>
      {/* Said again by each column's name: nothing is lost without it. */}
      <div className="grid-groups" aria-hidden="true">
        <div className="grid-first" style={{ width: held }}>
          {fixed > 0 && <span className="grid-held">Kept at the left</span>}
        </div>
        {groups(columns.slice(fixed), items).map((group) => (
          <div
            key={group.start}
            className="grid-group"
            style={{ left: group.start, width: group.end - group.start }}
          >
            <span>{GROUPS[group.kind]}</span>
          </div>
        ))}
      </div>
      <div role="row" aria-rowindex={2} className="grid-titles">
        <div
          role="columnheader"
          aria-colindex={1}
          aria-label={top}
          aria-sort={direction(sort, "name")}
          className="grid-first"
          style={{ width: first, zIndex: 5 }}
        >
          <input type="checkbox" aria-label="Select all shown runs" checked={all} onChange={selectAll} />
          <Title id="name" title={top} sort={sort} act={act} />
        </div>
        {layout.cells.map(({ one, index, style }) => (
          <Head
            key={one.id}
            one={one}
            index={index}
            fixed={index < fixed}
            style={style}
            sort={sort}
            act={act}
          />
        ))}
      </div>
    </div>
  );
}

type Edges = Pick<Layout, "columns" | "fixed" | "first" | "widthOf">;

export function placeCells(layout: Edges & Pick<Layout, "items">): PlacedCell[] {
  const { columns, fixed, items, widthOf } = layout;
  const lefts = leftEdges(layout);
  const held = columns.slice(0, fixed).map((one, index) => {
    return { one, index, style: { left: lefts[index] ?? 0, width: widthOf(one) } };
  });
  const others = items.flatMap((item): PlacedCell[] => {
    const index = fixed + item.index;
    const one = columns[index];
    return one ? [{ one, index, style: { left: item.start, width: item.size } }] : [];
  });
  return [...held, ...others];
}

/** Where each of the columns at the left begins, and behind the last of them where the others do. */
function leftEdges({ columns, fixed, first, widthOf }: Edges): number[] {
  const lefts = [first];
  for (const one of columns.slice(0, fixed)) lefts.push((lefts.at(-1) ?? 0) + widthOf(one));
  return lefts;
}

interface HeadProps {
  one: Column;
  index: number;
  fixed: boolean;
  style: PlacedCell["style"];
  sort: Sort | undefined;
  act: ColumnActions;
}

function Head({ one, index, fixed, style, sort, act }: HeadProps) {
  const { width } = style;
  return (
    <div
      role="columnheader"
      aria-colindex={index + 2}
      aria-label={one.title}
      aria-sort={direction(sort, one.id)}
      className={`grid-title ${one.kind === "metric" ? "num" : ""} ${fixed ? "fixed" : ""}`}
      style={style}
      draggable
      onDragStart={(event) => event.dataTransfer.setData("text/weir-column", one.id)}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes("text/weir-column")) event.preventDefault();
      }}
      onDrop={(event) => {
        const id = event.dataTransfer.getData("text/weir-column");
        if (id && id !== one.id) act.place(id, one.id);
      }}
    >
      <Title id={one.id} title={one.title} sort={sort} act={act} width={width} />
      <Menu
        trigger={
          <button type="button" className="column-menu" aria-label={`Column ${one.title}`}>
            <Icon name="down" size={12} />
          </button>
        }
        actions={actions(one, fixed, width, act)}
      />
      <Handle width={width} resize={(to, done) => act.resize(one.id, to, done)} />
    </div>
  );
}

/** By how much the keys and the menu widen. */
const STEP = 24;

function actions(one: Column, fixed: boolean, width: number, act: ColumnActions): Action[] {
  const list: Action[] = [];
  if (orderBy({ id: one.id, descending: false })) {
    list.push(
      { label: "Smallest first", run: () => act.sort(one.id, false) },
      { label: "Largest first", run: () => act.sort(one.id, true) },
      { label: "Do not sort", run: act.unsort },
    );
  }
  if (one.kind === "metric") {
    for (const [stat, word] of [
      ["last", "last"],
      ["min", "lowest"],
      ["max", "highest"],
    ] as const) {
      if (stat !== one.stat)
        list.push({ label: `Show its ${word} value`, run: () => act.add(statId(one.key, stat), one.id) });
    }
  }
  if (one.kind === "param" || one.kind === "tag")
    list.push({ label: "Group by it", run: () => act.group(one.id) });
  list.push(
    { label: fixed ? "Let it scroll" : "Keep at the left", run: () => act.fix(one.id, !fixed), apart: true },
    { label: "Move left", run: () => act.step(one.id, -1) },
    { label: "Move right", run: () => act.step(one.id, 1) },
    { label: "Wider", run: () => act.resize(one.id, width + STEP, true) },
    { label: "Narrower", run: () => act.resize(one.id, width - STEP, true) },
    { label: "Hide", run: () => act.hide(one.id), apart: true },
  );
  return list;
}

function direction(sort: Sort | undefined, id: string): "ascending" | "descending" | "none" {
  if (sort?.id !== id) return "none";
  return sort.descending ? "descending" : "ascending";
}

interface TitleProps {
  id: string;
  title: string;
  sort: Sort | undefined;
  act: ColumnActions;
  width?: number;
}

function Title({ id, title, sort, act, width }: TitleProps) {
  /** With Shift the arrows move the column, with Alt as well they widen it. */
  function press(event: React.KeyboardEvent) {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (!event.shiftKey || by === 0 || width === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.altKey) act.resize(id, width + by * STEP, true);
    else act.step(id, by);
  }
  const sortable = orderBy({ id, descending: false }) !== undefined;
  return (
    <button
      type="button"
      className="sort"
      title={title}
      aria-disabled={!sortable}
      onKeyDown={press}
      onClick={() => sortable && act.sort(id)}
    >
      <span className="truncate">{title}</span>
      {sort?.id === id && <Icon name={sort.descending ? "down" : "up"} size={12} />}
    </button>
  );
}

/** For the mouse; the menu and the keys do the same. */
function Handle({ width, resize }: { width: number; resize: (width: number, done: boolean) => void }) {
  function begin(event: React.PointerEvent<HTMLSpanElement>) {
    const from = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const drag = (moved: PointerEvent) => resize(width + moved.clientX - from, false);
    handle.addEventListener("pointermove", drag);
    handle.addEventListener(
      "pointerup",
      (last: PointerEvent) => {
        handle.removeEventListener("pointermove", drag);
        resize(width + last.clientX - from, true);
      },
      { once: true },
    );
  }
  return (
    // Draggable by itself, so that pulling at it does not pull the column.
    <span
      className="handle"
      aria-hidden="true"
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={begin}
    />
  );
}

/** Neighbours of one kind, from where the first of those in view begins. */
function groups(columns: Column[], items: VirtualItem[]) {
  const found: { kind: Kind; start: number; end: number }[] = [];
  for (const item of items) {
    const kind = columns[item.index]?.kind;
    if (!kind) continue;
    const last = found.at(-1);
    if (last?.kind === kind && last.end === item.start) last.end = item.end;
    else found.push({ kind, start: item.start, end: item.end });
  }
  return found;
}
