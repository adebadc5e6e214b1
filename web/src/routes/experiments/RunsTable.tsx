// The table itself: only the rows and columns in view exist; names, heads and what was pinned stay where they are.

import { useNavigate, useRouter } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { toast } from "../../components/toast.tsx";
import type { Column, RunRow, Sort } from "../../lib/columns.ts";
import type { Row } from "../../lib/rows.ts";
import { useShortcut } from "../../lib/shortcut.ts";
import { assignSlots, NO_SLOTS } from "../../lib/slots.ts";
import { Line, lineId, type RunActions, type RunMarks, runAddress } from "./Cells.tsx";
import { type ColumnActions, type Layout, placeCells, TableHead } from "./TableHead.tsx";
import { useLines } from "./useLines.ts";

interface Props {
  project: string;
  rows: Row[];
  /** Those that stay at the top. */
  pinned: RunRow[];
  /** Those at the left first. */
  columns: Column[];
  fixed: number;
  widths: ReadonlyMap<string, number>;
  sort: Sort | undefined;
  columnActions: ColumnActions;
  marks: RunMarks;
  actions: RunActions;
  selected: string[];
  select: (ids: string[]) => void;
  /** Whether lines can be opened. */
  tree: boolean;
  /** What the first column holds. */
  top: string;
  /** Loads the next page; absent when there is none, or it is on its way. */
  more: (() => void) | undefined;
  loading: boolean;
  /** How many there are altogether, where that is known. */
  total: number | undefined;
  /** What is shown answers the question before. */
  stale: boolean;
}

const ROW = 34;
const HEAD = 56;
/** The next page is asked for when so few lines are left below: more than a fast scroll passes meanwhile. */
const AHEAD = 300;
const NARROWEST = 60;
/** And the frame. */
const SCROLLBAR = 20;
/** The selection stands in the address, which has its limits. */
const SELECTABLE = 500;

/** How wide the column is that never scrolls away. */
const firstWidth = () => (window.innerWidth < 760 ? 178 : 300);

