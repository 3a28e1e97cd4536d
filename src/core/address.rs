//! How far an IP address reaches: the Internet, a network of its owner, or this machine. What comes from
//! the Internet must not make a client ask what only the inside can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads. What stands later reaches less far, and needs more trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// The Internet.
    Global,
    /// A network of one's own: RFC 1918, carrier-grade NAT (RFC 6598), unique local (RFC 4193).
    Private,
    /// This link, where clouds serve credentials (RFC 3927; RFC 4291 §2.5.6).
    Link,
    /// This machine, or nothing that could be reached.
    Local,
}

impl Zone {
    /// Every zone.
    pub const ALL: [Self; 4] = [Self::Global, Self::Private, Self::Link, Self::Local];

    /// The zone of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }

    /// The name by which it is written down.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Private => "private",
            Self::Link => "link",
            Self::Local => "local",
        }
    }

    /// True when what was reached here may lead there: never further inside, and from this machine not to
    /// the link, which is another one's.
    #[must_use]
    pub fn may_lead_to(self, target: Self) -> bool {
        target <= self && (self, target) != (Self::Local, Self::Link)
    }

    /// The zone of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zone| zone.name() == name)
    }
}

/// RFC 6890 and the registry that it founds.
fn of_v4(address: Ipv4Addr) -> Zone {
    let [first, second, third, _] = address.octets();
    match (first, second, third) {
        (10, _, _) | (192, 168, _) | (172, 16..=31, _) | (100, 64..=127, _) => Zone::Private,
        (169, 254, _) => Zone::Link,
        // This host, loopback, multicast and reserved.
        (0 | 127 | 224..=255, _, _)
        // Protocol assignments, documentation, relays of 6to4, benchmarks: nobody serves keys there.
        | (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99) | (198, 18 | 19, _) => {
            Zone::Local
        }
        _ => Zone::Global,
    }
}

fn of_v6(address: Ipv6Addr) -> Zone {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        of_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // ::ffff:0:0/96 (mapped); 64:ff9b::/96 and ::ffff:0:0:0/96, by which a gateway translates to the
        // IPv4 address at the end (RFC 6052, RFC 2765); 6to4, which has it in front (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // A translator of one's own (RFC 8215), unique local (RFC 4193), and the site-local addresses
        // before them (RFC 3879).
        [0x64, 0xff9b, 1, ..] | [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => Zone::Private,
        // Teredo hides an IPv4 address, and what follows is documentation.
        [0x2001, 0 | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Zone::Local,
        [0xfe80..=0xfebf, ..] => Zone::Link,
        // Only 2000::/3 has been given out; the rest is this machine, multicast or nothing.
        [0x2000..=0x3fff, ..] => Zone::Global,
        _ => Zone::Local,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all_are(zone: Zone, addresses: &[&str]) {
        for text in addresses {
            assert_eq!(Zone::of(text.parse().unwrap()), zone, "{text}");
        }
    }

    #[test]
    fn the_internet_is_global() {
        all_are(
            Zone::Global,
            &[
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "::ffff:1.1.1.1",
                "64:ff9b::1.1.1.1",
                "2002:101:101::1",
            ],
        );
    }

    #[test]
    fn networks_of_ones_own_are_private() {
        all_are(
            Zone::Private,
            &[
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.255",
                "fc00::1",
                "fd12:3456::1",
                "fec0::1",
                "::ffff:10.0.0.1",
                "64:ff9b::c0a8:101",
                "64:ff9b:1::1",
                "2002:a00:1::1",
            ],
        );
    }

    #[test]
    fn this_machine_and_nothing_are_local() {
        all_are(
            Zone::Local,
            &[
                "127.0.0.1",
                "127.255.255.255",
                "0.0.0.0",
                "0.1.2.3",
                "192.0.0.1",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "4000::1",
                "::ffff:127.0.0.1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
            ],
        );
    }

    #[test]
    fn what_a_link_alone_knows_is_a_zone_of_its_own() {
        all_are(
            Zone::Link,
            &[
                "169.254.169.254",
                "fe80::1",
                "febf::1",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::",
            ],
        );
    }

    #[test]
    fn no_zone_leads_further_inside_and_this_machine_not_to_its_link() {
        for (from, others) in [
            (Zone::Global, &[Zone::Global][..]),
            (Zone::Private, &[Zone::Global, Zone::Private]),
            (Zone::Link, &[Zone::Global, Zone::Private, Zone::Link]),
            (Zone::Local, &[Zone::Global, Zone::Private, Zone::Local]),
        ] {
            for target in Zone::ALL {
                assert_eq!(from.may_lead_to(target), others.contains(&target));
            }
        }
    }

    #[test]
    fn zones_are_found_again_by_their_names() {
        for zone in Zone::ALL {
            assert_eq!(Zone::by_name(zone.name()), Some(zone));
        }
        assert_eq!(Zone::by_name("elsewhere"), None);
        assert!(Zone::ALL.is_sorted());
    }
}
