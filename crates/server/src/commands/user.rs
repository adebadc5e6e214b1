//! `weir user`: make, list, block.

use serde_json::{Value, json};
use weir_domain::{Result, expiry};
use weir_store::Store;
use weir_store::users::{self, NewUser, User};

use super::change;
use crate::cli::UserCommand;
use crate::{listing, out};

pub async fn run(store: &Store, command: UserCommand, now: i64) -> Result<()> {
    match command {
        UserCommand::Create { username, name, email, admin, output } => {
            let user = change(store, now, move |tx| {
                let name = name.as_deref().unwrap_or(&username);
                let email = email.as_deref();
                users::create(
                    tx,
                    &NewUser { username: &username, name, email, administrator: admin, bot: false, now },
                )
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
        UserCommand::Block { username } => set_blocked(store, username, true, now).await,
        UserCommand::Unblock { username } => set_blocked(store, username, false, now).await,
    }
}

async fn set_blocked(store: &Store, username: String, blocked: bool, now: i64) -> Result<()> {
    let user = change(store, now, move |tx| {
        let user = users::by_name(tx, &username)?;
        users::set_blocked(tx, user.id, blocked)?;
        Ok(user)
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
