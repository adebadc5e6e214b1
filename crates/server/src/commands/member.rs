//! `weir member`: who may do what in a project.

use serde_json::{Value, json};
use weir_domain::access::Role;
use weir_domain::{Error, Result, expiry};
use weir_store::members::{self, Member, Place};
use weir_store::projects::{self, ProjectRef};
use weir_store::{Store, users};

use super::change;
use crate::cli::MemberCommand;
use crate::{listing, out};

pub async fn run(store: &Store, command: MemberCommand, now: i64) -> Result<()> {
    match command {
        MemberCommand::Add { project, username, role, expires } => {
            let role = Role::parse(&role)?;
            let expires_at = expires.map(|text| expiry::parse(&text, now)).transpose()?;
            let project = ProjectRef::parse(&project);
            let (project, user) = change(store, now, move |tx| {
                let project = projects::get(tx, &project)?;
                let user = users::by_name(tx, &username)?;
                members::set(tx, Place::Project(project.id), user.id, role, expires_at, now)?;
                Ok((project, user))
            })
            .await?;
            let until = expires_at.map(|at| format!(" until {}", expiry::date(at))).unwrap_or_default();
            out::line(&format!("'{}' is {} of '{}'{until}", user.username, role.name(), project.full_path))
        }
        MemberCommand::Remove { project, username } => {
            let project = ProjectRef::parse(&project);
            let (project, user) = change(store, now, move |tx| {
                let project = projects::get(tx, &project)?;
                let user = users::by_name(tx, &username)?;
                if !members::list(tx, Place::Project(project.id))?
                    .iter()
                    .any(|member| member.user.id == user.id)
                {
                    let (user, project) = (user.username, project.full_path);
                    return Err(Error::not_found(format!(
                        "user '{user}' is no member of project '{project}'"
                    )));
                }
                members::remove(tx, Place::Project(project.id), user.id)?;
                Ok((project, user))
            })
            .await?;
            out::line(&format!("'{}' is no member of '{}' any more", user.username, project.full_path))
        }
        MemberCommand::List { project, output } => {
            let project = ProjectRef::parse(&project);
            let members = store
                .read(move |tx| {
                    let project = projects::get(tx, &project)?;
                    members::list(tx, Place::Project(project.id))
                })
                .await?;
            let rows: Vec<Value> = members.iter().map(json_of).collect();
            listing::print(&rows, &["id", "username", "role", "expires_at"], output.json)
        }
    }
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
