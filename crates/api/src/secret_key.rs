//! Secrets that the server must be able to read again, kept so that the database alone does not tell them.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use sha2::{Digest, Sha256};
use weir_domain::{Error, Result};

/// The key that seals them; it is kept outside of the database.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

/// Characters of a key that somebody chose, at least.
const LEAST: usize = 32;

impl SecretKey {
    /// From a text that the operator keeps secret.
    pub fn from_text(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.len() < LEAST {
            return Err(Error::invalid(format!(
                "the secret key has {} characters: it needs {LEAST} or more, such as those of `openssl rand -hex 32`",
                text.len()
            )));
        }
        Ok(Self(Sha256::digest(text.as_bytes()).into()))
    }

    fn key(&self) -> Result<RandomizedNonceKey> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).map_err(|_| Error::internal("a key of another length"))
    }

    /// `secret` for the database: a nonce and what it is sealed to. `purpose` has to be the same when it is opened, so
    /// that a row cannot be put in the place of another.
    pub fn seal(&self, purpose: &str, secret: &str) -> Result<Vec<u8>> {
        let mut sealed = secret.as_bytes().to_vec();
        let failed = |_| Error::internal("a secret could not be sealed");
        let nonce = self.key()?.seal_in_place_append_tag(Aad::from(purpose), &mut sealed).map_err(failed)?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// `None` when it was sealed with another key, or for something else.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let opened = self.key().ok()?.open_in_place(nonce, Aad::from(purpose), &mut text).ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_the_same_key_for_the_same_purpose_only() {
        let key = SecretKey::from_text(&"k".repeat(32)).unwrap();
        let sealed = key.seal("ci link of 1", "glpat-secret").unwrap();
        assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
        assert_ne!(sealed, key.seal("ci link of 1", "glpat-secret").unwrap());
        assert_eq!(key.open("ci link of 1", &sealed).as_deref(), Some("glpat-secret"));
        assert_eq!(key.open("ci link of 2", &sealed), None);
        assert_eq!(SecretKey::from_text(&"x".repeat(32)).unwrap().open("ci link of 1", &sealed), None);
        for broken in [&sealed[..sealed.len() - 1], &sealed[1..], &sealed[..5], &[]] {
            assert_eq!(key.open("ci link of 1", broken), None);
        }
        assert!(SecretKey::from_text(&" ".repeat(40)).is_err());
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
    }
}
