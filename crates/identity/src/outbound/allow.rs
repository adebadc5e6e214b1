//! The administrator's list of hosts and origins that the server may fetch from.

use std::net::IpAddr;

use url::{Host, Origin, Url};
use weir_domain::{Error, Result};

use super::address::{Zone, zone};

/// One entry of the list, in one of these forms:
///
/// - `gitlab.example.com` or `gitlab.example.com:8443`: https to that host, at the port named or else 443;
/// - `*.example.com`, also with a port: https to every host below `example.com`, not to `example.com` itself;
/// - `http://127.0.0.1:8080` or `https://gitlab.corp`: exactly this origin, **also when it is a private address**.
///   Plain http is allowed in this form only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry(Form);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Host { host: Host, port: u16 },
    Below { suffix: String, port: u16 },
    Origin(Origin),
}

/// How far an address is trusted that the list allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Named as an origin: may be in a private network.
    Origin,
    /// Named as a host: must be public.
    Host,
}

impl Entry {
    pub fn parse(text: &str) -> Result<Self> {
        let form = if text.contains("://") { origin(text)? } else { host(text)? };
        Ok(Self(form))
    }

    fn trust(&self, url: &Url) -> Option<Trust> {
        let https = url.scheme() == "https";
        match &self.0 {
            Form::Origin(origin) => (*origin == url.origin()).then_some(Trust::Origin),
            Form::Host { host, port } => {
                let same =
                    https && url.port_or_known_default() == Some(*port) && url.host() == Some(borrowed(host));
                same.then_some(Trust::Host)
            }
            Form::Below { suffix, port } => {
                let below = https
                    && url.port_or_known_default() == Some(*port)
                    && url.domain().is_some_and(|domain| is_below(domain, suffix));
                below.then_some(Trust::Host)
            }
        }
    }
}

/// The furthest trust that one of `entries` puts into `url`; `None` when none allows it.
pub fn trust(entries: &[Entry], url: &Url) -> Option<Trust> {
    let mut trusts = entries.iter().filter_map(|entry| entry.trust(url)).collect::<Vec<_>>();
    trusts.sort_by_key(|trust| *trust != Trust::Origin);
    trusts.first().copied()
}

fn borrowed(host: &Host) -> Host<&str> {
    match host {
        Host::Domain(domain) => Host::Domain(domain.as_str()),
        Host::Ipv4(address) => Host::Ipv4(*address),
        Host::Ipv6(address) => Host::Ipv6(*address),
    }
}

fn is_below(domain: &str, suffix: &str) -> bool {
    domain.strip_suffix(suffix).and_then(|rest| rest.strip_suffix('.')).is_some_and(|name| !name.is_empty())
}

/// The address behind an IP literal in a URL; reqwest connects to those without asking its resolver.
pub fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
}

fn origin(text: &str) -> Result<Form> {
    let refused = |why: &str| {
        Err(Error::Invalid(format!(
            "'{text}' cannot be allowed for outbound requests: {why}; use scheme://host or scheme://host:port, such as http://127.0.0.1:8080"
        )))
    };
    let Ok(url) = Url::parse(text) else {
        return refused("it is not an address");
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refused("its scheme is neither http nor https");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return refused("an origin has no path");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("an origin has no user name");
    }
    if literal(&url).is_some_and(|address| zone(address) == Zone::Never) {
        return refused("no server has this address");
    }
    Ok(Form::Origin(url.origin()))
}

