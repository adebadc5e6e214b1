// Parallel coordinates: one axis a column, one line a run; pulling along an axis marks a part of it.

import { useCallback, useState } from "react";
import type { Marks } from "../../lib/brush.ts";
import { seriesColor } from "../../lib/colors.ts";
import type { RunRow } from "../../lib/columns.ts";
import { type Axis, markOf, matches, placeOf, position, ticks } from "../../lib/plot.ts";
import { type Pen, shorten, useCanvas } from "./canvas.ts";

interface Props {
  runs: RunRow[];
  axes: Axis[];
  marks: Marks;
  change: (marks: Marks) => void;
  color: (id: string) => number;
}

const HEIGHT = 420;
const TOP = 44;
const BOTTOM = 18;
const SIDE = 66;
/** Axes nearer to each other have no names that could be read: the chart is scrolled instead. */
const GAP = 84;
/** How near an axis a pull has to begin. */
const REACH = 22;

export function Parallel({ runs, axes, marks, change, color }: Props) {
  const [pull, setPull] = useState<{ axis: number; from: number; to: number }>();
  const paint = useCallback(
    (pen: Pen) => draw(pen, runs, axes, marks, color, pull),
    [runs, axes, marks, color, pull],
  );
  const canvas = useCanvas(HEIGHT, paint);
  const at = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = 1 - (event.clientY - box.top - TOP) / (HEIGHT - TOP - BOTTOM);
    return { x: event.clientX - box.left, width: box.width, share: Math.min(1, Math.max(0, share)) };
  };
  const least = axes.length < 2 ? 0 : 2 * SIDE + (axes.length - 1) * GAP;
  return (
    <div
      className="plot"
      style={{ minWidth: least, touchAction: "pan-x" }}
      onPointerDown={(event) => {
        const { x, width, share } = at(event);
        const axis = axes.findIndex((_, index) => Math.abs(xOf(index, axes.length, width) - x) < REACH);
        if (axis < 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPull({ axis, from: share, to: share });
      }}
      onPointerMove={(event) => {
        const { share } = at(event);
        if (pull) setPull({ ...pull, to: share });
      }}
      onPointerUp={() => {
        const axis = pull && axes[pull.axis];
        setPull(undefined);
        if (!pull || !axis) return;
        const next = new Map(marks);
        next.delete(axis.column.id);
        // A click takes the mark away.
        const mark = Math.abs(pull.from - pull.to) > 0.01 ? markOf(axis, pull.from, pull.to) : undefined;
        if (mark) next.set(axis.column.id, mark);
        change(next);
      }}
    >
      <canvas ref={canvas} tabIndex={-1} aria-hidden="true" />
    </div>
  );
}

function xOf(index: number, count: number, width: number): number {
  return count < 2 ? width / 2 : SIDE + (index * (width - 2 * SIDE)) / (count - 1);
}

function draw(
  { context, width, height, color: token }: Pen,
  runs: RunRow[],
  axes: Axis[],
  marks: Marks,
  color: (id: string) => number,
  pull: { axis: number; from: number; to: number } | undefined,
): void {
  const y = (share: number) => height - BOTTOM - share * (height - TOP - BOTTOM);
  const inside = runs.map((run) => marks.size === 0 || matches(run, marks));
  // Those that are out lie below those that are in.
  for (const wanted of [false, true]) {
    runs.forEach((run, index) => {
      if (inside[index] !== wanted) return;
      context.strokeStyle = wanted ? token(seriesName(color(run.id))) : token("--line");
      context.globalAlpha = wanted ? (runs.length > 200 ? 0.45 : 0.8) : 0.7;
      context.lineWidth = wanted ? 1.3 : 1;
      line(context, axes, run, width, y);
    });
  }
  context.globalAlpha = 1;
  axes.forEach((axis, index) => {
    const x = xOf(index, axes.length, width);
    context.strokeStyle = token("--line-strong");
    context.lineWidth = 1;
    context.strokeRect(x, y(1), 0, y(0) - y(1));
    context.fillStyle = token("--ink");
    context.textAlign = "center";
    const gap = axes.length > 1 ? (width - 2 * SIDE) / (axes.length - 1) : width;
    context.fillText(shorten(context, axis.column.title, gap - 8), x, 16);
    context.fillStyle = token("--ink-2");
    context.textAlign = "left";
    for (const tick of ticks(axis, 5)) {
      // Over the lines, and yet to be read.
      const label = shorten(context, tick.label, gap - 14);
      context.strokeStyle = token("--surface");
      context.lineWidth = 4;
      context.strokeText(label, x + 6, y(tick.at) + 3.5);
      context.fillText(label, x + 6, y(tick.at) + 3.5);
    }
    const mark = marks.get(axis.column.id);
    const part = pull?.axis === index ? ([pull.from, pull.to] as const) : mark && placeOf(axis, mark);
    if (!part) return;
    context.fillStyle = token("--accent");
    context.globalAlpha = 0.35;
    const [low, high] = [Math.min(...part), Math.max(...part)];
    context.fillRect(x - 6, y(high) - 3, 12, y(low) - y(high) + 6);
    context.globalAlpha = 1;
  });
}

const seriesName = (place: number) => seriesColor(place).slice(4, -1);

/** A run without a value on an axis has a gap there. */
function line(
  context: CanvasRenderingContext2D,
  axes: Axis[],
  run: RunRow,
  width: number,
  y: (share: number) => number,
): void {
  context.beginPath();
  let down = false;
  axes.forEach((axis, index) => {
    const share = position(axis, run);
    if (share === undefined) {
      down = false;
      return;
    }
    const x = xOf(index, axes.length, width);
    if (down) context.lineTo(x, y(share));
    else context.moveTo(x, y(share));
    down = true;
  });
  context.stroke();
}
