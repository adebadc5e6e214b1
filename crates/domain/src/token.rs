//! Access tokens: their form.

use crate::{Error, Result};

/// What every access token starts with, as GitLab's do; `gitlab-mlops` insists on it.
pub const PREFIX: &str = "glpat-";
/// Characters behind the prefix at least.
pub const LEAST: usize = 20;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Six bits of `bytes` for each of 32 characters: 192 bits of secret.
pub fn from_random(bytes: [u8; 32]) -> String {
    let tail: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect();
    format!("{PREFIX}{tail}")
}

/// Checks a token that somebody chose, such as `WEIR_ROOT_TOKEN`. The message never holds the token.
pub fn check(token: &str) -> Result<()> {
    let tail = token.strip_prefix(PREFIX).unwrap_or_default();
    let plain = tail.bytes().all(|byte| byte.is_ascii_graphic());
    if tail.len() < LEAST || !plain {
        return Err(Error::Invalid(format!(
            "a token must be '{PREFIX}' and at least {LEAST} further characters without blanks"
        )));
    }
    Ok(())
}
