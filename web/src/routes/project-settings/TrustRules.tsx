// Which CI jobs come in with their own ID token, and what they must send.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useRole, useTrackingUri } from "../../api/access.ts";
import { address } from "../../api/client.ts";
import { trustRulesQuery } from "../../api/settings.ts";
import { createTrustRule, deleteTrustRule, type TrustRule } from "../../api/trust.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Icon } from "../../components/Icon.tsx";
import { Badge, Failure, SkeletonRows, Snippet, Time, useTitle } from "../../components/parts.tsx";
import { Section } from "../../components/SettingsFrame.tsx";
import { toast } from "../../components/toast.tsx";
import { matchOf, providerOf } from "../../lib/claims.ts";
import { pathOf } from "../../lib/project.ts";
import { MAINTAINER, roleName } from "../../lib/role.ts";
import { githubWithIdToken, gitlabWithIdToken } from "../../lib/snippets.ts";
import { TrustRuleForm } from "./TrustRuleForm.tsx";

export function TrustRules() {
  const { project = "" } = useParams({ strict: false });
  useTitle(`Trusted CI jobs · ${pathOf(project)}`);
  const client = useQueryClient();
  const level = useRole() ?? MAINTAINER;
  const list = useQuery(trustRulesQuery(project));
  const [making, setMaking] = useState(false);
  const [removing, setRemoving] = useState<TrustRule>();
  const refresh = () => client.invalidateQueries({ queryKey: trustRulesQuery(project).queryKey });
  return (
    <>
      <Section
        title={making ? "New trust rule" : "Trusted CI jobs"}
        about="A CI job can log here with the ID token that its CI makes for it: no access token is stored there. A rule says whose jobs come in, and as what. Every claim must match; of several rules that match, the highest role counts."
        action={
          making ? undefined : (
            <button type="button" className="button primary small" onClick={() => setMaking(true)}>
              <Icon name="plus" size={14} /> New rule
            </button>
          )
        }
      >
        {making && (
          <TrustRuleForm
            upTo={level}
            audience={address("").replace(/\/$/, "")}
            cancel={() => setMaking(false)}
            create={async (wish) => {
              await createTrustRule(project, wish);
              setMaking(false);
              toast(`${wish.name} is trusted`);
              await refresh();
            }}
          />
        )}
      </Section>
      {list.isPending && <SkeletonRows rows={3} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} what="list of rules" />}
      {list.data?.length === 0 && !making && (
        <p className="quiet">No CI is trusted: jobs need an access token of the project.</p>
      )}
      {list.data?.map((rule) => (
        <Rule key={rule.id} rule={rule} remove={() => setRemoving(rule)} />
      ))}
      {removing && (
        <ConfirmDialog
          title={`Trust ${removing.name} no longer?`}
          verb="Remove rule"
          close={() => setRemoving(undefined)}
          submit={async () => {
            await deleteTrustRule(project, removing.id);
            toast(`${removing.name} is trusted no longer`);
            await refresh();
          }}
        >
          Jobs that came in by it are refused at once, also those that run now.
        </ConfirmDialog>
      )}
    </>
  );
}

function Rule({ rule, remove }: { rule: TrustRule; remove: () => void }) {
  const [shown, setShown] = useState(false);
  return (
    <Section
      title={rule.name}
      action={
        <button
          type="button"
          className="button small danger"
          onClick={remove}
          aria-label={`Remove ${rule.name}`}
        >
          Remove
        </button>
      }
    >
      <dl className="facts">
        <dt>Issuer</dt>
        <dd className="mono">{rule.issuer}</dd>
        <dt>Audience</dt>
        <dd className="mono">{rule.audience}</dd>
        {Object.entries(rule.claims).map(([claim, value]) => (
          <div key={claim} style={{ display: "contents" }}>
            <dt className="mono">{claim}</dt>
            <dd>
              <code>{value}</code> {matchOf(value) === "pattern" && <Badge>pattern</Badge>}
            </dd>
          </div>
        ))}
        <dt>Role</dt>
        <dd>{roleName(rule.access_level)}</dd>
        <dt>Made</dt>
        <dd>
          <Time at={Date.parse(rule.created_at)} />
          {rule.created_by && ` by ${rule.created_by}`}
        </dd>
      </dl>
      <div>
        <button type="button" className="button small" aria-expanded={shown} onClick={() => setShown(!shown)}>
          <Icon name={shown ? "down" : "right"} size={12} /> How a job logs here
          <span className="visually-hidden">: {rule.name}</span>
        </button>
      </div>
      {shown && <HowTo rule={rule} />}
    </Section>
  );
}

function HowTo({ rule }: { rule: TrustRule }) {
  const uri = useTrackingUri();
  const github = providerOf(rule.issuer) === "github";
  return (
    <div className="stack">
      <p className="about">
        The job shows a token of <code>{rule.issuer}</code> for the audience <code>{rule.audience}</code>{" "}
        wherever an access token goes. {github ? "In a file below .github/workflows:" : "In .gitlab-ci.yml:"}
      </p>
      {github ? (
        <Snippet label="GitHub workflow" code={githubWithIdToken(uri, rule.audience)} />
      ) : (
        <Snippet label=".gitlab-ci.yml" code={gitlabWithIdToken(uri, rule.audience)} />
      )}
      <p className="quiet">
        {github
          ? "GitHub's tokens last some minutes: a long job asks for another from time to time."
          : "GitLab's tokens last as long as the job may run."}
      </p>
    </div>
  );
}
