//! Projects: what experiments, members and tokens belong to.

mod change;
mod list;

use weir_domain::access::{FeatureAccess, Role, Visibility, project_not_found};
use weir_domain::namespace::{PROJECT_DESCRIPTION, check_description, check_name, check_path};
use weir_domain::version::Part;
use weir_domain::{Error, Result};

pub use self::change::{ProjectChange, delete, due, remove_step, restore, set_archived, update};
pub use self::list::{ProjectFilter, order, page};
use crate::members::{self, Place};
use crate::namespaces::{self, Namespace};
use crate::tx::Row;
use crate::{Tx, experiments, groups, redirects};

#[derive(Clone, Debug)]
pub struct Project {
    pub id: i64,
    /// The last segment of the full path.
    pub path: String,
    pub full_path: String,
    pub name: String,
    pub description: String,
    pub visibility: Visibility,
    pub experiments_access: FeatureAccess,
    pub registry_access: FeatureAccess,
    /// Which number of the latest release a version raises that nobody chose.
    pub version_part: Part,
    pub archived: bool,
    /// When it will be removed, if it has been deleted.
    pub deletes_at: Option<i64>,
    pub creator_id: i64,
    pub created_at: i64,
    pub updated_at: i64,
    pub namespace: Namespace,
}

/// A project as an address names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProjectRef {
    Id(i64),
    /// `namespace/project`, whatever its letter case.
    Path(String),
}

impl ProjectRef {
    /// A number, or a full path (already URL-decoded).
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Path(text.to_owned()), Self::Id)
    }
}

impl std::fmt::Display for ProjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Path(path) => f.write_str(path),
        }
    }
}

const OWN: &str = "p.id, p.path, p.full_path, p.name, p.description, p.visibility, p.experiments_access, \
                   p.registry_access, p.version_part, p.archived, p.deletes_at, p.creator_id, p.created_at, \
                   p.updated_at";
const OWN_WIDTH: usize = 14;
/// What is being removed is there for nobody.
const FROM: &str = "projects p JOIN namespaces n ON n.id = p.namespace_id WHERE NOT p.removing";

fn columns() -> String {
    format!("{OWN}, {}", namespaces::COLUMNS)
}

fn read(row: &Row<'_>) -> Result<Project> {
    Ok(Project {
        id: row.int(0)?,
        path: row.text(1)?,
        full_path: row.text(2)?,
        name: row.text(3)?,
        description: row.text(4)?,
        visibility: Visibility::from_number(row.int(5)?),
        experiments_access: FeatureAccess::from_number(row.int(6)?),
        registry_access: FeatureAccess::from_number(row.int(7)?),
        version_part: version_part(row.int(8)?)?,
        archived: row.bool(9)?,
        deletes_at: row.opt_int(10)?,
        creator_id: row.int(11)?,
        created_at: row.int(12)?,
        updated_at: row.int(13)?,
        namespace: namespaces::read(row, OWN_WIDTH)?,
    })
}

fn version_part(number: i64) -> Result<Part> {
    Part::from_number(number).ok_or_else(|| Error::internal(format!("version part {number}")))
}

/// What a project begins with.
pub struct NewProject<'a> {
    pub namespace: &'a Namespace,
    pub path: &'a str,
    pub name: &'a str,
    pub description: &'a str,
    pub visibility: Visibility,
    pub experiments_access: FeatureAccess,
    pub registry_access: FeatureAccess,
    pub version_part: Part,
    /// Becomes its owner, unless that follows from the namespace.
    pub creator_id: i64,
    pub now: i64,
}

/// Makes `full_path` (`namespace/project`) with its experiment `0`, `Default`. The creator becomes its owner.
pub fn create(
    tx: &mut Tx<'_>,
    full_path: &str,
    visibility: Visibility,
    creator_id: i64,
    now: i64,
) -> Result<Project> {
    let (namespace, path) = full_path.rsplit_once('/').ok_or_else(|| {
        Error::Invalid(format!(
            "'{full_path}' is not a project path: write namespace/project, such as root/default"
        ))
    })?;
    check_path("project name", path)?;
    let namespace = namespaces::find(tx, namespace)?
        .ok_or_else(|| Error::NotFound(format!("no namespace '{namespace}'")))?;
    let new = NewProject {
        namespace: &namespace,
        path,
        name: path,
        description: "",
        visibility,
        experiments_access: FeatureAccess::Enabled,
        registry_access: FeatureAccess::Enabled,
        version_part: Part::default(),
        creator_id,
        now,
    };
    create_in(tx, &new)
}

