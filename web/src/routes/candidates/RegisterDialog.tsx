// Makes a version of a model from a run: its params, metrics and files go with it.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useId, useState } from "react";
import { ApiError } from "../../api/client.ts";
import * as mlflow from "../../api/mlflow.ts";
import { loggedModelsQuery, modelsQuery } from "../../api/queries.ts";
import { FormDialog } from "../../components/Dialog.tsx";
import { MarkdownField } from "../../components/MarkdownDialog.tsx";
import { parse } from "../../lib/semver.ts";
import { semverOf } from "../models/version.ts";

export function RegisterDialog({ run, close }: { run: mlflow.Run; close: () => void }) {
  const { project } = useParams({ from: "/p/$project/-/ml/candidates/$run" });
  const [name, setName] = useState("");
  const [version, setVersion] = useState("");
  const [description, setDescription] = useState("");
  const logged = useQuery(loggedModelsQuery(project, run.experimentId, run.id));
  const [chosen, setChosen] = useState<string>();
  // What was logged as a model is what people mean; all files of the run where there is none.
  const sources = [
    ...(logged.data ?? []).map(({ info }) => ({
      uri: `models:/${info.model_id}`,
      label: `the logged model ${info.name}`,
    })),
    { uri: run.artifactUri, label: "all files of the run" },
  ];
  const source = chosen ?? sources[0]?.uri ?? run.artifactUri;
  const models = useInfiniteQuery(modelsQuery(project, undefined, "name ASC"));
  const navigate = useNavigate();
  const client = useQueryClient();
  const list = useId();
  const wrong = version !== "" && !parse(version);

  async function submit() {
    const model = name.trim();
    const created = await mlflow.createModel(project, model, "").then(
      () => true,
      (error: unknown) => {
        // It is there already: the usual case.
        if (error instanceof ApiError && error.code === "RESOURCE_ALREADY_EXISTS") return false;
        throw error;
      },
    );
    const wish = {
      name: model,
      source,
      run_id: run.id,
      tags: version ? [{ key: "gitlab.version", value: version }] : undefined,
      description: description || undefined,
    };
    const made = await mlflow.createVersion(project, wish).catch(async (error: unknown) => {
      // A model without the version that it was made for is nobody's wish. What was lost on the way (0) may be there.
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
      if (created && refused) await mlflow.deleteModel(project, model).catch(() => {});
      throw error;
    });
    await client.invalidateQueries({ queryKey: ["models", project] });
    await client.invalidateQueries({ queryKey: ["versions", project, model] });
    await navigate({
      to: "/p/$project/-/ml/models/$model/versions/$version",
      params: { project, model, version: semverOf(made) },
    });
  }

  return (
    <FormDialog
      title="Promote this run to a model"
      verb="Promote"
      valid={name.trim() !== "" && !wrong && !logged.isPending}
      close={close}
      submit={submit}
    >
      <div className="field">
        <label htmlFor="model">Model</label>
        <input
          id="model"
          className="input"
          list={list}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <datalist id={list}>
          {models.data?.pages
            .flatMap((page) => page.items)
            .map((model) => (
              <option key={model.name} value={model.name} />
            ))}
        </datalist>
        <span className="hint">One that exists, or a new name.</span>
      </div>
      <div className="field">
        <label htmlFor="version">Version</label>
        <input
          id="version"
          className="input"
          placeholder="the next one"
          autoComplete="off"
          aria-invalid={wrong}
          value={version}
          onChange={(event) => setVersion(event.target.value.trim())}
        />
        <span className="hint">
          {wrong ? "A version looks like 1.4.0 or 2.0.0-rc.1." : "Empty: the next by the project's rule."}
        </span>
      </div>
      {sources.length > 1 && (
        <div className="field">
          <label htmlFor="source">Files</label>
          <select
            id="source"
            className="input"
            value={source}
            onChange={(event) => setChosen(event.target.value)}
          >
            {sources.map(({ uri, label }) => (
              <option key={uri} value={uri}>
                {label}
              </option>
            ))}
          </select>
        </div>
      )}
      <MarkdownField label="Description" value={description} change={setDescription} rows={4} />
      <p className="quiet">
        The run’s params, metrics and tags are copied, its files linked. The run itself stays as it is.
      </p>
    </FormDialog>
  );
}
