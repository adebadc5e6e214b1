//! Projects: what experiments, members and tokens belong to.

use weir_domain::access::{Visibility, project_not_found};
use weir_domain::version::Part;
use weir_domain::{Error, Result};

use crate::users::check_path;
use crate::{Tx, experiments};

#[derive(Clone, Debug)]
pub struct Project {
    pub id: i64,
    pub full_path: String,
    pub name: String,
    pub visibility: Visibility,
    pub creator_id: i64,
    pub created_at: i64,
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

const COLUMNS: &str = "id, full_path, name, visibility, creator_id, created_at";

fn read(row: &crate::tx::Row<'_>) -> Result<Project> {
    Ok(Project {
        id: row.int(0)?,
        full_path: row.text(1)?,
        name: row.text(2)?,
        visibility: Visibility::from_number(row.int(3)?),
        creator_id: row.int(4)?,
        created_at: row.int(5)?,
    })
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
    let namespace_id = tx
        .find("SELECT id FROM namespaces WHERE lower(full_path) = lower(?1)", &[&namespace], |row| {
            row.int(0)
        })?
        .ok_or_else(|| Error::NotFound(format!("no namespace '{namespace}'")))?;
    let id = tx.find(
        "INSERT INTO projects (namespace_id, path, full_path, name, visibility, creator_id,
                               next_experiment_iid, next_run_iid, created_at)
         VALUES (?1, ?2, ?3, ?2, ?4, ?5, 1, 1, ?6)
         ON CONFLICT DO NOTHING
         RETURNING id",
        &[&namespace_id, &path, &full_path, &visibility.number(), &creator_id, &now],
        |row| row.int(0),
    )?;
    let id = id.ok_or_else(|| Error::AlreadyExists(format!("the project '{full_path}' exists already")))?;
    experiments::create_default(tx, id, creator_id, now)?;
    crate::members::set(tx, id, creator_id, weir_domain::access::Role::Owner, None, now)?;
    get(tx, &ProjectRef::Id(id))
}

pub fn find(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Option<Project>> {
    match project {
        ProjectRef::Id(id) => tx.find(&format!("SELECT {COLUMNS} FROM projects WHERE id = ?1"), &[id], read),
        ProjectRef::Path(path) => tx.find(
            &format!("SELECT {COLUMNS} FROM projects WHERE lower(full_path) = lower(?1)"),
            &[path],
            read,
        ),
    }
}

pub fn get(tx: &mut Tx<'_>, project: &ProjectRef) -> Result<Project> {
    find(tx, project)?.ok_or_else(|| project_not_found(&project.to_string()))
}

pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Project>> {
    tx.list(&format!("SELECT {COLUMNS} FROM projects ORDER BY id"), &[], read)
}

/// Which number of the latest release a version raises that nobody chose.
pub fn set_version_part(tx: &mut Tx<'_>, id: i64, part: Part) -> Result<()> {
    tx.execute("UPDATE projects SET version_part = ?2 WHERE id = ?1", &[&id, &part.number()])?;
    Ok(())
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
