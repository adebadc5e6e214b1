// One column against another, a dot a run; pulling a box marks both ranges, pointing at a dot names its run.

import { useCallback, useState } from "react";
import type { Marks } from "../../lib/brush.ts";
import { seriesColor } from "../../lib/colors.ts";
import { type RunRow, text } from "../../lib/columns.ts";
import { type Axis, markOf, matches, position, ticks } from "../../lib/plot.ts";
import { type Pen, shorten, useCanvas } from "./canvas.ts";

interface Props {
  runs: RunRow[];
  x: Axis;
  y: Axis;
  marks: Marks;
  change: (marks: Marks) => void;
  color: (id: string) => number;
  open: (run: RunRow) => void;
}

const HEIGHT = 420;
const EDGE = { left: 74, right: 16, top: 34, bottom: 44 };
const NEAR = 9;

interface Box {
  from: [number, number];
  to: [number, number];
}

export function Scatter({ runs, x, y, marks, change, color, open }: Props) {
  const [box, setBox] = useState<Box>();
  const [near, setNear] = useState<{ run: RunRow; left: number; top: number }>();
  const paint = useCallback(
    (pen: Pen) => draw(pen, runs, x, y, marks, color, box),
    [runs, x, y, marks, color, box],
  );
  const canvas = useCanvas(HEIGHT, paint);
  /** Shares of the axes, and pixels. */
  const at = (event: React.PointerEvent) => {
    const place = event.currentTarget.getBoundingClientRect();
    const [left, top] = [event.clientX - place.left, event.clientY - place.top];
    const [width, height] = [place.width - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
    const clamp = (share: number) => Math.min(1, Math.max(0, share));
    const shares = [clamp((left - EDGE.left) / width), clamp(1 - (top - EDGE.top) / height)] as const;
    return { left, top, width, height, shares: [...shares] as [number, number] };
  };
  const find = (event: React.PointerEvent) => {
    const { left, top, width, height } = at(event);
    let best: { run: RunRow; left: number; top: number } | undefined;
    let least = NEAR;
    for (const run of runs) {
      const [across, up] = [position(x, run), position(y, run)];
      if (across === undefined || up === undefined) continue;
      const dot = { left: EDGE.left + across * width, top: EDGE.top + (1 - up) * height };
      const away = Math.hypot(dot.left - left, dot.top - top);
      if (away < least) [best, least] = [{ run, ...dot }, away];
    }
    return best;
  };
  return (
    <div
      className="plot"
      style={{ cursor: near ? "pointer" : "crosshair" }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const { shares } = at(event);
        setBox({ from: shares, to: shares });
      }}
      onPointerMove={(event) => {
        const { shares } = at(event);
        if (box) setBox({ ...box, to: shares });
        else setNear(find(event));
      }}
      onPointerLeave={() => setNear(undefined)}
      onPointerUp={(event) => {
        setBox(undefined);
        if (!box) return;
        const small = Math.abs(box.from[0] - box.to[0]) < 0.01 && Math.abs(box.from[1] - box.to[1]) < 0.01;
        const hit = find(event);
        if (small && hit) return open(hit.run);
        const next = new Map(marks);
        next.delete(x.column.id);
        next.delete(y.column.id);
        const across = small ? undefined : markOf(x, box.from[0], box.to[0]);
        const up = small ? undefined : markOf(y, box.from[1], box.to[1]);
        if (across) next.set(x.column.id, across);
        if (up) next.set(y.column.id, up);
        change(next);
      }}
    >
      <canvas ref={canvas} tabIndex={-1} aria-hidden="true" />
      {near && !box && (
        <div className="chart-tip" style={{ left: near.left + 10, top: near.top - 8 }}>
          <strong>{near.run.name || near.run.id.slice(0, 12)}</strong>
          {[x, y].map(({ column }) => (
            <div key={column.id} className="line">
              {column.title} <span className="num">{text(near.run, column)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

function draw(
  { context, width: all, height: tall, color: token }: Pen,
  runs: RunRow[],
  x: Axis,
  y: Axis,
  marks: Marks,
  color: (id: string) => number,
  box: Box | undefined,
): void {
  const [width, height] = [all - EDGE.left - EDGE.right, tall - EDGE.top - EDGE.bottom];
  const left = (share: number) => EDGE.left + share * width;
  const top = (share: number) => EDGE.top + (1 - share) * height;
  context.strokeStyle = token("--line");
  context.fillStyle = token("--ink-2");
  context.textAlign = "right";
  for (const tick of ticks(y, 5)) {
    context.strokeRect(left(0), top(tick.at), width, 0);
    context.fillText(shorten(context, tick.label, EDGE.left - 12), EDGE.left - 8, top(tick.at) + 3.5);
  }
  context.textAlign = "center";
  for (const tick of ticks(x, Math.max(2, Math.floor(width / 110)))) {
    context.fillText(shorten(context, tick.label, 100), left(tick.at), tall - EDGE.bottom + 16);
  }
  context.fillStyle = token("--ink");
  context.fillText(x.column.title, left(0.5), tall - 8);
  context.textAlign = "left";
  context.fillText(y.column.title, 4, 12);
  for (const run of runs) {
    const [across, up] = [position(x, run), position(y, run)];
    if (across === undefined || up === undefined) continue;
    const inside = marks.size === 0 || matches(run, marks);
    context.fillStyle = inside ? token(seriesColor(color(run.id)).slice(4, -1)) : token("--line-strong");
    context.globalAlpha = inside ? 0.85 : 0.5;
    context.beginPath();
    context.arc(left(across), top(up), 4, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  if (!box) return;
  context.fillStyle = token("--accent");
  context.globalAlpha = 0.16;
  const [a, b] = [box.from, box.to];
  context.fillRect(left(a[0]), top(a[1]), left(b[0]) - left(a[0]), top(b[1]) - top(a[1]));
  context.globalAlpha = 1;
}
