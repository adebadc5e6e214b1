//! The address to listen on: reading it, binding it, and how users write it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};

use tokio::net::{TcpListener, TcpSocket};
use weir_domain::{Error, Result};

/// Connections that may wait to be accepted; a team's training jobs often start together.
const BACKLOG: u32 = 1024;

/// Every address that `HOST:PORT` means.
pub fn resolve(text: &str) -> Result<Vec<SocketAddr>> {
    let well_formed = text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && port.parse::<u16>().is_ok() && (!host.contains(':') || host.starts_with('['))
    });
    if !well_formed {
        return Err(Error::invalid(format!(
            "'{text}' is not an address to listen on: write HOST:PORT, such as 127.0.0.1:5000"
        )));
    }
    let addresses: Vec<SocketAddr> =
        text.to_socket_addrs().map_err(|error| cannot_listen(text, &error))?.collect();
    if addresses.is_empty() {
        return Err(Error::invalid(format!("cannot listen on {text}: the name has no address")));
    }
    Ok(addresses)
}

pub fn is_loopback(addresses: &[SocketAddr]) -> bool {
    addresses.iter().all(|address| address.ip().is_loopback())
}

/// Takes the first of `addresses` that can be had. From then on clients are not refused, only kept waiting.
pub async fn bind(text: &str, addresses: &[SocketAddr]) -> Result<TcpListener> {
    let mut failure = Error::invalid(format!("cannot listen on {text}"));
    for address in addresses {
        match bind_one(*address) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = cannot_listen(text, &error),
        }
    }
    Err(failure)
}

fn bind_one(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restarted server takes its port back although old connections linger.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn cannot_listen(text: &str, error: &std::io::Error) -> Error {
    Error::invalid(match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "cannot listen on {text}: another program listens there already; choose another port with --listen"
        ),
        _ => format!("cannot listen on {text}: {error}"),
    })
}

/// The address as a browser on this machine takes it.
pub fn local_url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        named => named,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// Checks what the operator says users reach the server at; without a slash at its end.
pub fn external_url(text: &str) -> Result<String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    // It is printed for a shell to read.
    let plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&byte));
    if host.is_empty() || host.starts_with('/') || !plain {
        return Err(Error::invalid(format!(
            "'{text}' is not an address that users could reach: write https://host or http://host:port"
        )));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// Where the server stands below its host: `given`, else the path of `external_url`; with a slash at both ends.
pub fn base_path(given: Option<&str>, external_url: Option<&str>) -> Result<String> {
    let of_url =
        external_url.and_then(|url| url.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    let path = given.unwrap_or(of_url.map_or("", |(_, path)| path)).trim_matches('/');
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte));
    if !plain || path.split('/').any(|segment| matches!(segment, "." | ".." | "-")) {
        return Err(Error::invalid(format!(
            "'{path}' is not a path for addresses: write letters, digits, '-', '_', '.' and '~' between slashes"
        )));
    }
    Ok(if path.is_empty() { "/".to_owned() } else { format!("/{path}/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hosts_and_ports() {
        assert_eq!(resolve("127.0.0.1:5000").unwrap(), ["127.0.0.1:5000".parse().unwrap()]);
        assert_eq!(resolve("[::1]:0").unwrap(), ["[::1]:0".parse().unwrap()]);
        assert!(is_loopback(&resolve("localhost:5000").unwrap()));
        assert!(!is_loopback(&resolve("0.0.0.0:5000").unwrap()));
        for text in ["", "5000", ":5000", "localhost", "localhost:http", "127.0.0.1:70000", "::1:5000"] {
            assert!(resolve(text).is_err_and(|error| error.to_string().contains(text)), "{text}");
        }
    }

    #[test]
    fn an_open_address_is_shown_as_loopback() {
        assert_eq!(local_url("0.0.0.0:80".parse().unwrap()), "http://127.0.0.1:80");
        assert_eq!(local_url("[::]:80".parse().unwrap()), "http://[::1]:80");
        assert_eq!(local_url("10.1.2.3:80".parse().unwrap()), "http://10.1.2.3:80");
    }

    #[test]
    fn the_base_path_has_slashes_at_both_ends() {
        assert_eq!(base_path(None, None).unwrap(), "/");
        assert_eq!(base_path(None, Some("https://host")).unwrap(), "/");
        assert_eq!(base_path(None, Some("https://host:81/ml/weir")).unwrap(), "/ml/weir/");
        assert_eq!(base_path(Some("/weir/"), Some("https://host/ml")).unwrap(), "/weir/");
        assert_eq!(base_path(Some("/"), Some("https://host/ml")).unwrap(), "/");
        for path in ["/a b", "/a\"b", "/a/../b", "/a/-/b"] {
            assert!(base_path(Some(path), None).is_err(), "{path}");
        }
    }

    #[test]
    fn external_addresses_are_safe_to_paste() {
        assert_eq!(external_url("https://weir.example/ml/").unwrap(), "https://weir.example/ml");
        for text in
            ["weir.example", "https://", "https:///x", "http://a b", "http://a;rm", "ftp://a", "http://$(x)"]
        {
            assert!(external_url(text).is_err(), "{text}");
        }
    }
}
