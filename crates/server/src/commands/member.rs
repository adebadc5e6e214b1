//! `weir member`: who may do what in a project or a group.

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_domain::{Error, Result, expiry};
use weir_store::audit::acts;
use weir_store::groups::{self, GroupRef};
use weir_store::members::{self, Member, Place};
use weir_store::projects::{self, ProjectRef};
use weir_store::{Store, Tx, users};

use super::{ACTOR, change};
use crate::cli::{self, MemberCommand};
use crate::{listing, out};

pub async fn run(store: &Store, command: MemberCommand, now: i64) -> Result<()> {
    match command {
        MemberCommand::Add { place, username, role, expires, output } => {
            let role = Role::parse(&role)?;
            let expires_at = expires.map(|text| expiry::parse(&text, now)).transpose()?;
            let (path, member) = change(store, now, move |tx| {
                let (place, path) = find(tx, &place)?;
                let user = users::by_name(tx, &username)?;
                let before = members::direct(tx, place, user.id)?;
                members::set(tx, place, user.id, role, expires_at, now)?;
                acts::member(tx, ACTOR, place, &user, before.as_ref(), now)?;
                Ok((
                    path,
                    Member {
                        user,
                        role,
                        expires_at,
                        created_at: before.map_or(now, |old| old.created_at),
                        inherited_from: None,
                    },
                ))
            })
            .await?;
            if output.json {
                return out::line(&json_of(&member).to_string());
            }
            let until = expires_at.map(|at| format!(" until {}", expiry::date(at))).unwrap_or_default();
            out::line(&format!("'{}' is {} of '{path}'{until}", member.user.username, role.name()))
        }
        MemberCommand::Remove { place, username } => {
            let (path, user) = change(store, now, move |tx| {
                let kind = if place.group { "group" } else { "project" };
                let (place, path) = find(tx, &place)?;
                let user = users::by_name(tx, &username)?;
                let Some(member) = members::direct(tx, place, user.id)? else {
                    let user = user.username;
                    return Err(Error::not_found(format!("user '{user}' is no member of {kind} '{path}'")));
                };
                members::remove(tx, place, user.id, now)?;
                acts::member(tx, ACTOR, place, &user, Some(&member), now)?;
                Ok((path, user))
            })
            .await?;
            out::line(&format!("'{}' is no member of '{path}' any more", user.username))
        }
        MemberCommand::List { place, output } => {
            let members = store
                .read(move |tx| {
                    let (place, _) = find(tx, &place)?;
                    members::list(tx, place)
                })
                .await?;
            let rows: Vec<Value> = members.iter().map(json_of).collect();
            listing::print(&rows, &["id", "username", "role", "expires_at"], output.json)
        }
    }
}

/// What the command names, and its full path.
fn find(tx: &mut Tx<'_>, place: &cli::Place) -> Result<(Place, String)> {
    if place.group {
        let group = groups::get(tx, &GroupRef::parse(&place.path))?;
        return Ok((Place::Group(group.id), group.full_path));
    }
    let project = projects::get(tx, &ProjectRef::parse(&place.path))?;
    Ok((Place::Project(project.id), project.full_path))
}

/// With GitLab's field names, and the role's name beside its number.
fn json_of(member: &Member) -> Value {
    json!({
        "id": member.user.id,
        "username": member.user.username,
        "access_level": member.role.number(),
        "role": member.role.name(),
        "expires_at": member.expires_at.map(expiry::date),
    })
}
