// The form for a new version without a run: it is made empty, and its files are put there next.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import * as mlflow from "../../api/mlflow.ts";
import { FormDialog } from "../../components/Dialog.tsx";
import { MarkdownField } from "../../components/MarkdownDialog.tsx";
import type { Slug } from "../../lib/project.ts";
import { bumps, parse } from "../../lib/semver.ts";
import { semverOf } from "./version.ts";

interface Props {
  project: Slug;
  model: string;
  /** Its highest version, if it has one. */
  latest: string | undefined;
  close: () => void;
}

export function NewVersion({ project, model, latest, close }: Props) {
  const [version, setVersion] = useState("");
  const [description, setDescription] = useState("");
  const navigate = useNavigate();
  const client = useQueryClient();
  const wrong = version !== "" && !parse(version);
  const offers = bumps(latest ?? "");
  return (
    <FormDialog
      title={`New version of ${model}`}
      verb="Create"
      valid={!wrong}
      close={close}
      submit={async () => {
        const made = await mlflow.createVersion(project, {
          name: model,
          source: "",
          tags: version ? [{ key: "gitlab.version", value: version }] : undefined,
          description: description || undefined,
        });
        for (const key of ["versions", "model", "events"])
          await client.invalidateQueries({ queryKey: [key, project, model] });
        await navigate({
          to: "/p/$project/-/ml/models/$model/versions/$version",
          params: { project, model, version: semverOf(made) },
          search: { tab: "artifacts" },
        });
      }}
    >
      <div className="field">
        <label htmlFor="new-version">Version</label>
        <input
          id="new-version"
          className="input"
          placeholder="the next one"
          autoComplete="off"
          aria-invalid={wrong}
          aria-describedby="new-version-hint"
          value={version}
          onChange={(event) => setVersion(event.target.value.trim())}
        />
        <span className="hint" id="new-version-hint">
          {wrong
            ? "A version looks like 1.4.0 or 2.0.0-rc.1."
            : latest
              ? `The latest is ${latest}. Empty: the next by the project's rule.`
              : "Empty: the next by the project's rule."}
        </span>
        <span className="row wrap">
          {offers.map((offer) => (
            <button
              key={offer}
              type="button"
              className="button small"
              aria-pressed={offer === version}
              onClick={() => setVersion(offer)}
            >
              {offer}
            </button>
          ))}
        </span>
      </div>
      <MarkdownField label="Description" value={description} change={setDescription} rows={5} />
      <p className="quiet">It has no files yet: they are put there on its page.</p>
    </FormDialog>
  );
}
