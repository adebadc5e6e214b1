//! Where a request comes from: the client's address, and whether it came by TLS, through proxies that are trusted.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use weir_domain::{Error, Result};

use crate::app::App;

/// Addresses that begin alike, such as `10.0.0.0/8`; or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// Bits of the address that count.
    bits: u32,
}

impl FromStr for Network {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let parse = || {
            let address: IpAddr = address.parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
            (bits <= most).then_some(Self { address, bits })
        };
        parse().ok_or_else(|| {
            Error::invalid(format!(
                "'{text}' is not a network: write an address, or one with its bits such as 10.0.0.0/8"
            ))
        })
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differ = own.to_bits() ^ other.to_bits();
                differ.checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differ = own.to_bits() ^ other.to_bits();
                differ.checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// The client, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    address: Option<IpAddr>,
    /// Whether the client's request travelled by TLS.
    pub by_tls: bool,
}

impl FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Self::Rejection> {
        Ok(Self::of_request(app, &parts.extensions, &parts.headers))
    }
}

impl Peer {
    /// The client of a request with these extensions and headers.
    pub(crate) fn of_request(app: &App, extensions: &Extensions, headers: &HeaderMap) -> Self {
        let connected = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let settings = &app.settings;
        let mut peer = Self::of(connected, headers, &settings.trusted_proxies);
        peer.by_tls |= settings.external_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        peer
    }

    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Headers are believed only from a trusted proxy, and each further address only from the one before it.
    fn of(connected: Option<IpAddr>, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let trusts = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        let Some(mut address) = connected.map(|address| address.to_canonical()) else {
            return Self { address: None, by_tls: false };
        };
        if !trusts(address) {
            return Self { address: Some(address), by_tls: false };
        }
        let by_tls = last_values(headers, "x-forwarded-proto").next().is_some_and(|proto| proto == "https");
        for named in last_values(headers, "x-forwarded-for") {
            let Ok(named) = named.parse::<IpAddr>() else { break };
            address = named.to_canonical();
            if !trusts(address) {
                break;
            }
        }
        Self { address: Some(address), by_tls }
    }

    /// What is counted as one client: whoever has one IPv6 address has 2^64.
    pub fn counted(&self) -> String {
        match self.address {
            Some(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(address) => address.fmt(f),
            None => f.write_str("unknown"),
        }
    }
}

/// The elements of a list that may be spread over several headers, from the last, which the nearest proxy added.
fn last_values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    values.into_iter().rev().flat_map(|value| value.rsplit(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(connected: &str, forwarded_for: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded_for.parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        let peer = Peer::of(Some(connected.parse().unwrap()), &headers, &trusted);
        format!("{peer}{}", if peer.by_tls { " by TLS" } else { "" })
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(peer("203.0.113.9", "198.51.100.1", &[]), "203.0.113.9");
        assert_eq!(peer("203.0.113.9", "198.51.100.1", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(peer("10.1.2.3", "198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1 by TLS");
        // What the client itself claims stands before what the proxy saw.
        assert_eq!(peer("10.1.2.3", "1.1.1.1, 198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1 by TLS");
        assert_eq!(peer("10.1.2.3", "198.51.100.1, 10.9.9.9", &["10.0.0.0/8"]), "198.51.100.1 by TLS");
        assert_eq!(peer("10.1.2.3", "x, 10.9.9.9", &["10.0.0.0/8"]), "10.9.9.9 by TLS");
        assert_eq!(peer("::ffff:10.1.2.3", "2001:db8::1", &["10.1.2.3"]), "2001:db8::1 by TLS");
    }

    #[test]
    fn networks_are_read_and_compared_by_their_bits() {
        let within = |network: &str, address: &str| {
            network.parse::<Network>().unwrap().contains(address.parse().unwrap())
        };
        assert!(within("0.0.0.0/0", "203.0.113.9") && within("::/0", "2001:db8::1"));
        assert!(within("192.168.4.0/22", "192.168.7.255") && !within("192.168.4.0/22", "192.168.8.0"));
        assert!(within("fd00::/8", "fd12::1") && !within("fd00::/8", "fe12::1"));
        assert!(!within("0.0.0.0/0", "::1"));
        for text in ["", "10.0.0.0/33", "10.0.0", "::1/129", "10.0.0.0/", "host/8", "10.0.0.0/-1"] {
            assert!(text.parse::<Network>().is_err_and(|error| error.to_string().contains(text)), "{text}");
        }
    }

    #[test]
    fn an_ipv6_network_is_counted_as_one_client() {
        let counted = |text: &str| Peer { address: text.parse().ok(), by_tls: false }.counted();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("203.0.113.9"), "203.0.113.9");
    }
}
