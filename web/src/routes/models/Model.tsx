// One model: its card, its versions, what happened to it.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { modelQuery, versionsQuery } from "../../api/queries.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { TextDialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { MarkdownText } from "../../components/MarkdownText.tsx";
import { Menu } from "../../components/Menu.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Badge, Empty, Failure, SkeletonRows, StageBadge, Time, useTitle } from "../../components/parts.tsx";
import { Tabs } from "../../components/Tabs.tsx";
import { toast } from "../../components/toast.tsx";
import { readList, writeList } from "../../lib/columns.ts";
import { compare } from "../../lib/semver.ts";
import { Events } from "./Events.tsx";
import { aliasesOf, latestOf, semverOf } from "./version.ts";

const ROUTE = "/p/$project/-/ml/models/$model";

export function ModelPage() {
  const { project, model: name } = useParams({ from: ROUTE });
  const { tab = "versions" } = useSearch({ from: ROUTE });
  const query = useQuery(modelQuery(project, name));
  const versions = useInfiniteQuery(versionsQuery(project, name));
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  useTitle(name);
  if (query.isError) {
    return (
      <div className="page">
        <Failure error={query.error} retry={() => void query.refetch()} what="model" />
      </div>
    );
  }
  const model = query.data;
  const tabs = [
    {
      id: "versions",
      label: "Versions",
      count: versions.data && `${items.length}${versions.hasNextPage ? "+" : ""}`,
    },
    { id: "card", label: "Model card" },
    { id: "events", label: "History" },
  ];
  return (
    <div className="page">
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label="Breadcrumb">
            <Link to="/p/$project/-/ml/models" params={{ project }}>
              Models
            </Link>
            <span aria-hidden="true">/</span>
          </nav>
          <h1>{name}</h1>
          {model && (
            <span className="quiet">
              Created <Time at={model.creation_timestamp} /> by {model.user_id || "somebody unknown"}
            </span>
          )}
        </div>
        {model && <Actions model={model} />}
      </div>
      <Tabs tabs={tabs} current={tab} label="Model" />
      {tab === "versions" &&
        (versions.isPending ? (
          <SkeletonRows />
        ) : versions.isError ? (
          <Failure error={versions.error} retry={() => void versions.refetch()} what="list of versions" />
        ) : items.length === 0 ? (
          <Empty title="No versions yet">
            <p>Promote a run on its page, or register a model from Python.</p>
          </Empty>
        ) : (
          <>
            <Versions items={items} />
            <MoreButton query={versions} />
          </>
        ))}
      {tab === "card" && model && <Card model={model} latest={latestOf(items)} />}
      {tab === "events" && <Events project={project} model={name} />}
    </div>
  );
}

