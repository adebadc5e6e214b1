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
import { together } from "../../lib/view.ts";

interface Props {
  project: string;
  experiment: string;
  selected: string[];
  /** What the address keeps at the top, and out of the charts. */
  pin: string | undefined;
  hide: string | undefined;
  select: (ids: string[]) => void;
  deleted: boolean;
  compare: () => void;
  arrange: (change: Record<string, string | undefined>) => void;
}

type Asked = "delete" | "restore" | "tag";

export function Selection(props: Props) {
  const { project, experiment, selected, pin, hide, select, deleted, compare, arrange } = props;
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
          {asked === "delete"
            ? "They can be restored from the list of deleted runs."
            : "They appear among the active runs again."}
        </ConfirmDialog>
      )}
    </div>
  );
}
