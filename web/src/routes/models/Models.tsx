// The registered models of a project.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite, useTrackingUri } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { modelsQuery } from "../../api/queries.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { useCommands } from "../../components/commands.ts";
import { Icon } from "../../components/Icon.tsx";
import { Menu } from "../../components/Menu.tsx";
import { MoreButton } from "../../components/MoreButton.tsx";
import { Badge, Empty, Failure, SkeletonRows, Snippet, Time, useTitle } from "../../components/parts.tsx";
import { SearchField } from "../../components/SearchField.tsx";
import { SortHead } from "../../components/SortHead.tsx";
import { toast } from "../../components/toast.tsx";
import { quoteValue } from "../../lib/filter.ts";
import { pathOf } from "../../lib/project.ts";
import { NewModel } from "./NewModel.tsx";
import { latestOf, semverOf } from "./version.ts";

const ROUTE = "/p/$project/-/ml/models";
const ORDERS: Record<string, string> = {
  name: "name ASC",
  "-name": "name DESC",
  changed: "last_updated_timestamp ASC",
  "-changed": "last_updated_timestamp DESC",
};

export function Models() {
  const { project } = useParams({ from: ROUTE });
  const { q, sort } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const writable = useMayWrite();
  useCommands([writable && { label: "New model", run: () => setCreating(true) }]);
  const [removing, setRemoving] = useState<string>();
  useTitle(`Models · ${pathOf(project)}`);
  const filter = q ? `name ILIKE ${quoteValue(`%${q}%`)}` : undefined;
  const list = useInfiniteQuery(
    modelsQuery(project, filter, ORDERS[sort ?? ""] ?? "last_updated_timestamp DESC"),
  );
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Models</h1>
        {writable && (
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            <Icon name="plus" size={14} /> New model
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
      </div>
      {list.isPending && <SkeletonRows />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} what="list of models" />}
      {list.data &&
        items.length === 0 &&
        (q ? <Empty title={`No model has “${q}” in its name`} /> : <NoModels />)}
      {items.length > 0 && (
        <div className="card table-scroll">
          <table className="data">
            <thead>
              <tr>
                <SortHead id="name" sort={sort}>
                  Name
                </SortHead>
                <th>Latest version</th>
                <th className="only-large">Aliases</th>
                <th className="only-large">Creator</th>
                <SortHead id="changed" sort={sort} className="only-large">
                  Last change
                </SortHead>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((model) => (
                <Row
                  key={model.name}
                  project={project}
                  model={model}
                  remove={writable ? () => setRemoving(model.name) : undefined}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton query={list} />
      {creating && <NewModel project={project} close={() => setCreating(false)} />}
      {removing !== undefined && (
        <ConfirmDialog
          title={`Delete ${removing}?`}
          verb="Delete"
          close={() => setRemoving(undefined)}
          submit={async () => {
            await mlflow.deleteModel(project, removing);
            toast(`Deleted ${removing}`);
            await client.invalidateQueries({ queryKey: ["models", project] });
          }}
        >
          All its versions and their files go with it. This cannot be undone.
        </ConfirmDialog>
      )}
    </div>
  );
}

function Row({
  project,
  model,
  remove,
}: {
  project: string;
  model: mlflow.RegisteredModel;
  remove: (() => void) | undefined;
}) {
  const latest = latestOf(model.latest_versions ?? []);
  return (
    <tr>
      <th scope="row">
        <Link to="/p/$project/-/ml/models/$model" params={{ project, model: model.name }}>
          {model.name}
        </Link>
      </th>
      <td>
        {latest ? (
          <Link
            to="/p/$project/-/ml/models/$model/versions/$version"
            params={{ project, model: model.name, version: semverOf(latest) }}
            className="num"
          >
            {semverOf(latest)}
          </Link>
        ) : (
          <span className="quiet">none</span>
        )}
      </td>
      <td className="only-large">
        <span className="row wrap">
          {(model.aliases ?? []).map(({ alias }) => (
            <Badge key={alias} tone="busy">
              @{alias}
            </Badge>
          ))}
        </span>
      </td>
      <td className="only-large">{model.user_id}</td>
      <td className="only-large">
        <Time at={model.last_updated_timestamp} />
      </td>
      <td className="num">
        {remove && (
          <Menu
            trigger={
              <button
                type="button"
                className="button icon plain small"
                aria-label={`Actions on ${model.name}`}
              >
                <Icon name="more" />
              </button>
            }
            actions={[{ label: "Delete…", run: remove, danger: true }]}
          />
        )}
      </td>
    </tr>
  );
}

function NoModels() {
  const uri = useTrackingUri();
  const code = `import mlflow

mlflow.set_tracking_uri("${uri}")

with mlflow.start_run():
    mlflow.sklearn.log_model(model, name="model", registered_model_name="my-model")`;
  return (
    <Empty title="No models yet">
      <p>
        A model is a name for versions that people and programs can load. Register one from Python, or promote
        a run on its page.
      </p>
      <Snippet label="Python" code={code} />
    </Empty>
  );
}
