//! Making a project.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_domain::access::{FeatureAccess, Right, Role, Visibility};
use weir_domain::audit::Verb;
use weir_domain::namespace::path_of_name;
use weir_domain::version::Part;
use weir_domain::{Error, Result};
use weir_store::Tx;
use weir_store::audit::acts as audit;
use weir_store::namespaces::{self, Namespace};
use weir_store::projects::{self, NewProject};

use super::ProjectInfo;
use crate::app::App;
use crate::caller::{Acting, Caller, standing};
use crate::error::ApiResult;
use crate::extract::Params;
use crate::openapi::Refusals;
use crate::reply::Created;
use crate::rest::taken;
use crate::server_address::Origin;
use crate::wire::{Int, Text};

/// Settings of GitLab's that projects of Weir have not are left alone.
#[derive(Deserialize, ToSchema)]
pub struct CreateProject {
    /// This or `path`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    name: Text,
    /// Made of the name when it is not said.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    path: Text,
    /// A group's, or a user's own namespace; the caller's own when it is not said.
    #[schema(value_type = Option<i64>)]
    #[serde(default)]
    namespace_id: Int,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    description: Text,
    /// `private` (when it is not said), `internal` or `public`.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    visibility: Text,
    /// `disabled`, `private` (members) or `enabled` (when it is not said), as the next.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    model_experiments_access_level: Text,
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    model_registry_access_level: Text,
    /// The number of the latest release that a model version raises when nobody chose its version: `patch` (when it is not said),
    /// `minor` or `major`. Weir's own.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    version_part: Text,
}

struct Wanted {
    name: String,
    path: String,
    namespace_id: Option<i64>,
    description: String,
    visibility: Visibility,
    experiments_access: FeatureAccess,
    registry_access: FeatureAccess,
    version_part: Part,
}

impl CreateProject {
    fn read(self) -> Result<Wanted> {
        let (name, path) = (self.name.optional("name")?, self.path.optional("path")?);
        let (name, path) = match (name, path) {
            (None, None) => {
                return Err(Error::invalid(
                    "name, path are missing, at least one parameter must be provided",
                ));
            }
            (Some(name), None) => (name.clone(), path_of_name(&name)),
            (None, Some(path)) => (path.clone(), path),
            (Some(name), Some(path)) => (name, path),
        };
        let access = |field: Text, name: &str| -> Result<FeatureAccess> {
            field.optional(name)?.map_or(Ok(FeatureAccess::Enabled), |text| FeatureAccess::parse(&text))
        };
        let visibility = self.visibility.optional("visibility")?;
        let part = self.version_part.optional("version_part")?;
        Ok(Wanted {
            name,
            path,
            namespace_id: self.namespace_id.optional("namespace_id")?,
            description: self.description.or_default("description")?,
            visibility: visibility.map_or(Ok(Visibility::Private), |text| Visibility::parse(&text))?,
            experiments_access: access(
                self.model_experiments_access_level,
                "model_experiments_access_level",
            )?,
            registry_access: access(self.model_registry_access_level, "model_registry_access_level")?,
            version_part: part.map_or(Ok(Part::default()), |text| Part::parse(&text))?,
        })
    }
}

/// `POST /projects`
#[utoipa::path(
    post,
    path = "/api/v4/projects",
    operation_id = "create_project",
    summary = "Make a project",
    tag = "projects",
    request_body = CreateProject,
    responses((status = 201, description = "the project", body = ProjectInfo), Refusals)
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    Acting(actor): Acting,
    origin: Origin,
    Params(body): Params<CreateProject>,
) -> ApiResult<Created<ProjectInfo>> {
    let wanted = body.read()?;
    let now = app.clock.now();
    let info = app
        .store
        .write(move |tx| {
            let namespace = namespace(tx, &caller, wanted.namespace_id, now)?;
            let new = NewProject {
                namespace: &namespace,
                path: &wanted.path,
                name: &wanted.name,
                description: &wanted.description,
                visibility: wanted.visibility,
                experiments_access: wanted.experiments_access,
                registry_access: wanted.registry_access,
                version_part: wanted.version_part,
                creator_id: caller.user.id,
                now,
            };
            let project = projects::create_in(tx, &new).map_err(taken)?;
            audit::project(tx, &actor, Verb::Created, None, Some(&project), now)?;
            ProjectInfo::load(tx, project, &origin, &caller, false, now)
        })
        .await?;
    Ok(Created(info))
}

/// The namespace that is named, else the caller's own. A group takes projects of developers and above.
fn namespace(tx: &mut Tx<'_>, caller: &Caller, id: Option<i64>, now: i64) -> Result<Namespace> {
    let missing = || Error::not_found("404 Namespace Not Found");
    let Some(id) = id else {
        let own = namespaces::of_user(tx, caller.user.id)?;
        return own.filter(|_| caller.confined().is_none()).ok_or_else(|| {
            Error::invalid("namespace_id is missing: the caller has no namespace of its own")
        });
    };
    let namespace = namespaces::by_id(tx, id)?.ok_or_else(missing)?;
    if !caller.reaches(tx, None, namespace.id)? {
        return Err(missing());
    }
    if let Some(owner) = namespace.owner_id {
        let may = owner == caller.user.id || caller.user.administrator;
        return if may { Ok(namespace) } else { Err(missing()) };
    }
    let standing = standing(tx, caller, &namespace, now)?;
    standing.check_in_group(Right::See, &namespace.full_path).map_err(|_| missing())?;
    if !standing.has(Role::Developer) {
        return Err(Error::Forbidden(format!(
            "you may not make a project in the group '{}': it needs developer or above",
            namespace.full_path
        )));
    }
    Ok(namespace)
}
