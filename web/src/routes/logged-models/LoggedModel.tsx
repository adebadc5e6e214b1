// One logged model of MLflow 3: what it is, what was measured of it, its files.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite, useTrackingUri } from "../../api/access.ts";
import { deleteLoggedModel, type LoggedModel } from "../../api/loggedModels.ts";
import { number } from "../../api/mlflow.ts";
import { experimentQuery, loggedModelQuery } from "../../api/queries.ts";
import { Artifacts } from "../../components/Artifacts.tsx";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import {
  Badge,
  CopyButton,
  Failure,
  Scroll,
  SkeletonRows,
  Snippet,
  Time,
  useTitle,
} from "../../components/parts.tsx";
import { Tabs } from "../../components/Tabs.tsx";
import { toast } from "../../components/toast.tsx";
import { formatNumber, formatTime } from "../../lib/format.ts";
import { latestMetrics, statusOf } from "../../lib/loggedModel.ts";

const ROUTE = "/p/$project/-/ml/logged-models/$model";

export function LoggedModelPage() {
  const { project, model: id } = useParams({ from: ROUTE });
  const query = useQuery(loggedModelQuery(project, id));
  useTitle(query.data?.info.name ?? "Logged model");
  return (
    <div className="page">
      {query.isPending && <SkeletonRows />}
      {query.isError && (
        <Failure error={query.error} retry={() => void query.refetch()} what="logged model" />
      )}
      {query.data && <Page model={query.data} />}
    </div>
  );
}

function Page({ model }: { model: LoggedModel }) {
  const { project } = useParams({ from: ROUTE });
  const { tab = "details", file } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const { info } = model;
  const experiment = useQuery(experimentQuery(project, info.experiment_id));
  const [tone, word] = statusOf(info.status);
  return (
    <>
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label="Breadcrumb">
            <Link to="/p/$project/-/ml/experiments" params={{ project }}>
              Experiments
            </Link>
            <span aria-hidden="true">/</span>
            <Link
              to="/p/$project/-/ml/experiments/$experiment"
              params={{ project, experiment: info.experiment_id }}
            >
              {experiment.data?.name ?? info.experiment_id}
            </Link>
            <span aria-hidden="true">/</span>
            {info.source_run_id && (
              <>
                <Link to="/p/$project/-/ml/candidates/$run" params={{ project, run: info.source_run_id }}>
                  Run
                </Link>
                <span aria-hidden="true">/</span>
              </>
            )}
          </nav>
          <div className="row wrap">
            <h1>{info.name}</h1>
            <Badge tone={tone} dot>
              {word}
            </Badge>
          </div>
          <span className="quiet">
            Logged <Time at={info.creation_timestamp_ms} />
          </span>
        </div>
        <Actions model={model} />
      </div>
      <Tabs
        tabs={[
          { id: "details", label: "Details" },
          { id: "artifacts", label: "Artifacts" },
        ]}
        current={tab}
        label="Logged model"
      />
      {tab === "artifacts" ? (
        <Artifacts
          project={project}
          tree={info.model_id}
          file={file}
          open={(path) => void navigate({ search: (old) => ({ ...old, file: path }), replace: true })}
        />
      ) : (
        <Details model={model} />
      )}
    </>
  );
}

function Details({ model }: { model: LoggedModel }) {
  const { info, data } = model;
  const tracking = useTrackingUri();
  const tags = (info.tags ?? []).filter((tag) => !tag.key.startsWith("mlflow."));
  return (
    <div className="columns">
      <div className="stack">
        <Metrics model={model} />
        <Pairs title="Params" entries={data.params ?? []} />
        {tags.length > 0 && <Pairs title="Tags" entries={tags} />}
        <section className="card">
          <header>
            <h2>Load</h2>
          </header>
          <div className="body">
            <Snippet
              label="Python"
              code={`import mlflow

mlflow.set_tracking_uri("${tracking}")
model = mlflow.pyfunc.load_model("models:/${info.model_id}")`}
            />
          </div>
        </section>
      </div>
      <Facts model={model} />
    </div>
  );
}

