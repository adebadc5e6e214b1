// What an experiment is: notes, facts, tags, and how to log to it.

import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { FirstSteps } from "../../components/FirstSteps.tsx";
import { MarkdownDialog } from "../../components/MarkdownDialog.tsx";
import { MarkdownText } from "../../components/MarkdownText.tsx";
import { CopyButton, Time } from "../../components/parts.tsx";

const NOTE = "mlflow.note.content";

export function Overview({ experiment }: { experiment: mlflow.Experiment }) {
  const { project } = useParams({ from: "/p/$project/-/ml/experiments/$experiment" });
  const [editing, setEditing] = useState(false);
  const mayWrite = useMayWrite();
  const deleted = experiment.lifecycle_stage === "deleted";
  const writable = mayWrite && !deleted;
  const client = useQueryClient();
  const note = experiment.tags?.find((tag) => tag.key === NOTE)?.value ?? "";
  const tags = experiment.tags?.filter((tag) => tag.key !== NOTE) ?? [];
  const id = experiment.experiment_id;
  return (
    <div className="columns">
      <div className="stack">
        <section className="card">
          <header>
            <h2>Notes</h2>
            {writable && (
              <button type="button" className="button small" onClick={() => setEditing(true)}>
                Edit
              </button>
            )}
          </header>
          <div className="body">
            {note ? (
              <MarkdownText text={note} />
            ) : (
              <p className="quiet">What is this experiment for? Write it down in Markdown.</p>
            )}
          </div>
        </section>
        {writable && (
          <section className="card">
            <header>
              <h2>Log to this experiment</h2>
            </header>
            <div className="body">
              <FirstSteps experiment={experiment.name} />
            </div>
          </section>
        )}
      </div>
      <section className="card">
        <header>
          <h2>Details</h2>
        </header>
        <div className="body">
          <dl className="facts">
            <dt>Experiment id</dt>
            <dd className="row">
              {id} <CopyButton text={id} label="Copy experiment id" />
            </dd>
            <dt>Created</dt>
            <dd>
              <Time at={experiment.creation_time} />
            </dd>
            <dt>Last change</dt>
            <dd>
              <Time at={experiment.last_update_time} />
            </dd>
            <dt>Artifacts</dt>
            <dd className="mono">{experiment.artifact_location}</dd>
            {tags.map((tag) => (
              <div key={tag.key} style={{ display: "contents" }}>
                <dt>{tag.key}</dt>
                <dd>{tag.value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </section>
      {editing && (
        <MarkdownDialog
          title="Notes"
          initial={note}
          close={() => setEditing(false)}
          submit={async (value) => {
            await mlflow.setExperimentTag(project, id, { key: NOTE, value });
            await client.invalidateQueries({ queryKey: ["experiment", project, id] });
          }}
        />
      )}
    </div>
  );
}
