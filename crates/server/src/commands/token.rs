//! `weir token`: make, list, revoke.

use serde_json::{Value, json};
use weir_domain::access::{Role, Scopes};
use weir_domain::audit::Verb;
use weir_domain::{Error, Result, expiry};
use weir_store::audit::acts;
use weir_store::groups::{self, GroupRef};
use weir_store::projects::{self, ProjectRef};
use weir_store::tokens::{self, NewToken, Rotated, Token};
use weir_store::users::{self, User};
use weir_store::{Store, Tx};

use super::{ACTOR, change};
use crate::cli::{NewTokenArgs, TokenCommand, TokenOwner};
use crate::first_start::random_token;
use crate::{listing, out};

pub async fn run(store: &Store, command: TokenCommand, now: i64) -> Result<()> {
    match command {
        TokenCommand::Create(args) => create(store, args, now).await,
        TokenCommand::List { output } => {
            let rows = store.read(move |tx| rows(tx, now)).await?;
            let columns =
                ["id", "name", "username", "project_id", "scopes", "state", "expires_at", "last_used_at"];
            listing::print(&rows, &columns, output.json)
        }
        TokenCommand::Rotate { id, expires, output } => rotate(store, id, expires, output.json, now).await,
        TokenCommand::Revoke { id } => {
            change(store, now, move |tx| tokens::revoke(tx, ACTOR, id, now)).await?;
            out::line(&format!("token {id} is revoked"))
        }
    }
}

async fn rotate(store: &Store, id: i64, expires: Option<String>, as_json: bool, now: i64) -> Result<()> {
    let expires_at = match expires.as_deref() {
        None => Some(expiry::of_token_over_http(None, true, now)?),
        text => expiry::of_token(text, now)?,
    };
    let secret = random_token()?;
    let digest = tokens::digest(&secret);
    match change(store, now, move |tx| tokens::rotate(tx, ACTOR, id, digest, expires_at, now)).await? {
        Rotated::To(token) if as_json => {
            let user_id = token.user_id;
            let user = store.read(move |tx| users::get(tx, user_id)).await?;
            print_new(&token, &user, &secret, now)
        }
        Rotated::To(token) => {
            out::line(&secret)?;
            let until = token.expires_at.map(|at| format!(" until {}", expiry::date(at))).unwrap_or_default();
            out::remark(&format!(
                "token {} is in the place of token {id}{until}; it is not shown again",
                token.id
            ));
            Ok(())
        }
        Rotated::Reused => Err(Error::Conflict(format!(
            "token {id} has been revoked already: all tokens that came of it are revoked, too; make a new one"
        ))),
    }
}

/// Whose token it is to be.
enum Owner {
    User(String),
    Project { project: ProjectRef, role: Role, bot: String },
    Group { group: GroupRef, role: Role, bot: String },
}

async fn create(store: &Store, args: NewTokenArgs, now: i64) -> Result<()> {
    let scopes = Scopes::parse(&args.scopes)?;
    let expires_at = expiry::of_token(args.expires.as_deref(), now)?;
    let owner = owner(args.owner, args.role)?;
    let secret = random_token()?;
    let digest = tokens::digest(&secret);
    let name = args.name;
    let (token, user) = change(store, now, move |tx| {
        let new = NewToken { name: &name, description: "", digest, scopes, expires_at, now };
        let token = create_for(tx, &owner, &new)?;
        acts::token(tx, ACTOR, Verb::Created, &token, now)?;
        let user = users::get(tx, token.user_id)?;
        Ok((token, user))
    })
    .await?;
    if args.output.json {
        return print_new(&token, &user, &secret, now);
    }
    out::line(&secret)?;
    let until = token.expires_at.map(|at| format!(" until {}", expiry::date(at))).unwrap_or_default();
    out::remark(&format!(
        "token {} of '{}' with scopes {}{until}; it is not shown again",
        token.id,
        user.username,
        token.scopes.text()
    ));
    Ok(())
}

fn owner(owner: TokenOwner, role: Option<String>) -> Result<Owner> {
    let role = role.map_or(Ok(Role::Developer), |role| Role::parse(&role))?;
    match (owner.user, owner.project, owner.group) {
        (Some(user), None, None) => Ok(Owner::User(user)),
        (None, Some(project), None) => {
            Ok(Owner::Project { project: ProjectRef::parse(&project), role, bot: random_tail()? })
        }
        (None, None, Some(group)) => {
            Ok(Owner::Group { group: GroupRef::parse(&group), role, bot: random_tail()? })
        }
        _ => Err(Error::invalid("name a user, a project or a group")),
    }
}

/// What tells the bots of one project's tokens apart.
pub(super) fn random_tail() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn create_for(tx: &mut Tx<'_>, owner: &Owner, new: &NewToken<'_>) -> Result<Token> {
    match owner {
        Owner::User(username) => {
            let user = users::by_name(tx, username)?;
            if user.blocked {
                return Err(Error::Conflict(format!("user '{}' is blocked", user.username)));
            }
            tokens::create_personal(tx, user.id, new)
        }
        Owner::Project { project, role, bot } => {
            let project = projects::get(tx, project)?;
            tokens::create_for_project(tx, project.id, *role, bot, new)
        }
        Owner::Group { group, role, bot } => {
            let group = groups::get(tx, group)?;
            tokens::create_for_group(tx, group.id, *role, bot, new)
        }
    }
}

fn rows(tx: &mut Tx<'_>, now: i64) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for token in tokens::list(tx)? {
        let user = users::get(tx, token.user_id)?;
        rows.push(json_of(&token, &user, now));
    }
    Ok(rows)
}

/// With GitLab's field names.
fn json_of(token: &Token, user: &User, now: i64) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "user_id": user.id,
        "username": user.username,
        "project_id": token.owner.project_id(),
        "group_id": token.owner.group_id(),
        "scopes": token.scopes.text().split(',').collect::<Vec<_>>(),
        "access_level": token.role.map(Role::number),
        "active": token.active(now) && !user.blocked,
        "revoked": token.revoked_at.is_some(),
        "state": state(token, user.blocked, now),
        "created_at": expiry::time(token.created_at),
        "expires_at": token.expires_at.map(expiry::date),
        "last_used_at": token.last_used_at.map(expiry::time),
    })
}

/// The same with the secret, the one time that it is told.
fn print_new(token: &Token, user: &User, secret: &str, now: i64) -> Result<()> {
    let mut row = json_of(token, user, now);
    row["token"] = secret.into();
    out::line(&row.to_string())
}

fn state(token: &Token, blocked: bool, now: i64) -> &'static str {
    match (token.revoked_at, token.active(now), blocked) {
        (Some(_), ..) => "revoked",
        (None, false, _) => "expired",
        (None, true, true) => "user blocked",
        (None, true, false) => "active",
    }
}
