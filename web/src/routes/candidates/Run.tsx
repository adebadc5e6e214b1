// One run: what it is, what it measured, what it left behind.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import { usePolling } from "../../api/live.ts";
import * as mlflow from "../../api/mlflow.ts";
import { candidateQuery, experimentQuery, runQuery, runsByIdQuery } from "../../api/queries.ts";
import { Artifacts } from "../../components/Artifacts.tsx";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Charts } from "../../components/charts/Charts.tsx";
import { useCommands } from "../../components/commands.ts";
import { TextDialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import {
  Badge,
  copyText,
  Failure,
  SkeletonRows,
  StatusBadge,
  Time,
  useTitle,
} from "../../components/parts.tsx";
import { Tabs } from "../../components/Tabs.tsx";
import { toast } from "../../components/toast.tsx";
import { assignColors } from "../../lib/colors.ts";
import { catalogue } from "../../lib/columns.ts";
import { rootOf } from "../../lib/files.ts";
import { Details } from "./Details.tsx";
import { RegisterDialog } from "./RegisterDialog.tsx";

const ROUTE = "/p/$project/-/ml/candidates/$run";
const NO_COLUMNS: string[] = [];

export function RunPage() {
  const { project, run: named } = useParams({ from: ROUTE });
  // GitLab's addresses have the run's number in the project, MLflow's its id.
  const numbered = /^\d{1,19}$/.test(named);
  const candidate = useQuery({ ...candidateQuery(project, named), enabled: numbered });
  const id = numbered ? candidate.data?.run_id : named;
  const poll = usePolling(5000);
  const found = useQuery({
    ...runQuery(project, id ?? ""),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => state.data?.status === "RUNNING" && poll,
  });
  const query = candidate.isError ? candidate : found;
  useTitle(found.data?.name || "Run");
  if (query.isPending) {
    return (
      <div className="page">
        <SkeletonRows />
      </div>
    );
  }
  // What was there stays: the server may be back in a moment.
  if (query.isLoadingError) {
    return (
      <div className="page">
        <Failure error={query.error} retry={() => void query.refetch()} what="run" />
      </div>
    );
  }
  return found.data && <Page run={found.data} />;
}

function Page({ run }: { run: mlflow.Run }) {
  const { project } = useParams({ from: ROUTE });
  const { tab = "details", file } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const experiment = useQuery(experimentQuery(project, run.experimentId));
  const runs = useMemo(() => [run], [run]);
  // The colour that it has in the table comes from its number, which MLflow's routes do not tell.
  const numbered = useQuery({
    ...runsByIdQuery(project, run.experimentId, [run.id], NO_COLUMNS),
    enabled: tab === "charts",
  });
  const iid = numbered.data?.[0]?.iid;
  const colors = useMemo(() => assignColors([{ id: run.id, iid }], new Map()), [run.id, iid]);
  const metrics = useMemo(() => catalogue(runs).metrics, [runs]);
  const tabs = [
    { id: "details", label: "Details" },
    { id: "charts", label: "Charts", count: run.metrics.size },
    { id: "artifacts", label: "Artifacts" },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label="Breadcrumb">
            <Link to="/p/$project/-/ml/experiments" params={{ project }}>
              Experiments
            </Link>
            <span aria-hidden="true">/</span>
            <Link
              to="/p/$project/-/ml/experiments/$experiment"
              params={{ project, experiment: run.experimentId }}
            >
              {experiment.data?.name ?? run.experimentId}
            </Link>
            <span aria-hidden="true">/</span>
          </nav>
          <div className="row wrap">
            <h1>{run.name || run.id}</h1>
            <StatusBadge status={run.status} />
            {run.deleted && <Badge tone="bad">Deleted</Badge>}
          </div>
          <span className="quiet">
            Started <Time at={run.startedAt} /> by{" "}
            {run.tags.get("mlflow.user") || run.user || "somebody unknown"}
          </span>
        </div>
        <Actions run={run} />
      </div>
      <Tabs tabs={tabs} current={tab} label="Run" />
      {tab === "details" && <Details run={run} />}
      {tab === "charts" && (
        <Charts runs={runs} colors={colors} metrics={metrics} loading={numbered.isPending} />
      )}
      {tab === "artifacts" && (
        <Artifacts
          project={project}
          tree={run.id}
          root={run.deleted ? undefined : rootOf(run.artifactUri)}
          file={file}
          open={(path) => void navigate({ search: (old) => ({ ...old, file: path }), replace: true })}
        />
      )}
    </div>
  );
}

type Asked = "rename" | "delete" | "register";

function Actions({ run }: { run: mlflow.Run }) {
  const { project } = useParams({ from: ROUTE });
  const [asked, setAsked] = useState<Asked>();
  const client = useQueryClient();
  const writable = useMayWrite();
  const close = () => setAsked(undefined);
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: ["run", project, run.id] });
    await client.invalidateQueries({ queryKey: ["runs", project, run.experimentId] });
  };
  const restore = async () => {
    await mlflow.restoreRun(project, run.id);
    toast("Restored the run");
    await refresh();
  };
  const may = writable && !run.deleted;
  useCommands([
    may && { label: "Promote this run to a model", run: () => setAsked("register") },
    may && { label: "Rename this run", run: () => setAsked("rename") },
    may && { label: "Delete this run", run: () => setAsked("delete") },
    {
      label: "Copy the run’s id",
      run: () => void copyText(run.id).then(() => toast("The run’s id is on the clipboard")),
    },
  ]);
  if (!writable) return null;
  return (
    <div className="row">
      {!run.deleted && (
        <button type="button" className="button primary" onClick={() => setAsked("register")}>
          Promote to a model
        </button>
      )}
      <Menu
        trigger={
          <button type="button" className="button icon" aria-label="Actions on this run">
            <Icon name="more" />
          </button>
        }
        actions={
          run.deleted
            ? [{ label: "Restore", run: () => void restore() }]
            : [
                { label: "Rename…", run: () => setAsked("rename") },
                { label: "Delete…", run: () => setAsked("delete"), danger: true, apart: true },
              ]
        }
      />
      {asked === "register" && <RegisterDialog run={run} close={close} />}
      {asked === "rename" && (
        <TextDialog
          title="Rename run"
          verb="Rename"
          label="Name"
          initial={run.name}
          close={close}
          submit={async (name) => {
            await mlflow.renameRun(project, run.id, name);
            await refresh();
          }}
        />
      )}
      {asked === "delete" && (
        <ConfirmDialog
          title={`Delete ${run.name || "this run"}?`}
          verb="Delete"
          close={close}
          submit={async () => {
            await mlflow.deleteRun(project, run.id);
            toast("Deleted the run");
            await refresh();
          }}
        >
          Its params, metrics and artifacts go with it. It can be restored from the list of deleted runs.
        </ConfirmDialog>
      )}
    </div>
  );
}
