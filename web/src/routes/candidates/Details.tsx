// A run's facts, notes, params, metrics with their histories, datasets, models and tags.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useMayWrite, useTrackingUri } from "../../api/access.ts";
import { usePolling } from "../../api/live.ts";
import * as mlflow from "../../api/mlflow.ts";
import { seriesQuery } from "../../api/queries.ts";
import { MarkdownDialog } from "../../components/MarkdownDialog.tsx";
import { MarkdownText } from "../../components/MarkdownText.tsx";
import { Provenance } from "../../components/Provenance.tsx";
import { CopyButton, Scroll, Snippet } from "../../components/parts.tsx";
import { Sparkline } from "../../components/Sparkline.tsx";
import { TagsCard } from "../../components/TagsCard.tsx";
import { useSeen } from "../../components/useSeen.ts";
import { formatDuration, formatNumber, formatTime } from "../../lib/format.ts";
import { Datasets } from "./Datasets.tsx";
import { LoggedModels } from "./LoggedModels.tsx";

const ROUTE = "/p/$project/-/ml/candidates/$run";
const NOTE = "mlflow.note.content";
/** Below this many entries a search field would only be in the way. */
const SEARCHED = 12;

export function Details({ run }: { run: mlflow.Run }) {
  const { project } = useParams({ from: ROUTE });
  const client = useQueryClient();
  const writable = useMayWrite() && !run.deleted;
  const refresh = () => client.invalidateQueries({ queryKey: ["run", project, run.id] });
  const own = [...run.tags].filter(([key]) => !key.startsWith("mlflow."));
  // Those say which job made the run, and have a place of their own.
  const tags = own.filter(([key]) => !key.startsWith("gitlab.CI_"));
  return (
    <div className="columns">
      <div className="stack">
        <Entries title="Metrics" count={run.metrics.size} none="This run logged no metrics.">
          {(wanted) => <MetricTable run={run} wanted={wanted} />}
        </Entries>
        <Entries title="Params" count={run.params.size} none="This run logged no params.">
          {(wanted) => <TextTable entries={[...run.params]} wanted={wanted} />}
        </Entries>
        <TagsCard
          tags={tags.sort(byKey)}
          set={
            writable
              ? async (tag) => {
                  await mlflow.setRunTag(project, run.id, tag);
                  await refresh();
                }
              : undefined
          }
          remove={async (key) => {
            await mlflow.deleteRunTag(project, run.id, key);
            await refresh();
          }}
        />
      </div>
      <div className="stack">
        <Facts run={run} />
        <Provenance project={project} runId={run.id} />
        <Notes run={run} />
        <LoggedModels project={project} run={run} />
        {run.datasets.length > 0 && <Datasets run={run} />}
        <Load run={run} />
      </div>
    </div>
  );
}

interface EntriesProps {
  title: string;
  count: number;
  none: string;
  children: (wanted: string) => ReactNode;
}

function Entries({ title, count, none, children }: EntriesProps) {
  const [wanted, setWanted] = useState("");
  return (
    <section className="card">
      <header>
        <h2>
          {title} <span className="count">{count}</span>
        </h2>
        {count > SEARCHED && (
          <input
            className="input"
            style={{ width: 190, height: 28 }}
            aria-label={`Search ${title.toLowerCase()}`}
            placeholder={`Search ${title.toLowerCase()}`}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        )}
      </header>
      {count === 0 ? (
        <p className="body quiet">{none}</p>
      ) : (
        <Scroll label={title}>{children(wanted.toLowerCase())}</Scroll>
      )}
    </section>
  );
}

