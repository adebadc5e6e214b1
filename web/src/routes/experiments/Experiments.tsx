// The experiments of a project.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import { usePolling } from "../../api/live.ts";
import * as mlflow from "../../api/mlflow.ts";
import { experimentsQuery } from "../../api/queries.ts";
import type { ExperimentOverview, ListExperiments } from "../../api/tracking.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { useCommands } from "../../components/commands.ts";
import { TextDialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Empty, Failure, SkeletonRows, Time, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";
import { SortHead } from "../../components/SortHead.tsx";
import { toast } from "../../components/toast.tsx";
import { pathOf } from "../../lib/project.ts";
import { FirstRun, useUntouched } from "./FirstRun.tsx";

const ROUTE = "/p/$project/-/ml/experiments";
const ORDERS: Record<string, ListExperiments["order_by"]> = {
  name: "name",
  runs: "run_count",
  created: "created_at",
  activity: "last_activity_at",
};

type Asked = { kind: "create" } | { kind: "rename" | "delete"; experiment: ExperimentOverview };

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
      search: q,
      order_by: ORDERS[sort?.replace("-", "") ?? ""],
      sort: sort && (sort.startsWith("-") ? "desc" : "asc"),
      state: deleted ? "deleted" : "active",
    }),
    refetchInterval: usePolling(15_000),
  });
  const untouched = useUntouched(project, list.data);
  // Every model has an experiment of its own for the runs that its versions are; those are looked at from the model.
  const items = (list.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (one) => deleted || (one.model_name !== null) === (view === "models"),
  );
  const refresh = () => client.invalidateQueries({ queryKey: ["experiments", project] });
  const restore = async (experiment: ExperimentOverview) => {
    await mlflow.restoreExperiment(project, experiment.id);
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
                <SortHead id="runs" sort={sort} className="num">
                  Runs
                </SortHead>
                <SortHead id="activity" sort={sort} className="only-large">
                  Last activity
                </SortHead>
                <th className="only-large">Newest run</th>
                <th className="only-large">Creator</th>
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
                  key={experiment.id}
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
      {untouched && !q && !view && <FirstRun />}
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
            await mlflow.renameExperiment(project, asked.experiment.id, name);
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
            await mlflow.deleteExperiment(project, asked.experiment.id);
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

interface RowProps {
  experiment: ExperimentOverview;
  writable: boolean;
  rename: () => void;
  remove: () => void;
  restore: () => void;
}

function Row({ experiment, writable, rename, remove, restore }: RowProps) {
  const { project } = useParams({ from: ROUTE });
  const { id, newest_run: newest } = experiment;
  const deleted = experiment.lifecycle_stage === "deleted";
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
      <td className="num">{experiment.run_count.toLocaleString("en")}</td>
      <td className="only-large">
        <Time at={Date.parse(experiment.last_activity_at)} />
      </td>
      <td className="only-large">
        {newest ? (
          <Link
            to="/p/$project/-/ml/candidates/$run"
            params={{ project, run: String(newest.iid) }}
            className="mono"
          >
            {newest.name || newest.run_id.slice(0, 8)}
          </Link>
        ) : (
          <span className="quiet">none</span>
        )}
      </td>
      <td className="only-large">{experiment.creator.username ?? <span className="quiet">–</span>}</td>
      <td className="only-large">
        <Time at={Date.parse(experiment.created_at)} />
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
