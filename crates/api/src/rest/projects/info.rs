//! A project as GitLab's clients read it.

use serde::Serialize;
use weir_domain::access::Role;
use weir_domain::{Result, expiry};
use weir_store::Tx;
use weir_store::members::{self, Place};
use weir_store::namespaces::{self, Namespace};
use weir_store::projects::Project;

use crate::server_address::Origin;
use crate::time::Time;

#[derive(Serialize)]
pub struct ProjectInfo {
    pub id: i64,
    description: String,
    name: String,
    name_with_namespace: String,
    path: String,
    path_with_namespace: String,
    created_at: Time,
    default_branch: Option<String>,
    avatar_url: Option<String>,
    web_url: String,
    last_activity_at: Time,
    namespace: NamespaceInfo,
    #[serde(flatten)]
    rest: Option<Rest>,
}

/// What `simple` leaves out.
#[derive(Serialize)]
struct Rest {
    visibility: &'static str,
    creator_id: i64,
    updated_at: Time,
    archived: bool,
    empty_repo: bool,
    model_experiments_access_level: &'static str,
    model_registry_access_level: &'static str,
    /// Packages are a project's files; they have no switch of their own.
    package_registry_access_level: &'static str,
    packages_enabled: bool,
    marked_for_deletion_at: Option<String>,
    marked_for_deletion_on: Option<String>,
    permissions: Permissions,
}

#[derive(Serialize)]
struct NamespaceInfo {
    id: i64,
    name: String,
    path: String,
    kind: &'static str,
    full_path: String,
    parent_id: Option<i64>,
    avatar_url: Option<String>,
    web_url: String,
}

impl NamespaceInfo {
    fn new(namespace: &Namespace, origin: &Origin) -> Self {
        let (kind, place) = if namespace.is_group() { ("group", "/groups") } else { ("user", "") };
        Self {
            id: namespace.id,
            name: namespace.name.clone(),
            path: namespace.path().to_owned(),
            kind,
            full_path: namespace.full_path.clone(),
            parent_id: namespace.parent_id,
            avatar_url: None,
            web_url: format!("{}{place}/{}", origin.0, namespace.full_path),
        }
    }
}

#[derive(Serialize)]
struct Permissions {
    project_access: Option<Permission>,
    group_access: Option<Permission>,
}

#[derive(Serialize)]
struct Permission {
    access_level: i64,
}

impl ProjectInfo {
    /// With what `user_id` is in the project.
    pub fn load(
        tx: &mut Tx<'_>,
        project: Project,
        origin: &Origin,
        user_id: i64,
        simple: bool,
        now: i64,
    ) -> Result<Self> {
        let namespace = namespaces::full_name(tx, &project.namespace)?;
        let rest = match simple {
            true => None,
            false => Some(Rest::load(tx, &project, user_id, now)?),
        };
        Ok(Self {
            id: project.id,
            name_with_namespace: format!("{namespace} / {}", project.name),
            description: project.description,
            name: project.name,
            path: project.path,
            created_at: Time(project.created_at),
            default_branch: None,
            avatar_url: None,
            web_url: format!("{}/{}", origin.0, project.full_path),
            path_with_namespace: project.full_path,
            last_activity_at: Time(project.updated_at),
            namespace: NamespaceInfo::new(&project.namespace, origin),
            rest,
        })
    }
}

impl Rest {
    fn load(tx: &mut Tx<'_>, project: &Project, user_id: i64, now: i64) -> Result<Self> {
        let (direct, inherited) = members::roles(tx, Place::Project(project.id), user_id, now)?;
        let permission = |role: Option<Role>| role.map(|role| Permission { access_level: role.number() });
        let deletes_on = project.deletes_at.map(expiry::date);
        Ok(Self {
            visibility: project.visibility.name(),
            creator_id: project.creator_id,
            updated_at: Time(project.updated_at),
            archived: project.archived,
            empty_repo: true,
            model_experiments_access_level: project.experiments_access.name(),
            model_registry_access_level: project.registry_access.name(),
            package_registry_access_level: "enabled",
            packages_enabled: true,
            marked_for_deletion_at: deletes_on.clone(),
            marked_for_deletion_on: deletes_on,
            permissions: Permissions {
                project_access: permission(direct),
                group_access: permission(inherited.filter(|_| project.namespace.is_group())),
            },
        })
    }
}
