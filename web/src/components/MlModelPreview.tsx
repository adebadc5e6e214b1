// An MLmodel file as what it means: flavours, signature, where it came from; the text itself below.

import { Link } from "@tanstack/react-router";
import { formatBytes } from "../lib/format.ts";
import type { ModelFacts } from "../lib/mlmodel.ts";
import type { Slug } from "../lib/project.ts";

export function MlModelPreview({ project, facts }: { project: Slug; facts: ModelFacts }) {
  return (
    <div className="stack" style={{ padding: 16 }}>
      <dl className="facts">
        {facts.flavors.map(({ name, facts: of }) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>
              {of.map(([key, value]) => (
                <div key={key}>
                  <span className="quiet">{key}</span> <span className="mono">{value}</span>
                </div>
              ))}
            </dd>
          </div>
        ))}
        {facts.facts.map(([key, value]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>{key}</dt>
            <dd>{key === "Size" && /^\d+$/.test(value) ? formatBytes(Number(value)) : value}</dd>
          </div>
        ))}
        {facts.runId && (
          <>
            <dt>Run</dt>
            <dd>
              <Link
                to="/p/$project/-/ml/candidates/$run"
                params={{ project, run: facts.runId }}
                className="mono"
              >
                {facts.runId.slice(0, 12)}
              </Link>
            </dd>
          </>
        )}
        {facts.modelId && (
          <>
            <dt>Logged model</dt>
            <dd>
              <Link
                to="/p/$project/-/ml/logged-models/$model"
                params={{ project, model: facts.modelId }}
                className="mono"
              >
                {facts.modelId}
              </Link>
            </dd>
          </>
        )}
      </dl>
      {facts.signature.length > 0 && (
        <table className="data">
          <thead>
            <tr>
              <th>Signature</th>
              <th>Type</th>
              <th>Required</th>
            </tr>
          </thead>
          {facts.signature.map(({ title, fields }) => (
            <tbody key={title}>
              <tr>
                <th colSpan={3} scope="rowgroup" className="quiet" style={{ fontSize: 12 }}>
                  {title}
                </th>
              </tr>
              {fields.map((field) => (
                <tr key={field.name}>
                  <th scope="row">{field.name}</th>
                  <td className="mono">{field.type}</td>
                  <td>{field.required ? "yes" : "no"}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
    </div>
  );
}
