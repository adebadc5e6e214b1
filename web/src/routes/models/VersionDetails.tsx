// A version's card, signature, requirements, measurements, origin, seal, and how to load it.

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite, useTrackingUri } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { runQuery } from "../../api/queries.ts";
import type { FieldInfo, MlModelInfo, VersionInfo } from "../../api/registry.ts";
import { MarkdownDialog } from "../../components/MarkdownDialog.tsx";
import { MarkdownText } from "../../components/MarkdownText.tsx";
import { Provenance } from "../../components/Provenance.tsx";
import { CopyButton, Scroll, Snippet } from "../../components/parts.tsx";
import { TagsCard } from "../../components/TagsCard.tsx";
import { formatBytes, formatNumber, formatTime, plural } from "../../lib/format.ts";
import { typeOf } from "../../lib/signature.ts";

const ROUTE = "/p/$project/-/ml/models/$model/versions/$version";

export function VersionDetails({ info, refresh }: { info: VersionInfo; refresh: () => Promise<void> }) {
  const { project } = useParams({ from: ROUTE });
  const writable = useMayWrite();
  return (
    <div className="columns">
      <div className="stack">
        <Card info={info} refresh={refresh} />
        <Load info={info} />
        {info.mlmodel_warning && <div className="notice warn">{info.mlmodel_warning}</div>}
        {info.mlmodel?.signature && <Signature signature={info.mlmodel.signature} />}
        <Measured info={info} />
      </div>
      <div className="stack">
        <Origin info={info} />
        <Provenance project={project} runId={info.run_id} />
        {info.source.run_id && info.source.run_id !== info.run_id && (
          <Provenance
            project={project}
            runId={info.source.run_id}
            title="CI of the source run"
            verifiedOnly
          />
        )}
        {info.mlmodel && <Flavors mlmodel={info.mlmodel} />}
        <TagsCard
          tags={info.tags
            .filter((tag) => !tag.key.startsWith("gitlab.CI_"))
            .map((tag) => [tag.key, tag.value])}
          set={
            writable
              ? async (tag) => {
                  await mlflow.setVersionTag(project, info.model, String(info.number), tag);
                  await refresh();
                }
              : undefined
          }
          remove={async (key) => {
            await mlflow.deleteVersionTag(project, info.model, String(info.number), key);
            await refresh();
          }}
        />
      </div>
    </div>
  );
}

function Block({
  title,
  action,
  children,
}: {
  title: string;
  action?: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        {action}
      </header>
      <div className="body">{children}</div>
    </section>
  );
}

function Card({ info, refresh }: { info: VersionInfo; refresh: () => Promise<void> }) {
  const { project } = useParams({ from: ROUTE });
  const [editing, setEditing] = useState(false);
  const writable = useMayWrite();
  const edit = writable && (
    <button type="button" className="button small" onClick={() => setEditing(true)}>
      Edit
    </button>
  );
  return (
    <Block title="Version card" action={edit}>
      {info.description ? (
        <MarkdownText text={info.description} />
      ) : (
        <p className="quiet">What is new in this version?</p>
      )}
      {editing && (
        <MarkdownDialog
          title="Version card"
          initial={info.description}
          close={() => setEditing(false)}
          submit={async (text) => {
            await mlflow.describeVersion(project, info.model, String(info.number), text);
            await refresh();
          }}
        />
      )}
    </Block>
  );
}

/** By exact version, by alias, and by range: each stays right in another way when there is a new version. */
function Load({ info }: { info: VersionInfo }) {
  const tracking = useTrackingUri();
  const [major = "1", minor = "0"] = info.version.split(".");
  const forms: (readonly [label: string, uri: string, said: string])[] = [
    ["Exactly this", `models:/${info.model}/${info.version}`, "always this version"],
    ...info.aliases.map((alias): [string, string, string] => [
      `@${alias}`,
      `models:/${info.model}@${alias}`,
      "whatever version has the alias",
    ]),
    ["Range", `models:/${info.model}@^${major}.${minor}`, "the newest that does not break"],
    ...(info.stage === "None"
      ? []
      : [[info.stage, `models:/${info.model}/${info.stage}`, "the highest version in the stage"] as const]),
  ];
  const [chosen, setChosen] = useState(0);
  const [, uri, said] = forms[chosen] ?? forms[0] ?? ["", "", ""];
  const code = `import mlflow

mlflow.set_tracking_uri("${tracking}")
model = mlflow.pyfunc.load_model("${uri}")`;
  return (
    <Block title="Load">
      <div
        className="row wrap"
        style={{ marginBottom: 8 }}
        role="group"
        aria-label="How the version is named"
      >
        {forms.map(([label], index) => (
          <button
            key={label}
            type="button"
            className="button small"
            aria-pressed={index === chosen}
            onClick={() => setChosen(index)}
          >
            {label}
          </button>
        ))}
        <span className="quiet">{said}</span>
      </div>
      <Snippet label="Python" code={code} />
    </Block>
  );
}

