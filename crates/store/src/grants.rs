//! Gives people the roles that their groups at the provider mean, and takes back what they gave before.

use weir_domain::access::Role;
use weir_domain::grant::{Gives, Grant};
use weir_domain::{Error, Result};

use crate::members::{self, Place};
use crate::projects::{self, ProjectRef};
use crate::users::{self, User, UserChange};
use crate::{Tx, namespaces};

/// The kind of a grant that makes administrators.
const ADMINISTRATOR: &str = "administrator";

/// Brings a user up to date with the groups that the provider names. A role that somebody here gave stays, unless a
/// group means a higher one.
pub fn apply(tx: &mut Tx<'_>, user: &User, grants: &[Grant], groups: &[String], now: i64) -> Result<()> {
    let mine = |grant: &&Grant| groups.contains(&grant.group);
    let mut wanted: Vec<(Place, Role)> = Vec::new();
    for grant in grants.iter().filter(mine) {
        let Gives::Role { role, path } = &grant.gives else { continue };
        let Some(place) = find(tx, path)? else {
            tracing::warn!(path, group = grant.group, "a group is given a role where nothing is");
            continue;
        };
        match wanted.iter_mut().find(|(other, _)| *other == place) {
            Some((_, highest)) => *highest = (*highest).max(*role),
            None => wanted.push((place, *role)),
        }
    }
    for place in granted(tx, user.id)? {
        if !wanted.iter().any(|(wanted, _)| *wanted == place) {
            take_back(tx, user.id, place)?;
        }
    }
    for (place, role) in wanted {
        give(tx, user.id, place, role, now)?;
    }
    let administers = grants.iter().filter(mine).any(|grant| grant.gives == Gives::Administrator);
    set_administrator(tx, user, administers)
}

/// A project or a group by its full path: they share their names.
fn find(tx: &mut Tx<'_>, path: &str) -> Result<Option<Place>> {
    if let Some(project) = projects::find(tx, &ProjectRef::Path(path.to_owned()))? {
        return Ok(Some(Place::Project(project.id)));
    }
    let group = namespaces::find(tx, path)?.filter(namespaces::Namespace::is_group);
    Ok(group.map(|group| Place::Group(group.id)))
}

fn key(place: Place) -> (&'static str, i64) {
    match place {
        Place::Project(id) => ("project", id),
        Place::Group(id) => ("group", id),
    }
}

/// Where a user has a role for a group's sake.
fn granted(tx: &mut Tx<'_>, user_id: i64) -> Result<Vec<Place>> {
    tx.list(
        "SELECT kind, place_id FROM granted_roles WHERE user_id = ?1 AND kind <> 'administrator'
         ORDER BY kind, place_id",
        &[&user_id],
        |row| match row.str(0)? {
            "project" => Ok(Place::Project(row.int(1)?)),
            "group" => Ok(Place::Group(row.int(1)?)),
            other => Err(Error::internal(format!("a role was granted in a '{other}'"))),
        },
    )
}

fn give(tx: &mut Tx<'_>, user_id: i64, place: Place, role: Role, now: i64) -> Result<()> {
    let (kind, id) = key(place);
    let (direct, _) = members::roles(tx, place, user_id, now)?;
    if direct.is_some_and(|direct| direct >= role) && !is_granted(tx, user_id, kind, id)? {
        return Ok(());
    }
    members::set(tx, place, user_id, role, None, now)?;
    note(tx, user_id, kind, id)
}

fn take_back(tx: &mut Tx<'_>, user_id: i64, place: Place) -> Result<()> {
    let (kind, id) = key(place);
    match members::remove(tx, place, user_id) {
        // Somebody here was faster.
        Ok(()) | Err(Error::NotFound(_)) => forget(tx, user_id, kind, id),
        Err(error) => Err(error),
    }
}

fn set_administrator(tx: &mut Tx<'_>, user: &User, administers: bool) -> Result<()> {
    let change = UserChange { administrator: Some(administers), ..UserChange::default() };
    if administers && !user.administrator {
        users::update(tx, user, &change)?;
        return note(tx, user.id, ADMINISTRATOR, 0);
    }
    if administers || !is_granted(tx, user.id, ADMINISTRATOR, 0)? {
        return Ok(());
    }
    match users::update(tx, user, &change) {
        Ok(_) => forget(tx, user.id, ADMINISTRATOR, 0),
        // Nobody must be left without an administrator; it is tried again at the next sign-in.
        Err(Error::Conflict(reason)) => {
            tracing::warn!(reason, "a user stays administrator without the group");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn is_granted(tx: &mut Tx<'_>, user_id: i64, kind: &str, id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM granted_roles WHERE user_id = ?1 AND kind = ?2 AND place_id = ?3";
    Ok(tx.find(sql, &[&user_id, &kind, &id], |_| Ok(()))?.is_some())
}

fn note(tx: &mut Tx<'_>, user_id: i64, kind: &str, id: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO granted_roles (user_id, kind, place_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        &[&user_id, &kind, &id],
    )?;
    Ok(())
}

fn forget(tx: &mut Tx<'_>, user_id: i64, kind: &str, id: i64) -> Result<()> {
    let sql = "DELETE FROM granted_roles WHERE user_id = ?1 AND kind = ?2 AND place_id = ?3";
    tx.execute(sql, &[&user_id, &kind, &id])?;
    Ok(())
}
