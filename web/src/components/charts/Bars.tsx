// A metric with one value a run is no line: bars.

import { formatCell, plural } from "../../lib/format.ts";

interface Bar {
  id: string;
  label: string;
  color: string;
  value: number;
  /** Of several values at the same place, of which `value` is the mean. */
  span?: { low: number; high: number };
}

/** A bar and the space below it. */
const LINE = 25;

export function Bars({ bars, height }: { bars: Bar[]; height: number }) {
  const finite = bars.map((bar) => bar.value).filter(Number.isFinite);
  const most = Math.max(...finite.map(Math.abs), Number.MIN_VALUE);
  const shown = Math.max(1, Math.floor(height / LINE));
  const [only] = bars;
  if (only && bars.length === 1) {
    // One bar would be as long as its track, whatever the value.
    return (
      <p className="one-value" style={{ minHeight: height }} title={String(only.value)}>
        {formatCell(only.value)}
        <span className="quiet">{only.span ? "mean of several values at one step" : "one value"}</span>
      </p>
    );
  }
  return (
    <div className="bars" style={{ minHeight: height }}>
      {bars.slice(0, shown).map(({ id, label, color, value, span }) => (
        <div key={id} className="bar">
          <span className="truncate" title={label}>
            {label}
          </span>
          <span className="track">
            <span
              style={{
                width: `${Number.isFinite(value) ? (Math.abs(value) / most) * 100 : 0}%`,
                background: color,
              }}
            />
          </span>
          <span className="num" title={span && `mean of values from ${span.low} to ${span.high}`}>
            {span && <span className="delta">mean </span>}
            {formatCell(value)}
          </span>
        </div>
      ))}
      {bars.length > shown && <span className="quiet">and {plural(bars.length - shown, "more run")}</span>}
    </div>
  );
}
