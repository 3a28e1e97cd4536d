//! HTTP clients: what they trust, and whether a proxy stands between.

use std::cell::RefCell;

use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::core::discovery::is_loopback;
use crate::error::{CommandError, Exit};

const USER_AGENT: &str = concat!("jwks/", env!("CARGO_PKG_VERSION"));

/// What a URL asks of its client.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Needs {
    /// TLS, and with it the platform's authorities; a machine without any can still fetch from itself.
    tls: bool,
    /// A direct way: what stays on this machine must not go out through a proxy.
    direct: bool,
}

/// The clients of a session, each built when it is first needed, since building one is slow.
pub(super) struct Clients {
    extra_authorities: Vec<Certificate>,
    built: RefCell<Vec<(Needs, Client)>>,
}

impl Clients {
    /// Trusts the certificates in `pem` besides the platform's authorities.
    pub(super) fn new(pem: Option<&[u8]>) -> Result<Self, CommandError> {
        Ok(Self {
            extra_authorities: pem.map_or_else(|| Ok(Vec::new()), authorities)?,
            built: RefCell::new(Vec::new()),
        })
    }

    /// The client for `url`.
    pub(super) fn for_url(&self, url: &Url) -> Result<Client, CommandError> {
        let needs = Needs {
            tls: url.scheme() == "https",
            direct: is_loopback(url),
        };
        let mut built = self.built.borrow_mut();
        if let Some((_, client)) = built.iter().find(|(own, _)| *own == needs) {
            return Ok(client.clone());
        }
        let client = self.build(needs)?;
        built.push((needs, client.clone()));
        Ok(client)
    }

    fn build(&self, needs: Needs) -> Result<Client, CommandError> {
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::none())
            .referer(false);
        if needs.direct {
            builder = builder.no_proxy();
        }
        builder = if needs.tls {
            builder.tls_certs_merge(self.extra_authorities.iter().cloned())
        } else {
            builder.tls_certs_only(self.extra_authorities.iter().cloned())
        };
        builder.build().map_err(|error| {
            let message = "cannot set up TLS with the platform's certificate authorities";
            CommandError::new("network-tls", Exit::Network, message)
                .cause(error)
                .hint("name the authorities to trust with --cacert FILE")
        })
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
