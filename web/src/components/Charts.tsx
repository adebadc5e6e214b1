// One panel a metric for a set of runs; how they are drawn stands in the address.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { usePolling } from "../api/live.ts";
import { getSeries, type Run } from "../api/mlflow.ts";
import { seriesColor } from "../lib/colors.ts";
import { catalogue } from "../lib/columns.ts";
import { formatNumber, plural } from "../lib/format.ts";
import type { XAxis } from "../lib/series.ts";
import type { Series } from "./LineChart.tsx";
import { Empty, SkeletonRows } from "./parts.tsx";
import { SearchField } from "./SearchField.tsx";

const LineChart = lazy(() => import("./LineChart.tsx"));

/** Of a run and metric; about as many as a panel has pixels. */
const POINTS = 600;
const HEIGHT = 224;

interface Props {
  runs: Run[];
  /** Run ids in the order that gives them their colours; the others follow. */
  order: string[];
  loading: boolean;
  note?: string;
}

interface View {
  axis: XAxis;
  log: boolean;
  smoothing: number;
  live: boolean;
}

export function Charts({ runs, order, loading, note }: Props) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = (change: Record<string, string | undefined>) =>
    void navigate({
      to: ".",
      search: (old: Record<string, unknown>) => ({ ...old, ...change }),
      replace: true,
    });
  const axis: XAxis = search.x === "time" || search.x === "relative" ? search.x : "step";
  const smoothing = Math.min(0.99, Math.max(0, Number(search.smooth ?? 0) || 0));
  const view: View = {
    axis,
    smoothing,
    log: search.log === "1",
    live: runs.some((run) => run.status === "RUNNING"),
  };
  const colored = useMemo(() => {
    const ids = [...order, ...runs.map((run) => run.id).filter((id) => !order.includes(id))];
    return runs.map((run) => ({ run, color: seriesColor(ids.indexOf(run.id)) }));
  }, [runs, order]);
  const keys = catalogue(runs).metrics.filter((key) =>
    key.toLowerCase().includes((search.find ?? "").toLowerCase()),
  );

  if (loading) return <SkeletonRows />;
  if (catalogue(runs).metrics.length === 0) {
    return (
      <Empty title="No metrics to draw">
        <p>
          What runs log with <code>log_metric</code> is drawn here.
        </p>
      </Empty>
    );
  }
  return (
    <div className="stack">
      <div className="row wrap">
        <SearchField
          label="Search metrics"
          value={search.find ?? ""}
          change={(find) => set({ find: find || undefined })}
        />
        <label className="row">
          <span aria-hidden="true">x</span>
          <select
            aria-label="x axis"
            className="input"
            value={axis}
            onChange={(event) => set({ x: event.target.value === "step" ? undefined : event.target.value })}
          >
            <option value="step">Step</option>
            <option value="relative">Time since start</option>
            <option value="time">Wall time</option>
          </select>
        </label>
        <label className="row">
          <span>Smoothing</span>
          <input
            type="range"
            min={0}
            max={0.95}
            step={0.05}
            value={smoothing}
            onChange={(event) => set({ smooth: event.target.value === "0" ? undefined : event.target.value })}
          />
        </label>
        <label className="row">
          <input
            type="checkbox"
            checked={view.log}
            onChange={(event) => set({ log: event.target.checked ? "1" : undefined })}
          />
          Log scale
        </label>
        {note && <span className="quiet">{note}</span>}
      </div>
      {runs.length > 1 && <Legend colored={colored} />}
      <div className="charts">
        {keys.map((key) => (
          <Panel key={key} metric={key} colored={colored} view={view} />
        ))}
      </div>
      {keys.length === 0 && <Empty title={`No metric has “${search.find}” in its name`} />}
    </div>
  );
}

interface Colored {
  run: Run;
  color: string;
}