export function RunsTable(props: Props) {
  const { project, rows, pinned, columns, fixed, widths, sort, columnActions, marks, actions } = props;
  const { selected, select, tree, top, more, loading, total, stale } = props;
  const box = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<{ id: string; width: number }>();
  const [active, setActive] = useState(-1);
  const [first] = useState(firstWidth);
  const openRun = useOpenRun(project);

  const widthOf = useCallback(
    (one: Column) =>
      Math.max(NARROWEST, dragged?.id === one.id ? dragged.width : (widths.get(one.id) ?? one.width)),
    [dragged, widths],
  );
  const held = columns.slice(0, fixed).reduce((sum, one) => sum + widthOf(one), first);
  const lines = useLines(box, { count: rows.length, height: ROW, above: HEAD + pinned.length * ROW });
  // The same function while the columns are: a new one makes all items anew, and so each line at each turn.
  const keyOf = useCallback((index: number) => columns[fixed + index]?.id ?? index, [columns, fixed]);
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length - fixed,
    getScrollElement: () => box.current,
    estimateSize: (index) => {
      const one = columns[fixed + index];
      return one ? widthOf(one) : 0;
    },
    getItemKey: keyOf,
    paddingStart: held,
    overscan: 2,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are asked for again when these change
  useEffect(() => across.measure(), [widthOf, columns, fixed]);

  useEffect(() => {
    if (more && lines.last >= rows.length - AHEAD) more();
  }, [more, lines.last, rows.length]);

  const move = (by: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, active + by));
    setActive(next);
    lines.show(next);
    // The keys that act on the line are the table's own.
    box.current?.focus({ preventScroll: true });
  };
  const current = rows[active];
  const toggle = () => current?.kind === "run" && actions.toggle(current.run.id);
  useShortcut("j", () => move(1));
  useShortcut("k", () => move(-1));
  useShortcut("x", toggle, current?.kind === "run");

  function press(event: React.KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === " " && current) toggle();
    else if (event.key === "ArrowRight" && opens(current, false)) openCurrent();
    else if (event.key === "ArrowLeft" && opens(current, true)) openCurrent();
    else if (event.key === "Enter" && current?.kind === "group") actions.open(current.id);
    else if (event.key === "Enter" && current?.kind === "run") openRun.go(runAddress(current.run));
    else return;
    event.preventDefault();
  }
  const openCurrent = () => {
    if (current?.kind === "run") actions.open(current.run.id);
    else if (current?.kind === "group") actions.open(current.id);
  };

  const places = new Map<string, number>();
  for (let at = lines.first; at < lines.last; at += 1) {
    const row = rows[at];
    if (row) places.set(row.id, at);
  }
  const slots = useRef(NO_SLOTS);
  const shown = assignSlots(slots.current, [...places.keys()], lines.moving);
  slots.current = shown;
  const width = across.getTotalSize();
  const items = across.getVirtualItems();
  const layout = useMemo<Layout>(
    () => ({
      ...{ columns, fixed, widthOf, first, items, width },
      cells: placeCells({ columns, fixed, widthOf, first, items }),
    }),
    [columns, fixed, widthOf, first, items, width],
  );
  const act = useMemo<ColumnActions>(
    () => ({
      ...columnActions,
      resize: (id, to, done) => {
        setDragged(done ? undefined : { id, width: to });
        if (done) columnActions.resize(id, Math.round(Math.max(NARROWEST, to)), true);
      },
    }),
    [columnActions],
  );
  const all =
    marks.selected.size >= SELECTABLE ||
    (marks.selected.size > 0 && rows.every((row) => row.kind !== "run" || marks.selected.has(row.run.id)));
  const selectAll = () => {
    const runs = new Set(rows.flatMap((row) => (row.kind === "run" ? row.run.id : [])));
    const others = selected.filter((id) => !runs.has(id));
    if (all) return select(others);
    const room = Math.max(0, SELECTABLE - others.length);
    if (runs.size > room) toast(`The first ${room} are selected: at most ${SELECTABLE} runs can be at once`);
    select([...others, ...[...runs].slice(0, room)]);
  };
  // Few runs are no reason for a large empty box.
  const tallest = HEAD + (pinned.length + rows.length) * ROW + SCROLLBAR;
  const line = (row: Row, index: number, at: number | undefined, key: React.Key) => (
    <Line
      key={key}
      link={openRun.link}
      row={row}
      index={index}
      layout={layout}
      marks={marks}
      act={actions}
      active={at !== undefined && index === active}
      top={at}
      tree={tree}
      activate={setActive}
    />
  );
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles that it may have take a label
    <div
      ref={box}
      className="grid"
      role={tree ? "treegrid" : "grid"}
      aria-label="Runs"
      aria-rowcount={total === undefined ? (more || loading ? -1 : rows.length + 2) : total + 2}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-busy={stale}
      aria-activedescendant={current && lineId(current.id, false)}
      tabIndex={0}
      onKeyDown={press}
      onClick={openRun.clicked}
      onPointerEnter={openRun.prepare}
      style={{ opacity: stale ? 0.6 : 1, maxHeight: more || loading ? undefined : tallest }}
    >
      <TableHead layout={layout} sort={sort} act={act} all={all} selectAll={selectAll} top={top} />
      {pinned.length > 0 && (
        <div
          role="rowgroup"
          aria-label="Kept at the top"
          className="grid-pinned"
          style={{ width, top: HEAD }}
        >
          {pinned.map((run, index) =>
            line({ kind: "run", id: run.id, run, depth: 0, open: undefined }, index, undefined, run.id),
          )}
        </div>
      )}
      <div role="rowgroup" style={{ position: "relative", width, height: rows.length * ROW }}>
        {shown.order.map((id) => {
          const index = places.get(id) ?? 0;
          const row = rows[index];
          return row && line(row, index, index * ROW, shown.byId.get(id) ?? id);
        })}
      </div>
      {loading && <p className="grid-more quiet">Loading more runs…</p>}
    </div>
  );
}

function opens(row: Row | undefined, open: boolean): boolean {
  return row !== undefined && row.kind !== "note" && row.open === open;
}

const RUN = "/p/$project/-/ml/candidates/$run";

/**
 * Links to runs for the whole table: the router's own link looks up its address, and listens, for each line that scrolls
 * in.
 */
function useOpenRun(project: string) {
  const navigate = useNavigate();
  const router = useRouter();
  return useMemo(() => {
    const go = (run: string) => void navigate({ to: RUN, params: { project, run } });
    const any = router.buildLocation({ to: RUN, params: { project, run: "0" } }).publicHref;
    const clicked = (event: React.MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-run]") : null;
      const plain =
        event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!link?.dataset.run || !plain || event.defaultPrevented) return;
      event.preventDefault();
      go(link.dataset.run);
    };
    /** The page of a run is loaded before the first click on one. */
    const prepare = () => void router.preloadRoute({ to: RUN, params: { project, run: "0" } });
    return { go, clicked, prepare, link: any.slice(0, -1) };
  }, [project, navigate, router]);
}
