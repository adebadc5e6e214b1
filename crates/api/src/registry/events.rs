//! The history of a model: who made, published and moved what, the newest first.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weir_domain::model_event::ModelEvent;
use weir_domain::{Error, Result};
use weir_store::search::{Position, SortValue};
use weir_store::{model_events, registered_models};

use crate::app::App;
use crate::caller::Access;
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;
use crate::wire::{Int, Text};

/// Events of a page when the request does not say, and at most.
const PAGE: i64 = 100;
const MAX_PAGE: i64 = 1000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ModelPath {
    /// Of the registered model.
    pub name: String,
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListEvents {
    /// Of a page; 100 when it is not said.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 1000)]
    max_results: Int,
    /// `next_page_token` of the page before.
    #[param(value_type = Option<String>)]
    page_token: Text,
}

#[derive(Serialize, ToSchema)]
pub struct Events {
    events: Vec<EventInfo>,
    #[schema(required = true)]
    next_page_token: Option<String>,
}

/// `from` and `to` are what the kind says: versions that an alias pointed to, stages, names, a digest.
#[derive(Serialize, ToSchema)]
struct EventInfo {
    /// Of this event and no other.
    id: String,
    kind: String,
    #[schema(required = true)]
    number: Option<i64>,
    #[schema(required = true)]
    version: Option<String>,
    #[schema(required = true)]
    alias: Option<String>,
    #[schema(required = true)]
    from: Option<String>,
    #[schema(required = true)]
    to: Option<String>,
    user: UserInfo,
    created_at: Time,
}

#[derive(Serialize, ToSchema)]
struct UserInfo {
    id: i64,
    #[schema(required = true)]
    username: Option<String>,
}

impl EventInfo {
    fn new(app: &App, event: ModelEvent) -> Result<Self> {
        Ok(Self {
            // Rows are counted over all projects, and what others do there shows in no number.
            id: app.page_key.name_of("model event", event.id)?,
            kind: event.kind,
            number: event.number,
            version: event.version,
            alias: event.alias,
            from: event.before,
            to: event.after,
            user: UserInfo { id: event.actor_id, username: event.actor },
            created_at: Time(event.created_at),
        })
    }
}

/// `GET /ml/models/{name}/events`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/ml/models/{name}/events",
    operation_id = "list_model_events",
    summary = "The history of a model, newest first",
    tag = "model registry",
    params(ProjectPath, ModelPath, ListEvents),
    responses(
        (status = 200, description = "a page", body = Events),
        Refusals
    )
)]
pub async fn list(
    State(app): State<App>,
    access: Access,
    Path(path): Path<ModelPath>,
    ApiQuery(query): ApiQuery<ListEvents>,
) -> ApiResult<Reply<Events>> {
    let most = page_size(query.max_results)?;
    let search = format!("model events {} {}", access.project_id, path.name);
    let token = query.page_token.optional("page_token")?;
    let before = event_of(app.page_key.open(&search, token.as_deref())?)?;
    let mut events = app
        .store
        .read(move |tx| {
            let model = registered_models::get(tx, access.project_id, &path.name)?;
            model_events::list(tx, model.id, before, most + 1)
        })
        .await?;
    let mut next_page_token = None;
    if events.len() > most {
        events.truncate(most);
        let last = events.last().map(|event| SortValue::Int(event.id));
        next_page_token = Some(app.page_key.seal(&search, &Position(last.into_iter().collect()))?);
    }
    let events = events.into_iter().map(|event| EventInfo::new(&app, event)).collect::<Result<_>>()?;
    Ok(Reply(Events { events, next_page_token }))
}

fn page_size(asked: Int) -> Result<usize> {
    let asked = asked.optional("max_results")?.unwrap_or(PAGE);
    if !(1..=MAX_PAGE).contains(&asked) {
        return Err(Error::Invalid(format!("max_results is {asked}, write a number from 1 to {MAX_PAGE}")));
    }
    usize::try_from(asked).map_err(Error::internal)
}

fn event_of(position: Option<Position>) -> Result<Option<i64>> {
    match position.map(|position| position.0).as_deref() {
        None => Ok(None),
        Some([SortValue::Int(id)]) => Ok(Some(*id)),
        Some(_) => Err(Error::internal("a page token of events without an id")),
    }
}
