//! The experiments of a project as its page lists them.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::access::Feature;
use weir_domain::{Error, Result};
use weir_store::experiments::overview::{self, NewestRun, OrderBy, Overview, Query};

use super::candidates::lifecycle_stage;
use super::request::{read_size, read_state};
use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::ApiQuery;
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;
use crate::wire::{Int, Text};

const PAGE: usize = 100;
const MAX_PAGE: usize = 1000;

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListExperiments {
    /// A part of the name, in any letter case.
    #[param(value_type = Option<String>)]
    search: Text,
    /// `last_activity_at` when it is not said, `name`, `created_at` or `run_count`.
    #[param(value_type = Option<String>)]
    order_by: Text,
    /// `asc` or `desc`; names rise and everything else falls when it is not said.
    #[param(value_type = Option<String>)]
    sort: Text,
    /// `active` when it is not said, `deleted` or `all`.
    #[param(value_type = Option<String>)]
    state: Text,
    /// Of a page; 100 when it is not said.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 1000)]
    max_results: Int,
    /// `next_page_token` of the page before.
    #[param(value_type = Option<String>)]
    page_token: Text,
}

#[derive(Serialize, ToSchema)]
pub struct ExperimentList {
    experiments: Vec<ExperimentOverview>,
    #[schema(required = true)]
    next_page_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ExperimentOverview {
    /// What MLflow's clients know it by: its number as text.
    id: String,
    iid: i64,
    name: String,
    /// `active` or `deleted`.
    lifecycle_stage: &'static str,
    /// Runs that are not deleted.
    run_count: i64,
    creator: CreatorInfo,
    created_at: Time,
    /// The latest of: it was made, renamed, deleted or restored; a run was made; a run ended.
    last_activity_at: Time,
    #[schema(required = true)]
    newest_run: Option<NewestRunInfo>,
    /// The registered model whose versions its runs are.
    #[schema(required = true)]
    model_name: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CreatorInfo {
    id: i64,
    #[schema(required = true)]
    username: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct NewestRunInfo {
    iid: i64,
    run_id: String,
    name: String,
    created_at: Time,
}

impl From<NewestRun> for NewestRunInfo {
    fn from(run: NewestRun) -> Self {
        Self {
            iid: run.iid,
            run_id: run.run_id.as_str().to_owned(),
            name: run.name,
            created_at: Time(run.created_at),
        }
    }
}

impl From<Overview> for ExperimentOverview {
    fn from(overview: Overview) -> Self {
        let Overview { experiment, creator_id, creator, run_count, last_activity_at, newest, model } =
            overview;
        Self {
            id: experiment.iid.to_string(),
            iid: experiment.iid,
            name: experiment.name,
            lifecycle_stage: lifecycle_stage(experiment.deleted),
            run_count,
            creator: CreatorInfo { id: creator_id, username: creator },
            created_at: Time(experiment.created_at),
            last_activity_at: Time(last_activity_at),
            newest_run: newest.map(Into::into),
            model_name: model,
        }
    }
}

impl ListExperiments {
    /// Without the place to go on from.
    fn read(self, project_id: i64) -> Result<(Query, Option<String>)> {
        let (order_by, descending) = match self.order_by.optional("order_by")?.as_deref() {
            None | Some("last_activity_at") => (OrderBy::LastActivityAt, true),
            Some("name") => (OrderBy::Name, false),
            Some("created_at") => (OrderBy::CreatedAt, true),
            Some("run_count") => (OrderBy::RunCount, true),
            Some(other) => {
                return Err(Error::Invalid(format!(
                    "order_by is '{other}', write name, created_at, last_activity_at or run_count"
                )));
            }
        };
        let descending = match self.sort.optional("sort")?.as_deref() {
            None => descending,
            Some("asc") => false,
            Some("desc") => true,
            Some(other) => return Err(Error::Invalid(format!("sort is '{other}', write asc or desc"))),
        };
        let query = Query {
            project_id,
            search: self.search.optional("search")?.filter(|search| !search.is_empty()),
            view: read_state(self.state.optional("state")?.as_deref(), "state")?,
            order_by,
            descending,
            most: read_size(self.max_results.optional("max_results")?, 1, PAGE, MAX_PAGE)?,
            after: None,
        };
        Ok((query, self.page_token.optional("page_token")?))
    }
}

/// `GET /ml/experiments`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/experiments",
    operation_id = "list_experiments",
    summary = "The experiments of a project, with how many runs each has and when something last happened in it",
    tag = "experiments",
    params(ProjectPath, ListExperiments),
    responses((status = 200, description = "a page", body = ExperimentList), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    ApiQuery(query): ApiQuery<ListExperiments>,
) -> ApiResult<Reply<ExperimentList>> {
    let (mut query, token) = query.read(access.project_id)?;
    let Query { project_id, search, view, order_by, descending, .. } = &query;
    let seal = format!("experiment list\0{project_id}\0{search:?}\0{view:?}\0{order_by:?}\0{descending}");
    query.after = app.page_key.open(&seal, token.as_deref())?;
    let page = app.store.read(move |tx| overview::list(tx, &query)).await?;
    let last = page.rows.last().filter(|_| page.more).map(|(_, position)| position);
    let next_page_token = last.map(|position| app.page_key.seal(&seal, position)).transpose()?;
    let sees_models = access.standing.check_feature(Feature::Registry, "").is_ok();
    let tell = |mut overview: Overview| {
        overview.model = overview.model.filter(|_| sees_models);
        ExperimentOverview::from(overview)
    };
    let experiments = page.rows.into_iter().map(|(overview, _)| tell(overview)).collect();
    Ok(Reply(ExperimentList { experiments, next_page_token }))
}
