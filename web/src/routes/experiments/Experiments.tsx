// The experiments of a project.

import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import { usePolling } from "../../api/live.ts";
import * as mlflow from "../../api/mlflow.ts";
import { experimentsQuery, newestRunQuery } from "../../api/queries.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { useCommands } from "../../components/commands.ts";
import { TextDialog } from "../../components/Dialog.tsx";
import { FirstSteps } from "../../components/FirstSteps.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Empty, Failure, SkeletonRows, StatusBadge, Time, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";
import { SortHead } from "../../components/SortHead.tsx";
import { toast } from "../../components/toast.tsx";
import { quoteValue } from "../../lib/filter.ts";
import { pathOf } from "../../lib/project.ts";

const ROUTE = "/p/$project/-/ml/experiments";
const ORDERS: Record<string, string> = {
  name: "name ASC",
  "-name": "name DESC",
  created: "creation_time ASC",
  "-created": "creation_time DESC",
  activity: "last_update_time ASC",
  "-activity": "last_update_time DESC",
};

type Asked = { kind: "create" } | { kind: "rename" | "delete"; experiment: mlflow.Experiment };

export function Experiments() {
  const { project } = useParams({ from: ROUTE });
  const { q, sort, view } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const writable = useMayWrite();
  useCommands([writable && { label: "New experiment", run: () => setAsked({ kind: "create" }) }]);
  useTitle(`Experiments · ${pathOf(project)}`);

  const deleted = view === "deleted";
  const list = useInfiniteQuery({
    ...experimentsQuery(project, {
      filter: filterOf(q, view),
      order_by: [ORDERS[sort ?? ""] ?? "creation_time DESC"],
      view_type: deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
    }),
    refetchInterval: usePolling(15_000),
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const refresh = () => client.invalidateQueries({ queryKey: ["experiments", project] });
  const restore = async (experiment: mlflow.Experiment) => {
    await mlflow.restoreExperiment(project, experiment.experiment_id);
    toast(`Restored ${experiment.name}`);
    await refresh();
  };

  return (
    <div className="page">
      <div className="page-head">
        <h1>Experiments</h1>
        {writable && (
          <button type="button" className="button primary" onClick={() => setAsked({ kind: "create" })}>
            <Icon name="plus" size={14} /> New experiment
          </button>
        )}
      </div>
      <div className="row wrap">
        <SearchField
          label="Search by name"
          value={q ?? ""}
          change={(text) =>
            void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true })
          }
        />
        <div>
          <select
            className="input"
            value={view ?? "active"}
            aria-label="Which experiments"
            onChange={(event) =>
              void navigate({
                search: (old) => ({
                  ...old,
                  view: event.target.value === "active" ? undefined : event.target.value,
                }),
              })
            }
          >
            <option value="active">Active</option>
            <option value="models">Of models</option>
            <option value="deleted">Deleted</option>
          </select>
        </div>
      </div>
      {list.isPending && <SkeletonRows />}
      {list.isError && (
        <Failure error={list.error} retry={() => void list.refetch()} what="list of experiments" />
      )}
      {list.data && items.length === 0 && (q || view) && (
        <Empty title={q ? `No experiment has “${q}” in its name` : "There are none"} />
      )}
      {items.length > 0 && (
        <div className="card table-scroll">
          <table className="data">
            <thead>
              <tr>
                <SortHead id="name" sort={sort}>
                  Name
                </SortHead>
                <th>Newest run</th>
                <th className="only-large">Status</th>
                <SortHead id="activity" sort={sort} className="only-large">
                  Last change
                </SortHead>
                <SortHead id="created" sort={sort} className="only-large">
                  Created
                </SortHead>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((experiment) => (
                <Row
                  key={experiment.experiment_id}
                  experiment={experiment}
                  writable={writable}
                  rename={() => setAsked({ kind: "rename", experiment })}
                  remove={() => setAsked({ kind: "delete", experiment })}
                  restore={() => void restore(experiment)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton query={list} />
      {!q && !view && list.data && <FirstRun project={project} data={list.data} />}
      {asked?.kind === "create" && (
        <TextDialog
          title="New experiment"
          verb="Create"
          label="Name"
          initial=""
          close={() => setAsked(undefined)}
          submit={async (name) => {
            const experiment = await mlflow.createExperiment(project, name);
            await refresh();
            await navigate({
              to: "/p/$project/-/ml/experiments/$experiment",
              params: { project, experiment },
            });
          }}
        />
      )}
      {asked?.kind === "rename" && (
        <TextDialog
          title="Rename experiment"
          verb="Rename"
          label="Name"
          initial={asked.experiment.name}
          hint="Code that names the experiment has to change with it."
          close={() => setAsked(undefined)}
          submit={async (name) => {
            await mlflow.renameExperiment(project, asked.experiment.experiment_id, name);
            await refresh();
          }}
        />
      )}
      {asked?.kind === "delete" && (
        <ConfirmDialog
          title={`Delete ${asked.experiment.name}?`}
          verb="Delete"
          close={() => setAsked(undefined)}
          submit={async () => {
            await mlflow.deleteExperiment(project, asked.experiment.experiment_id);
            toast(`Deleted ${asked.experiment.name}`);
            await refresh();
          }}
        >
          Its runs go with it. Both can be restored from the list of deleted experiments.
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Every model has an experiment of its own for the runs that its versions are; those are looked at from the model. */
function filterOf(q: string | undefined, view: string | undefined): string | undefined {
  const parts = q ? [`name ILIKE ${quoteValue(`%${q}%`)}`] : [];
  if (view === "models") parts.push("name LIKE '[model]%'");
  if (view === undefined) parts.push("NOT (name LIKE '[model]%')");
  return parts.join(" AND ") || undefined;
}

interface RowProps {
  experiment: mlflow.Experiment;
  writable: boolean;
  rename: () => void;
  remove: () => void;
  restore: () => void;
}

function Row({ experiment, writable, rename, remove, restore }: RowProps) {
  const { project } = useParams({ from: ROUTE });
  const id = experiment.experiment_id;
  const deleted = experiment.lifecycle_stage === "deleted";
  const { data: newest, isPending } = useQuery({ ...newestRunQuery(project, id), enabled: !deleted });
  const actions = deleted
    ? [{ label: "Restore", run: restore }]
    : [
        { label: "Rename…", run: rename },
        { label: "Delete…", run: remove, danger: true, apart: true },
      ];
  return (
    <tr>
      <th scope="row">
        {deleted ? (
          experiment.name
        ) : (
          <Link to="/p/$project/-/ml/experiments/$experiment" params={{ project, experiment: id }}>
            {experiment.name}
          </Link>
        )}
      </th>
      <td>
        {newest ? (
          <Link to="/p/$project/-/ml/candidates/$run" params={{ project, run: newest.id }} className="mono">
            {newest.name || newest.id.slice(0, 8)}
          </Link>
        ) : isPending && !deleted ? (
          <span className="skeleton" style={{ width: 90 }} />
        ) : (
          <span className="quiet">none</span>
        )}
      </td>
      <td className="only-large">{newest && <StatusBadge status={newest.status} />}</td>
      <td className="only-large">
        <Time
          at={
            newest
              ? Math.max(newest.startedAt ?? 0, experiment.last_update_time ?? 0)
              : experiment.last_update_time
          }
        />
      </td>
      <td className="only-large">
        <Time at={experiment.creation_time} />
      </td>
      <td className="num">
        {writable && (
          <Menu
            trigger={
              <button
                type="button"
                className="button icon plain small"
                aria-label={`Actions on ${experiment.name}`}
              >
                <Icon name="more" />
              </button>
            }
            actions={actions}
          />
        )}
      </td>
    </tr>
  );
}

/** A project in which nothing has been logged shows how to; the page looks again until the first run is there. */
function FirstRun({
  project,
  data,
}: {
  project: string;
  data: InfiniteData<mlflow.Page<mlflow.Experiment>>;
}) {
  const items = data.pages.flatMap((page) => page.items);
  const untouched = items.length === 0 || (items.length === 1 && items[0]?.experiment_id === "0");
  const client = useQueryClient();
  const only = items[0]?.experiment_id ?? "0";
  const poll = usePolling(2000);
  const { data: newest } = useQuery({
    ...newestRunQuery(project, only),
    enabled: untouched && items.length === 1,
    refetchInterval: poll,
  });
  useEffect(() => {
    if (!untouched || poll === false) return;
    const timer = setInterval(
      () => void client.invalidateQueries({ queryKey: ["experiments", project] }),
      poll,
    );
    return () => clearInterval(timer);
  }, [untouched, poll, client, project]);
  if (!untouched || newest) return null;
  return (
    <Empty title="Log the first run">
      <p>Paste this where Python is. The experiment appears here by itself as soon as it arrives.</p>
      <FirstSteps experiment="first-steps" />
    </Empty>
  );
}
