// Archiving, deleting and bringing back a project: for its owners.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import {
  archiveProject,
  deleteProject,
  type Project,
  removeProject,
  restoreProject,
} from "../../api/projects.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { FormDialog } from "../../components/Dialog.tsx";
import { TextField } from "../../components/Field.tsx";
import { toast } from "../../components/toast.tsx";

type Asked = "archive" | "delete" | "remove";

export function DangerZone({ project }: { project: Project }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  const path = project.path_with_namespace;
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["project"] }),
      client.invalidateQueries({ queryKey: ["projects"] }),
    ]);
  const waits = project.marked_for_deletion_on;
  const restore = async () => {
    await restoreProject(project.id);
    toast("The project is restored");
    await refresh();
  };
  const archive = async () => {
    await archiveProject(project.id, !project.archived);
    toast(project.archived ? "The project can be written again" : "The project is archived");
    await refresh();
  };
  return (
    <section className="card danger-zone" aria-label="Archive and deletion">
      <header>
        <h2>Archive and deletion</h2>
      </header>
      <div className="body stack">
        {waits === null && (
          <Row
            title={project.archived ? "Open it again" : "Archive it"}
            about={
              project.archived
                ? "Runs and models can be written again."
                : "Everything stays readable, and nothing can be written until it is opened again."
            }
          >
            <button type="button" className="button" onClick={() => setAsked("archive")}>
              {project.archived ? "Unarchive" : "Archive"}
            </button>
          </Row>
        )}
        {waits === null ? (
          <Row
            title="Delete it"
            about="It goes from all lists, is read-only, and is removed with all that is in it after seven days. Until then it can be restored."
          >
            <button type="button" className="button danger" onClick={() => setAsked("delete")}>
              Delete project
            </button>
          </Row>
        ) : (
          <>
            <Row title="It waits to be deleted" about={`On ${waits} all that is in it is removed.`}>
              <button type="button" className="button primary" onClick={() => void restore()}>
                Restore project
              </button>
            </Row>
            <Row title="Remove it now" about="Runs, models and files are gone for good.">
              <button type="button" className="button danger" onClick={() => setAsked("remove")}>
                Remove for good
              </button>
            </Row>
          </>
        )}
      </div>
      {asked === "archive" && (
        <ConfirmDialog
          title={`${project.archived ? "Unarchive" : "Archive"} ${path}?`}
          verb={project.archived ? "Unarchive" : "Archive"}
          danger={!project.archived}
          close={close}
          submit={archive}
        >
          {project.archived
            ? "Developers and above can log to it again."
            : "Jobs that log to it are refused from now on."}
        </ConfirmDialog>
      )}
      {asked === "delete" && (
        <ConfirmDialog
          title={`Delete ${path}?`}
          verb="Delete project"
          close={close}
          submit={async () => {
            await deleteProject(project.id);
            toast("The project waits to be deleted");
            await refresh();
          }}
        >
          Jobs that log to it are refused from now on. You can restore it here for seven days.
        </ConfirmDialog>
      )}
      {asked === "remove" && (
        <RemoveDialog
          path={path}
          close={close}
          remove={async () => {
            await removeProject(project.id, path);
            await navigate({ to: "/" });
            toast(`${path} is removed`);
            client.removeQueries({ queryKey: ["project"] });
            await client.invalidateQueries({ queryKey: ["projects"] });
          }}
        />
      )}
    </section>
  );
}

function Row({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <div className="danger-row">
      <div>
        <h3>{title}</h3>
        <p className="quiet">{about}</p>
      </div>
      {children}
    </div>
  );
}

function RemoveDialog({
  path,
  close,
  remove,
}: {
  path: string;
  close: () => void;
  remove: () => Promise<unknown>;
}) {
  const [typed, setTyped] = useState("");
  return (
    <FormDialog
      title="Remove it for good?"
      verb="Remove for good"
      danger
      valid={typed === path}
      close={close}
      submit={remove}
    >
      <p>Nothing of it can be brought back.</p>
      <TextField
        label={`Type ${path} to go on`}
        value={typed}
        change={setTyped}
        autoFocus
        spellCheck={false}
      />
    </FormDialog>
  );
}
