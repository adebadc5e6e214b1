// The chart of one metric: asks for its histories when it comes into view, and for finer ones when it is zoomed.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { usePolling } from "../../api/live.ts";
import { seriesQuery } from "../../api/queries.ts";
import { seriesColor } from "../../lib/colors.ts";
import type { RunRow } from "../../lib/columns.ts";
import { curveOf, rangeOf, type XAxis } from "../../lib/series.ts";
import { Icon } from "../Icon.tsx";
import { useSeen } from "../useSeen.ts";
import { Bars } from "./Bars.tsx";
import type { Series } from "./LineChart.tsx";

const LineChart = lazy(() => import("./LineChart.tsx"));

export interface ChartView {
  axis: XAxis;
  logX: boolean;
  logY: boolean;
  smoothing: number;
  height: number;
  live: boolean;
}

export interface Colored {
  run: RunRow;
  /** A place in the palette. */
  color: number;
}

interface Props {
  metric: string;
  colored: Colored[];
  view: ChartView;
  /** Over the whole width. */
  wide: boolean;
  widen: () => void;
  /** The part of the axis that is in view. */
  zoom: [number, number] | undefined;
  setZoom: (zoom: [number, number] | undefined) => void;
}

/** Fewer points for more runs: an answer stays as large, and nobody sees 600 points in each of 50 lines. */
const pointsFor = (runs: number) => (runs <= 5 ? 800 : runs <= 15 ? 400 : 200);

const WIDE = 1.6;

export function Panel({ metric, colored, view, wide, widen, zoom, setZoom }: Props) {
  const { project = "" } = useParams({ strict: false });
  const { ref, seen } = useSeen();
  const { axis } = view;
  const across = axis.startsWith("m.") ? axis.slice(2) : undefined;
  const ids = useMemo(() => colored.map(({ run }) => run.id), [colored]);
  const poll = usePolling(5000);
  const { data, isError, refetch } = useQuery({
    ...seriesQuery(project, {
      runs: ids,
      metrics: across === undefined || across === metric ? [metric] : [metric, across],
      axis: across === undefined ? (axis as "step" | "relative" | "time") : "step",
      range: rangeOf(zoom, axis),
      most: pointsFor(ids.length),
    }),
    enabled: seen && ids.length > 0,
    staleTime: view.live ? 0 : 300_000,
    refetchInterval: view.live && poll,
    placeholderData: keepPreviousData,
  });
  const series = useMemo<Drawn[]>(() => {
    const own = data?.get(metric);
    const other = across === undefined ? undefined : data?.get(across);
    return colored.flatMap(({ run, color }) => {
      const history = own?.get(run.id);
      if (!history) return [];
      const curve = curveOf(history, axis, other?.get(run.id));
      if (curve.xs.length === 0) return [];
      const label = run.name || run.id.slice(0, 12);
      return [{ id: run.id, label, color: seriesColor(color), curve, first: history.values[0] }];
    });
  }, [colored, data, metric, axis, across]);
  const height = Math.round(wide ? view.height * WIDE : view.height);
  return (
    <section className={`chart ${wide ? "wide" : ""}`} ref={ref} aria-label={metric}>
      <div className="row spread">
        <h2>{metric}</h2>
        <span className="row">
          {zoom && (
            <button type="button" className="link" onClick={() => setZoom(undefined)}>
              Whole range
            </button>
          )}
          <button
            type="button"
            className="button icon plain small only-large"
            aria-label={`Large: ${metric}`}
            aria-pressed={wide}
            onClick={widen}
          >
            <Icon name={wide ? "shrink" : "grow"} size={13} />
          </button>
        </span>
      </div>
      {isError ? (
        <div className="chart-empty" style={{ height }}>
          <button type="button" className="button small" onClick={() => void refetch()}>
            Could not be loaded. Try again
          </button>
        </div>
      ) : !data ? (
        <span className="skeleton" style={{ height }} />
      ) : (
        <Drawing series={series} view={view} height={height} zoom={zoom} setZoom={setZoom} />
      )}
    </section>
  );
}

interface Drawn extends Series {
  /** As it was logged: a curve has no place for infinity. */
  first: number | undefined;
}

interface DrawingProps {
  series: Drawn[];
  view: ChartView;
  height: number;
  zoom: [number, number] | undefined;
  setZoom: (zoom: [number, number] | undefined) => void;
}

function Drawing({ series, view, height, zoom, setZoom }: DrawingProps) {
  if (series.length === 0) {
    return (
      <div className="chart-empty" style={{ height }}>
        None of these runs has values here
      </div>
    );
  }
  if (!zoom && series.every((one) => one.curve.xs.length === 1)) {
    const bars = series.map((one) => {
      const [low, high] = [one.curve.lows?.[0] ?? Number.NaN, one.curve.highs?.[0] ?? Number.NaN];
      return {
        ...one,
        value: one.curve.ys[0] ?? one.first ?? Number.NaN,
        ...(low < high && { span: { low, high } }),
      };
    });
    return <Bars bars={bars} height={height} />;
  }
  return (
    <Suspense fallback={<span className="skeleton" style={{ height }} />}>
      <LineChart
        series={series}
        axis={view.axis}
        logX={view.logX}
        logY={view.logY}
        smoothing={view.smoothing}
        height={height}
        zoom={zoom}
        setZoom={setZoom}
      />
    </Suspense>
  );
}