/// The same with all that can be said of a project.
pub fn create_in(tx: &mut Tx<'_>, new: &NewProject<'_>) -> Result<Project> {
    check_path("project path", new.path)?;
    check_name("project", new.name)?;
    check_description("project", new.description, PROJECT_DESCRIPTION)?;
    namespaces::lock(tx, new.namespace.id)?;
    groups::check_inside(new.namespace, new.visibility, "project")?;
    let full_path = format!("{}/{}", new.namespace.full_path, new.path);
    let taken = || {
        Error::AlreadyExists(format!(
            "the project '{full_path}' exists already: its path has already been taken"
        ))
    };
    if namespaces::has(tx, &full_path)? {
        return Err(taken());
    }
    let id = tx.find(
        "INSERT INTO projects (namespace_id, path, full_path, name, description, visibility, experiments_access,
                               registry_access, version_part, creator_id, next_experiment_iid, next_run_iid,
                               created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1, 1, ?11, ?11)
         ON CONFLICT DO NOTHING
         RETURNING id",
        &[
            &new.namespace.id,
            &new.path,
            &full_path,
            &new.name,
            &new.description,
            &new.visibility.number(),
            &new.experiments_access.number(),
            &new.registry_access.number(),
            &new.version_part.number(),
            &new.creator_id,
            &new.now,
        ],
        |row| row.int(0),
    )?;
    let id = id.ok_or_else(taken)?;
    redirects::remove(tx, &full_path)?;
    experiments::create_default(tx, id, new.creator_id, new.now)?;
    // In a group its members have the roles that they have there, as in GitLab: making a project is no way up.
    if !new.namespace.is_group() {
        members::set(tx, Place::Project(id), new.creator_id, Role::Owner, None, new.now)?;
    }
    get(tx, &ProjectRef::Id(id))
}

pub fn find(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Option<Project>> {
    let columns = columns();
    match project {
        ProjectRef::Id(id) => tx.find(&format!("SELECT {columns} FROM {FROM} AND p.id = ?1"), &[id], read),
        ProjectRef::Path(path) => tx.find(
            &format!("SELECT {columns} FROM {FROM} AND lower(p.full_path) = lower(?1)"),
            &[path],
            read,
        ),
    }
}

/// The project that has a path, or had it. Whether it has moved since.
pub fn find_or_moved(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Option<(Project, bool)>> {
    if let Some(found) = find(tx, project)? {
        return Ok(Some((found, false)));
    }
    let ProjectRef::Path(path) = project else { return Ok(None) };
    let Some(id) = redirects::find(tx, path)? else { return Ok(None) };
    Ok(find(tx, &ProjectRef::Id(id))?.map(|project| (project, true)))
}

pub fn get(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Project> {
    find(tx, project)?.ok_or_else(|| project_not_found(&project.to_string()))
}

pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Project>> {
    tx.list(&format!("SELECT {} FROM {FROM} ORDER BY p.id", columns()), &[], read)
}

/// The projects in a group and in the groups below it.
pub(crate) fn list_in_group(tx: &mut Tx<'_>, group_id: i64) -> Result<Vec<Project>> {
    let sql = format!(
        "SELECT {} FROM {FROM} AND p.namespace_id IN (SELECT namespace_id FROM namespace_ancestors WHERE ancestor_id = ?1)
         ORDER BY p.id",
        columns()
    );
    tx.list(&sql, &[&group_id], read)
}

pub fn set_visibility(tx: &mut Tx<'_>, id: i64, visibility: Visibility) -> Result<()> {
    tx.execute("UPDATE projects SET visibility = ?2 WHERE id = ?1", &[&id, &visibility.number()])?;
    Ok(())
}

/// Takes the next number of the project's experiments.
pub(crate) fn next_experiment_iid(tx: &mut Tx<'_>, id: i64) -> Result<i64> {
    tx.get(
        "UPDATE projects SET next_experiment_iid = next_experiment_iid + 1 WHERE id = ?1
         RETURNING next_experiment_iid - 1",
        &[&id],
        |row| row.int(0),
    )
}

/// Takes the next number of the project's runs.
pub(crate) fn next_run_iid(tx: &mut Tx<'_>, id: i64) -> Result<i64> {
    tx.get(
        "UPDATE projects SET next_run_iid = next_run_iid + 1 WHERE id = ?1 RETURNING next_run_iid - 1",
        &[&id],
        |row| row.int(0),
    )
}

/// Keeps the row of a project until the end of the transaction: what is counted in it stays so.
pub(crate) fn lock(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.find(&format!("SELECT id FROM projects WHERE id = ?1{}", tx.for_update()), &[&id], |_| Ok(()))?;
    Ok(())
}
