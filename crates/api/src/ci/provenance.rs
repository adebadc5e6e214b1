//! Where a run comes from: what is verified, and what its tags only claim.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::Result;
use weir_domain::ci::{Ci, JobState};
use weir_domain::provenance::Provenance;
use weir_domain::run::RunId;
use weir_store::ci_jobs::{self, RunJob};
use weir_store::keys::KeyNames;
use weir_store::provenances::{self, Verified};
use weir_store::{Tx, runs, tags};

use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;

/// Where a run, or the run that a model version is, comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvenanceInfo {
    /// CI jobs that made the run or wrote to it with an ID token of their issuer: the one that made it first. No tag
    /// changes this.
    verified: Vec<VerifiedJob>,
    /// The job that a tag of the run names, as the CI describes it that the project is linked to. That the job made the
    /// run is only the tag's word.
    #[schema(required = true)]
    job: Option<JobInfo>,
    /// What the run's tags say of a CI: anybody who may write may have set them.
    claimed: Vec<ClaimInfo>,
}

/// A CI job as its issuer vouches for it; `null` is what the token does not say.
#[derive(Debug, Serialize, ToSchema)]
pub struct VerifiedJob {
    /// `gitlab`, `github` or `other`.
    kind: &'static str,
    issuer: String,
    #[schema(required = true)]
    subject: Option<String>,
    /// GitLab's full path of a project, GitHub's `owner/repository`.
    #[schema(required = true)]
    project: Option<String>,
    /// GitLab's pipeline, GitHub's run.
    #[schema(required = true)]
    pipeline: Option<String>,
    #[schema(required = true)]
    attempt: Option<String>,
    #[schema(required = true)]
    job: Option<String>,
    #[schema(required = true)]
    workflow: Option<String>,
    #[schema(required = true)]
    commit: Option<String>,
    #[schema(required = true)]
    r#ref: Option<String>,
    #[schema(required = true)]
    ref_protected: Option<bool>,
    #[schema(required = true)]
    environment: Option<String>,
    /// Who started it.
    #[schema(required = true)]
    actor: Option<String>,
    #[schema(required = true)]
    web_url: Option<String>,
    /// It made the run, and did not only write to it.
    made: bool,
    /// When it made the run, or wrote to it first.
    first_at: Time,
}

/// A job that a tag names.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobInfo {
    /// `gitlab` or `github`.
    #[schema(required = true)]
    kind: Option<&'static str>,
    /// The tag's value.
    id: String,
    /// `claimed` (the project is linked to no such CI), `waiting`, `found` or `unverified`.
    state: &'static str,
    /// Why it is not found, or was not the last time.
    #[schema(required = true)]
    reason: Option<String>,
    #[schema(required = true)]
    name: Option<String>,
    /// As the CI says it, such as `running` or `success`.
    #[schema(required = true)]
    status: Option<String>,
    #[schema(required = true)]
    web_url: Option<String>,
    #[schema(required = true)]
    pipeline: Option<String>,
    #[schema(required = true)]
    pipeline_url: Option<String>,
    #[schema(required = true)]
    r#ref: Option<String>,
    #[schema(required = true)]
    commit: Option<String>,
    #[schema(required = true)]
    user: Option<String>,
    #[schema(required = true)]
    user_url: Option<String>,
    #[schema(required = true)]
    merge_request: Option<MergeRequestInfo>,
    /// It does not change any more.
    ended: bool,
    #[schema(required = true)]
    checked_at: Option<Time>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MergeRequestInfo {
    /// Its number in the project.
    iid: String,
    #[schema(required = true)]
    title: Option<String>,
    #[schema(required = true)]
    web_url: Option<String>,
}

impl From<RunJob> for JobInfo {
    fn from(job: RunJob) -> Self {
        let details = job.details;
        let (title, web_url) = (details.merge_request_title, details.merge_request_url);
        let claimed = !job.linked && job.state == JobState::Waiting;
        Self {
            kind: job.ci.map(Ci::name),
            id: job.job,
            state: if claimed { "claimed" } else { job.state.name() },
            reason: job.reason,
            name: details.name,
            status: details.status,
            web_url: details.web_url,
            pipeline: details.pipeline,
            pipeline_url: details.pipeline_url,
            r#ref: details.git_ref,
            commit: details.commit,
            user: details.user_name,
            user_url: details.user_url,
            merge_request: details.merge_request.map(|iid| MergeRequestInfo { iid, title, web_url }),
            ended: details.ended,
            checked_at: job.checked_at.map(Time),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimInfo {
    key: String,
    value: String,
}

impl From<Verified> for VerifiedJob {
    fn from(verified: Verified) -> Self {
        let Provenance { kind, issuer, subject, project, pipeline, attempt, job, workflow, .. } =
            verified.provenance;
        let Provenance { commit, git_ref, ref_protected, environment, actor, web_url, .. } =
            verified.provenance;
        Self {
            kind: kind.name(),
            issuer,
            subject,
            project,
            pipeline,
            attempt,
            job,
            workflow,
            commit,
            r#ref: git_ref,
            ref_protected,
            environment,
            actor,
            web_url,
            made: verified.made,
            first_at: Time(verified.first_at),
        }
    }
}

/// Whether a tag speaks of a CI, as GitLab's client and our documents have it.
fn is_claim(key: &str) -> bool {
    key == "CI_JOB_URL" || key.starts_with("gitlab.CI_") || key.starts_with("github.")
}

/// Of a run (row).
pub fn load(tx: &mut Tx<'_>, names: &KeyNames, run: i64) -> Result<ProvenanceInfo> {
    let verified = provenances::of_run(tx, run)?.into_iter().map(Into::into).collect();
    let mut claimed = Vec::new();
    for (key_id, value) in tags::list(tx, &[run])?.remove(&run).unwrap_or_default() {
        let key = names.name(tx, key_id)?;
        if is_claim(&key) {
            claimed.push(ClaimInfo { key: key.to_string(), value });
        }
    }
    claimed.sort_by(|a, b| a.key.cmp(&b.key));
    let job = ci_jobs::of_run(tx, run)?.map(Into::into);
    Ok(ProvenanceInfo { verified, job, claimed })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RunPath {
    /// 32 hex digits, as MLflow's clients know it.
    run_id: String,
}

/// `GET /ml/runs/{run_id}/provenance`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/runs/{run_id}/provenance",
    operation_id = "get_run_provenance",
    summary = "Where a run comes from: verified CI jobs, and what its tags claim",
    tag = "experiments",
    params(ProjectPath, RunPath),
    responses(
        (status = 200, description = "what is known", body = ProvenanceInfo),
        Refusals
    )
)]
pub async fn get(
    State(app): State<App>,
    access: Access,
    Path(path): Path<RunPath>,
) -> ApiResult<Reply<ProvenanceInfo>> {
    let run_id = RunId::parse(&path.run_id)?;
    let names = app.store.key_names();
    let info = app
        .store
        .read(move |tx| {
            let run = runs::get(tx, access.project_id, &run_id)?;
            load(tx, &names, run.id)
        })
        .await?;
    Ok(Reply(info))
}
