// The datasets that a run used: which, for what, and their columns.

import type { Dataset, Run } from "../../api/mlflow.ts";
import { CopyButton, Scroll } from "../../components/parts.tsx";
import { readProfile, readSchema, readSource } from "../../lib/dataset.ts";
import { plural } from "../../lib/format.ts";

export function Datasets({ run }: { run: Run }) {
  return (
    <section className="card">
      <header>
        <h2>
          Datasets <span className="count">{run.datasets.length}</span>
        </h2>
      </header>
      <div className="body stack">
        {run.datasets.map(({ dataset, context }) => (
          <One key={`${dataset.name} ${dataset.digest} ${context}`} dataset={dataset} context={context} />
        ))}
      </div>
    </section>
  );
}

function One({ dataset, context }: { dataset: Dataset; context: string }) {
  const columns = readSchema(dataset.schema);
  const profile = readProfile(dataset.profile);
  const source = readSource(dataset.source);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <dl className="facts">
        <dt>{context || "dataset"}</dt>
        <dd>
          <strong>{dataset.name}</strong>
        </dd>
        <dt>Digest</dt>
        <dd>
          <span className="mono">{dataset.digest}</span>{" "}
          <CopyButton text={dataset.digest} label={`Copy digest of ${dataset.name}`} />
        </dd>
        <dt>Source</dt>
        <dd>
          {dataset.source_type} {source && <span className="mono">{source}</span>}
        </dd>
        {profile.map(([key, value]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>{key.replaceAll("_", " ")}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {columns.length > 0 && (
        <details>
          <summary className="quiet">{plural(columns.length, "column")}</summary>
          <Scroll label={`Columns of ${dataset.name}`}>
            <table className="data">
              <tbody>
                {columns.map((column) => (
                  <tr key={column.name}>
                    <th scope="row">{column.name}</th>
                    <td className="mono">{column.type}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </details>
      )}
    </div>
  );
}
