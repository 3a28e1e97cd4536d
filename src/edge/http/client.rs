//! HTTP clients: what they trust, how far inside they reach, and whether a proxy stands between.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::resolver::{Resolver, Shared};
use crate::core::address::Zone;
use crate::core::discovery::is_loopback;
use crate::error::{CommandError, Exit};

const USER_AGENT: &str = concat!("jwks/", env!("CARGO_PKG_VERSION"));

/// What a request asks of its client.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Needs {
    /// TLS, and with it the platform's authorities; a machine without any can still fetch from itself.
    tls: bool,
    /// A direct way: what stays on this machine must not go out through a proxy.
    direct: bool,
    /// How far inside an address may be.
    reach: Option<Zone>,
}

/// A client, and the resolver that it asks.
#[derive(Clone)]
pub(super) struct Ready {
    pub(super) client: Client,
    pub(super) resolver: Arc<Resolver>,
}

/// The clients of all sessions with the same authorities, each built when it is first needed: building
/// one is slow, and several threads fetch at once.
pub(super) struct Clients {
    extra_authorities: Vec<Certificate>,
    built: Mutex<Vec<(Needs, Ready)>>,
}

impl Clients {
    /// Trusts the certificates in `pem` besides the platform's authorities.
    pub(super) fn new(pem: Option<&[u8]>) -> Result<Self, CommandError> {
        Ok(Self {
            extra_authorities: pem.map_or_else(|| Ok(Vec::new()), authorities)?,
            built: Mutex::default(),
        })
    }

    /// The client for `url`, which reaches no further inside than `reach`.
    pub(super) fn for_url(&self, url: &Url, reach: Option<Zone>) -> Result<Ready, CommandError> {
        let needs = Needs {
            tls: url.scheme() == "https",
            direct: is_loopback(url),
            reach,
        };
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ready)) = built.iter().find(|(own, _)| *own == needs) {
            return Ok(ready.clone());
        }
        let ready = self.build(needs)?;
        built.push((needs, ready.clone()));
        Ok(ready)
    }

    fn build(&self, needs: Needs) -> Result<Ready, CommandError> {
        let resolver = Arc::new(Resolver::new(needs.reach));
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .referer(false)
            .dns_resolver(Arc::new(Shared(Arc::clone(&resolver))));
        if needs.direct {
            builder = builder.no_proxy();
        }
        builder = if needs.tls {
            builder.tls_certs_merge(self.extra_authorities.iter().cloned())
        } else {
            builder.tls_certs_only(self.extra_authorities.iter().cloned())
        };
        let client = builder.build().map_err(|error| {
            let message = "cannot set up TLS with the platform's certificate authorities";
            CommandError::new("network-tls", Exit::Network, message)
                .cause(error)
                .hint("name the authorities to trust with --cacert FILE")
        })?;
        Ok(Ready { client, resolver })
    }
}

/// The certificates of a PEM file, each of them one that can serve as an authority: the HTTP
/// library would pass over a bad one in silence.
fn authorities(pem: &[u8]) -> Result<Vec<Certificate>, CommandError> {
    let wrong = |problem: &str| {
        CommandError::new("cacert-invalid", Exit::File, format!("--cacert: {problem}"))
            .hint("give a PEM file with one or more certificates")
    };
    let mut store = RootCertStore::empty();
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let der = certificate.map_err(|_| wrong("the file is no valid PEM"))?;
        store
            .add(der.clone())
            .map_err(|_| wrong("a certificate in the file is damaged"))?;
        let parsed = Certificate::from_der(&der);
        certificates.push(parsed.map_err(|_| wrong("a certificate in the file is damaged"))?);
    }
    if certificates.is_empty() {
        return Err(wrong("the file holds no certificate"));
    }
    Ok(certificates)
}
