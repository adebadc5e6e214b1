// One version of a model: what it takes and gives, its files, how to load it, and publishing it.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMayWrite } from "../../api/access.ts";
import { versionQuery } from "../../api/queries.ts";
import type { VersionInfo } from "../../api/registry.ts";
import { Artifacts } from "../../components/Artifacts.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Badge, Failure, SkeletonRows, StageBadge, Time, useTitle } from "../../components/parts.tsx";
import { Tabs } from "../../components/Tabs.tsx";
import { rootOf } from "../../lib/files.ts";
import { Events } from "./Events.tsx";
import { VersionActions } from "./VersionActions.tsx";
import { VersionDetails } from "./VersionDetails.tsx";

const ROUTE = "/p/$project/-/ml/models/$model/versions/$version";

export function VersionPage() {
  const { project, model, version } = useParams({ from: ROUTE });
  const query = useQuery(versionQuery(project, model, version));
  useTitle(`${model} ${version}`);
  if (query.isPending) {
    return (
      <div className="page">
        <SkeletonRows />
      </div>
    );
  }
  if (query.isLoadingError) {
    return (
      <div className="page">
        <Failure error={query.error} retry={() => void query.refetch()} what="model version" />
      </div>
    );
  }
  return <Page info={query.data} />;
}

function Page({ info }: { info: VersionInfo }) {
  const { project, model, version } = useParams({ from: ROUTE });
  const { tab = "details", file } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const client = useQueryClient();
  const writable = useMayWrite();
  const refresh = async () => {
    for (const key of ["version", "versions", "events", "model"]) {
      await client.invalidateQueries({ queryKey: [key, project, model] });
    }
  };
  const tabs = [
    { id: "details", label: "Details" },
    { id: "artifacts", label: "Artifacts", count: info.files.count },
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
            <Link to="/p/$project/-/ml/models/$model" params={{ project, model }}>
              {model}
            </Link>
            <span aria-hidden="true">/</span>
          </nav>
          <div className="row wrap">
            <h1>
              {info.model} {info.version}
            </h1>
            {info.published_at && (
              <Badge tone="good">
                <span className="row" style={{ gap: 4 }}>
                  <Icon name="lock" size={12} /> Published
                </span>
              </Badge>
            )}
            <StageBadge stage={info.stage} />
            {info.aliases.map((alias) => (
              <Badge key={alias} tone="busy">
                @{alias}
              </Badge>
            ))}
          </div>
          <span className="quiet">
            {version !== info.version && `${version} is version ${info.version} now. `}
            Created <Time at={Date.parse(info.created_at)} /> by {info.created_by ?? "somebody unknown"}
          </span>
        </div>
        <VersionActions info={info} refresh={refresh} />
      </div>
      <Tabs tabs={tabs} current={tab} label="Model version" />
      {tab === "details" && <VersionDetails info={info} refresh={refresh} />}
      {tab === "artifacts" && (
        <>
          {info.published_at && writable && (
            <p className="notice">
              This version is published: its files are sealed, and none can be added, replaced or deleted.
            </p>
          )}
          <Artifacts
            project={project}
            tree={info.run_id}
            root={info.published_at ? undefined : rootOf(info.artifact_uri)}
            upload
            changed={() => void client.invalidateQueries({ queryKey: ["version", project, model] })}
            file={file}
            open={(path) => void navigate({ search: (old) => ({ ...old, file: path }), replace: true })}
          />
        </>
      )}
      {tab === "events" && <Events project={project} model={model} number={info.number} />}
    </div>
  );
}
