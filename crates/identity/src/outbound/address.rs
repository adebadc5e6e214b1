//! Which network addresses anybody may make the server reach, and which only an administrator.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whose an address is, from the least to the most delicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// The open internet.
    Public,
    /// This machine or its owner's networks: reached when an allow list entry names the origin.
    Private,
    /// Link-local addresses and the clouds' metadata services, which hand out credentials to whoever asks: reached only
    /// when an entry names this very address, never through a name.
    Guarded,
    /// No server answers there: unspecified, multicast, documentation, reserved.
    Never,
}

/// Metadata and host services that clouds put outside the link-local range.
const METADATA_V4: [Ipv4Addr; 3] = [
    Ipv4Addr::new(100, 100, 100, 200), // Alibaba
    Ipv4Addr::new(168, 63, 129, 16),   // Azure
    Ipv4Addr::new(192, 0, 0, 192),     // Oracle
];

/// Ranges of IPv4: network, prefix length, zone. The first that holds an address decides; the rest is public.
const RANGES_V4: [(Ipv4Addr, u32, Zone); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, Zone::Never),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Zone::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Zone::Private),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Zone::Private),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Zone::Guarded),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Zone::Private),
    (Ipv4Addr::new(192, 0, 0, 0), 24, Zone::Never),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Zone::Never),
    (Ipv4Addr::new(192, 31, 196, 0), 24, Zone::Never),
    (Ipv4Addr::new(192, 52, 193, 0), 24, Zone::Never),
    (Ipv4Addr::new(192, 88, 99, 0), 24, Zone::Never),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Zone::Private),
    (Ipv4Addr::new(192, 175, 48, 0), 24, Zone::Never),
    (Ipv4Addr::new(198, 18, 0, 0), 15, Zone::Private),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Zone::Never),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Zone::Never),
    // Multicast, reserved and broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 3, Zone::Never),
];

/// Ranges of IPv6, as above; what no range holds is not given out to anybody, so the rest is `Never`.
const RANGES_V6: [(Ipv6Addr, u32, Zone); 9] = [
    // Metadata services of AWS and Google inside the unique local range.
    (Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0), 32, Zone::Guarded),
    (Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0), 32, Zone::Guarded),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Zone::Private),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Zone::Guarded),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, Zone::Private),
    // Protocol assignments, Teredo among them; documentation, twice.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, Zone::Never),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32, Zone::Never),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Zone::Never),
    (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3, Zone::Public),
];

/// Prefixes of 96 bits behind which an IPv4 address stands: mapped, translated, NAT64, compatible (deprecated).
const WRAPPERS: [Ipv6Addr; 4] = [
    Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0),
    Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, 0, 0),
    Ipv6Addr::new(0x0064, 0xff9b, 0, 0, 0, 0, 0, 0),
    Ipv6Addr::UNSPECIFIED,
];

pub fn zone(address: IpAddr) -> Zone {
    match address {
        IpAddr::V4(address) => zone_v4(address),
        IpAddr::V6(address) => zone_v6(address),
    }
}

fn zone_v4(address: Ipv4Addr) -> Zone {
    if METADATA_V4.contains(&address) {
        return Zone::Guarded;
    }
    let bits = address.to_bits();
    let found = RANGES_V4.iter().find(|(network, prefix, _)| {
        let mask = u32::MAX << (u32::BITS - prefix);
        bits & mask == network.to_bits()
    });
    found.map_or(Zone::Public, |(_, _, zone)| *zone)
}

fn zone_v6(address: Ipv6Addr) -> Zone {
    // The loopback address would otherwise be read as a compatible 0.0.0.1.
    if address == Ipv6Addr::LOCALHOST {
        return Zone::Private;
    }
    if let Some(embedded) = embedded_v4(address) {
        return zone_v4(embedded);
    }
    let bits = address.to_bits();
    let found = RANGES_V6.iter().find(|(network, prefix, _)| {
        let mask = u128::MAX << (u128::BITS - prefix);
        bits & mask == network.to_bits()
    });
    found.map_or(Zone::Never, |(_, _, zone)| *zone)
}

/// The IPv4 address that packets to `address` end at.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = address.to_bits();
    let low = u32::try_from(bits & u128::from(u32::MAX)).ok()?;
    if WRAPPERS.iter().any(|wrapper| bits >> 32 == wrapper.to_bits() >> 32) {
        return Some(Ipv4Addr::from_bits(low));
    }
    // 6to4: the 32 bits behind 2002.
    let [first, high, middle, ..] = address.segments();
    (first == 0x2002).then(|| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(middle)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone_of(text: &str) -> Zone {
        zone(text.parse().unwrap())
    }

    #[test]
    fn the_internet_is_public() {
        for text in [
            "8.8.8.8",
            "1.1.1.1",
            "172.15.255.255",
            "172.32.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "2606:4700::1111",
        ] {
            assert_eq!(zone_of(text), Zone::Public, "{text}");
        }
        // What networks without IPv4 make of public IPv4 addresses.
        assert_eq!(zone_of("64:ff9b::808:808"), Zone::Public);
    }

    #[test]
    fn own_networks_are_private_in_every_spelling() {
        for text in [
            "127.0.0.1",
            "127.255.255.254",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "::1",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "::127.0.0.1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
        ] {
            assert_eq!(zone_of(text), Zone::Private, "{text}");
        }
    }

    #[test]
    fn metadata_and_link_local_addresses_are_guarded() {
        for text in [
            "169.254.169.254",
            "169.254.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fe80::1",
            "fd00:ec2::254",
            "fd20:ce::254",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
        ] {
            assert_eq!(zone_of(text), Zone::Guarded, "{text}");
        }
    }

    #[test]
    fn nobody_serves_from_the_rest() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.51.100.7",
            "203.0.113.7",
            "192.0.0.1",
            "::",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "3fff::1",
            "100::1",
            "64:ff9b:1::1",
            "::ffff:0.0.0.0",
            "::ffff:224.0.0.1",
            "4000::1",
        ] {
            assert_eq!(zone_of(text), Zone::Never, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_address_keeps_its_zone_behind_ipv6(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let expected = zone(address.into());
            for wrapper in &WRAPPERS[..3] {
                let wrapped = Ipv6Addr::from_bits(wrapper.to_bits() | u128::from(bits));
                assert_eq!(zone(wrapped.into()), expected, "{wrapped}");
            }
            let six_to_four = Ipv6Addr::from_bits(0x2002_u128 << 112 | u128::from(bits) << 80 | 7);
            assert_eq!(zone(six_to_four.into()), expected, "{six_to_four}");
        }

        /// The standard library's own reading of what is not for everybody.
        #[test]
        fn nothing_that_the_standard_library_knows_is_missed(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            let special = address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_broadcast() || address.is_documentation() || address.is_unspecified()
                || address.is_multicast();
            assert!(!special || zone(address.into()) != Zone::Public);
        }

        #[test]
        fn ipv6_that_the_standard_library_knows_is_not_public(head: u16, rest: u64) {
            let address = Ipv6Addr::from_bits(u128::from(head) << 112 | u128::from(rest));
            let special = address.is_loopback() || address.is_unspecified() || address.is_multicast()
                || address.is_unique_local() || address.is_unicast_link_local();
            assert!(!special || zone(address.into()) != Zone::Public);
        }
    }
}