function MetricTable({ run, wanted }: { run: mlflow.Run; wanted: string }) {
  const entries = [...run.metrics].filter(([key]) => key.toLowerCase().includes(wanted)).sort(byKey);
  return (
    <table className="data plain-head">
      <thead>
        <tr>
          <th>Name</th>
          <th className="num">Last value</th>
          <th>History</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td className="num" title={String(value)}>
              {formatNumber(value)}
            </td>
            <td>
              <History run={run} metric={key} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => a.localeCompare(b, "en");

/** As many points as the little line has pixels. */
const SPARK_POINTS = 120;

function History({ run, metric }: { run: mlflow.Run; metric: string }) {
  const { project } = useParams({ from: ROUTE });
  const { ref, seen } = useSeen();
  const poll = usePolling(5000);
  const live = run.status === "RUNNING";
  const { data } = useQuery({
    ...seriesQuery(project, {
      runs: [run.id],
      metrics: [metric],
      axis: "step",
      range: undefined,
      most: SPARK_POINTS,
    }),
    enabled: seen,
    staleTime: live ? 0 : 300_000,
    refetchInterval: live && poll,
  });
  const history = data?.get(metric)?.get(run.id);
  return (
    <span ref={ref} className="row" style={{ minHeight: 22, minWidth: 120 }}>
      {history && history.values.length > 1 && (
        <span className="row">
          <Sparkline values={history.values} label={`History of ${metric}`} />
          <span className="quiet only-large">to step {history.xs.at(-1)}</span>
        </span>
      )}
      {history?.values.length === 1 && <span className="quiet">one value, step {history.xs[0]}</span>}
    </span>
  );
}

function TextTable({ entries, wanted }: { entries: [string, string][]; wanted: string }) {
  const found = entries
    .filter((entry) => entry.some((text) => text.toLowerCase().includes(wanted)))
    .sort(byKey);
  return (
    <table className="data">
      <tbody>
        {found.map(([key, value]) => (
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
  );
}

function Facts({ run }: { run: mlflow.Run }) {
  const { project } = useParams({ from: ROUTE });
  const commit = run.tags.get("mlflow.source.git.commit");
  const source = run.tags.get("mlflow.source.name");
  const parent = run.tags.get("mlflow.parentRunId");
  return (
    <section className="card">
      <header>
        <h2>Details</h2>
      </header>
      <div className="body">
        <dl className="facts">
          <dt>Run id</dt>
          <dd>
            <span className="mono">{run.id}</span> <CopyButton text={run.id} label="Copy run id" />
          </dd>
          {run.startedAt && (
            <>
              <dt>Started</dt>
              <dd>{formatTime(run.startedAt)}</dd>
            </>
          )}
          {run.startedAt && run.endedAt && (
            <>
              <dt>Duration</dt>
              <dd>{formatDuration(run.endedAt - run.startedAt)}</dd>
            </>
          )}
          {source && (
            <>
              <dt>Source</dt>
              <dd className="mono">{source}</dd>
            </>
          )}
          {commit && (
            <>
              <dt>Commit</dt>
              <dd>
                <span className="mono" title={commit}>
                  {commit.slice(0, 10)}
                </span>{" "}
                <CopyButton text={commit} label="Copy commit" />
              </dd>
            </>
          )}
          {parent && (
            <>
              <dt>Parent run</dt>
              <dd>
                <Link to={ROUTE} params={{ project, run: parent }} className="mono">
                  {parent.slice(0, 12)}
                </Link>
              </dd>
            </>
          )}
        </dl>
      </div>
    </section>
  );
}

function Notes({ run }: { run: mlflow.Run }) {
  const { project } = useParams({ from: ROUTE });
  const [editing, setEditing] = useState(false);
  const writable = useMayWrite();
  const client = useQueryClient();
  const note = run.tags.get(NOTE) ?? "";
  return (
    <section className="card">
      <header>
        <h2>Notes</h2>
        {writable && !run.deleted && (
          <button type="button" className="button small" onClick={() => setEditing(true)}>
            Edit
          </button>
        )}
      </header>
      <div className="body">{note ? <MarkdownText text={note} /> : <p className="quiet">None.</p>}</div>
      {editing && (
        <MarkdownDialog
          title="Notes"
          initial={note}
          close={() => setEditing(false)}
          submit={async (value) => {
            await mlflow.setRunTag(project, run.id, { key: NOTE, value });
            await client.invalidateQueries({ queryKey: ["run", project, run.id] });
          }}
        />
      )}
    </section>
  );
}

function Load({ run }: { run: mlflow.Run }) {
  const uri = useTrackingUri();
  const code = `import mlflow

mlflow.set_tracking_uri("${uri}")
run = mlflow.get_run("${run.id}")
mlflow.artifacts.download_artifacts(run_id=run.info.run_id)`;
  return (
    <section className="card">
      <header>
        <h2>In Python</h2>
      </header>
      <div className="body">
        <Snippet label="Python" code={code} />
      </div>
    </section>
  );
}