function Versions({ items }: { items: mlflow.ModelVersion[] }) {
  const { project, model } = useParams({ from: ROUTE });
  const { sel } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const chosen = readList(sel);
  const latest = latestOf(items);
  const sorted = items.toSorted((a, b) => compare(semverOf(b), semverOf(a)));
  const toggle = (version: string) => {
    // Two are compared; a third takes the place of the first.
    const next = chosen.includes(version)
      ? chosen.filter((one) => one !== version)
      : [...chosen, version].slice(-2);
    void navigate({ search: (old) => ({ ...old, sel: writeList(next) || undefined }), replace: true });
  };
  const [from, to] = [...chosen].sort(compare);
  return (
    <>
      <div className="row">
        {from && to ? (
          <Link
            to="/p/$project/-/ml/models/$model/compare"
            params={{ project, model }}
            search={{ from, to }}
            className="button primary"
          >
            Compare {from} with {to}
          </Link>
        ) : (
          <span className="quiet">Select two versions to compare them.</span>
        )}
      </div>
      <div className="card table-scroll">
        <table className="data">
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">Selected</span>
              </th>
              <th>Version</th>
              <th>Aliases and stage</th>
              <th className="only-large">Description</th>
              <th className="only-large">Creator</th>
              <th className="only-large">Created</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((version) => {
              const semver = semverOf(version);
              return (
                <tr key={version.version} data-active={chosen.includes(semver)}>
                  <td style={{ width: 1 }}>
                    <input
                      type="checkbox"
                      aria-label={`Select ${semver}`}
                      checked={chosen.includes(semver)}
                      onChange={() => toggle(semver)}
                    />
                  </td>
                  <th scope="row">
                    <span className="row">
                      <Link
                        to="/p/$project/-/ml/models/$model/versions/$version"
                        params={{ project, model, version: semver }}
                      >
                        {semver}
                      </Link>
                      {version === latest && <Badge tone="good">latest</Badge>}
                    </span>
                  </th>
                  <td>
                    <span className="row wrap">
                      {aliasesOf(version).map((alias) => (
                        <Badge key={alias} tone="busy">
                          @{alias}
                        </Badge>
                      ))}
                      <StageBadge stage={version.current_stage} />
                    </span>
                  </td>
                  <td className="only-large quiet">
                    <span className="truncate" style={{ display: "block", maxWidth: 420 }}>
                      {version.description}
                    </span>
                  </td>
                  <td className="only-large">{version.user_id}</td>
                  <td className="only-large">
                    <Time at={version.creation_timestamp} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Card({ model, latest }: { model: mlflow.RegisteredModel; latest: mlflow.ModelVersion | undefined }) {
  const { project } = useParams({ from: ROUTE });
  return (
    <div className="columns">
      <section className="card">
        <div className="body">
          {model.description ? (
            <MarkdownText text={model.description} />
          ) : (
            <p className="quiet">
              Nothing is written about this model yet: what it is for, and who answers for it.
            </p>
          )}
        </div>
      </section>
      <section className="card">
        <header>
          <h2>Details</h2>
        </header>
        <div className="body">
          <dl className="facts">
            <dt>Publisher</dt>
            <dd>{model.user_id || "–"}</dd>
            <dt>Latest version</dt>
            <dd>
              {latest ? (
                <Link
                  to="/p/$project/-/ml/models/$model/versions/$version"
                  params={{ project, model: model.name, version: semverOf(latest) }}
                >
                  {semverOf(latest)}
                </Link>
              ) : (
                "–"
              )}
            </dd>
            <dt>Last change</dt>
            <dd>
              <Time at={model.last_updated_timestamp} />
            </dd>
            {(model.tags ?? []).map((tag) => (
              <div key={tag.key} style={{ display: "contents" }}>
                <dt>{tag.key}</dt>
                <dd>{tag.value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </section>
    </div>
  );
}

function Actions({ model }: { model: mlflow.RegisteredModel }) {
  const { project } = useParams({ from: ROUTE });
  const [asked, setAsked] = useState<"edit" | "delete">();
  const client = useQueryClient();
  const navigate = useNavigate();
  const close = () => setAsked(undefined);
  if (!useMayWrite()) return null;
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => setAsked("edit")}>
        Edit card
      </button>
      <Menu
        trigger={
          <button type="button" className="button icon" aria-label="Actions on this model">
            <Icon name="more" />
          </button>
        }
        actions={[{ label: "Delete…", run: () => setAsked("delete"), danger: true }]}
      />
      {asked === "edit" && (
        <TextDialog
          title="Model card"
          verb="Save"
          label="Markdown"
          initial={model.description ?? ""}
          lines
          optional
          close={close}
          submit={async (text) => {
            await mlflow.describeModel(project, model.name, text);
            await client.invalidateQueries({ queryKey: ["model", project, model.name] });
          }}
        />
      )}
      {asked === "delete" && (
        <ConfirmDialog
          title={`Delete ${model.name}?`}
          verb="Delete"
          close={close}
          submit={async () => {
            await mlflow.deleteModel(project, model.name);
            toast(`Deleted ${model.name}`);
            // Not only stale: it would stand in the list until the new one is there.
            client.removeQueries({ queryKey: ["models", project] });
            await navigate({ to: "/p/$project/-/ml/models", params: { project } });
          }}
        >
          All its versions and their files go with it. This cannot be undone.
        </ConfirmDialog>
      )}
    </div>
  );
}
