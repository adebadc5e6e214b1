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
    if let Some(text) = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()) {
        let key = SecretKey::from_text(&text);
        return key.map(Some).map_err(|error| Error::invalid(format!("{VARIABLE}: {error}")));
    }
    if !embedded {
        return Ok(None);
    }
    let path = data.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => make(data, &path),
        read => read,
    };
    let text = text.map_err(|error| {
        Error::invalid(format!("cannot use the secret key '{}': {error}", path.display()))
    })?;
    let key = SecretKey::from_text(&text);
    key.map(Some).map_err(|error| Error::invalid(format!("'{}': {error}", path.display())))
}

/// Whole or not at all: a half of a key would seal what no one opens again.
fn make(data: &Path, path: &Path) -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let text = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let fresh = data.join(format!("{FILE}.new"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
    writeln!(file, "{text}").and_then(|()| file.sync_all())?;
    std::fs::rename(&fresh, path)?;
    File::open(data).and_then(|folder| folder.sync_all())?;
    Ok(text)
}
