// A history in the height of a line of text.

import { sparkPath } from "../lib/series.ts";

export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const [width, height] = [120, 22];
  return (
    <svg
      className="sparkline"
      width={width}
      height={height}
      viewBox={`0 -2 ${width} ${height + 4}`}
      role="img"
      aria-label={label}
    >
      <path d={sparkPath(values, width, height)} strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
