//! Changes of a project as a whole: settings, path, archive, deletion and what follows it.

use weir_domain::access::{FeatureAccess, Visibility};
use weir_domain::audit::{Actor, Verb};
use weir_domain::namespace::{PROJECT_DESCRIPTION, check_description, check_name, check_path};
use weir_domain::version::Part;
use weir_domain::{Error, Result};

use super::{Project, ProjectRef, get};
use crate::{Tx, audit, groups, namespaces, redirects, removal};

/// What is changed; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct ProjectChange {
    pub name: Option<String>,
    /// The last segment of the path. The old path leads to the new one.
    pub path: Option<String>,
    pub description: Option<String>,
    pub visibility: Option<Visibility>,
    pub experiments_access: Option<FeatureAccess>,
    pub registry_access: Option<FeatureAccess>,
    pub version_part: Option<Part>,
}

pub fn update(tx: &mut Tx<'_>, project: &Project, change: &ProjectChange, now: i64) -> Result<Project> {
    let name = change.name.as_deref().unwrap_or(&project.name);
    let description = change.description.as_deref().unwrap_or(&project.description);
    let visibility = change.visibility.unwrap_or(project.visibility);
    check_name("project", name)?;
    // One that is there already and longer is no reason to refuse another change.
    if description != project.description {
        check_description("project", description, PROJECT_DESCRIPTION)?;
    }
    if visibility > project.visibility {
        namespaces::lock(tx, project.namespace.id)?;
        groups::check_inside(&project.namespace, visibility, "project")?;
    }
    if let Some(path) = change.path.as_deref().filter(|path| *path != project.path) {
        relocate(tx, project, path)?;
    }
    tx.execute(
        "UPDATE projects
         SET name = ?2, description = ?3, visibility = ?4, experiments_access = ?5, registry_access = ?6,
             version_part = ?7, updated_at = ?8
         WHERE id = ?1",
        &[
            &project.id,
            &name,
            &description,
            &visibility.number(),
            &change.experiments_access.unwrap_or(project.experiments_access).number(),
            &change.registry_access.unwrap_or(project.registry_access).number(),
            &change.version_part.unwrap_or(project.version_part).number(),
            &now,
        ],
    )?;
    get(tx, &ProjectRef::Id(project.id))
}

fn relocate(tx: &mut Tx<'_>, project: &Project, path: &str) -> Result<()> {
    check_path("project path", path)?;
    namespaces::lock(tx, project.namespace.id)?;
    let full_path = format!("{}/{path}", project.namespace.full_path);
    let other = tx.find(
        "SELECT id FROM projects WHERE lower(full_path) = lower(?1) AND id <> ?2",
        &[&full_path, &project.id],
        |row| row.int(0),
    )?;
    if other.is_some() || namespaces::has(tx, &full_path)? {
        return Err(Error::AlreadyExists(format!("the path '{full_path}' has already been taken")));
    }
    tx.execute(
        "UPDATE projects SET path = ?2, full_path = ?3 WHERE id = ?1",
        &[&project.id, &path, &full_path],
    )?;
    redirects::add(tx, &project.full_path, project.id)?;
    redirects::remove(tx, &full_path)
}

/// An archived project is read, and nothing in it changes.
pub fn set_archived(tx: &mut Tx<'_>, id: i64, archived: bool, now: i64) -> Result<()> {
    tx.execute("UPDATE projects SET archived = ?2, updated_at = ?3 WHERE id = ?1", &[&id, &archived, &now])?;
    Ok(())
}

/// Marks a project for removal at `at`; at `now` or before, it is gone at once and its content soon.
pub fn delete(tx: &mut Tx<'_>, project: &Project, at: i64, now: i64) -> Result<()> {
    tx.execute(
        "UPDATE projects SET deletes_at = ?2, updated_at = ?3 WHERE id = ?1",
        &[&project.id, &at, &now],
    )?;
    if at <= now { hide(tx, project.id) } else { Ok(()) }
}

pub fn restore(tx: &mut Tx<'_>, project: &Project, now: i64) -> Result<()> {
    if project.deletes_at.is_none() {
        return Err(Error::Invalid(format!(
            "the project '{}' does not wait to be deleted",
            project.full_path
        )));
    }
    if project.namespace.deletes_at.is_some() {
        return Err(Error::Conflict(format!(
            "the project '{}' lies in the group '{}', which waits to be deleted: restore that",
            project.full_path, project.namespace.full_path
        )));
    }
    tx.execute("UPDATE projects SET deletes_at = NULL, updated_at = ?2 WHERE id = ?1", &[&project.id, &now])?;
    Ok(())
}

/// Projects whose time has come, and those whose removal was interrupted.
pub fn due(tx: &mut Tx<'_>, now: i64) -> Result<Vec<i64>> {
    tx.list("SELECT id FROM projects WHERE deletes_at <= ?1 ORDER BY id LIMIT 100", &[&now], |row| row.int(0))
}

/// Takes it out of sight, and its path free. No path has a colon.
fn hide(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    let path = format!("removed:{id}");
    tx.execute(
        "UPDATE projects SET removing = ?2, path = ?3, full_path = ?3 WHERE id = ?1",
        &[&id, &true, &path],
    )?;
    tx.execute("DELETE FROM redirects WHERE project_id = ?1", &[&id])?;
    Ok(())
}

/// Removes some of what a due project holds; answers whether it is gone altogether.
pub fn remove_step(tx: &mut Tx<'_>, id: i64, now: i64) -> Result<bool> {
    let due = tx.find(
        &format!("SELECT removing FROM projects WHERE id = ?1 AND deletes_at <= ?2{}", tx.for_update()),
        &[&id, &now],
        |row| row.bool(0),
    )?;
    match due {
        // Restored in the meantime, or gone.
        None => Ok(true),
        Some(false) => {
            let project = super::find(tx, &ProjectRef::Id(id))?;
            audit::acts::project(tx, &Actor::SERVER, Verb::Destroyed, project.as_ref(), None, now)?;
            hide(tx, id).map(|()| false)
        }
        Some(true) => removal::project_step(tx, id, now),
    }
}
