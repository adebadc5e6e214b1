//! The audit log as GitLab tells it: all of it to administrators, a project's to its maintainers, a group's to its owners.

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use weir_domain::audit::{AuditEvent, Entity, Link};
use weir_domain::{Error, Result, expiry};
use weir_store::audit::{self, Filter};

use super::paging::{PageQuery, Paging};
use crate::app::App;
use crate::caller::{Access, GroupAccess};
use crate::error::ApiResult;
use crate::extract::{ApiQuery, Path};
use crate::openapi::{GroupPath, ProjectPath, Refusals};
use crate::reply::Reply;
use crate::time::Time;
use crate::upkeep::settle_audit;
use crate::wire::{Int, Text};

/// One entry. Names are as they were when it was made.
#[derive(Serialize, ToSchema)]
pub struct AuditEventInfo {
    /// Its place in the chain; of a project's or group's list, its number there.
    id: i64,
    /// 0: the command line, the server itself, or somebody whose token was refused.
    author_id: i64,
    /// What it belongs to; 0: the server as a whole.
    entity_id: i64,
    /// `Project`, `Group`, `User` or `Gitlab::Audit::InstanceScope`.
    entity_type: String,
    event_name: String,
    details: Details,
    created_at: Time,
}

#[derive(Serialize, ToSchema)]
struct Details {
    author_name: String,
    /// By what the author may: an access token or session with its number, `command line`, `server`.
    author_means: String,
    target_id: String,
    target_type: String,
    target_details: String,
    #[schema(required = true)]
    ip_address: Option<String>,
    entity_path: String,
    /// The one field that differs, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    /// What differs, as it was.
    #[schema(value_type = Object)]
    before: Map<String, Value>,
    /// The same, as it is.
    #[schema(value_type = Object)]
    after: Map<String, Value>,
    /// How often: refused tokens are counted by minute.
    count: i64,
}

impl AuditEventInfo {
    fn new(id: i64, event: AuditEvent) -> Self {
        let (before, after) = (object(event.before.as_deref()), object(event.after.as_deref()));
        let mut names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        let change = names.next().cloned().filter(|_| names.next().is_none());
        let value = |object: &Map<String, Value>| {
            change.as_ref().and_then(|name| object.get(name)?.as_str()).map(ToOwned::to_owned)
        };
        let (from, to) = (value(&before), value(&after));
        Self {
            id,
            author_id: event.actor_id,
            entity_id: event.entity_id,
            entity_type: event.entity_kind,
            event_name: event.event,
            created_at: Time(event.created_at),
            details: Details {
                author_name: event.actor,
                author_means: event.means,
                target_id: event.target_id,
                target_type: event.target_kind,
                target_details: event.target,
                ip_address: event.address,
                entity_path: event.entity_path,
                change,
                from,
                to,
                before,
                after,
                count: event.count,
            },
        }
    }

    fn of_instance(link: Link) -> Self {
        Self::new(link.sequence, link.event)
    }

    /// Places in the chain would tell how much others do.
    fn of_entity(link: Link) -> Self {
        Self::new(link.entity_number, link.event)
    }
}

/// A stored object. What somebody made of it in the database is not hidden, only shown as it is.
fn object(text: Option<&str>) -> Map<String, Value> {
    let Some(text) = text else { return Map::new() };
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => object,
        _ => Map::from_iter([("unreadable".to_owned(), Value::from(text))]),
    }
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct ListAuditEvents {
    /// Only those from this time on.
    #[param(value_type = Option<String>)]
    created_after: Text,
    /// Only those up to this time.
    #[param(value_type = Option<String>)]
    created_before: Text,
    /// `Project`, `Group`, `User` or `Gitlab::Audit::InstanceScope`; of the server's list only.
    #[param(value_type = Option<String>)]
    entity_type: Text,
    /// With `entity_type`.
    #[param(value_type = Option<i64>)]
    entity_id: Int,
}

