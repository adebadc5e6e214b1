//! Changing a group: settings, path, deletion and the way back.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::Result;
use weir_domain::access::Visibility;
use weir_domain::audit::{Actor, Verb};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::groups::{self, GroupChange, GroupRef};
use weir_store::namespaces::Namespace;

use super::GroupInfo;
use crate::app::App;
use crate::caller::{Acting, GroupAccess};
use crate::error::ApiResult;
use crate::extract::Params;
use crate::openapi::{GroupPath, Refusals};
use crate::reply::{Accepted, Created, Reply};
use crate::rest::deletion::Delete;
use crate::rest::taken;
use crate::server_address::Origin;
use crate::wire::{Clearable, Text};

#[derive(Deserialize, ToSchema)]
pub struct UpdateGroup {
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Text,
    /// The last part of the full path.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    path: Text,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    description: Clearable,
    /// `private`, `internal` or `public`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    visibility: Text,
}

/// `PUT /groups/:group`
#[utoipa::path(
    put,
    path = "/api/v4/groups/{group}",
    operation_id = "update_group",
    summary = "Change the settings of a group",
    tag = "groups",
    params(GroupPath),
    request_body = UpdateGroup,
    responses((status = 200, description = "the group", body = GroupInfo), Refusals)
)]
pub async fn update(
    State(app): State<App>,
    access: GroupAccess,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<UpdateGroup>,
) -> ApiResult<Reply<GroupInfo>> {
    let visibility = body.visibility.optional("visibility")?;
    let change = GroupChange {
        name: body.name.optional("name")?,
        path: body.path.optional("path")?,
        description: body.description.0.optional("description")?,
        visibility: visibility.map(|text| Visibility::parse(&text)).transpose()?,
    };
    let act = move |tx: &mut Tx<'_>, group: &Namespace| groups::update(tx, group, &change).map_err(taken);
    Ok(Reply(self::change(&app, &access, actor, Verb::Updated, origin, act).await?))
}

/// Does something with a group, and answers with what it is then.
async fn change(
    app: &App,
    access: &GroupAccess,
    actor: Actor,
    verb: Verb,
    origin: Origin,
    act: impl Fn(&mut Tx<'_>, &Namespace) -> Result<Namespace> + Send + 'static,
) -> Result<GroupInfo> {
    let (id, now) = (GroupRef::Id(access.group_id), app.clock.now());
    app.store
        .write(move |tx| {
            let before = groups::get(tx, &id)?;
            let group = act(tx, &before)?;
            audit::group(tx, &actor, verb, Some(&before), Some(&group), now)?;
            GroupInfo::load(tx, group, &origin)
        })
        .await
}

/// `DELETE /groups/:group`: marks it with all that lies in it; what is marked already can be removed at once.
#[utoipa::path(
    delete,
    path = "/api/v4/groups/{group}",
    operation_id = "delete_group",
    summary = "Delete a group with all that lies in it: it waits, and is removed on its day",
    tag = "groups",
    params(GroupPath, Delete),
    responses((status = 202, description = "it will be done"), Refusals)
)]
pub async fn delete(
    State(app): State<App>,
    access: GroupAccess,
    Acting(actor): Acting,
    Params(body): Params<Delete>,
) -> ApiResult<Accepted> {
    let wish = body.read()?;
    let now = app.clock.now();
    let due = now + app.settings.deletion_delay_ms;
    app.store
        .write(move |tx| {
            let group = groups::get(tx, &GroupRef::Id(access.group_id))?;
            if wish.is_at_once("group", &group.full_path, group.deletes_at.is_some())? {
                return groups::delete_at_once(tx, &group, &actor, now);
            }
            groups::delete(tx, &group, due)?;
            let after = groups::get(tx, &GroupRef::Id(group.id))?;
            audit::group(tx, &actor, Verb::Deleted, Some(&group), Some(&after), now)
        })
        .await?;
    Ok(Accepted)
}

/// `POST /groups/:group/restore`
#[utoipa::path(
    post,
    path = "/api/v4/groups/{group}/restore",
    operation_id = "restore_group",
    summary = "Take back the deletion of a group",
    tag = "groups",
    params(GroupPath),
    responses((status = 201, description = "the group", body = GroupInfo), Refusals)
)]
pub async fn restore(
    State(app): State<App>,
    access: GroupAccess,
    Acting(actor): Acting,
    origin: Origin,
) -> ApiResult<Created<GroupInfo>> {
    let act = |tx: &mut Tx<'_>, group: &Namespace| {
        groups::restore(tx, group)?;
        groups::get(tx, &GroupRef::Id(group.id))
    };
    Ok(Created(change(&app, &access, actor, Verb::Restored, origin, act).await?))
}
