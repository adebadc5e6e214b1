// The models that a run logged, each with a page of its own.

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Run } from "../../api/mlflow.ts";
import { loggedModelsQuery } from "../../api/queries.ts";
import { Badge, Time } from "../../components/parts.tsx";
import { statusOf } from "../../lib/loggedModel.ts";
import type { Slug } from "../../lib/project.ts";

export function LoggedModels({ project, run }: { project: Slug; run: Run }) {
  const { data = [] } = useQuery(loggedModelsQuery(project, run.experimentId, run.id));
  if (data.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>
          Logged models <span className="count">{data.length}</span>
        </h2>
      </header>
      <div className="body stack" style={{ gap: 10 }}>
        {data.map(({ info }) => {
          const [tone, word] = statusOf(info.status);
          return (
            <div key={info.model_id}>
              <div className="row wrap">
                <Link to="/p/$project/-/ml/logged-models/$model" params={{ project, model: info.model_id }}>
                  {info.name}
                </Link>
                {word !== "Ready" && <Badge tone={tone}>{word}</Badge>}
                <span className="quiet">
                  <Time at={info.creation_timestamp_ms} />
                </span>
              </div>
              {(info.registrations ?? []).map((one) => (
                <div key={`${one.name} ${one.version}`} className="quiet">
                  registered as{" "}
                  <Link
                    to="/p/$project/-/ml/models/$model/versions/$version"
                    params={{ project, model: one.name, version: one.version }}
                  >
                    {one.name}, number {one.version}
                  </Link>
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </section>
  );
}