impl ListAuditEvents {
    fn read(self) -> Result<Filter> {
        let entity_kind = self.entity_type.optional("entity_type")?;
        let entity_id = self.entity_id.optional("entity_id")?;
        if let Some(kind) = &entity_kind
            && !Entity::kinds(0).iter().any(|entity| entity.kind() == kind)
        {
            return Err(Error::invalid(format!(
                "entity_type does not have a valid value: '{kind}' is none of Project, Group, User, Gitlab::Audit::InstanceScope"
            )));
        }
        if entity_id.is_some() && entity_kind.is_none() {
            return Err(Error::invalid("entity_id needs entity_type beside it"));
        }
        let time =
            |text: Text, name: &str| text.optional(name)?.map(|text| expiry::moment(&text, name)).transpose();
        Ok(Filter {
            created_after: time(self.created_after, "created_after")?,
            created_before: time(self.created_before, "created_before")?,
            entity_kind,
            entity_id,
        })
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct AuditEventPath {
    /// From the list.
    audit_event: String,
}

impl AuditEventPath {
    fn id(&self) -> Result<i64> {
        self.audit_event.parse().map_err(|_| Error::not_found("404 Audit Event Not Found"))
    }
}

/// `GET /audit_events`. What was done a moment ago is in it.
#[utoipa::path(
    get,
    path = "/api/v4/audit_events",
    operation_id = "list_audit_events",
    summary = "The audit log of the server, newest first; for administrators",
    tag = "audit",
    params(ListAuditEvents, PageQuery),
    responses((status = 200, description = "a page", body = [AuditEventInfo]), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListAuditEvents>,
) -> ApiResult<Response> {
    let (filter, slice) = (query.read()?, paging.slice);
    settle_audit(&app, false).await?;
    let part = app.store.read(move |tx| audit::page(tx, &filter, slice)).await?;
    paging.answer(part, |link| link.sequence, AuditEventInfo::of_instance)
}

/// `GET /audit_events/:id`
#[utoipa::path(
    get,
    path = "/api/v4/audit_events/{audit_event}",
    operation_id = "get_audit_event",
    summary = "One entry of the audit log; for administrators",
    tag = "audit",
    params(AuditEventPath),
    responses((status = 200, description = "the entry", body = AuditEventInfo), Refusals)
)]
pub async fn get(
    State(app): State<App>,
    Path(path): Path<AuditEventPath>,
) -> ApiResult<Reply<AuditEventInfo>> {
    let id = path.id()?;
    let link = app.store.read(move |tx| audit::get(tx, id)).await?;
    Ok(Reply(AuditEventInfo::of_instance(link)))
}

/// `GET /projects/:id/audit_events`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/audit_events",
    operation_id = "list_project_audit_events",
    summary = "The audit log of a project, newest first; for maintainers",
    tag = "audit",
    params(ProjectPath, ListAuditEvents, PageQuery),
    responses((status = 200, description = "a page", body = [AuditEventInfo]), Refusals)
)]
pub async fn list_of_project(
    State(app): State<App>,
    access: Access,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListAuditEvents>,
) -> ApiResult<Response> {
    page_of(&app, Entity::Project(access.project_id), paging, query).await
}

async fn page_of(app: &App, entity: Entity, paging: Paging, query: ListAuditEvents) -> ApiResult<Response> {
    let (filter, slice) = (query.read()?, paging.slice);
    if filter.entity_kind.is_some() {
        let kind = entity.kind().to_lowercase();
        let sentence = format!("entity_type is for the server's list: these are all of the {kind}");
        return Err(Error::invalid(sentence).into());
    }
    settle_audit(app, false).await?;
    let part = app.store.read(move |tx| audit::page_of(tx, entity, &filter, slice)).await?;
    paging.answer(part, |link| link.entity_number, AuditEventInfo::of_entity)
}

/// `GET /projects/:id/audit_events/:audit_event_id`
#[utoipa::path(
    get,
    path = "/api/v4/projects/{project}/audit_events/{audit_event}",
    operation_id = "get_project_audit_event",
    summary = "One entry of a project's audit log; for maintainers",
    tag = "audit",
    params(ProjectPath, AuditEventPath),
    responses((status = 200, description = "the entry", body = AuditEventInfo), Refusals)
)]
pub async fn get_of_project(
    State(app): State<App>,
    access: Access,
    Path(path): Path<AuditEventPath>,
) -> ApiResult<Reply<AuditEventInfo>> {
    get_of(&app, Entity::Project(access.project_id), &path).await
}

async fn get_of(app: &App, entity: Entity, path: &AuditEventPath) -> ApiResult<Reply<AuditEventInfo>> {
    let id = path.id()?;
    let link = app.store.read(move |tx| audit::get_of(tx, entity, id)).await?;
    Ok(Reply(AuditEventInfo::of_entity(link)))
}

/// `GET /groups/:id/audit_events`: of the group itself, not of what lies in it, as in GitLab.
#[utoipa::path(
    get,
    path = "/api/v4/groups/{group}/audit_events",
    operation_id = "list_group_audit_events",
    summary = "The audit log of a group, newest first; for owners",
    tag = "audit",
    params(GroupPath, ListAuditEvents, PageQuery),
    responses((status = 200, description = "a page", body = [AuditEventInfo]), Refusals)
)]
pub async fn list_of_group(
    State(app): State<App>,
    access: GroupAccess,
    paging: Paging,
    ApiQuery(query): ApiQuery<ListAuditEvents>,
) -> ApiResult<Response> {
    page_of(&app, Entity::Group(access.group_id), paging, query).await
}

/// `GET /groups/:id/audit_events/:audit_event_id`
#[utoipa::path(
    get,
    path = "/api/v4/groups/{group}/audit_events/{audit_event}",
    operation_id = "get_group_audit_event",
    summary = "One entry of a group's audit log; for owners",
    tag = "audit",
    params(GroupPath, AuditEventPath),
    responses((status = 200, description = "the entry", body = AuditEventInfo), Refusals)
)]
pub async fn get_of_group(
    State(app): State<App>,
    access: GroupAccess,
    Path(path): Path<AuditEventPath>,
) -> ApiResult<Reply<AuditEventInfo>> {
    get_of(&app, Entity::Group(access.group_id), &path).await
}