function Legend({ colored }: { colored: Colored[] }) {
  const { project = "" } = useParams({ strict: false });
  return (
    <div className="legend">
      {colored.map(({ run, color }) => (
        <Link
          key={run.id}
          to="/p/$project/-/ml/candidates/$run"
          params={{ project, run: run.id }}
          className="row"
        >
          <span className="swatch" style={{ background: color }} />
          {run.name || run.id.slice(0, 12)}
        </Link>
      ))}
    </div>
  );
}

/** Asks for its histories when it comes into view, and for finer ones when it is zoomed. */
function Panel({ metric, colored, view }: { metric: string; colored: Colored[]; view: View }) {
  const { project = "" } = useParams({ strict: false });
  const [zoom, setZoom] = useState<[number, number]>();
  const poll = usePolling(5000);
  const { ref, seen } = useSeen();
  const having = useMemo(() => colored.filter(({ run }) => run.metrics.has(metric)), [colored, metric]);
  const ids = having.map(({ run }) => run.id);
  // The server's ranges are of steps; on other axes a zoom shows what is there.
  const steps =
    view.axis === "step" && zoom ? ([Math.floor(zoom[0]), Math.ceil(zoom[1])] as const) : undefined;
  const { data, isError, refetch } = useQuery({
    queryKey: ["series", project, metric, POINTS, ids, steps],
    queryFn: ({ signal }) => getSeries(project, ids, metric, POINTS, signal, steps),
    enabled: seen && ids.length > 0,
    staleTime: view.live ? 0 : 300_000,
    refetchInterval: view.live && poll,
    placeholderData: keepPreviousData,
  });
  const series = useMemo<Series[]>(
    () =>
      having.flatMap(({ run, color }) => {
        const points = data?.get(run.id) ?? [];
        if (points.length === 0) return [];
        return [
          {
            id: run.id,
            label: run.name || run.id.slice(0, 12),
            color,
            points,
            startedAt: run.startedAt ?? 0,
          },
        ];
      }),
    [having, data],
  );
  const single = series.length > 0 && !zoom && series.every((one) => one.points.length === 1);
  return (
    <section className="chart" ref={ref} aria-label={metric}>
      <div className="row spread">
        <h2>{metric}</h2>
        {zoom && (
          <button type="button" className="link" onClick={() => setZoom(undefined)}>
            Whole range
          </button>
        )}
      </div>
      {isError ? (
        <div className="chart-empty" style={{ height: HEIGHT }}>
          <button type="button" className="button small" onClick={() => void refetch()}>
            Could not be loaded. Try again
          </button>
        </div>
      ) : !data ? (
        <span className="skeleton" style={{ height: HEIGHT }} />
      ) : single ? (
        <Bars series={series} />
      ) : (
        <Suspense fallback={<span className="skeleton" style={{ height: HEIGHT }} />}>
          <LineChart
            series={series}
            axis={view.axis}
            log={view.log}
            smoothing={view.smoothing}
            height={HEIGHT}
            zoom={zoom}
            setZoom={setZoom}
          />
        </Suspense>
      )}
    </section>
  );
}

const BARS = 9;

/** A metric with one value a run is no line. */
function Bars({ series }: { series: Series[] }) {
  const values = series.map((one) => one.points[0]?.value ?? Number.NaN);
  const most = Math.max(...values.filter(Number.isFinite).map(Math.abs), Number.MIN_VALUE);
  return (
    <div className="bars" style={{ minHeight: HEIGHT }}>
      {series.slice(0, BARS).map((one, index) => {
        const value = values[index] ?? Number.NaN;
        return (
          <div key={one.id} className="bar">
            <span className="truncate" title={one.label}>
              {one.label}
            </span>
            <span className="track">
              <span
                style={{
                  width: `${Number.isFinite(value) ? (Math.abs(value) / most) * 100 : 0}%`,
                  background: one.color,
                }}
              />
            </span>
            <span className="num">{formatNumber(value)}</span>
          </div>
        );
      })}
      {series.length > BARS && <span className="quiet">and {plural(series.length - BARS, "more run")}</span>}
    </div>
  );
}

/** Whether the element has been in view. */
export function useSeen() {
  const ref = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || seen) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), {
      rootMargin: "300px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen]);
  return { ref, seen };
}
