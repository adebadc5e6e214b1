//! The key that seals secrets in the database: chosen by the operator, or made beside an embedded database.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use weir_api::SecretKey;
use weir_domain::{Error, Result};

const FILE: &str = "secret.key";
const VARIABLE: &str = "WEIR_SECRET_KEY";

/// The key of this installation. `None` with PostgreSQL, unless one was chosen: one made here would be another on every
/// replica.
pub fn find(data: &Path, embedded: bool) -> Result<Option<SecretKey>> {
    match chosen()? {
        None if embedded => kept(data).map(Some),
        chosen => Ok(chosen),
    }
}

/// The same for a server, which goes on without a key that is kept and cannot be used: only CI links need it.
pub fn find_for_server(data: &Path, embedded: bool) -> Result<Option<SecretKey>> {
    let chosen = chosen()?;
    if chosen.is_some() || !embedded {
        return Ok(chosen);
    }
    Ok(kept(data)
        .inspect_err(|error| {
            tracing::warn!("{error}; until it is mended, no token of a CI link can be read or kept")
        })
        .ok())
}

fn chosen() -> Result<Option<SecretKey>> {
    let Some(text) = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()) else { return Ok(None) };
    let key = SecretKey::from_text(&text);
    key.map(Some).map_err(|error| Error::invalid(format!("{VARIABLE}: {error}")))
}

/// The key in the data folder, made when there is none.
fn kept(data: &Path) -> Result<SecretKey> {
    let path = data.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => make(data, &path),
        read => read,
    };
    let text = text.map_err(|error| {
        Error::invalid(format!("cannot use the secret key '{}': {error}", path.display()))
    })?;
    let key = SecretKey::from_text(&text);
    key.map_err(|error| Error::invalid(format!("'{}': {error}", path.display())))
}

/// Whole or not at all: a half of a key would seal what no one opens again.
fn make(data: &Path, path: &Path) -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let text = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let fresh = data.join(format!("{FILE}.{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all())?;
    let linked = std::fs::hard_link(&fresh, path);
    std::fs::remove_file(&fresh)?;
    match linked {
        // A server and a command at the same time: both take the first one's.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return std::fs::read_to_string(path),
        linked => linked?,
    }
    File::open(data).and_then(|folder| folder.sync_all())?;
    Ok(text)
}
