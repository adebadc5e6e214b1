// The table itself: only the rows and columns in view exist, the first column and the heads stay where they are.

import { Link, useNavigate } from "@tanstack/react-router";
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Run } from "../../api/mlflow.ts";
import { StatusBadge, Time } from "../../components/parts.tsx";
import { seriesColor } from "../../lib/colors.ts";
import { type Column, type Sort, text } from "../../lib/columns.ts";
import { formatCell } from "../../lib/format.ts";
import { useShortcut } from "../../lib/shortcut.ts";
import { TableHead } from "./TableHead.tsx";

interface Props {
  project: string;
  runs: Run[];
  columns: Column[];
  sort: Sort | undefined;
  setSort: (id: string) => void;
  selected: string[];
  select: (ids: string[]) => void;
  /** Loads the next page; absent when there is none, or it is on its way. */
  more: (() => void) | undefined;
  loading: boolean;
  /** What is shown answers the question before. */
  stale: boolean;
}

const ROW = 34;
export const HEAD = 56;

/** How wide the column is that never scrolls away. */
const firstWidth = () => (window.innerWidth < 760 ? 178 : 280);

export function RunsTable(props: Props) {
  const { project, runs, columns, sort, setSort, selected, select, more, loading, stale } = props;
  const box = useRef<HTMLDivElement>(null);
  const [widths, setWidths] = useState<Record<string, number>>({});
  const [active, setActive] = useState(-1);
  const [first] = useState(firstWidth);
  const navigate = useNavigate();

  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingStart: HEAD,
  });
  const widthOf = (index: number) => {
    const one = columns[index];
    return one ? (widths[one.id] ?? one.width) : 0;
  };
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => box.current,
    estimateSize: widthOf,
    getItemKey: (index) => columns[index]?.id ?? index,
    paddingStart: first,
    overscan: 3,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are asked for again when these change
  useEffect(() => across.measure(), [widths, columns]);

  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= runs.length - 30) more();
  }, [more, last, runs.length]);

  const chosen = useMemo(() => new Set(selected), [selected]);
  const toggle = (id: string) =>
    select(chosen.has(id) ? selected.filter((one) => one !== id) : [...selected, id]);
  const move = (by: number) => {
    const next = Math.min(runs.length - 1, Math.max(0, active + by));
    setActive(next);
    rows.scrollToIndex(next);
  };
  const current = runs[active];
  useShortcut("j", () => move(1));
  useShortcut("k", () => move(-1));
  useShortcut("x", () => current && toggle(current.id), current !== undefined);

  function press(event: React.KeyboardEvent) {
    if (event.target !== event.currentTarget) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === " " && current) toggle(current.id);
    else if (event.key === "Enter" && current) {
      void navigate({ to: "/p/$project/-/ml/candidates/$run", params: { project, run: current.id } });
    } else return;
    event.preventDefault();
  }

  const width = across.getTotalSize();
  const items = across.getVirtualItems();
  const all = runs.length > 0 && runs.every((run) => chosen.has(run.id));
  return (
    <div
      ref={box}
      className="grid"
      role="grid"
      aria-label="Runs"
      aria-rowcount={more || loading ? -1 : runs.length + 2}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-busy={stale}
      aria-activedescendant={current && `run-${current.id}`}
      tabIndex={0}
      onKeyDown={press}
      style={{ opacity: stale ? 0.6 : 1 }}
    >
      <TableHead
        columns={columns}
        items={items}
        width={width}
        first={first}
        sort={sort}
        setSort={setSort}
        resize={(id, to) => setWidths((old) => ({ ...old, [id]: Math.max(60, to) }))}
        all={all}
        selectAll={() => select(all ? [] : runs.map((run) => run.id))}
      />
      <div role="rowgroup" style={{ position: "relative", width, height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const run = runs[row.index];
          if (!run) return null;
          return (
            <div
              key={run.id}
              id={`run-${run.id}`}
              role="row"
              aria-rowindex={row.index + 3}
              aria-selected={chosen.has(run.id)}
              data-active={row.index === active}
              className="grid-line"
              style={{ transform: `translateY(${row.start}px)` }}
              onClick={() => setActive(row.index)}
            >
              <div role="rowheader" aria-colindex={1} className="grid-first" style={{ width: first }}>
                <input
                  type="checkbox"
                  aria-label={`Select ${run.name || run.id}`}
                  checked={chosen.has(run.id)}
                  onChange={() => toggle(run.id)}
                />
                {chosen.has(run.id) && (
                  <span className="swatch" style={{ background: seriesColor(selected.indexOf(run.id)) }} />
                )}
                <Link
                  to="/p/$project/-/ml/candidates/$run"
                  params={{ project, run: run.id }}
                  className="truncate"
                  title={run.name}
                >
                  {run.name || run.id.slice(0, 12)}
                </Link>
              </div>
              <Cells run={run} columns={columns} items={items} />
            </div>
          );
        })}
      </div>
      {loading && <p className="grid-more quiet">Loading more runs…</p>}
    </div>
  );
}

function Cells({ run, columns, items }: { run: Run; columns: Column[]; items: VirtualItem[] }) {
  return items.map((item) => {
    const one = columns[item.index];
    if (!one) return null;
    return (
      <div
        key={one.id}
        role="gridcell"
        aria-colindex={item.index + 2}
        className={`grid-cell ${one.kind === "metric" ? "num" : ""}`}
        style={{ left: item.start, width: item.size }}
      >
        <Cell run={run} column={one} />
      </div>
    );
  });
}

function Cell({ run, column }: { run: Run; column: Column }) {
  if (column.id === "a.status") return <StatusBadge status={run.status} />;
  if (column.id === "a.started") return <Time at={run.startedAt} />;
  if (column.kind === "metric") {
    const value = run.metrics.get(column.key);
    return value === undefined ? null : <span title={String(value)}>{formatCell(value)}</span>;
  }
  const shown = text(run, column);
  return (
    <span className="truncate" title={shown}>
      {shown}
    </span>
  );
}
