//! `weir user`: make, list, let in, block.

use serde_json::{Value, json};
use weir_domain::audit::{Noun, Verb};
use weir_domain::{Error, Result, expiry, password};
use weir_store::audit::acts;
use weir_store::users::{self, NewUser, User, UserChange};
use weir_store::{Store, passwords, sign_in_links, tokens};

use super::{ACTOR, change};
use crate::cli::UserCommand;
use crate::{first_start, listen, listing, out, typed};

pub async fn run(store: &Store, command: UserCommand, now: i64) -> Result<()> {
    match command {
        UserCommand::Create { username, name, email, admin, output } => {
            let user = change(store, now, move |tx| {
                let name = name.as_deref().unwrap_or(&username);
                let email = email.as_deref();
                let new = NewUser { username: &username, name, email, administrator: admin, bot: false, now };
                let user = users::create(tx, &new)?;
                acts::user(tx, ACTOR, Verb::Created, None, Some(&user), now)?;
                Ok(user)
            })
            .await?;
            match output.json {
                true => out::line(&json_of(&user).to_string()),
                false => out::line(&format!("made user '{}' with id {}", user.username, user.id)),
            }
        }
        UserCommand::List { output } => {
            let users = store.read(users::list).await?;
            let rows: Vec<Value> = users.iter().map(json_of).collect();
            listing::print(
                &rows,
                &["id", "username", "name", "email", "is_admin", "state", "created_at"],
                output.json,
            )
        }
        UserCommand::Update { username, name, email, admin, output } => {
            let wanted = UserChange { name, email, administrator: admin };
            let user = change(store, now, move |tx| {
                let before = users::by_name(tx, &username)?;
                let user = users::update(tx, &before, &wanted)?;
                acts::user(tx, ACTOR, Verb::Updated, Some(&before), Some(&user), now)?;
                Ok(user)
            })
            .await?;
            match output.json {
                true => out::line(&json_of(&user).to_string()),
                false => out::line(&format!("changed user '{}'", user.username)),
            }
        }
        UserCommand::Delete { username } => {
            let user = change(store, now, move |tx| {
                let user = users::by_name(tx, &username)?;
                acts::user(tx, ACTOR, Verb::Destroyed, Some(&user), None, now)?;
                users::delete(tx, &user, now)?;
                Ok(user)
            })
            .await?;
            out::line(&format!("user '{}' is deleted", user.username))
        }
        UserCommand::SetPassword { username } => set_password(store, username, now).await,
        UserCommand::SignInLink { username, external_url, output } => {
            sign_in_link(store, username, &external_url, output.json, now).await
        }
        UserCommand::Block { username } => set_blocked(store, username, true, now).await,
        UserCommand::Unblock { username } => set_blocked(store, username, false, now).await,
    }
}

async fn set_password(store: &Store, username: String, now: i64) -> Result<()> {
    let name = username.clone();
    let user = store.read(move |tx| users::by_name(tx, &name)).await?;
    if user.bot {
        return Err(Error::Conflict(format!("user '{}' is a token's, and cannot sign in", user.username)));
    }
    let text = typed::new_password()?;
    password::check(&text, &user.username)?;
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(Error::internal)?;
    let hash = password::hash(&text, salt)?;
    change(store, now, move |tx| {
        // It may be another user by now, or none.
        let user = users::get(tx, user.id)?;
        passwords::set(tx, user.id, &hash, now)?;
        acts::of_user(tx, ACTOR, Noun::Password, Verb::Updated, &user, now)
    })
    .await?;
    out::line(&format!("user '{}' has a new password", user.username))
}

async fn sign_in_link(store: &Store, username: String, url: &str, as_json: bool, now: i64) -> Result<()> {
    let url = listen::external_url(url)?;
    let secret = first_start::random_secret()?;
    let (digest, expires_at) = (tokens::digest(&secret), now + sign_in_links::LIFETIME_MS);
    let user = change(store, now, move |tx| {
        let user = users::by_name(tx, &username)?;
        sign_in_links::create(tx, &user, digest, expires_at, now)?;
        acts::of_user(tx, ACTOR, Noun::SignInLink, Verb::Created, &user, now)?;
        Ok(user)
    })
    .await?;
    let link = first_start::link(&url, &secret);
    if as_json {
        let (username, expires_at) = (&user.username, expiry::time(expires_at));
        return out::line(
            &json!({ "username": username, "url": link, "expires_at": expires_at }).to_string(),
        );
    }
    out::line(&link)?;
    out::remark(&format!("signs '{}' in, once, until {}", user.username, expiry::time(expires_at)));
    Ok(())
}

async fn set_blocked(store: &Store, username: String, blocked: bool, now: i64) -> Result<()> {
    let user = change(store, now, move |tx| {
        let user = users::by_name(tx, &username)?;
        users::set_blocked(tx, &user, blocked)?;
        let after = users::get(tx, user.id)?;
        let verb = if blocked { Verb::Blocked } else { Verb::Unblocked };
        acts::user(tx, ACTOR, verb, Some(&user), Some(&after), now)?;
        Ok(after)
    })
    .await?;
    out::line(&format!("user '{}' is {}", user.username, if blocked { "blocked" } else { "active" }))
}

/// With GitLab's field names.
fn json_of(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "name": user.name,
        "email": user.email,
        "is_admin": user.administrator,
        "state": if user.blocked { "blocked" } else { "active" },
        "created_at": expiry::time(user.created_at),
    })
}