function Signature({ signature }: { signature: NonNullable<MlModelInfo["signature"]> }) {
  const groups: [string, FieldInfo[]][] = [
    ["Inputs", signature.inputs],
    ["Outputs", signature.outputs],
    ["Params", signature.params],
  ];
  return (
    <section className="card">
      <header>
        <h2>Signature</h2>
      </header>
      <Scroll label="Signature">
        <table className="data">
          <thead>
            <tr>
              <th>Name</th>
              <th>Type</th>
              <th>Required</th>
            </tr>
          </thead>
          {groups
            .filter(([, fields]) => fields.length > 0)
            .map(([title, fields]) => (
              <tbody key={title}>
                <tr>
                  <th colSpan={3} scope="rowgroup" className="quiet" style={{ fontSize: 12 }}>
                    {title}
                  </th>
                </tr>
                {fields.map((field, index) => (
                  <tr key={field.name ?? index}>
                    <th scope="row">{field.name ?? <span className="quiet">no name</span>}</th>
                    <td className="mono">{typeOf(field)}</td>
                    <td>{field.required ? "yes" : "no"}</td>
                  </tr>
                ))}
              </tbody>
            ))}
        </table>
      </Scroll>
    </section>
  );
}

/** What the version's own run has: a version is a run, with params and metrics of its own. */
function Measured({ info }: { info: VersionInfo }) {
  const { project } = useParams({ from: ROUTE });
  const { data: run } = useQuery(runQuery(project, info.run_id));
  if (!run || run.metrics.size + run.params.size === 0) return null;
  return (
    <div className="halves">
      <section className="card">
        <header>
          <h2>
            Metrics <span className="count">{run.metrics.size}</span>
          </h2>
        </header>
        <table className="data">
          <tbody>
            {[...run.metrics].map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td className="num" title={String(value)}>
                  {formatNumber(value)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="card">
        <header>
          <h2>
            Params <span className="count">{run.params.size}</span>
          </h2>
        </header>
        <table className="data">
          <tbody>
            {[...run.params].map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td className="mono" style={{ overflowWrap: "anywhere" }}>
                  {value}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Origin({ info }: { info: VersionInfo }) {
  const { project } = useParams({ from: ROUTE });
  const { source } = info;
  return (
    <Block title="Origin and seal">
      <dl className="facts">
        <dt>Number</dt>
        <dd>{info.number}</dd>
        {source.run_id && (
          <>
            <dt>Made by run</dt>
            <dd>
              <Link
                to="/p/$project/-/ml/candidates/$run"
                params={{ project, run: source.run_id }}
                className="mono"
              >
                {source.run_id.slice(0, 12)}
              </Link>
            </dd>
          </>
        )}
        {source.logged_model_id && (
          <>
            <dt>Logged model</dt>
            <dd>
              <Link
                to="/p/$project/-/ml/logged-models/$model"
                params={{ project, model: source.logged_model_id }}
                className="mono"
              >
                {source.logged_model_id.slice(0, 14)}
              </Link>
            </dd>
          </>
        )}
        {source.model_version && (
          <>
            <dt>From version</dt>
            <dd>
              <Link
                to="/p/$project/-/ml/models/$model/versions/$version"
                params={{
                  project,
                  model: source.model_version.model,
                  version: source.model_version.version,
                }}
              >
                {source.model_version.model} {source.model_version.version}
              </Link>
            </dd>
          </>
        )}
        <dt>Source</dt>
        <dd className="mono">{source.uri}</dd>
        <dt>Files</dt>
        <dd>
          {plural(info.files.count, "file")}, {formatBytes(info.files.size_bytes)}
        </dd>
        <dt>Published</dt>
        <dd>
          {info.published_at ? (
            <>
              {formatTime(Date.parse(info.published_at))} by {info.published_by ?? "somebody unknown"}
            </>
          ) : (
            <span className="quiet">not yet: its files may change</span>
          )}
        </dd>
        {info.digest && (
          <>
            <dt>Digest</dt>
            <dd>
              <span className="mono">{info.digest}</span>{" "}
              <CopyButton text={info.digest} label="Copy digest" />
            </dd>
          </>
        )}
      </dl>
    </Block>
  );
}

function Flavors({ mlmodel }: { mlmodel: MlModelInfo }) {
  const packages = mlmodel.requirements?.packages ?? [];
  return (
    <Block title="Made with">
      <dl className="facts">
        <dt>Flavours</dt>
        <dd>{Object.keys(mlmodel.flavors).join(", ")}</dd>
        {mlmodel.mlflow_version && (
          <>
            <dt>MLflow</dt>
            <dd>{mlmodel.mlflow_version}</dd>
          </>
        )}
        {packages.length > 0 && (
          <>
            <dt>Requirements</dt>
            <dd className="mono">
              {packages.map((one) => (
                <div key={one.name}>
                  {one.name}
                  {one.specifier}
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
    </Block>
  );
}
