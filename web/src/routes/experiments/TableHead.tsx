// The two lines above the runs: groups of columns, and their names, which sort and can be dragged wider.

import type { VirtualItem } from "@tanstack/react-virtual";
import { Icon } from "../../components/Icon.tsx";
import { type Column, type Kind, orderBy, type Sort } from "../../lib/columns.ts";

interface Props {
  columns: Column[];
  items: VirtualItem[];
  width: number;
  first: number;
  sort: Sort | undefined;
  setSort: (id: string) => void;
  resize: (id: string, width: number) => void;
  all: boolean;
  selectAll: () => void;
}

const GROUPS: Record<Kind, string> = {
  attribute: "Attributes",
  metric: "Metrics",
  param: "Params",
  tag: "Tags",
};

export function TableHead({ columns, items, width, first, sort, setSort, resize, all, selectAll }: Props) {
  return (
    <div role="rowgroup" className="grid-head" style={{ width, ["--first" as string]: `${first}px` }}>
      {/* Said again by each column's name: nothing is lost without it. */}
      <div className="grid-groups" aria-hidden="true">
        <div className="grid-first" style={{ width: first }} />
        {groups(columns, items).map((group) => (
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
          aria-sort={direction(sort, "name")}
          className="grid-first"
          style={{ width: first, zIndex: 5 }}
        >
          <input type="checkbox" aria-label="Select all shown runs" checked={all} onChange={selectAll} />
          <Title id="name" title="Run" sort={sort} setSort={setSort} />
        </div>
        {items.map((item) => {
          const one = columns[item.index];
          if (!one) return null;
          return (
            <div
              key={one.id}
              role="columnheader"
              aria-colindex={item.index + 2}
              aria-sort={direction(sort, one.id)}
              className={`grid-title ${one.kind === "metric" ? "num" : ""}`}
              style={{ left: item.start, width: item.size }}
            >
              <Title id={one.id} title={one.title} sort={sort} setSort={setSort} />
              <Handle width={item.size} resize={(to) => resize(one.id, to)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function direction(sort: Sort | undefined, id: string): "ascending" | "descending" | "none" {
  if (sort?.id !== id) return "none";
  return sort.descending ? "descending" : "ascending";
}

interface TitleProps {
  id: string;
  title: string;
  sort: Sort | undefined;
  setSort: (id: string) => void;
}

function Title({ id, title, sort, setSort }: TitleProps) {
  if (!orderBy({ id, descending: false })) return <span className="truncate">{title}</span>;
  return (
    <button type="button" className="sort" title={title} onClick={() => setSort(id)}>
      <span className="truncate">{title}</span>
      {sort?.id === id && <Icon name={sort.descending ? "down" : "up"} size={12} />}
    </button>
  );
}

/** For the mouse only: widths are a convenience, every value can be read in full otherwise. */
function Handle({ width, resize }: { width: number; resize: (width: number) => void }) {
  function begin(event: React.PointerEvent<HTMLSpanElement>) {
    const from = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const drag = (moved: PointerEvent) => resize(width + moved.clientX - from);
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", drag), {
      once: true,
    });
  }
  return <span className="handle" aria-hidden="true" onPointerDown={begin} />;
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
