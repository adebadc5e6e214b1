//! The database address: `sslmode` and `sslrootcert` as libpq means them, the rest as the driver reads it.

use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr as _;

use postgres::Config;
use postgres::config::SslMode;
use weir_domain::{Error, Result};

use super::tls::{Check, Roots};

/// Where a database is, and what is checked of its certificate.
#[derive(Clone)]
pub(crate) struct Address {
    pub(super) config: Config,
    pub(super) check: Check,
}

/// Reads `address`, either `postgres://…` or `host=… dbname=…`.
pub(crate) fn parse(address: &str) -> Result<Address> {
    let (rest, security) = split(address)?;
    let mut config = Config::from_str(&rest)
        .map_err(|error| Error::Invalid(format!("the database URL cannot be read: {error}")))?;
    let (mode, check) = security.meaning()?;
    config.ssl_mode(mode);
    Ok(Address { config, check })
}

/// What the driver does not know, or knows only some values of.
#[derive(Debug, Default, PartialEq)]
struct Security {
    mode: Option<String>,
    root_certificate: Option<String>,
}

impl Security {
    /// Keeps the parameter if it is one of these; the last of several counts.
    fn take(&mut self, key: &str, value: impl FnOnce() -> String) -> bool {
        match key {
            "sslmode" => self.mode = Some(value()),
            "sslrootcert" => self.root_certificate = Some(value()),
            _ => return false,
        }
        true
    }

    fn meaning(self) -> Result<(SslMode, Check)> {
        let file = self.root_certificate.filter(|path| !path.is_empty() && path != "system");
        let named = file.is_some();
        let roots = file.map_or(Roots::System, |path| Roots::File(PathBuf::from(path)));
        Ok(match self.mode.as_deref().unwrap_or("prefer") {
            "disable" => (SslMode::Disable, Check::Nothing),
            "allow" | "prefer" => (SslMode::Prefer, Check::Nothing),
            // libpq takes a named certificate as the wish to have it looked at.
            "require" if named => (SslMode::Require, Check::Issuer(roots)),
            "require" => (SslMode::Require, Check::Nothing),
            "verify-ca" => (SslMode::Require, Check::Issuer(roots)),
            "verify-full" => (SslMode::Require, Check::IssuerAndHost(roots)),
            other => {
                return Err(Error::Invalid(format!(
                    "'{other}' is no sslmode: write disable, prefer, require, verify-ca or verify-full"
                )));
            }
        })
    }
}

fn split(address: &str) -> Result<(String, Security)> {
    let is_url = address.starts_with("postgres://") || address.starts_with("postgresql://");
    if is_url { split_url(address) } else { Ok(split_pairs(address)) }
}

fn split_url(address: &str) -> Result<(String, Security)> {
    // A password may hold a question mark; as for the driver, it ends at the first '@'.
    let host = address.find('@').unwrap_or(0);
    let Some(query) = address[host..].find('?').map(|at| host + at) else {
        return Ok((address.to_owned(), Security::default()));
    };
    let mut security = Security::default();
    let mut rest = Vec::new();
    for parameter in address[query + 1..].split('&') {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = percent_encoding::percent_decode_str(value)
            .decode_utf8()
            .map_err(|_| Error::Invalid(format!("'{key}' of the database URL is not UTF-8")))?;
        if !security.take(key, || value.into_owned()) {
            rest.push(parameter);
        }
    }
    let mut left = address[..query].to_owned();
    if !rest.is_empty() {
        left.push('?');
        left.push_str(&rest.join("&"));
    }
    Ok((left, security))
}

fn split_pairs(address: &str) -> (String, Security) {
    let mut security = Security::default();
    let mut left = String::new();
    let mut from = 0;
    while let Some(pair) = pair(address, from) {
        from = pair.whole.end;
        if !security.take(&address[pair.key], || pair.value) {
            if !left.is_empty() {
                left.push(' ');
            }
            left.push_str(&address[pair.whole]);
        }
    }
    // What is no pair stays, so that the driver can complain about it.
    left.push_str(&address[from..]);
    (left, security)
}

struct Pair {
    whole: Range<usize>,
    key: Range<usize>,
    value: String,
}

/// The next `key = value` from `from` on; a value with blanks stands in single quotes, `\` keeps the next character.
fn pair(text: &str, from: usize) -> Option<Pair> {
    let skip = |at: usize| text.len() - text[at..].trim_start().len();
    let start = skip(from);
    let equals = start + text[start..].find('=')?;
    let key = start..start + text[start..equals].trim_end().len();
    let begin = skip(equals + 1);
    let quoted = text[begin..].starts_with('\'');
    let mut value = String::new();
    let mut characters = text[begin..].char_indices().skip(usize::from(quoted));
    let mut end = text.len();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, kept)| kept)),
            '\'' if quoted => {
                end = begin + at + 1;
                break;
            }
            blank if !quoted && blank.is_whitespace() => {
                end = begin + at;
                break;
            }
            plain => value.push(plain),
        }
    }
    Some(Pair { whole: start..end, key, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(mode: Option<&str>, root_certificate: Option<&str>) -> Security {
        Security {
            mode: mode.map(ToOwned::to_owned),
            root_certificate: root_certificate.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn the_parameters_are_taken_out_of_either_form() {
        for (address, left, found) in [
            ("postgres://h/d", "postgres://h/d", security(None, None)),
            ("postgres://u:p?sslmode=x@h/d", "postgres://u:p?sslmode=x@h/d", security(None, None)),
            ("postgres://h/d?sslmode=disable", "postgres://h/d", security(Some("disable"), None)),
            (
                "postgresql://u:p@h/d?connect_timeout=3&sslmode=verify-full&sslrootcert=%2Fa%20b&application_name=w",
                "postgresql://u:p@h/d?connect_timeout=3&application_name=w",
                security(Some("verify-full"), Some("/a b")),
            ),
            (
                "host=h sslmode = verify-ca sslrootcert='/a \\'b' password='s l=1' dbname=d",
                "host=h password='s l=1' dbname=d",
                security(Some("verify-ca"), Some("/a 'b")),
            ),
            ("host=h nonsense", "host=h nonsense", security(None, None)),
        ] {
            assert_eq!(split(address).unwrap(), (left.to_owned(), found), "{address}");
        }
    }

    #[test]
    fn each_mode_means_what_libpq_means() {
        let file = || Roots::File("/ca".into());
        for (mode, root, meant) in [
            (None, None, (SslMode::Prefer, Check::Nothing)),
            (Some("disable"), None, (SslMode::Disable, Check::Nothing)),
            (Some("require"), None, (SslMode::Require, Check::Nothing)),
            (Some("require"), Some("/ca"), (SslMode::Require, Check::Issuer(file()))),
            (Some("verify-ca"), Some("/ca"), (SslMode::Require, Check::Issuer(file()))),
            (Some("verify-full"), None, (SslMode::Require, Check::IssuerAndHost(Roots::System))),
            (Some("verify-full"), Some("system"), (SslMode::Require, Check::IssuerAndHost(Roots::System))),
        ] {
            assert_eq!(security(mode, root).meaning().unwrap(), meant, "{mode:?} {root:?}");
        }
        let error = security(Some("tls"), None).meaning().unwrap_err();
        assert!(matches!(&error, Error::Invalid(text) if text.contains("'tls'")), "{error}");
    }
}
