// The form for a new model.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import * as mlflow from "../../api/mlflow.ts";
import { FormDialog } from "../../components/Dialog.tsx";
import { MarkdownField } from "../../components/MarkdownDialog.tsx";
import type { Slug } from "../../lib/project.ts";

export function NewModel({ project, close }: { project: Slug; close: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <FormDialog
      title="New model"
      verb="Create"
      valid={name.trim() !== ""}
      close={close}
      submit={async () => {
        await mlflow.createModel(project, name.trim(), description);
        await client.invalidateQueries({ queryKey: ["models", project] });
        await navigate({ to: "/p/$project/-/ml/models/$model", params: { project, model: name.trim() } });
      }}
    >
      <div className="field">
        <label htmlFor="model-name">Name</label>
        <input
          id="model-name"
          className="input"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <MarkdownField
        label="Description"
        value={description}
        change={setDescription}
        rows={5}
        hint="What it is for, what it must not be used for, who answers for it."
      />
    </FormDialog>
  );
}
