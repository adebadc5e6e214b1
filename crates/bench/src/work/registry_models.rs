//! The made-up registered models of the registry's work: what they are called, how they are made, what is found.

use std::cell::Cell;

use futures_util::future::try_join_all;
use serde_json::json;

use crate::Result;
use crate::client::Connection;
use crate::weir::Weir;

const SEED_CLIENTS: usize = 64;
/// Versions of each of the many models.
pub const VERSIONS: usize = 5;
/// Models with one value of the tag: 5 %.
pub const TEAMS: usize = 20;
/// The model with as many versions as there are models.
pub const LARGE: &str = "large";
/// An own alias of that model.
pub const ALIAS: &str = "champion";
/// Versions of the large model with one minor number.
const PATCHES: usize = 50;
/// Minor numbers of its version 1.
const MINORS: usize = 100;

pub fn name(number: usize) -> String {
    format!("model-{number:05}")
}

/// Which of the large model's versions it is: 1.0.0 to 1.99.49, then 2.0.0 and on.
pub fn semver(number: usize) -> String {
    let minor = number / PATCHES;
    format!("{}.{}.{}", 1 + minor / MINORS, minor % MINORS, number % PATCHES)
}

/// The highest version that `^1.2` lets pass, of `count`.
pub fn highest_below_two(count: usize) -> String {
    semver(count.min(MINORS * PATCHES) - 1)
}

/// `count` models with their versions, made by 64 clients.
pub async fn seed_many(weir: &Weir, count: usize) -> Result<()> {
    each(weir, SEED_CLIENTS, count, async |connection, number| {
        let name = name(number);
        let team = json!([{ "key": "team", "value": format!("team-{}", number % TEAMS) }]);
        let body = json!({ "name": name, "description": "made up", "tags": team });
        connection.post("registered-models/create", body.to_string().as_bytes()).await?;
        for _ in 0..VERSIONS {
            connection.post("model-versions/create", &counted(&name)).await?;
        }
        Ok(())
    })
    .await
}

/// The large model, its `count` versions and its alias.
pub async fn seed_large(weir: &Weir, count: usize) -> Result<()> {
    create(weir, LARGE).await?;
    // They wait for each other at the model, so more clients would not be faster.
    each(weir, 8, count, async |connection, number| {
        let tags = json!([{ "key": "gitlab.version", "value": semver(number) }]);
        let body = json!({ "name": LARGE, "source": "", "tags": tags });
        connection.post("model-versions/create", body.to_string().as_bytes()).await.map(drop)
    })
    .await?;
    let body = json!({ "name": LARGE, "alias": ALIAS, "version": (count / 2).to_string() });
    let mut connection = Connection::open(weir.address()).await?;
    connection.post("registered-models/alias", body.to_string().as_bytes()).await?;
    Ok(())
}

/// An empty model.
pub async fn create(weir: &Weir, name: &str) -> Result<()> {
    let mut connection = Connection::open(weir.address()).await?;
    let body = json!({ "name": name }).to_string();
    connection.post("registered-models/create", body.as_bytes()).await.map(drop)
}

/// The body of `model-versions/create` for a version whose SemVer the server counts.
pub fn counted(name: &str) -> Vec<u8> {
    json!({ "name": name, "source": "" }).to_string().into_bytes()
}

/// `step` for each number below `count`, on several connections at once.
async fn each(
    weir: &Weir,
    clients: usize,
    count: usize,
    step: impl AsyncFn(&mut Connection, usize) -> Result<()>,
) -> Result<()> {
    let next = Cell::new(0);
    let connections = Connection::open_many(weir.address(), clients).await?;
    try_join_all(connections.into_iter().map(async |mut connection| {
        while next.get() < count {
            let number = next.replace(next.get() + 1);
            step(&mut connection, number).await?;
        }
        Ok::<_, Box<dyn std::error::Error>>(())
    }))
    .await
    .map(drop)
    .map_err(|error| weir.explain(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_counted_in_three_numbers() {
        assert_eq!((semver(0), semver(49), semver(50)), ("1.0.0".into(), "1.0.49".into(), "1.1.0".into()));
        assert_eq!((semver(4999), semver(5000)), ("1.99.49".into(), "2.0.0".into()));
        assert_eq!(highest_below_two(10_000), "1.99.49");
        assert_eq!(highest_below_two(500), "1.9.49");
    }
}
