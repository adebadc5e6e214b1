//! The number of a run in its project, which page addresses have, and its id, which clients have.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::run::Run;

use super::request;
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::Path;
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CandidatePath {
    /// The run's number in the project, or its id.
    candidate: String,
}

/// Which run it is.
#[derive(Serialize, ToSchema)]
pub struct CandidateInfo {
    /// Its number in the project.
    iid: i64,
    run_id: String,
    /// The number of its experiment.
    experiment_iid: i64,
    name: String,
    status: &'static str,
    /// `active` or `deleted`.
    lifecycle_stage: &'static str,
    /// It is the run of a model version.
    of_model_version: bool,
    started_at: Time,
    #[schema(required = true)]
    ended_at: Option<Time>,
}

impl From<Run> for CandidateInfo {
    fn from(run: Run) -> Self {
        Self {
            iid: run.iid,
            run_id: run.run_id.as_str().to_owned(),
            experiment_iid: run.experiment_iid,
            status: run.status.name(),
            lifecycle_stage: lifecycle_stage(run.deleted),
            of_model_version: run.version_id.is_some(),
            started_at: Time(run.started_at),
            ended_at: run.ended_at.map(Time),
            name: run.name,
        }
    }
}

pub fn lifecycle_stage(deleted: bool) -> &'static str {
    if deleted { "deleted" } else { "active" }
}

/// `GET /ml/candidates/{candidate}`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/candidates/{candidate}",
    operation_id = "get_candidate",
    summary = "The run with a number or an id, active or deleted",
    tag = "experiments",
    params(ProjectPath, CandidatePath),
    responses((status = 200, description = "the run", body = CandidateInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    access: Access,
    Path(path): Path<CandidatePath>,
) -> ApiResult<Reply<CandidateInfo>> {
    let run = app.store.read(move |tx| request::run(tx, access.project_id, &path.candidate)).await?;
    Ok(Reply(run.into()))
}
