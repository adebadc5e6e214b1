// What is done with the selected runs at once: compare, tag, delete, restore, keep, hide.

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { TagDialog } from "../../components/TagDialog.tsx";
import { toast } from "../../components/toast.tsx";
import { inTurn } from "../../lib/batch.ts";
import { plural } from "../../lib/format.ts";
import type { Row } from "../../lib/rows.ts";
import { together } from "../../lib/view.ts";

interface Props {
  project: string;
  experiment: string;
  selected: string[];
  /** What the address keeps at the top, and out of the charts. */
  pin: string | undefined;
  hide: string | undefined;
  /** The lines that are shown. */
  rows: readonly Row[];
  select: (ids: string[]) => void;
  deleted: boolean;
  compare: () => void;
  arrange: (change: Record<string, string | undefined>) => void;
}

type Asked = "delete" | "restore" | "tag";

export function Selection(props: Props) {
  const { project, experiment, selected, pin, hide, rows, select, deleted, compare, arrange } = props;
  const client = useQueryClient();
  const writable = useMayWrite();
  const [asked, setAsked] = useState<Asked>();
  const count = plural(selected.length, "run");
  const close = () => setAsked(undefined);

  async function forAll(act: (id: string) => Promise<unknown>, done: string, keep = false) {
    try {
      await inTurn(selected, act);
    } finally {
      // Some may have been done before one failed.
      await client.invalidateQueries({ queryKey: ["runs", project, experiment] });
    }
    toast(`${done} ${count}`);
    if (!keep) select([]);
  }

  return (
    <div className="row wrap selection" role="region" aria-label="Selected runs">
      <strong>{count} selected</strong>
      <button type="button" className="button small primary" disabled={selected.length < 2} onClick={compare}>
        Compare
      </button>
      {writable && !deleted && (
        <button type="button" className="button small" onClick={() => setAsked("tag")}>
          Tag…
        </button>
      )}
      <button
        type="button"
        className="button small"
        onClick={() => arrange({ pin: together(pin, selected) })}
      >
        Keep at the top
      </button>
      <button
        type="button"
        className="button small"
        onClick={() => arrange({ hide: together(hide, selected), sel: undefined })}
      >
        Hide from charts
      </button>
      {writable && (
        <button
          type="button"
          className={`button small ${deleted ? "" : "danger"}`}
          onClick={() => setAsked(deleted ? "restore" : "delete")}
        >
          {deleted ? "Restore" : "Delete"}
        </button>
      )}
      <button type="button" className="button small plain" onClick={() => select([])}>
        Clear
      </button>
      {asked === "tag" && (
        <TagDialog
          title={`Tag ${count}`}
          verb="Set tag"
          hint="Runs that have the tag get the new value."
          close={close}
          submit={(tag) => forAll((id) => mlflow.setRunTag(project, id, tag), "Tagged", true)}
        />
      )}
      {(asked === "delete" || asked === "restore") && (
        <ConfirmDialog
          title={`${asked === "delete" ? "Delete" : "Restore"} ${count}?`}
          verb={asked === "delete" ? "Delete" : "Restore"}
          danger={asked === "delete"}
          close={close}
          submit={() =>
            asked === "delete"
              ? forAll((id) => mlflow.deleteRun(project, id), "Deleted")
              : forAll((id) => mlflow.restoreRun(project, id), "Restored")
          }
        >
          {namesOf(selected, rows)}{" "}
          {asked === "delete"
            ? "They can be restored from the list of deleted runs."
            : "They appear among the active runs again."}
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Of so many the dialog says the names. */
const NAMED = 5;

/** Which runs these are, and how many of them the reader does not see. */
function namesOf(ids: readonly string[], rows: readonly Row[]): string {
  const names = new Map(
    rows.flatMap((row) => (row.kind === "run" ? [[row.run.id, row.run.name] as const] : [])),
  );
  const named = ids.slice(0, NAMED).map((id) => names.get(id) || id.slice(0, 12));
  const rest = ids.length - named.length;
  const unseen = ids.filter((id) => !names.has(id)).length;
  const list = `${named.join(", ")}${rest > 0 ? ` and ${plural(rest, "more run")}` : ""}.`;
  if (unseen === 0) return list;
  return `${list} ${unseen} of them ${unseen === 1 ? "is" : "are"} not in the list as it is shown now.`;
}
