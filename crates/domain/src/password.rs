//! Passwords: which ones are allowed, and what is kept of them (argon2id).

use std::sync::OnceLock;

use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::{Error, Result};

/// Characters of a password.
pub const LEAST: usize = 8;
pub const MOST: usize = 128;

/// OWASP's parameters for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Checks a password that `username` chose. The message never holds the password.
pub fn check(password: &str, username: &str) -> Result<()> {
    let length = password.chars().count();
    if !(LEAST..=MOST).contains(&length) {
        return Err(Error::Invalid(format!(
            "a password has {LEAST} to {MOST} characters, and this one has {length}"
        )));
    }
    // The end of a line never belongs to a password, and nobody could type it into a form.
    if password.chars().any(char::is_control) {
        return Err(Error::Invalid("a password has no line ends and other control characters".to_owned()));
    }
    if password.to_lowercase() == username.to_lowercase() {
        return Err(Error::Invalid("a password must be another word than the user name".to_owned()));
    }
    Ok(())
}

/// What is kept of a password. Takes a noticeable time and 19 MiB: not for an async thread, nor for many at once.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String> {
    let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
}

/// Whether `password` is the one that `kept` was made of. Without `kept` it is not, and takes as long to say so.
pub fn verify(password: &str, kept: Option<&str>) -> Result<bool> {
    let (kept, real) = match kept {
        Some(kept) => (kept, true),
        None => (nobodys()?, false),
    };
    match hasher()?.verify_password(password.as_bytes(), kept) {
        Ok(()) => Ok(real),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(Error::internal(format!("a password hash cannot be read: {error}"))),
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A hash to verify against where there is none.
fn nobodys() -> Result<&'static str> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    match NOBODYS.get() {
        Some(hash) => Ok(hash),
        None => {
            let hash = hash("nobody's", *b"a salt of 16 by.")?;
            Ok(NOBODYS.get_or_init(|| hash))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let kept = hash("correct horse", [7; 16]).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(verify("correct horse", Some(&kept)).unwrap());
        assert!(!verify("correct horsf", Some(&kept)).unwrap());
        assert_ne!(hash("correct horse", [8; 16]).unwrap(), kept);
    }

    #[test]
    fn where_there_is_no_password_none_is_right() {
        assert!(!verify("nobody's", None).unwrap());
        assert!(matches!(verify("x", Some("plain")), Err(Error::Internal(_))));
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        for (password, allowed) in [
            ("1234567", false),
            ("12345678", true),
            ("ääääääää", true),
            ("äääääää", false),
            (&"x".repeat(128), true),
            (&"x".repeat(129), false),
            ("Alice-of-Wonderland", false),
            ("with\nline end", false),
        ] {
            assert_eq!(check(password, "alice-of-wonderland").is_ok(), allowed, "{password}");
        }
    }
}