function Facts({ model }: { model: LoggedModel }) {
  const { project } = useParams({ from: ROUTE });
  const { info } = model;
  return (
    <section className="card">
      <header>
        <h2>Details</h2>
      </header>
      <div className="body">
        <dl className="facts">
          <dt>Model id</dt>
          <dd>
            <span className="mono">{info.model_id}</span>{" "}
            <CopyButton text={info.model_id} label="Copy model id" />
          </dd>
          <dt>Logged</dt>
          <dd>{formatTime(info.creation_timestamp_ms)}</dd>
          {info.model_type && (
            <>
              <dt>Type</dt>
              <dd>{info.model_type}</dd>
            </>
          )}
          {info.source_run_id && (
            <>
              <dt>Made by run</dt>
              <dd>
                <Link
                  to="/p/$project/-/ml/candidates/$run"
                  params={{ project, run: info.source_run_id }}
                  className="mono"
                >
                  {info.source_run_id.slice(0, 12)}
                </Link>
              </dd>
            </>
          )}
          {(info.registrations ?? []).map((one) => (
            <div key={`${one.name} ${one.version}`} style={{ display: "contents" }}>
              <dt>Registered as</dt>
              <dd>
                <Link
                  to="/p/$project/-/ml/models/$model/versions/$version"
                  params={{ project, model: one.name, version: one.version }}
                >
                  {one.name}, number {one.version}
                </Link>
              </dd>
            </div>
          ))}
          {info.status_message && (
            <>
              <dt>Message</dt>
              <dd>{info.status_message}</dd>
            </>
          )}
        </dl>
      </div>
    </section>
  );
}

function Metrics({ model }: { model: LoggedModel }) {
  const metrics = latestMetrics(model.data.metrics ?? []);
  return (
    <section className="card">
      <header>
        <h2>
          Metrics <span className="count">{metrics.length}</span>
        </h2>
      </header>
      {metrics.length === 0 ? (
        <p className="body quiet">Nothing was measured of this model.</p>
      ) : (
        <Scroll label="Metrics">
          <table className="data">
            <thead>
              <tr>
                <th>Name</th>
                <th className="num">Last value</th>
                <th className="num">Step</th>
                <th>Dataset</th>
              </tr>
            </thead>
            <tbody>
              {metrics.map((one) => (
                <tr key={`${one.key} ${one.dataset_name} ${one.dataset_digest}`}>
                  <th scope="row">{one.key}</th>
                  <td className="num" title={String(one.value)}>
                    {formatNumber(number(one.value))}
                  </td>
                  <td className="num">{one.step}</td>
                  <td>
                    {one.dataset_name} <span className="mono quiet">{one.dataset_digest}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}

function Pairs({ title, entries }: { title: string; entries: { key: string; value: string }[] }) {
  if (entries.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>
          {title} <span className="count">{entries.length}</span>
        </h2>
      </header>
      <Scroll label={title}>
        <table className="data">
          <tbody>
            {entries.map(({ key, value }) => (
              <tr key={key}>
                <th scope="row" style={{ width: "38%" }}>
                  {key}
                </th>
                <td className="mono" style={{ overflowWrap: "anywhere" }}>
                  {value}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Actions({ model }: { model: LoggedModel }) {
  const { project } = useParams({ from: ROUTE });
  const { info } = model;
  const [asked, setAsked] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!useMayWrite()) return null;
  return (
    <div className="row">
      <Menu
        trigger={
          <button type="button" className="button icon" aria-label="Actions on this model">
            <Icon name="more" />
          </button>
        }
        actions={[{ label: "Delete…", run: () => setAsked(true), danger: true }]}
      />
      {asked && (
        <ConfirmDialog
          title={`Delete ${info.name}?`}
          verb="Delete"
          close={() => setAsked(false)}
          submit={async () => {
            await deleteLoggedModel(project, info.model_id);
            toast(`Deleted ${info.name}`);
            await client.invalidateQueries({ queryKey: ["logged-models", project] });
            if (info.source_run_id)
              await navigate({
                to: "/p/$project/-/ml/candidates/$run",
                params: { project, run: info.source_run_id },
              });
            else await navigate({ to: "/p/$project/-/ml/experiments", params: { project } });
          }}
        >
          Its files and measurements go with it. Versions that were made of it keep their files.
        </ConfirmDialog>
      )}
    </div>
  );
}
