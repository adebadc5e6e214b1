// One panel a metric for a set of runs, by the metrics' prefixes; how they are drawn stands in the address.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { seriesColor } from "../../lib/colors.ts";
import { type RunRow, readList } from "../../lib/columns.ts";
import { plural } from "../../lib/format.ts";
import { byPrefix, readAxis } from "../../lib/series.ts";
import { readZooms, toggled, writeZooms } from "../../lib/view.ts";
import { Icon } from "../Icon.tsx";
import { Empty, SkeletonRows } from "../parts.tsx";
import { SearchField } from "../SearchField.tsx";
import { type ChartView, type Colored, Panel } from "./Panel.tsx";

interface Props {
  runs: RunRow[];
  /** Places in the palette, by run. */
  colors: ReadonlyMap<string, number>;
  /** All metrics that these runs may have. */
  metrics: string[];
  loading: boolean;
  note?: string;
  /** Said in place of the charts when there are no runs. */
  none?: string;
}

const HEIGHTS: Record<string, number> = { small: 150, large: 340 };
const HEIGHT = 224;
const LEGEND = 24;

export function Charts({ runs, colors, metrics, loading, note, none = "No runs to draw" }: Props) {
  const search = useSearch({ strict: false });
  const set = useSet();
  const view: ChartView = {
    axis: readAxis(search.x),
    smoothing: Math.min(0.99, Math.max(0, Number(search.smooth ?? 0) || 0)),
    logY: search.log === "1",
    logX: search.logx === "1",
    height: HEIGHTS[search.size ?? ""] ?? HEIGHT,
    live: runs.some((run) => run.status === "RUNNING"),
  };
  const colored = useMemo<Colored[]>(
    () => runs.map((run) => ({ run, color: colors.get(run.id) ?? 0 })),
    [runs, colors],
  );
  const find = (search.find ?? "").toLowerCase();
  const keys = metrics.filter((key) => key.toLowerCase().includes(find));
  const shut = readList(search.shut);
  const wide = readList(search.wide);
  // The same pair while the address is the same: a new one would paint all charts anew.
  const zooms = useMemo(() => readZooms(search.zoom), [search.zoom]);
  const zoom = (key: string, to: [number, number] | undefined) => {
    const next = new Map(zooms);
    if (to) next.set(key, to);
    else next.delete(key);
    set({ zoom: writeZooms(next) });
  };

  if (loading) return <SkeletonRows />;
  if (metrics.length === 0) {
    return (
      <Empty title="No metrics to draw">
        <p>
          What runs log with <code>log_metric</code> is drawn here.
        </p>
      </Empty>
    );
  }
  if (runs.length === 0) return <Empty title={none} />;
  const groups = byPrefix(keys);
  return (
    <div className="stack">
      <Tools view={view} metrics={metrics} note={note} />
      {runs.length > 1 && <Legend colored={colored} />}
      {groups.map(([prefix, own]) => (
        <section key={prefix} className="stack" aria-label={prefix ? `${prefix} metrics` : "Other metrics"}>
          {groups.length > 1 && (
            <button
              type="button"
              className="chart-group"
              aria-expanded={!shut.includes(prefix || "-")}
              onClick={() => set({ shut: toggled(search.shut, prefix || "-") })}
            >
              <Icon name={shut.includes(prefix || "-") ? "right" : "down"} size={13} />
              {prefix || "Others"} <span className="count">{own.length}</span>
            </button>
          )}
          {(groups.length === 1 || !shut.includes(prefix || "-")) && (
            <div className={`charts ${search.size ?? ""}`}>
              {own.map((key) => (
                <Panel
                  key={key}
                  metric={key}
                  colored={colored}
                  view={view}
                  wide={wide.includes(key)}
                  widen={() => set({ wide: toggled(search.wide, key) })}
                  zoom={zooms.get(key)}
                  setZoom={(to) => zoom(key, to)}
                />
              ))}
            </div>
          )}
        </section>
      ))}
      {keys.length === 0 && <Empty title={`No metric has “${search.find}” in its name`} />}
    </div>
  );
}

function useSet() {
  const navigate = useNavigate();
  return (change: Record<string, string | undefined>) =>
    void navigate({
      to: ".",
      search: (old: Record<string, unknown>) => ({ ...old, ...change }),
      replace: true,
    });
}

function Tools({ view, metrics, note }: { view: ChartView; metrics: string[]; note: string | undefined }) {
  const search = useSearch({ strict: false });
  const set = useSet();
  return (
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
          style={{ maxWidth: 190 }}
          value={view.axis}
          onChange={(event) =>
            // Another axis has another unit: the parts in view mean nothing there.
            set({ x: event.target.value === "step" ? undefined : event.target.value, zoom: undefined })
          }
        >
          <option value="step">Step</option>
          <option value="relative">Time since start</option>
          <option value="time">Wall time</option>
          <optgroup label="Another metric">
            {metrics.map((key) => (
              <option key={key} value={`m.${key}`}>
                {key}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      <label className="row">
        <span>Smoothing</span>
        <input
          type="range"
          min={0}
          max={0.95}
          step={0.05}
          value={view.smoothing}
          onChange={(event) => set({ smooth: event.target.value === "0" ? undefined : event.target.value })}
        />
      </label>
      <label className="row">
        <input
          type="checkbox"
          checked={view.logY}
          onChange={(event) => set({ log: event.target.checked ? "1" : undefined })}
        />
        Log scale
      </label>
      <label className="row">
        <input
          type="checkbox"
          checked={view.logX}
          onChange={(event) => set({ logx: event.target.checked ? "1" : undefined })}
        />
        Log x
      </label>
      <select
        aria-label="Size of the charts"
        className="input"
        style={{ width: "auto" }}
        value={search.size ?? "medium"}
        onChange={(event) => set({ size: event.target.value === "medium" ? undefined : event.target.value })}
      >
        <option value="small">Small</option>
        <option value="medium">Medium</option>
        <option value="large">Large</option>
      </select>
      {note && <span className="quiet">{note}</span>}
    </div>
  );
}

function Legend({ colored }: { colored: Colored[] }) {
  const { project = "" } = useParams({ strict: false });
  const rest = colored.length - LEGEND;
  return (
    <div className="legend">
      {colored.slice(0, LEGEND).map(({ run, color }) => (
        <Link
          key={run.id}
          to="/p/$project/-/ml/candidates/$run"
          params={{ project, run: run.id }}
          className="row"
        >
          <span className="swatch" style={{ background: seriesColor(color) }} />
          {run.name || run.id.slice(0, 12)}
        </Link>
      ))}
      {rest > 0 && <span className="quiet">and {plural(rest, "more run")}</span>}
    </div>
  );
}