fn host(text: &str) -> Result<Form> {
    let refused = |why: &str| {
        Err(Error::Invalid(format!(
            "'{text}' cannot be allowed for outbound requests: {why}; use host, host:port, *.suffix, or scheme://host:port for an address in a private network"
        )))
    };
    let (name, below) = match text.strip_prefix("*.") {
        Some(suffix) => (suffix, true),
        None => (text, false),
    };
    // Whatever a URL says besides host and port has no place here.
    if name.is_empty()
        || name.contains(['/', '\\', '@', '?', '#', '*', '%'])
        || name.contains(char::is_whitespace)
    {
        return refused("it is not a host name");
    }
    let Some(url) = Url::parse(&format!("https://{name}")).ok().filter(|url| url.has_host()) else {
        return refused("it is not a host name");
    };
    let port = url.port_or_known_default().unwrap_or(443);
    if let Some(address) = literal(&url) {
        if below {
            return refused("an address has no names below it");
        }
        if zone(address) != Zone::Public {
            return refused("it is not a public address");
        }
    }
    let Some(host) = url.host() else {
        return refused("it is not a host name");
    };
    if below {
        let suffix = host.to_string();
        if !suffix.contains('.') {
            return refused("it would allow a whole top-level domain");
        }
        return Ok(Form::Below { suffix, port });
    }
    Ok(Form::Host { host: host.to_owned(), port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust_of(entries: &[&str], url: &str) -> Option<Trust> {
        let entries = entries.iter().map(|text| Entry::parse(text).unwrap()).collect::<Vec<_>>();
        trust(&entries, &Url::parse(url).unwrap())
    }

    #[test]
    fn a_host_is_https_at_one_port() {
        let list = ["gitlab.example.com", "ci.example.com:8443"];
        assert_eq!(trust_of(&list, "https://gitlab.example.com/a"), Some(Trust::Host));
        assert_eq!(trust_of(&list, "https://GITLAB.example.com:443/a"), Some(Trust::Host));
        assert_eq!(trust_of(&list, "https://ci.example.com:8443/a"), Some(Trust::Host));
        for url in [
            "http://gitlab.example.com/",
            "http://gitlab.example.com:443/",
            "https://gitlab.example.com:444/",
            "https://ci.example.com/",
            "https://gitlab.example.com.evil.example/",
            "https://evil-gitlab.example.com/",
            "https://gitlab.example.com./",
            "https://x.gitlab.example.com/",
            "https://example.com/",
        ] {
            assert_eq!(trust_of(&list, url), None, "{url}");
        }
    }

    #[test]
    fn a_suffix_is_every_host_below_it() {
        let list = ["*.example.com"];
        assert_eq!(trust_of(&list, "https://a.example.com/"), Some(Trust::Host));
        assert_eq!(trust_of(&list, "https://a.b.example.com/"), Some(Trust::Host));
        for url in [
            "https://example.com/",
            "https://aexample.com/",
            "https://a.example.com:8443/",
            "http://a.example.com/",
        ] {
            assert_eq!(trust_of(&list, url), None, "{url}");
        }
    }

    #[test]
    fn an_origin_is_exactly_itself_and_trusted_furthest() {
        let list = ["127.0.0.1.example.com", "http://127.0.0.1:8080", "gitlab.corp", "https://gitlab.corp"];
        assert_eq!(trust_of(&list, "http://127.0.0.1:8080/x"), Some(Trust::Origin));
        assert_eq!(trust_of(&list, "http://2130706433:8080/x"), Some(Trust::Origin));
        assert_eq!(trust_of(&list, "https://gitlab.corp/x"), Some(Trust::Origin));
        for url in [
            "https://127.0.0.1:8080/",
            "http://127.0.0.1/",
            "http://127.0.0.1:8081/",
            "http://localhost:8080/",
            "http://[::ffff:127.0.0.1]:8080/",
            "http://gitlab.corp/",
        ] {
            assert_eq!(trust_of(&list, url), None, "{url}");
        }
    }

    #[test]
    fn an_entry_that_says_something_else_is_refused() {
        for text in [
            "",
            "*",
            "*.",
            "*.com",
            "a b",
            "a/b",
            "user@host",
            "ftp://host",
            "http://host/path",
            "http://u:p@host",
            "http://host?x",
            "host:port",
            "127.0.0.1",
            "10.0.0.1:80",
            "[::1]",
            "*.127.0.0.1",
            "169.254.169.254",
            "http://0.0.0.0:80",
            "http://[ff02::1]",
            "2130706433",
            "a.*.com",
            "http://",
        ] {
            assert!(Entry::parse(text).is_err(), "'{text}' was taken");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_allows_nothing_private_by_accident(text in "\\PC{0,24}") {
            if let Ok(entry) = Entry::parse(&text) {
                for url in ["http://127.0.0.1/", "https://127.0.0.1/", "https://169.254.169.254/", "https://[::1]/"] {
                    let trusted = entry.trust(&Url::parse(url).unwrap());
                    assert!(trusted.is_none() || text.contains("://"), "{text}: {url}");
                }
            }
        }

        #[test]
        fn a_host_in_an_entry_is_itself(name in "[a-z][a-z0-9-]{0,8}[a-z0-9](\\.[a-z]{2,5}){1,3}", port in 1..u16::MAX) {
            let (entry, url) = (format!("{name}:{port}"), format!("https://{name}:{port}/path"));
            assert_eq!(trust_of(&[&entry], &url), Some(Trust::Host));
            assert_eq!(trust_of(&[&entry], &url.replace("https", "http")), None);
            assert_eq!(trust_of(&[&format!("*.{entry}")], &url), None);
            assert_eq!(trust_of(&[&format!("*.{entry}")], &url.replace("https://", "https://x.")), Some(Trust::Host));
        }
    }
}
