//! From names to addresses, with an eye on where these lead. The connection goes to an address that has
//! passed here: there is no second look-up that could give another answer.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;
use url::Host;

use crate::core::address::Zone;

/// Resolves the names of one client.
pub(super) struct Resolver {
    /// How far inside an address may be; none when it may be anywhere.
    reach: Option<Zone>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// The hosts of the URLs that were asked for. What else is resolved are proxies, which the caller
    /// has chosen and which may be inside.
    targets: HashSet<String>,
    addresses: HashMap<String, HashSet<IpAddr>>,
}

impl Resolver {
    pub(super) fn new(reach: Option<Zone>) -> Self {
        Self {
            reach,
            known: Mutex::default(),
        }
    }

    /// Makes ready for a request, and refuses an address that the URL itself names.
    pub(super) fn admit(&self, url: &Url) -> Result<(), ForbiddenAddress> {
        match literal(url) {
            Some(address) => require(self.reach, address),
            None => {
                let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
                self.known().targets.insert(host);
                Ok(())
            }
        }
    }

    /// The zone in which `url` was reached by a connection to `remote`. Behind a proxy nobody here knows
    /// that, and the Internet is what gets the least trust.
    pub(super) fn zone(&self, url: &Url, remote: Option<SocketAddr>) -> Zone {
        if let Some(address) = literal(url) {
            return Zone::of(address);
        }
        let addresses = self.addresses_of(url);
        let reached = remote
            .map(|remote| remote.ip())
            .filter(|address| addresses.contains(address));
        reached.map_or(Zone::Global, Zone::of)
    }

    /// True when the name in `url` was asked for here, and not left to a proxy.
    pub(super) fn has_resolved(&self, url: &Url) -> bool {
        literal(url).is_some() || !self.addresses_of(url).is_empty()
    }

    fn addresses_of(&self, url: &Url) -> HashSet<IpAddr> {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let known = self.known();
        known.addresses.get(&host).cloned().unwrap_or_default()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses that may be connected to.
    fn permitted(
        &self,
        host: &str,
        found: Vec<SocketAddr>,
    ) -> Result<Vec<SocketAddr>, ForbiddenAddress> {
        let mut known = self.known();
        let host = host.to_ascii_lowercase();
        if !known.targets.contains(&host) {
            return Ok(found);
        }
        let mut refused = None;
        let mut permitted = Vec::new();
        for address in found {
            match require(self.reach, address.ip()) {
                Ok(()) => permitted.push(address),
                Err(error) => refused = Some(error),
            }
        }
        let addresses = permitted.iter().map(SocketAddr::ip);
        known.addresses.entry(host).or_default().extend(addresses);
        match refused {
            Some(error) if permitted.is_empty() => Err(error),
            _ => Ok(permitted),
        }
    }
}

/// The resolver as the HTTP library takes it.
pub(super) struct Shared(pub(super) Arc<Resolver>);

impl Resolve for Shared {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Arc::clone(&self.0);
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let (sender, receiver) = oneshot::channel();
            // The system's own look-up, which knows its configuration and blocks for as long as it likes: in
            // a thread that nobody waits for when the time is over.
            thread::Builder::new().spawn(move || {
                let found = (host.as_str(), 0).to_socket_addrs();
                let found = found.map(Iterator::collect::<Vec<_>>);
                let _ = sender.send((host, found));
            })?;
            let (host, found) = receiver.await?;
            let permitted = resolver.permitted(&host, found?)?;
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

/// An address further inside than one of those that led to it.
#[derive(Debug)]
pub(super) struct ForbiddenAddress(pub(super) IpAddr);

impl fmt::Display for ForbiddenAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is not on the Internet", self.0)
    }
}

impl Error for ForbiddenAddress {}

fn require(reach: Option<Zone>, address: IpAddr) -> Result<(), ForbiddenAddress> {
    if reach.is_none_or(|reach| reach.may_lead_to(Zone::of(address))) {
        Ok(())
    } else {
        Err(ForbiddenAddress(address))
    }
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        let parsed = texts.iter().map(|text| text.parse::<IpAddr>().unwrap());
        parsed.map(|address| SocketAddr::new(address, 0)).collect()
    }

    #[test]
    fn a_name_leads_no_further_inside_than_it_may() {
        let found = addresses(&["1.1.1.1", "10.0.0.1", "169.254.169.254", "127.0.0.1"]);
        for (reach, left) in [
            (None, &[0, 1, 2, 3][..]),
            (Some(Zone::Global), &[0]),
            (Some(Zone::Private), &[0, 1]),
            (Some(Zone::Link), &[0, 1, 2]),
            (Some(Zone::Local), &[0, 1, 3]),
        ] {
            let resolver = Resolver::new(reach);
            resolver.admit(&url("https://Keys.example/")).unwrap();
            let permitted = resolver.permitted("keys.example", found.clone()).unwrap();
            let left: Vec<_> = left.iter().map(|place| found[*place]).collect();
            assert_eq!(permitted, left, "{reach:?}");
        }
    }

    #[test]
    fn a_name_that_leads_inside_alone_is_refused() {
        let resolver = Resolver::new(Some(Zone::Global));
        resolver.admit(&url("https://keys.example/")).unwrap();
        let found = addresses(&["10.0.0.1", "::ffff:127.0.0.1"]);
        let refused = resolver.permitted("keys.example", found);
        assert_eq!(refused.unwrap_err().0.to_string(), "::ffff:127.0.0.1");
    }

    #[test]
    fn a_proxy_may_be_inside() {
        let resolver = Resolver::new(Some(Zone::Global));
        resolver.admit(&url("https://keys.example/")).unwrap();
        let found = addresses(&["10.0.0.1"]);
        let permitted = resolver.permitted("proxy.example", found.clone());
        assert_eq!(permitted.unwrap(), found);
        // Where the target itself is, it does not say.
        let target = url("https://keys.example/");
        assert_eq!(resolver.zone(&target, Some(found[0])), Zone::Global);
        assert!(!resolver.has_resolved(&target));
    }

    #[test]
    fn an_address_in_the_url_is_judged_as_one_that_was_looked_up() {
        let resolver = Resolver::new(Some(Zone::Global));
        for text in [
            "https://127.0.0.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "https://0x7f.1/",
        ] {
            assert!(resolver.admit(&url(text)).is_err(), "{text}");
        }
        assert!(resolver.admit(&url("https://1.1.1.1/")).is_ok());
        let anywhere = Resolver::new(None);
        assert!(anywhere.admit(&url("https://127.0.0.1/")).is_ok());
        let zone = anywhere.zone(&url("https://10.0.0.1/"), None);
        assert_eq!(zone, Zone::Private);
    }

    #[test]
    fn the_zone_is_that_of_the_address_that_was_connected_to() {
        let resolver = Resolver::new(None);
        let target = url("https://keys.example/");
        resolver.admit(&target).unwrap();
        let found = addresses(&["1.1.1.1", "10.0.0.1"]);
        resolver.permitted("keys.example", found.clone()).unwrap();
        assert_eq!(resolver.zone(&target, Some(found[0])), Zone::Global);
        assert_eq!(resolver.zone(&target, Some(found[1])), Zone::Private);
        assert_eq!(resolver.zone(&target, None), Zone::Global);
        assert!(resolver.has_resolved(&target));
    }
}
