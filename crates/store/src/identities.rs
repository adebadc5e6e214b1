//! People whom a provider of OpenID Connect knows: which user each is here.

use std::net::IpAddr;

use weir_domain::audit::{Actor, Means, Verb};
use weir_domain::namespace::{check_name, check_top_path, path_of_name};
use weir_domain::{Error, Result};

use crate::audit::acts;
use crate::users::{self, NewUser, User};
use crate::{Tx, namespaces};

/// Somebody as the provider tells. Issuer and subject are who it is; the rest is what a new user is called.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub issuer: String,
    pub subject: String,
    pub username: Option<String>,
    /// Only one that the provider has verified.
    pub email: Option<String>,
    pub name: Option<String>,
    /// Where the browser is.
    pub address: Option<IpAddr>,
}

impl Somebody {
    /// What the provider says of somebody is done by that user, once it is known which that is.
    pub fn actor(&self, user: &User) -> Actor {
        Actor {
            user_id: user.id,
            means: Means::Provider(self.issuer.as_str().into()),
            address: self.address,
            done_at: None,
        }
    }
}

/// Numbers that are tried behind a user name that is taken.
const TRIES: usize = 100;

/// The user that somebody is, made at the first sign-in. Never one that merely has the same name or address: whoever
/// can choose those at the provider would else become that user.
pub fn sign_in(tx: &mut Tx<'_>, somebody: &Somebody, now: i64) -> Result<User> {
    let known = tx.find(
        "SELECT user_id FROM identities WHERE issuer = ?1 AND subject = ?2",
        &[&somebody.issuer, &somebody.subject],
        |row| row.int(0),
    )?;
    let user = match known {
        Some(user_id) => users::get(tx, user_id)?,
        None => create(tx, somebody, now)?,
    };
    if user.blocked {
        return Err(Error::Forbidden(format!("user '{}' is blocked", user.username)));
    }
    Ok(user)
}

fn create(tx: &mut Tx<'_>, somebody: &Somebody, now: i64) -> Result<User> {
    let username = free_username(tx, somebody)?;
    let name = somebody.name.as_deref().filter(|name| check_name("user", name).is_ok());
    let email = match somebody.email.as_deref() {
        Some(email) if users::check_email(tx, Some(email), None).is_ok() => Some(email),
        _ => None,
    };
    let new = NewUser {
        username: &username,
        name: name.unwrap_or(&username),
        email,
        administrator: false,
        bot: false,
        now,
    };
    let user = users::create(tx, &new)?;
    let linked = tx.execute(
        "INSERT INTO identities (issuer, subject, user_id, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        &[&somebody.issuer, &somebody.subject, &user.id, &now],
    )?;
    // The same person twice at once: this one goes back whole, and its next attempt finds the other.
    if linked == 0 {
        return Err(Error::Busy);
    }
    acts::user(tx, &somebody.actor(&user), Verb::Created, None, Some(&user), now)?;
    Ok(user)
}

/// What the provider calls somebody, as a user name, and with a number when that is taken.
fn free_username(tx: &mut Tx<'_>, somebody: &Somebody) -> Result<String> {
    let told = somebody.username.as_deref().or(somebody.email.as_deref()).unwrap_or_default();
    let path = path_of_name(told.split('@').next().unwrap_or_default());
    let stem: String = path.chars().take(200).collect();
    let stem = if check_top_path("user name", &stem).is_ok() { stem } else { "user".to_owned() };
    for number in 1..=TRIES {
        let username = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        if users::find(tx, &username)?.is_none() && !namespaces::has(tx, &username)? {
            return Ok(username);
        }
    }
    Err(Error::Conflict(format!("every user name like '{stem}' is taken: an administrator has to make room")))
}

/// Cuts what a user was to providers: for one that is deleted.
pub(crate) fn remove_all_of(tx: &mut Tx<'_>, user_id: i64) -> Result<()> {
    for table in ["identities", "granted_roles", "passwords", "sign_in_links", "sessions"] {
        tx.execute(&format!("DELETE FROM {table} WHERE user_id = ?1"), &[&user_id])?;
    }
    Ok(())
}
