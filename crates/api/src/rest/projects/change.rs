//! Changing a project: settings, path, archive, deletion and the way back.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::access::{FeatureAccess, Role, Visibility};
use weir_domain::audit::{Actor, Verb};
use weir_domain::version::Part;
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::projects::{self, Project, ProjectChange, ProjectRef};

use super::ProjectInfo;
use crate::app::App;
use crate::caller::{Access, Acting};
use crate::error::ApiResult;
use crate::extract::Params;
use crate::openapi::{ProjectPath, Refusals};
use crate::reply::{Accepted, Created, Reply};
use crate::rest::deletion::Delete;
use crate::rest::taken;
use crate::server_address::Origin;
use crate::wire::{Clearable, Text};

/// Settings of GitLab's that projects of Weir have not are left alone.
#[derive(Deserialize, ToSchema)]
pub struct UpdateProject {
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Text,
    /// The last part of the full path; for owners, as the visibility is.
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
    /// `disabled`, `private` (members) or `enabled`, as the next.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    model_experiments_access_level: Text,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    model_registry_access_level: Text,
    /// The number of the latest release that a model version raises when nobody chose its version: `patch`,
    /// `minor` or `major`. Weir's own.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    version_part: Text,
}

impl UpdateProject {
    fn read(self) -> Result<ProjectChange> {
        let access = |field: Text, name: &str| -> Result<Option<FeatureAccess>> {
            field.optional(name)?.map(|text| FeatureAccess::parse(&text)).transpose()
        };
        let visibility = self.visibility.optional("visibility")?;
        let part = self.version_part.optional("version_part")?;
        Ok(ProjectChange {
            name: self.name.optional("name")?,
            path: self.path.optional("path")?,
            description: self.description.0.optional("description")?,
            visibility: visibility.map(|text| Visibility::parse(&text)).transpose()?,
            experiments_access: access(
                self.model_experiments_access_level,
                "model_experiments_access_level",
            )?,
            registry_access: access(self.model_registry_access_level, "model_registry_access_level")?,
            version_part: part.map(|text| Part::parse(&text)).transpose()?,
        })
    }
}

/// `PUT /projects/:project`
#[utoipa::path(
    put,
    path = "/api/v4/projects/{project}",
    operation_id = "update_project",
    summary = "Change the settings of a project",
    tag = "projects",
    params(ProjectPath),
    request_body = UpdateProject,
    responses((status = 200, description = "the project", body = ProjectInfo), Refusals)
)]
pub async fn update(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<UpdateProject>,
) -> ApiResult<Reply<ProjectInfo>> {
    let change = body.read()?;
    let (caller, now) = (access.somebody()?, app.clock.now());
    let info = app
        .store
        .write(move |tx| {
            let project = projects::get(tx, &ProjectRef::Id(access.project_id))?;
            check_owner(&access, &project, &change)?;
            let before = project;
            let project = projects::update(tx, &before, &change, now).map_err(taken)?;
            audit::project(tx, &actor, Verb::Updated, Some(&before), Some(&project), now)?;
            ProjectInfo::load(tx, project, &origin, &caller, false, now)
        })
        .await?;
    Ok(Reply(info))
}

/// Who sees a project and where it stands, is its owner's.
fn check_owner(access: &Access, project: &Project, change: &ProjectChange) -> Result<()> {
    let moves = change.path.as_ref().is_some_and(|path| *path != project.path);
    let shows = change.visibility.is_some_and(|visibility| visibility != project.visibility);
    if (moves || shows) && !access.standing.has(Role::Owner) {
        let what = if moves { "path" } else { "visibility" };
        return Err(Error::Forbidden(format!(
            "you may not change the {what} of this project: it needs owner"
        )));
    }
    Ok(())
}

/// Does something with the project as a whole, and answers with what it is then.
async fn change(
    app: &App,
    access: Access,
    actor: Actor,
    verb: Verb,
    origin: Origin,
    act: impl Fn(&mut Tx<'_>, &Project, i64) -> Result<()> + Send + 'static,
) -> ApiResult<Created<ProjectInfo>> {
    let (caller, now) = (access.somebody()?, app.clock.now());
    let info = app
        .store
        .write(move |tx| {
            let project = projects::get(tx, &ProjectRef::Id(access.project_id))?;
            act(tx, &project, now)?;
            let before = project;
            let project = projects::get(tx, &ProjectRef::Id(access.project_id))?;
            audit::project(tx, &actor, verb, Some(&before), Some(&project), now)?;
            ProjectInfo::load(tx, project, &origin, &caller, false, now)
        })
        .await?;
    Ok(Created(info))
}

/// `POST /projects/:project/archive`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/archive",
    operation_id = "archive_project",
    summary = "Make a project read-only",
    tag = "projects",
    params(ProjectPath),
    responses((status = 201, description = "the project", body = ProjectInfo), Refusals)
)]
pub async fn archive(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    origin: Origin,
) -> ApiResult<Created<ProjectInfo>> {
    let act = |tx: &mut Tx<'_>, project: &Project, now| projects::set_archived(tx, project.id, true, now);
    change(&app, access, actor, Verb::Archived, origin, act).await
}

/// `POST /projects/:project/unarchive`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/unarchive",
    operation_id = "unarchive_project",
    summary = "Let an archived project be written again",
    tag = "projects",
    params(ProjectPath),
    responses((status = 201, description = "the project", body = ProjectInfo), Refusals)
)]
pub async fn unarchive(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    origin: Origin,
) -> ApiResult<Created<ProjectInfo>> {
    let act = |tx: &mut Tx<'_>, project: &Project, now| projects::set_archived(tx, project.id, false, now);
    change(&app, access, actor, Verb::Unarchived, origin, act).await
}

/// `POST /projects/:project/restore`
#[utoipa::path(
    post,
    path = "/api/v4/projects/{project}/restore",
    operation_id = "restore_project",
    summary = "Take back the deletion of a project",
    tag = "projects",
    params(ProjectPath),
    responses((status = 201, description = "the project", body = ProjectInfo), Refusals)
)]
pub async fn restore(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    origin: Origin,
) -> ApiResult<Created<ProjectInfo>> {
    change(&app, access, actor, Verb::Restored, origin, projects::restore).await
}

/// `DELETE /projects/:project`: marks it; what is marked already can be removed at once.
#[utoipa::path(
    delete,
    path = "/api/v4/projects/{project}",
    operation_id = "delete_project",
    summary = "Delete a project: it waits, read-only, and is removed on its day",
    tag = "projects",
    params(ProjectPath, Delete),
    responses((status = 202, description = "it will be done"), Refusals)
)]
pub async fn delete(
    State(app): State<App>,
    access: Access,
    Acting(actor): Acting,
    Params(body): Params<Delete>,
) -> ApiResult<Accepted> {
    let wish = body.read()?;
    let now = app.clock.now();
    let due = now + app.settings.deletion_delay_ms;
    app.store
        .write(move |tx| {
            let project = projects::get(tx, &ProjectRef::Id(access.project_id))?;
            let waits = project.deletes_at.is_some();
            let at_once = wish.is_at_once("project", &project.full_path, waits)?;
            projects::delete(tx, &project, if at_once { now } else { due }, now)?;
            let after = projects::find(tx, &ProjectRef::Id(project.id))?;
            audit::project(tx, &actor, Verb::Deleted, Some(&project), after.as_ref(), now)
        })
        .await?;
    Ok(Accepted)
}
