// What can be done with a version: publish, stage, aliases, delete. Each asks first.

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMayWrite } from "../../api/access.ts";
import * as mlflow from "../../api/mlflow.ts";
import { publishVersion, type VersionInfo } from "../../api/registry.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { useCommands } from "../../components/commands.ts";
import { FormDialog, TextDialog } from "../../components/Dialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { type Action, Menu } from "../../components/Menu.tsx";
import { toast } from "../../components/toast.tsx";
import { formatBytes, plural } from "../../lib/format.ts";

const STAGES = ["None", "Staging", "Production", "Archived"];

type Asked =
  | { kind: "publish" | "alias" | "delete" }
  | { kind: "stage"; stage: string }
  | { kind: "unalias"; alias: string };

export function VersionActions({ info, refresh }: { info: VersionInfo; refresh: () => Promise<void> }) {
  const { project } = useParams({ from: "/p/$project/-/ml/models/$model/versions/$version" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const writable = useMayWrite();
  const close = () => setAsked(undefined);
  const { model, version } = info;
  const number = String(info.number);
  const after = async (said: string) => {
    toast(said);
    await refresh();
  };

  const compare = () =>
    void navigate({
      to: "/p/$project/-/ml/models/$model/compare",
      params: { project, model },
      search: { to: version },
    });
  const actions: Action[] = [
    { label: "Compare with another version", run: compare },
    { label: "Set an alias…", apart: true, run: () => setAsked({ kind: "alias" }) },
    ...info.aliases.map((alias) => ({
      label: `Remove @${alias}…`,
      run: () => setAsked({ kind: "unalias", alias }),
    })),
    ...STAGES.filter((stage) => stage !== info.stage).map((stage, index) => ({
      label: stage === "None" ? "Take its stage away…" : `Stage: ${stage}…`,
      run: () => setAsked({ kind: "stage", stage }),
      apart: index === 0,
    })),
    { label: "Delete…", run: () => setAsked({ kind: "delete" }), danger: true, apart: true },
  ];
  useCommands([
    { label: "Compare this version with another", run: compare },
    writable &&
      !info.published_at && {
        label: "Publish this version",
        run: () => setAsked({ kind: "publish" }),
      },
    writable && { label: "Set an alias", run: () => setAsked({ kind: "alias" }) },
    writable && { label: "Delete this version", run: () => setAsked({ kind: "delete" }) },
  ]);
  if (!writable) {
    return (
      <button type="button" className="button" onClick={compare}>
        Compare with another version
      </button>
    );
  }
  return (
    <div className="row">
      {!info.published_at && (
        <button type="button" className="button primary" onClick={() => setAsked({ kind: "publish" })}>
          Publish
        </button>
      )}
      <Menu
        trigger={
          <button type="button" className="button icon" aria-label="Actions on this version">
            <Icon name="more" />
          </button>
        }
        actions={actions}
      />
      {asked?.kind === "publish" && (
        <ConfirmDialog
          title={`Publish ${model} ${version}?`}
          verb="Publish"
          danger={false}
          close={close}
          submit={async () => {
            await publishVersion(project, model, number);
            await after(`Published ${version}`);
          }}
        >
          Its {plural(info.files.count, "file")} ({formatBytes(info.files.size_bytes)}), params and metrics
          stay as they are from then on: nothing can be added, replaced or deleted, and a digest over all
          files seals them. Card, tags, aliases and stage can still change. This cannot be undone; only a
          Maintainer can delete a published version.
        </ConfirmDialog>
      )}
      {asked?.kind === "alias" && (
        <TextDialog
          title={`Set an alias for ${version}`}
          verb="Set"
          label="Alias"
          initial=""
          hint="If another version has it, it moves here: whoever loads by the alias gets this version then."
          close={close}
          submit={async (alias) => {
            await mlflow.setAlias(project, model, alias.replace(/^@/, ""), number);
            await after(`@${alias} is ${version} now`);
          }}
        />
      )}
      {asked?.kind === "unalias" && (
        <ConfirmDialog
          title={`Remove @${asked.alias} from ${version}?`}
          verb="Remove"
          close={close}
          submit={async () => {
            await mlflow.deleteAlias(project, model, asked.alias);
            await after(`Removed @${asked.alias}`);
          }}
        >
          Whoever loads the model by this alias finds nothing then.
        </ConfirmDialog>
      )}
      {asked?.kind === "stage" && (
        <StageDialog
          info={info}
          stage={asked.stage}
          close={close}
          submit={async (archive) => {
            await mlflow.setStage(project, model, number, asked.stage, archive);
            await after(
              asked.stage === "None" ? `${version} has no stage now` : `${version} is in ${asked.stage} now`,
            );
          }}
        />
      )}
      {asked?.kind === "delete" && (
        <ConfirmDialog
          title={`Delete ${model} ${version}?`}
          verb="Delete"
          close={close}
          submit={async () => {
            await mlflow.deleteVersion(project, model, number);
            toast(`Deleted ${version}`);
            client.removeQueries({ queryKey: ["versions", project, model] });
            await navigate({ to: "/p/$project/-/ml/models/$model", params: { project, model } });
            await client.invalidateQueries({ queryKey: ["events", project, model] });
          }}
        >
          Its files go with it. This cannot be undone, and the number is not given again.
        </ConfirmDialog>
      )}
    </div>
  );
}

interface StageProps {
  info: VersionInfo;
  stage: string;
  close: () => void;
  submit: (archive: boolean) => Promise<void>;
}

function StageDialog({ info, stage, close, submit }: StageProps) {
  const [archive, setArchive] = useState(false);
  const shared = stage === "Staging" || stage === "Production";
  return (
    <FormDialog
      title={`Stage of ${info.version}: ${info.stage} → ${stage}?`}
      verb="Change"
      close={close}
      submit={() => submit(archive)}
    >
      <p>Whoever loads the model by its stage gets the highest version in that stage.</p>
      {shared && (
        <label className="row">
          <input type="checkbox" checked={archive} onChange={(event) => setArchive(event.target.checked)} />
          Archive the versions that are in {stage} now
        </label>
      )}
    </FormDialog>
  );
}
