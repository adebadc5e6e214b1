// Which CI job made a run: what the server verified by a token, what it looked up, and what the client merely says.

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { provenanceQuery } from "../api/queries.ts";
import type { JobInfo, VerifiedJob } from "../api/registry.ts";
import type { Slug } from "../lib/project.ts";
import { Badge } from "./parts.tsx";

interface Props {
  project: Slug;
  runId: string;
  title?: string;
  /** Shown only where it is: what tags say is copied with a run, what was verified stays with the run itself. */
  verifiedOnly?: boolean;
}

export function Provenance({ project, runId, title = "CI", verifiedOnly }: Props) {
  const { data } = useQuery(provenanceQuery(project, runId));
  if (!data) return null;
  const { verified, job, claimed } = data;
  if (verifiedOnly && verified.length === 0) return null;
  if (verified.length === 0 && !job && claimed.length === 0) return null;
  return (
    <section className="card">
      <header>
        <h2>{title}</h2>
        {verified.length > 0 ? (
          <Badge tone="good">verified</Badge>
        ) : job?.state === "found" ? (
          <Badge tone="busy">looked up</Badge>
        ) : (
          <Badge>as the client said</Badge>
        )}
      </header>
      <div className="body stack">
        {verified.map((one) => (
          <Verified key={`${one.issuer} ${one.subject} ${one.first_at}`} job={one} />
        ))}
        {verified.length === 0 && job && <Job job={job} />}
        {verified.length === 0 && !job && (
          <dl className="facts">
            {claimed.map(({ key, value }) => (
              <Fact key={key} name={key.replace("gitlab.CI_", "").toLowerCase().replaceAll("_", " ")}>
                {value}
              </Fact>
            ))}
          </dl>
        )}
      </div>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A link, where the address is one that a browser may be sent to. */
function External({ url, children }: { url: string | null; children: string | null }) {
  const shown = children ?? url;
  if (!shown) return null;
  if (!url || !/^https?:\/\//.test(url)) return <>{shown}</>;
  return (
    <a href={url} rel="noreferrer" target="_blank">
      {shown}
    </a>
  );
}

function Verified({ job }: { job: VerifiedJob }) {
  return (
    <dl className="facts">
      <Fact name="Job">{(job.job || job.web_url) && <External url={job.web_url}>{job.job}</External>}</Fact>
      <Fact name="Pipeline">{job.pipeline}</Fact>
      <Fact name="Workflow">{job.workflow}</Fact>
      <Fact name="Project">{job.project}</Fact>
      <Fact name="Ref">{job.ref && `${job.ref}${job.ref_protected ? " (protected)" : ""}`}</Fact>
      <Fact name="Commit">{job.commit && <code title={job.commit}>{job.commit.slice(0, 10)}</code>}</Fact>
      <Fact name="Started by">{job.actor}</Fact>
      <Fact name="Environment">{job.environment}</Fact>
      <Fact name="Issuer">{job.issuer}</Fact>
    </dl>
  );
}

function Job({ job }: { job: JobInfo }) {
  const request = job.merge_request;
  return (
    <dl className="facts">
      <Fact name="Job">
        <External url={job.web_url}>{job.name ?? job.id}</External>
      </Fact>
      <Fact name="Status">{job.status}</Fact>
      <Fact name="Pipeline">
        {job.pipeline && <External url={job.pipeline_url}>{job.pipeline}</External>}
      </Fact>
      <Fact name="Ref">{job.ref}</Fact>
      <Fact name="Commit">{job.commit && <code title={job.commit}>{job.commit.slice(0, 10)}</code>}</Fact>
      <Fact name="Triggered by">{job.user && <External url={job.user_url}>{job.user}</External>}</Fact>
      <Fact name="Merge request">
        {request && <External url={request.web_url}>{`!${request.iid} ${request.title ?? ""}`}</External>}
      </Fact>
      <Fact name="Not found">{job.reason}</Fact>
    </dl>
  );
}
