//! Where the artifact store is: a folder, or a bucket with a prefix, as the operator writes it.

use std::fmt;
use std::path::PathBuf;

use weir_domain::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    Folder(PathBuf),
    Bucket {
        bucket: String,
        /// Without slashes at its ends; empty for the bucket's root.
        prefix: String,
    },
}

impl Location {
    /// Reads `./dir` or `s3://bucket/prefix`.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(rest) = text.strip_prefix("s3://") {
            return Self::parse_bucket(text, rest);
        }
        if text.is_empty() || text.contains("://") {
            return Err(Error::invalid(format!(
                "cannot keep artifacts in '{text}': give a folder or s3://bucket/prefix"
            )));
        }
        Ok(Self::Folder(PathBuf::from(text)))
    }

    fn parse_bucket(text: &str, rest: &str) -> Result<Self> {
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(known) {
            return Err(Error::invalid(format!(
                "'{bucket}' in '{text}' is not a bucket name: 3 to 63 of a-z, 0-9, '.' and '-'"
            )));
        }
        let clean =
            |segment: &str| !matches!(segment, "" | "." | "..") && !segment.contains(char::is_control);
        if !prefix.is_empty() && !prefix.split('/').all(clean) {
            return Err(Error::invalid(format!(
                "'{prefix}' in '{text}' is not a prefix: names separated by single slashes"
            )));
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Bucket { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_folders_and_buckets() {
        let bucket =
            |bucket: &str, prefix: &str| Location::Bucket { bucket: bucket.into(), prefix: prefix.into() };
        assert_eq!(Location::parse("./weir-data").unwrap(), Location::Folder("./weir-data".into()));
        assert_eq!(Location::parse("s3://ml-team").unwrap(), bucket("ml-team", ""));
        assert_eq!(Location::parse("s3://ml-team/").unwrap(), bucket("ml-team", ""));
        assert_eq!(Location::parse("s3://ml-team/a/b/").unwrap(), bucket("ml-team", "a/b"));
        assert_eq!(Location::parse("s3://ml-team/a/b").unwrap().to_string(), "s3://ml-team/a/b");
    }

    #[test]
    fn refuses_what_is_neither() {
        for text in [
            "",
            "gs://bucket/a",
            "file:///var",
            "s3://",
            "s3://UPPER/a",
            "s3://ok-name//a",
            "s3://ok-name/../a",
        ] {
            let refusal = Location::parse(text).unwrap_err();
            assert!(
                matches!(&refusal, Error::Invalid(message) if message.contains(text)),
                "{text}: {refusal}"
            );
        }
    }
}
