// How to log a first run to this project: code that works when pasted.

import { useState } from "react";
import { useTrackingUri } from "../api/access.ts";
import { Snippet } from "./parts.tsx";

function python(uri: string, experiment: string): string {
  return `import mlflow

mlflow.set_tracking_uri("${uri}")
mlflow.set_experiment(${JSON.stringify(experiment)})

with mlflow.start_run():
    mlflow.log_param("learning_rate", 0.01)
    mlflow.log_metric("loss", 0.25)`;
}

function ci(uri: string): string {
  return `train:
  image: python:3.12
  variables:
    MLFLOW_TRACKING_URI: ${uri}
    # MLFLOW_TRACKING_TOKEN: a project access token, as a masked CI variable
  script:
    - pip install mlflow-skinny
    - python train.py`;
}

export function FirstSteps({ experiment }: { experiment: string }) {
  const [kind, setKind] = useState<"python" | "ci">("python");
  const uri = useTrackingUri();
  return (
    <div className="snippet-tabs" style={{ justifySelf: "stretch" }}>
      <div className="row" style={{ marginBottom: 8 }} role="group" aria-label="Language of the snippet">
        <button
          type="button"
          className="button small"
          aria-pressed={kind === "python"}
          onClick={() => setKind("python")}
        >
          Python
        </button>
        <button
          type="button"
          className="button small"
          aria-pressed={kind === "ci"}
          onClick={() => setKind("ci")}
        >
          CI job
        </button>
      </div>
      {kind === "python" ? (
        <Snippet label="Python" code={python(uri, experiment)} />
      ) : (
        <Snippet label="CI job" code={ci(uri)} />
      )}
      <p className="quiet" style={{ marginTop: 8, textAlign: "left" }}>
        With an access token in <code>MLFLOW_TRACKING_TOKEN</code>, where the server asks for one.
      </p>
    </div>
  );
}
