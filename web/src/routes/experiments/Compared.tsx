// The runs' values against each other: parallel coordinates and scatter. What is marked in them narrows the table.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { tablePageQuery } from "../../api/queries.ts";
import { Parallel } from "../../components/charts/Parallel.tsx";
import { Scatter } from "../../components/charts/Scatter.tsx";
import { Empty, Failure, SkeletonRows } from "../../components/parts.tsx";
import { type Mark, type Marks, refusal, writeMarks } from "../../lib/brush.ts";
import { assignColors } from "../../lib/colors.ts";
import { allColumns, type Column, readList } from "../../lib/columns.ts";
import { plural } from "../../lib/format.ts";
import { type Axis, axisOf, matches, usualAxes } from "../../lib/plot.ts";
import { readPairs, toggled } from "../../lib/view.ts";
import { type Runs, useArrange } from "./useRuns.ts";

/** More lines than this nobody can tell apart. */
const MOST = 1000;

export default function Compared({ runs, plot }: { runs: Runs; plot: "parallel" | "scatter" }) {
  const { project, experiment, search, ask, keys, marks, hidden, sort } = runs;
  const arrange = useArrange();
  const navigate = useNavigate();
  const columns = useMemo(
    () =>
      allColumns(keys).filter(
        (one) => one.kind === "metric" || one.kind === "param" || one.id === "a.started",
      ),
    [keys],
  );
  // Without the marks: what is outside them stays in view, greyed.
  const query = useQuery({
    ...tablePageQuery(
      project,
      experiment,
      { ...ask, filter: search.q, columns: columns.map((one) => one.id) },
      MOST,
    ),
    placeholderData: keepPreviousData,
  });
  const all = useMemo(
    () => query.data?.items.filter((run) => !hidden.has(run.id)) ?? [],
    [query.data, hidden],
  );
  const usual = useMemo(() => usualAxes(columns, all, sort?.id), [columns, all, sort?.id]);
  const colors = useMemo(() => assignColors(all, readPairs(search.color)), [all, search.color]);
  const color = useCallback((id: string) => colors.get(id) ?? 0, [colors]);
  const [refused, setRefused] = useState<string>();
  const change = (next: Marks) => {
    const why = refusal(search.q, next);
    setRefused(why);
    if (!why) arrange({ brush: writeMarks(next) });
  };

  if (query.isPending) return <SkeletonRows />;
  if (query.isError)
    return <Failure error={query.error} retry={() => void query.refetch()} what="list of runs" />;
  const find = (id: string | undefined) => columns.find((one) => one.id === id);
  const inside = all.filter((run) => matches(run, marks)).length;
  const said = `${plural(inside, "run")}${inside < all.length ? ` of ${all.length}` : ""}${query.data.next ? `, the first ${MOST} of the table` : ""}. Pull ${plot === "parallel" ? "along an axis" : "a box"} to narrow the table to what is in it.`;
  if (plot === "parallel") {
    const chosen = search.axes ? readList(search.axes) : usual;
    const axes = chosen.flatMap((id) => find(id) ?? []).flatMap((one) => axisOf(one, all) ?? []);
    return (
      <div className="stack">
        <p className="quiet">{said}</p>
        {refused && <p role="alert">{refused}</p>}
        <details>
          <summary>Axes</summary>
          <div className="axis-choice">
            {columns.map((one) => (
              <label key={one.id} className="row">
                <input
                  type="checkbox"
                  checked={chosen.includes(one.id)}
                  onChange={() => arrange({ axes: toggled(search.axes ?? chosen.join(","), one.id) })}
                />
                <span className="truncate">{one.title}</span>
              </label>
            ))}
          </div>
        </details>
        <MarkForm axes={axes} marks={marks} change={change} />
        {axes.length < 2 ? (
          <Empty title="Choose two axes or more" />
        ) : (
          <section className="chart scrolled" aria-label="Parallel coordinates" tabIndex={0}>
            <Parallel runs={all} axes={axes} marks={marks} change={change} color={color} />
          </section>
        )}
      </div>
    );
  }
  const numeric = (one: Column | undefined) => one !== undefined && axisOf(one, all)?.kind === "number";
  const first = usual.find((id) => numeric(find(id))) ?? usual[0];
  const last = usual.at(-1);
  const across = find(search.sx) ?? find(first);
  const up = find(search.sy) ?? find(last);
  const x = across && axisOf(across, all);
  const y = up && axisOf(up, all);
  return (
    <div className="stack">
      <p className="quiet">{said}</p>
      {refused && <p role="alert">{refused}</p>}
      <div className="row wrap">
        <Choice label="Across" columns={columns} value={across?.id} change={(sx) => arrange({ sx })} />
        <Choice label="Up" columns={columns} value={up?.id} change={(sy) => arrange({ sy })} />
      </div>
      {x && y && <MarkForm axes={[x, y]} marks={marks} change={change} />}
      {x && y ? (
        <section className="chart" aria-label="Scatter">
          <Scatter
            runs={all}
            x={x}
            y={y}
            marks={marks}
            change={change}
            color={color}
            open={(run) =>
              void navigate({ to: "/p/$project/-/ml/candidates/$run", params: { project, run: run.id } })
            }
          />
        </section>
      ) : (
        <Empty title="Nothing to draw">
          <p>These runs have no values in common, or too many different words.</p>
        </Empty>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  columns: Column[];
  value: string | undefined;
  change: (id: string) => void;
}

function Choice({ label, columns, value, change }: ChoiceProps) {
  return (
    <label className="row">
      {label}
      <select className="input" value={value ?? ""} onChange={(event) => change(event.target.value)}>
        {value === undefined && <option value="">–</option>}
        {columns.map((one) => (
          <option key={one.id} value={one.id}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MarkFormProps {
  axes: Axis[];
  marks: Marks;
  change: (marks: Marks) => void;
}

/** Marks by keyboard: what a pull with the mouse does. */
function MarkForm({ axes, marks, change }: MarkFormProps) {
  const [chosen, setChosen] = useState("");
  const [low, setLow] = useState("");
  const [high, setHigh] = useState("");
  const axis = axes.find((one) => one.column.id === chosen) ?? axes[0];
  if (!axis) return null;
  const words = axis.kind === "text";
  const mark = (): Mark | undefined => {
    if (words) return low === "" ? undefined : { values: [low] };
    const range = { low: low === "" ? axis.low : Number(low), high: high === "" ? axis.high : Number(high) };
    if (!Number.isFinite(range.low) || !Number.isFinite(range.high)) return undefined;
    if (!axis.texts) return range;
    const values = [...axis.texts]
      .filter(([value]) => value >= range.low && value <= range.high)
      .flatMap(([, all]) => all);
    return values.length > 0 ? { values } : undefined;
  };
  return (
    <form
      className="row wrap"
      aria-label="Mark a range"
      onSubmit={(event) => {
        event.preventDefault();
        const made = mark();
        if (made) change(new Map(marks).set(axis.column.id, made));
      }}
    >
      <select
        className="input"
        style={{ width: "auto" }}
        aria-label="Column to mark"
        value={axis.column.id}
        onChange={(event) => {
          setChosen(event.target.value);
          setLow("");
          setHigh("");
        }}
      >
        {axes.map((one) => (
          <option key={one.column.id} value={one.column.id}>
            {one.column.title}
          </option>
        ))}
      </select>
      {words ? (
        <select
          className="input"
          style={{ width: "auto" }}
          aria-label="Value"
          value={low}
          onChange={(event) => setLow(event.target.value)}
        >
          <option value="">any</option>
          {axis.values.map((value) => (
            <option key={value}>{value}</option>
          ))}
        </select>
      ) : (
        <>
          <input
            className="input"
            style={{ width: 96 }}
            aria-label="From"
            placeholder="from"
            inputMode="decimal"
            value={low}
            onChange={(event) => setLow(event.target.value)}
          />
          <input
            className="input"
            style={{ width: 96 }}
            aria-label="To"
            placeholder="to"
            inputMode="decimal"
            value={high}
            onChange={(event) => setHigh(event.target.value)}
          />
        </>
      )}
      <button type="submit" className="button small">
        Mark
      </button>
    </form>
  );
}
