//! The names this crate gives to blobs, uploads and parts, and their strict form when they come back.

use weir_domain::{Error, Result};

/// The name of a stored blob below `blobs/`, the same kind of text in a folder and in a bucket: a folder copied
/// into a bucket keeps every location valid, and the other way round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobKey(String);

impl BlobKey {
    /// For a file whose digest is known when it is named. The random end keeps an identical upload and the
    /// garbage collection of the former copy from meeting on one name.
    pub fn of_digest(sha256: &[u8; 32]) -> Result<Self> {
        let digest = hex::encode(sha256);
        Ok(Self(format!("{}/{digest}-{}", &digest[..2], random_hex::<4>()?)))
    }

    /// For an object that is named before its bytes are seen.
    pub fn random() -> Result<Self> {
        random_hex::<16>().map(Self)
    }

    /// A location that the database kept. Anything else than the two forms made here never was one of ours.
    pub fn parse(text: &str) -> Result<Self> {
        if is_hex(text, 32) || is_digest_form(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::internal(format!("'{text}' is not a blob location")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_digest_form(text: &str) -> bool {
    let Some((folder, name)) = text.split_once('/') else { return false };
    let Some((digest, random)) = name.split_once('-') else { return false };
    is_hex(digest, 64) && is_hex(random, 8) && is_hex(folder, 2) && digest.starts_with(folder)
}

/// The id of a multipart upload: 32 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadId(String);

impl UploadId {
    pub fn random() -> Result<Self> {
        random_hex::<16>().map(Self)
    }

    /// Clients send it back, so a wrong one is their mistake.
    pub fn parse(text: &str) -> Result<Self> {
        if is_hex(text, 32) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::invalid(format!("'{text}' is not an upload id: 32 lower-case hex digits")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn unknown(&self) -> Error {
        Error::not_found(format!("no multipart upload '{}'", self.0))
    }
}

/// Lower-case hex of `N` bytes from the operating system.
pub fn random_hex<const N: usize>() -> Result<String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(hex::encode(bytes))
}

pub fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_keys_come_back() {
        for key in [BlobKey::of_digest(&[0xab; 32]).unwrap(), BlobKey::random().unwrap()] {
            assert_eq!(BlobKey::parse(key.as_str()).unwrap(), key);
        }
    }

    #[test]
    fn forged_keys_do_not() {
        let digest = "ab".repeat(32);
        let forged = [
            "".to_owned(),
            "../../etc/passwd".to_owned(),
            "/etc/passwd".to_owned(),
            "..".to_owned(),
            format!("ab/{digest}"),
            format!("cd/{digest}-01234567"),
            format!("ab/../ab/{digest}-01234567"),
            format!("AB/{}-01234567", digest.to_uppercase()),
            format!("ab/{digest}-0123456\n"),
            "0".repeat(31),
            "0".repeat(33),
        ];
        for text in forged {
            assert!(matches!(BlobKey::parse(&text), Err(Error::Internal(_))), "{text}");
            assert!(matches!(UploadId::parse(&text), Err(Error::Invalid(_))), "{text}");
        }
    }
}
