// One model: its card, its versions, what happened to it.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { modelQuery, versionsQuery } from "../../api/queries.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { useCommands } from "../../components/commands.ts";
import { Icon } from "../../components/Icon.tsx";
import { MarkdownDialog } from "../../components/MarkdownDialog.tsx";
import { MarkdownText } from "../../components/MarkdownText.tsx";
import { Menu } from "../../components/Menu.tsx";
import { Empty, Failure, SkeletonRows, Time, useTitle } from "../../components/parts.tsx";
import { Tabs } from "../../components/Tabs.tsx";
import { TagsCard } from "../../components/TagsCard.tsx";
import { toast } from "../../components/toast.tsx";
import { Events } from "./Events.tsx";
import { ModelRuns } from "./ModelRuns.tsx";
import { NewVersion } from "./NewVersion.tsx";
import { Versions } from "./Versions.tsx";
import { latestOf, ownAliases, semverOf } from "./version.ts";

const ROUTE = "/p/$project/-/ml/models/$model";

export function ModelPage() {
  const { project, model: name } = useParams({ from: ROUTE });
  const { tab = "versions" } = useSearch({ from: ROUTE });
  const query = useQuery(modelQuery(project, name));
  const versions = useInfiniteQuery(versionsQuery(project, name));
  const items = versions.data?.pages.flatMap((page) => page.items) ?? [];
  useTitle(name);
  // Their order is by precedence, so that of a part would be no order at all.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = versions;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.isLoadingError) {
    return (
      <div className="page">
        <Failure error={query.error} retry={() => void query.refetch()} what="model" />
      </div>
    );
  }
  const model = query.data;
  const highest = latestOf(items);
  const tabs = [
    {
      id: "versions",
      label: "Versions",
      count: versions.data && `${items.length}${versions.hasNextPage ? "+" : ""}`,
    },
    { id: "card", label: "Model card" },
    { id: "runs", label: "Runs" },
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
        {model && <Actions model={model} latest={highest && semverOf(highest)} />}
      </div>
      <Tabs tabs={tabs} current={tab} label="Model" />
      {tab === "versions" &&
        (versions.isPending ? (
          <SkeletonRows />
        ) : versions.isError ? (
          <Failure error={versions.error} retry={() => void versions.refetch()} what="list of versions" />
        ) : items.length === 0 ? (
          <Empty title="No versions yet">
            <p>
              Make one and put its files there, promote a run on its page, or register a model from Python.
            </p>
          </Empty>
        ) : (
          <Versions items={items} whole={!versions.hasNextPage} />
        ))}
      {tab === "card" && model && <Card model={model} latest={highest} items={items} />}
      {tab === "runs" && <ModelRuns project={project} model={name} />}
      {tab === "events" && <Events project={project} model={name} />}
    </div>
  );
}

interface CardProps {
  model: mlflow.RegisteredModel;
  latest: mlflow.ModelVersion | undefined;
  items: mlflow.ModelVersion[];
}

function Card({ model, latest, items }: CardProps) {
  const { project } = useParams({ from: ROUTE });
  const client = useQueryClient();
  const writable = useMayWrite();
  const refresh = () => client.invalidateQueries({ queryKey: ["model", project, model.name] });
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
      <div className="stack">
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
            </dl>
          </div>
        </section>
        <Aliases model={model} items={items} />
        <TagsCard
          tags={(model.tags ?? []).map((tag) => [tag.key, tag.value])}
          set={
            writable
              ? async (tag) => {
                  await mlflow.setModelTag(project, model.name, tag);
                  await refresh();
                }
              : undefined
          }
          remove={async (key) => {
            await mlflow.deleteModelTag(project, model.name, key);
            await refresh();
          }}
        />
      </div>
    </div>
  );
}

function Aliases({ model, items }: { model: mlflow.RegisteredModel; items: mlflow.ModelVersion[] }) {
  const { project } = useParams({ from: ROUTE });
  const aliases = ownAliases(model.aliases ?? []);
  if (aliases.length === 0) return null;
  const semverBy = (number: string) => {
    const found = items.find((one) => one.version === number);
    return found ? semverOf(found) : `number ${number}`;
  };
  return (
    <section className="card">
      <header>
        <h2>Aliases</h2>
      </header>
      <div className="body">
        <dl className="facts">
          {aliases.map(({ alias, version }) => (
            <div key={alias} style={{ display: "contents" }}>
              <dt>@{alias}</dt>
              <dd>
                <Link
                  to="/p/$project/-/ml/models/$model/versions/$version"
                  params={{ project, model: model.name, version: alias }}
                >
                  {semverBy(version)}
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

function Actions({ model, latest }: { model: mlflow.RegisteredModel; latest: string | undefined }) {
  const { project } = useParams({ from: ROUTE });
  const [asked, setAsked] = useState<"edit" | "delete" | "version">();
  const client = useQueryClient();
  const navigate = useNavigate();
  const close = () => setAsked(undefined);
  const writable = useMayWrite();
  useCommands([
    writable && { label: "New version of this model", run: () => setAsked("version") },
    writable && { label: "Edit the model card", run: () => setAsked("edit") },
  ]);
  if (!writable) return null;
  return (
    <div className="row">
      <button type="button" className="button" onClick={() => setAsked("edit")}>
        Edit card
      </button>
      <button type="button" className="button primary" onClick={() => setAsked("version")}>
        <Icon name="plus" size={14} /> New version
      </button>
      <Menu
        trigger={
          <button type="button" className="button icon" aria-label="Actions on this model">
            <Icon name="more" />
          </button>
        }
        actions={[{ label: "Delete…", run: () => setAsked("delete"), danger: true }]}
      />
      {asked === "version" && (
        <NewVersion project={project} model={model.name} latest={latest} close={close} />
      )}
      {asked === "edit" && (
        <MarkdownDialog
          title="Model card"
          initial={model.description ?? ""}
          hint="What it is for, what it must not be used for, who answers for it."
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
