// What was marked in the charts, and narrows the table: each mark can be taken back.

import { Icon } from "../../components/Icon.tsx";
import { type Marks, markText, writeMarks } from "../../lib/brush.ts";

export function Brushes({ marks, change }: { marks: Marks; change: (text: string | undefined) => void }) {
  if (marks.size === 0) return null;
  return (
    <div className="row wrap" role="region" aria-label="Marked in the charts">
      {[...marks].map(([id, mark]) => {
        const text = markText(id, mark);
        return (
          <button
            key={id}
            type="button"
            className="button small"
            aria-label={`Take back: ${text}`}
            onClick={() => change(writeMarks(new Map([...marks].filter(([other]) => other !== id))))}
          >
            {text} <Icon name="close" size={12} />
          </button>
        );
      })}
      {marks.size > 1 && (
        <button type="button" className="button small plain" onClick={() => change(undefined)}>
          Take all back
        </button>
      )}
    </div>
  );
}
