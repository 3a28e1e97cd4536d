//! Servers with certificates, by authorities of the tests' own.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The names under which the servers of the tests are reached.
pub(crate) const LOOPBACK: [&str; 2] = ["127.0.0.1", "localhost"];

/// An authority that vouches for servers.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    /// Its certificate.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server that it vouches for.
    pub(crate) fn vouch_for(&self, names: &[&str]) -> Arc<ServerConfig> {
        self.sign(&server_params(names))
    }

    /// A server that it vouched for until the year 2001.
    pub(crate) fn vouched_once(&self, names: &[&str]) -> Arc<ServerConfig> {
        let mut params = server_params(names);
        params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        server_config(certificate.der().clone(), &key)
    }
}

/// A server that vouches for itself.
pub(crate) fn self_signed(names: &[&str]) -> Arc<ServerConfig> {
    self_signed_with_pem(names).0
}

/// A server that vouches for itself, and its certificate.
pub(crate) fn self_signed_with_pem(names: &[&str]) -> (Arc<ServerConfig>, String) {
    let key = KeyPair::generate().expect("a key");
    let certificate = server_params(names)
        .self_signed(&key)
        .expect("a certificate");
    let pem = certificate.pem();
    (server_config(certificate.der().clone(), &key), pem)
}

fn server_params(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    CertificateParams::new(names).expect("names")
}

fn server_config(certificate: CertificateDer<'static>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate and its key");
    Arc::new(config)
}
