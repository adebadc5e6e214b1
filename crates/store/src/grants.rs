//! Gives people the roles that their groups at the provider mean, and takes back what they gave before.

use weir_domain::access::Role;
use weir_domain::audit::{Actor, Verb};
use weir_domain::grant::{Gives, Grant};
use weir_domain::{Error, Result};

use crate::audit::acts;
use crate::members::{self, Place};
use crate::projects::{self, ProjectRef};
use crate::users::{self, User, UserChange};
use crate::{Tx, namespaces};

/// The kind of a grant that makes administrators.
const ADMINISTRATOR: &str = "administrator";

/// Brings a user up to date with the groups that the provider names. A role that somebody here gave stays, unless a
/// group means a higher one, and comes back after that.
pub fn apply(
    tx: &mut Tx<'_>,
    user: &User,
    actor: &Actor,
    grants: &[Grant],
    groups: &[String],
    now: i64,
) -> Result<()> {
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
    let granted = granted(tx, user.id)?;
    for had in &granted {
        if !wanted.iter().any(|(wanted, _)| *wanted == had.place) {
            tolerate(take_back(tx, user, actor, had, now))?;
        }
    }
    for (place, role) in wanted {
        let had = granted.iter().find(|had| had.place == place);
        tolerate(give(tx, user, actor, had, (place, role), now))?;
    }
    let administers = grants.iter().filter(mine).any(|grant| grant.gives == Gives::Administrator);
    set_administrator(tx, user, actor, administers, now)
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

/// What a group gave somebody.
#[derive(Clone, Copy)]
struct Granted {
    place: Place,
    role: Option<Role>,
    /// What somebody here had given before, with its end.
    before: Option<(Role, Option<i64>)>,
}

/// What a user has for groups' sake.
fn granted(tx: &mut Tx<'_>, user_id: i64) -> Result<Vec<Granted>> {
    tx.list(
        "SELECT kind, place_id, role, before_role, before_expires_at FROM granted_roles
         WHERE user_id = ?1 AND kind <> 'administrator'
         ORDER BY kind, place_id",
        &[&user_id],
        |row| {
            let place = match row.str(0)? {
                "project" => Place::Project(row.int(1)?),
                "group" => Place::Group(row.int(1)?),
                other => return Err(Error::internal(format!("a role was granted in a '{other}'"))),
            };
            let role = |number: Option<i64>| number.map(Role::from_number).transpose();
            let expires_at = row.opt_int(4)?;
            let before = role(row.opt_int(3)?)?.map(|before| (before, expires_at));
            Ok(Granted { place, role: role(row.opt_int(2)?)?, before })
        },
    )
}

/// Gives a role, unless somebody here gave it or a higher one; what was given before is remembered.
fn give(
    tx: &mut Tx<'_>,
    user: &User,
    actor: &Actor,
    had: Option<&Granted>,
    (place, role): (Place, Role),
    now: i64,
) -> Result<()> {
    if had.is_some_and(|had| had.role == Some(role)) {
        return Ok(());
    }
    let before = match had {
        Some(had) => had.before,
        None => members::direct(tx, place, user.id)?.map(|member| (member.role, member.expires_at)),
    };
    let before = before.filter(|(_, expires_at)| expires_at.is_none_or(|at| at > now));
    match before {
        Some((given, expires_at)) if given >= role => match had {
            Some(_) => set(tx, user, actor, place, Some((given, expires_at)), now),
            None => Ok(()),
        },
        _ => {
            set(tx, user, actor, place, Some((role, None)), now)?;
            note(tx, user.id, place, role, before)
        }
    }
}

/// What was there before is there again.
fn take_back(tx: &mut Tx<'_>, user: &User, actor: &Actor, had: &Granted, now: i64) -> Result<()> {
    let before = had.before.filter(|(_, expires_at)| expires_at.is_none_or(|at| at > now));
    match set(tx, user, actor, had.place, before, now) {
        // The place has gone.
        Err(Error::NotFound(_)) => forget(tx, user.id, had.place),
        done => done,
    }
}

/// Makes somebody a direct member with this role and end, or none, and tells the audit log.
fn set(
    tx: &mut Tx<'_>,
    user: &User,
    actor: &Actor,
    place: Place,
    member: Option<(Role, Option<i64>)>,
    now: i64,
) -> Result<()> {
    let before = members::direct(tx, place, user.id)?;
    match member {
        Some((role, expires_at)) => members::set(tx, place, user.id, role, expires_at, now)?,
        None => members::remove(tx, place, user.id, now)?,
    }
    acts::member(tx, actor, place, user, before.as_ref(), now)
}

/// A place without an owner must not come of what a provider says; it is tried again at the next sign-in.
fn tolerate(done: Result<()>) -> Result<()> {
    match done {
        Err(Error::Conflict(reason) | Error::Forbidden(reason)) => {
            tracing::warn!(reason, "a role stays as it is, though the groups mean another");
            Ok(())
        }
        done => done,
    }
}

fn set_administrator(tx: &mut Tx<'_>, user: &User, actor: &Actor, administers: bool, now: i64) -> Result<()> {
    let change = UserChange { administrator: Some(administers), ..UserChange::default() };
    if administers && !user.administrator {
        let after = users::update(tx, user, &change)?;
        acts::user(tx, actor, Verb::Updated, Some(user), Some(&after), now)?;
        tx.execute(
            "INSERT INTO granted_roles (user_id, kind, place_id) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING",
            &[&user.id, &ADMINISTRATOR],
        )?;
        return Ok(());
    }
    if administers || !was_made_administrator(tx, user.id)? {
        return Ok(());
    }
    // Nobody must be left without an administrator.
    match users::update(tx, user, &change) {
        Ok(after) => acts::user(tx, actor, Verb::Updated, Some(user), Some(&after), now),
        Err(error) => tolerate(Err(error)),
    }
}

fn was_made_administrator(tx: &mut Tx<'_>, user_id: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM granted_roles WHERE user_id = ?1 AND kind = ?2";
    Ok(tx.find(sql, &[&user_id, &ADMINISTRATOR], |_| Ok(()))?.is_some())
}

fn note(
    tx: &mut Tx<'_>,
    user_id: i64,
    place: Place,
    role: Role,
    before: Option<(Role, Option<i64>)>,
) -> Result<()> {
    let (kind, id) = key(place);
    let (before_role, before_expires_at) = before.unzip();
    tx.execute(
        "INSERT INTO granted_roles (user_id, kind, place_id, role, before_role, before_expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (user_id, kind, place_id) DO UPDATE
         SET role = excluded.role, before_role = excluded.before_role, before_expires_at = excluded.before_expires_at",
        &[&user_id, &kind, &id, &role.number(), &before_role.map(Role::number), &before_expires_at.flatten()],
    )?;
    Ok(())
}

/// What somebody has in a place is no group's gift any more: a person here has decided on it.
pub(crate) fn forget(tx: &mut Tx<'_>, user_id: i64, place: Place) -> Result<()> {
    let (kind, id) = key(place);
    let sql = "DELETE FROM granted_roles WHERE user_id = ?1 AND kind = ?2 AND place_id = ?3";
    tx.execute(sql, &[&user_id, &kind, &id])?;
    Ok(())
}

pub(crate) fn forget_administrator(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    let sql = "DELETE FROM granted_roles WHERE user_id = ?1 AND kind = ?2";
    tx.execute(sql, &[&user_id, &ADMINISTRATOR])?;
    Ok(())
}
