//! Which database the operator chose, and its opening with a sentence about what failed.

use weir_domain::{Error, Result};
use weir_store::{Location, Store};

use crate::cli::StoreArgs;
use crate::{data_folder, failure};

const SQLITE: &str = "weir.db";

/// Where the database is. Makes the folder of a SQLite file.
pub fn location(args: &StoreArgs, connections: u16) -> Result<Location> {
    match url(args) {
        None => {
            data_folder::create(&args.data)?;
            Ok(Location::Sqlite(args.data.join(SQLITE)))
        }
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Location::Postgres { url: with_defaults(url), connections: connections.into() })
        }
        Some(url) => Err(Error::invalid(format!(
            "'{}' is not a database URL: write postgres://user:password@host/name, or leave it out for SQLite",
            without_password(url)
        ))),
    }
}

/// Refuses to make an empty database for a command that was pointed at the wrong place.
pub fn check_exists(location: &Location) -> Result<()> {
    match location {
        Location::Sqlite(path) if !path.exists() => Err(Error::not_found(format!(
            "there is no database '{}': name the server's data folder with --data, or make one with weir migrate",
            path.display()
        ))),
        _ => Ok(()),
    }
}

/// Opens it and brings its schema up to date. Blocks: not for the async runtime.
pub fn open(location: &Location) -> Result<Store> {
    Store::open(location).map_err(|error| match error {
        Error::Internal(_) => Error::invalid(format!(
            "cannot use the database '{}': {}",
            name(location),
            failure::sentence(&error)
        )),
        Error::Invalid(_) => Error::invalid(format!("'{}': {error}", name(location))),
        told => told,
    })
}

/// An empty variable is an unset one, as container files often have it.
fn url(args: &StoreArgs) -> Option<&str> {
    args.database_url.as_deref().filter(|url| !url.is_empty())
}

/// Whether SQLite in the data folder is the database.
pub fn is_sqlite(location: &Location) -> bool {
    matches!(location, Location::Sqlite(_))
}

fn name(location: &Location) -> String {
    match location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres { url, .. } => without_password(url.split('?').next().unwrap_or(url)),
    }
}

/// A server that does not answer at all is given up after this many seconds; the driver itself waits for minutes.
const CONNECT_TIMEOUT_S: u32 = 10;

fn with_defaults(url: &str) -> String {
    let mut full = url.to_owned();
    for (option, value) in
        [("connect_timeout", CONNECT_TIMEOUT_S.to_string()), ("application_name", "weir".to_owned())]
    {
        if !url.contains(&format!("{option}=")) {
            let separator = if full.contains('?') { '&' } else { '?' };
            full = format!("{full}{separator}{option}={value}");
        }
    }
    full
}

/// A database URL that may be shown.
pub fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    let shown = match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => format!("{user}@{host}"),
        },
        None => rest.to_owned(),
    };
    match shown.find("password=") {
        Some(at) => {
            let (before, secret) = shown.split_at(at + "password=".len());
            let end = secret.find(['&', ' ']).unwrap_or(secret.len());
            format!("{scheme}{before}***{}", &secret[end..])
        }
        None => format!("{scheme}{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://weir:secret@db/weir", "postgres://weir:***@db/weir"),
            ("postgres://weir:se@cr:et/@db/weir", "postgres://weir:***@db/weir"),
            ("postgres://weir@db/weir", "postgres://weir@db/weir"),
            ("postgres://db/weir?user=a&password=secret&x=1", "postgres://db/weir?user=a&password=***&x=1"),
            ("host=db password=secret user=a", "host=db password=*** user=a"),
            ("mysql://a:secret@db", "mysql://a:***@db"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }

    #[test]
    fn the_driver_gives_up_in_time_unless_told_otherwise() {
        assert_eq!(
            with_defaults("postgres://db/w"),
            "postgres://db/w?connect_timeout=10&application_name=weir"
        );
        assert_eq!(
            with_defaults("postgres://db/w?connect_timeout=3"),
            "postgres://db/w?connect_timeout=3&application_name=weir"
        );
    }
}
