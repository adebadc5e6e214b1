//! A project as GitLab's clients read it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_domain::access::{Feature, Right, Role, Standing};
use weir_domain::{Error, Result, expiry};
use weir_store::Tx;
use weir_store::members;
use weir_store::namespaces::{self, Namespace};
use weir_store::projects::Project;

use crate::caller::{Caller, standing_in};
use crate::server_address::Origin;
use crate::time::Time;

#[derive(Serialize, ToSchema)]
#[schema(as = Project)]
pub struct ProjectInfo {
    pub id: i64,
    description: String,
    name: String,
    name_with_namespace: String,
    path: String,
    path_with_namespace: String,
    created_at: Time,
    /// Always `null`: there is no repository.
    #[schema(required = true)]
    default_branch: Option<String>,
    #[schema(required = true)]
    avatar_url: Option<String>,
    web_url: String,
    last_activity_at: Time,
    namespace: NamespaceInfo,
    #[serde(flatten)]
    #[schema(value_type = Rest)]
    rest: Option<Rest>,
}

/// What `simple=true` leaves out.
#[derive(Serialize, ToSchema)]
#[schema(as = ProjectSettings)]
struct Rest {
    /// `private`, `internal` or `public`.
    visibility: &'static str,
    creator_id: i64,
    updated_at: Time,
    archived: bool,
    empty_repo: bool,
    /// `disabled`, `private` (members) or `enabled`, as the next.
    model_experiments_access_level: &'static str,
    model_registry_access_level: &'static str,
    /// The number of the latest release that a model version raises when nobody chose its version: `patch`,
    /// `minor` or `major`. Weir's own.
    version_part: &'static str,
    /// Packages are a project's files; they have no switch of their own.
    package_registry_access_level: &'static str,
    packages_enabled: bool,
    /// The day on which it is removed; `null`: it is not deleted.
    #[schema(required = true, format = Date)]
    marked_for_deletion_at: Option<String>,
    #[schema(required = true, format = Date)]
    marked_for_deletion_on: Option<String>,
    permissions: Permissions,
    caller: CallerInfo,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Namespace)]
struct NamespaceInfo {
    id: i64,
    name: String,
    path: String,
    /// `user` or `group`.
    kind: &'static str,
    full_path: String,
    #[schema(required = true)]
    parent_id: Option<i64>,
    #[schema(required = true)]
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

/// The roles that count: the direct one and the highest of the groups that the project lies in.
#[derive(Serialize, ToSchema)]
struct Permissions {
    #[schema(required = true)]
    project_access: Option<Permission>,
    #[schema(required = true)]
    group_access: Option<Permission>,
}

#[derive(Serialize, ToSchema)]
struct Permission {
    access_level: i64,
}

/// What the caller is in the project, and what may be done there with the session or token that asks. GitLab's
/// `permissions` tell neither of administrators, scopes and archives, nor of what is switched off.
#[derive(Serialize, ToSchema)]
struct CallerInfo {
    /// The highest role by GitLab's number, direct or inherited; `null`: no member.
    #[schema(required = true)]
    access_level: Option<i64>,
    #[schema(required = true)]
    role: Option<&'static str>,
    is_admin: bool,
    may: May,
}

#[derive(Serialize, ToSchema)]
struct May {
    read_experiments: bool,
    write_experiments: bool,
    read_models: bool,
    write_models: bool,
    /// Delete what is published, and packages.
    delete_published: bool,
    read_packages: bool,
    /// Settings, members, tokens, trust rules, the CI link.
    maintain: bool,
    /// Path, visibility, archive, deletion.
    own: bool,
}

impl CallerInfo {
    fn new(standing: &Standing) -> Self {
        let may = |right| standing.check(right, "").is_ok();
        let has = |right, feature| may(right) && standing.check_feature(feature, "").is_ok();
        let write_models = has(Right::Write, Feature::Registry);
        Self {
            access_level: standing.role.map(Role::number),
            role: standing.role.map(Role::name),
            is_admin: standing.administrator,
            may: May {
                read_experiments: has(Right::Read, Feature::Experiments),
                write_experiments: has(Right::Write, Feature::Experiments),
                read_models: has(Right::Read, Feature::Registry),
                write_models,
                delete_published: write_models && standing.may_unseal(),
                read_packages: may(Right::ReadPackages),
                maintain: may(Right::Maintain),
                own: may(Right::Own),
            },
        }
    }
}

impl ProjectInfo {
    /// With what `caller` is in the project.
    pub fn load(
        tx: &mut Tx<'_>,
        project: Project,
        origin: &Origin,
        caller: &Caller,
        simple: bool,
        now: i64,
    ) -> Result<Self> {
        let mut one = Self::load_all(tx, vec![project], origin, caller, simple, now)?;
        one.pop().ok_or_else(|| Error::internal("a project was lost on its way out"))
    }

    /// The same of a whole page, with as many questions to the database as of one.
    pub fn load_all(
        tx: &mut Tx<'_>,
        projects: Vec<Project>,
        origin: &Origin,
        caller: &Caller,
        simple: bool,
        now: i64,
    ) -> Result<Vec<Self>> {
        let mut namespaces: Vec<i64> = projects.iter().map(|project| project.namespace.id).collect();
        namespaces.sort_unstable();
        namespaces.dedup();
        let names = namespaces::full_names(tx, &namespaces)?;
        let ids: Vec<i64> = projects.iter().map(|project| project.id).collect();
        let roles = if simple { HashMap::new() } else { members::roles_in(tx, &ids, caller.user.id, now)? };
        let info = |project: Project| {
            let roles = roles.get(&project.id).copied().unwrap_or_default();
            let rest = (!simple).then(|| Rest::new(&project, caller, roles));
            let namespace = names.get(&project.namespace.id).unwrap_or(&project.namespace.name).clone();
            Self::new(project, &namespace, origin, rest)
        };
        Ok(projects.into_iter().map(info).collect())
    }

    fn new(project: Project, namespace: &str, origin: &Origin, rest: Option<Rest>) -> Self {
        Self {
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
        }
    }
}

impl Rest {
    fn new(project: &Project, caller: &Caller, (direct, inherited): (Option<Role>, Option<Role>)) -> Self {
        // Who owns a user's namespace is to GitLab's clients a member of what is in it.
        let own = if project.namespace.is_group() { direct } else { direct.max(inherited) };
        let role = direct.max(inherited);
        let standing = standing_in(project, role, caller.user.administrator, caller.scopes);
        let permission = |role: Option<Role>| role.map(|role| Permission { access_level: role.number() });
        let deletes_on = project.deletes_at.map(expiry::date);
        Self {
            visibility: project.visibility.name(),
            creator_id: project.creator_id,
            updated_at: Time(project.updated_at),
            archived: project.archived,
            empty_repo: true,
            model_experiments_access_level: project.experiments_access.name(),
            model_registry_access_level: project.registry_access.name(),
            version_part: project.version_part.name(),
            package_registry_access_level: "enabled",
            packages_enabled: true,
            marked_for_deletion_at: deletes_on.clone(),
            marked_for_deletion_on: deletes_on,
            permissions: Permissions {
                project_access: permission(own),
                group_access: permission(inherited.filter(|_| project.namespace.is_group())),
            },
            caller: CallerInfo::new(&standing),
        }
    }
}
