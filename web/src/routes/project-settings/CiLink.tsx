// The CI in which the jobs are looked up that the tags of runs name.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ciLinkQuery } from "../../api/settings.ts";
import { deleteCiLink, type CiLink as Link, putCiLink } from "../../api/trust.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { CheckField, SelectField, TextField } from "../../components/Field.tsx";
import { Form } from "../../components/Form.tsx";
import { Badge, Failure, SkeletonRows, Time, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";
import { pathOf } from "../../lib/project.ts";

type Kind = "gitlab" | "github";

const CIS: Record<Kind, { label: string; url: string; project: string; token: string }> = {
  gitlab: {
    label: "GitLab",
    url: "https://gitlab.com",
    project: "A full path such as group/project, or a number.",
    token: "Of GitLab, with the scope read_api.",
  },
  github: {
    label: "GitHub Actions",
    url: "https://api.github.com",
    project: "owner/repository",
    token: "Of GitHub, that may read actions; a public repository needs none.",
  },
};

const KINDS = (["gitlab", "github"] as const).map((value) => ({ value, label: CIS[value].label }));

export function CiLink() {
  const { project = "" } = useParams({ strict: false });
  useTitle(`CI link · ${pathOf(project)}`);
  const link = useQuery(ciLinkQuery(project));
  if (link.isPending) return <SkeletonRows rows={4} />;
  if (link.isError) return <Failure error={link.error} retry={() => void link.refetch()} what="CI link" />;
  return <LinkForm key={link.data?.updated_at ?? ""} project={project} link={link.data} />;
}

function LinkForm({ project, link }: { project: string; link: Link | null }) {
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>(link?.kind === "github" ? "github" : "gitlab");
  const [url, setUrl] = useState(link?.url ?? CIS.gitlab.url);
  const [path, setPath] = useState(link?.project ?? "");
  const [token, setToken] = useState("");
  const [without, setWithout] = useState(false);
  const [ending, setEnding] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ciLinkQuery(project).queryKey });
  const ci = CIS[kind];
  const moves = link !== null && (link.kind !== kind || link.url !== url || link.project !== path);
  const save = async () => {
    await putCiLink(project, {
      kind,
      url,
      project: path.trim(),
      // Left out, the stored one stays.
      token: without ? "" : token || undefined,
    });
    toast("The project is linked");
    await refresh();
  };
  return (
    <Section
      title="CI link"
      about="Where the jobs are looked up that the tags of runs and versions name (gitlab.CI_JOB_ID, github.run_id): their state, commit and merge request then stand on the run's page."
      action={
        link && (
          <button type="button" className="button small danger" onClick={() => setEnding(true)}>
            End link
          </button>
        )
      }
    >
      {link && (
        <p>
          <Badge tone="good">linked</Badge> to {link.project}, <Time at={Date.parse(link.updated_at)} />
          {link.updated_by && ` by ${link.updated_by}`}
        </p>
      )}
      <Form verb={link ? "Save" : "Link"} valid={path.trim() !== "" && url !== ""} submit={save}>
        <div className="pair">
          <SelectField
            label="CI"
            value={kind}
            options={KINDS}
            change={(chosen) => {
              setKind(chosen);
              if (url === ci.url) setUrl(CIS[chosen].url);
            }}
          />
          <TextField
            label="Address of its API"
            type="url"
            value={url}
            change={setUrl}
            hint="The server's operator has to allow it."
          />
        </div>
        <TextField label="Project there" value={path} change={setPath} hint={ci.project} spellCheck={false} />
        <TextField
          label="Access token"
          type="password"
          autoComplete="off"
          value={token}
          change={setToken}
          disabled={without}
          placeholder={link?.has_token && !moves ? "stored; leave empty to keep it" : ""}
          hint={`${ci.token} It is stored sealed, and never shown again.`}
        />
        {link?.has_token && moves && !token && (
          <div className="notice warn">The stored token is not used for another project or address.</div>
        )}
        {link?.has_token && !moves && (
          <CheckField label="Forget the stored token" checked={without} change={setWithout} />
        )}
      </Form>
      {ending && (
        <ConfirmDialog
          title="End the link?"
          verb="End link"
          close={() => setEnding(false)}
          submit={async () => {
            await deleteCiLink(project);
            toast("The link has ended");
            await refresh();
          }}
        >
          What was found by it stays; nothing more is looked up, and the token is forgotten.
        </ConfirmDialog>
      )}
    </Section>
  );
}
