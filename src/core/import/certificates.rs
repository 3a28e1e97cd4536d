//! Certificates beside keys: whose they are, and which of them are above others.

use std::collections::HashSet;

use crate::core::base64url;
use crate::core::certificate_chain::MOST_LINKS;
use crate::core::engine::x509::Certificate;
use crate::core::failure::quoted;
use crate::core::json::RawObject;

use super::{Fault, Imported, ImportedKey, der};

/// Most certificates of a document: bundles of authorities have some 150.
const MOST_CERTIFICATES: usize = 1_000;
/// Most pairs of certificates of which one names the other as its issuer, each of which costs a
/// verification.
const MOST_PAIRS: usize = 2_000;

/// What a part of a document is.
pub(super) enum Found {
    Key(ImportedKey),
    Certificate(Certificate),
}

/// Puts the keys and the certificates of a document together. A certificate is that of the key beside
/// which it stands; where there is none, its key is one. What has certified another one of the document
/// is above it, and its key is not taken.
pub(super) fn assemble(found: Vec<Found>) -> Result<Imported, Fault> {
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    let mut known = HashSet::new();
    for part in found {
        match part {
            Found::Key(key) => keys.push(key),
            Found::Certificate(certificate) => {
                if known.insert(certificate.sha256()) {
                    certificates.push(certificate);
                }
            }
        }
    }
    require_few(&certificates)?;
    let mut passed_over = Vec::new();
    for (index, certificate) in certificates.iter().enumerate() {
        let own = certificate_key(certificate);
        let holder = own.as_ref().ok().and_then(|own| {
            let is_own = |key: &&mut ImportedKey| key.material.public() == own.material.public();
            keys.iter_mut().find(is_own)
        });
        match holder {
            Some(key) if key.chain.is_empty() => key.chain = chain(&certificates, index),
            Some(_) => {}
            None if is_issuer(&certificates, index) => passed_over.push(format!(
                "the certificate of {}, which certifies another one,",
                quoted(&certificate.subject())
            )),
            None => {
                let named = |fault: Fault| fault.of(&quoted(&certificate.subject()));
                let mut key = own.map_err(named)?;
                key.chain = chain(&certificates, index);
                keys.push(key);
            }
        }
    }
    Ok(Imported { keys, passed_over })
}

fn require_few(certificates: &[Certificate]) -> Result<(), Fault> {
    let pairs = || {
        let issuers = certificates.iter();
        let named = issuers.map(|issuer| {
            let others = certificates.iter();
            others.filter(|other| other.names_as_issuer(issuer)).count()
        });
        named.sum::<usize>()
    };
    if certificates.len() > MOST_CERTIFICATES || pairs() > MOST_PAIRS {
        return Err(Fault::Unsupported(
            "it holds more certificates than are read".to_owned(),
        ));
    }
    Ok(())
}

fn certificate_key(certificate: &Certificate) -> Result<ImportedKey, Fault> {
    let unknown = || Fault::Unsupported("certifies a key of a kind that is not known".to_owned());
    let info = certificate.subject_public_key_info().ok_or_else(unknown)?;
    der::subject_public_key_info(&info).ok_or_else(unknown)?
}

/// True when it has certified another key than its own: a renewed root certifies the one before.
fn is_issuer(certificates: &[Certificate], index: usize) -> bool {
    let issuer = &certificates[index];
    certificates.iter().any(|certificate| {
        certificate.is_certified_by(issuer)
            && certificate.subject_public_key_info() != issuer.subject_public_key_info()
    })
}

/// The certificate at `index` and those above it, each certified by the next.
fn chain(certificates: &[Certificate], index: usize) -> Vec<Certificate> {
    let mut places = vec![index];
    let mut last = index;
    while places.len() < MOST_LINKS && !certificates[last].is_certified_by(&certificates[last]) {
        let above = certificates.iter().enumerate().position(|(place, issuer)| {
            !places.contains(&place) && certificates[last].is_certified_by(issuer)
        });
        let Some(above) = above else { break };
        places.push(above);
        last = above;
    }
    places
        .into_iter()
        .filter_map(|place| Certificate::from_der(certificates[place].der()))
        .collect()
}

/// Sets `x5c`, `x5t` and `x5t#S256` (RFC 7517 §4.7 to §4.9); nothing when there is no certificate.
pub(super) fn set_certificates(members: &mut RawObject, chain: &[Certificate]) {
    let Some(own) = chain.first() else { return };
    let texts: Vec<String> = chain
        .iter()
        .map(|certificate| base64_simd::STANDARD.encode_to_string(certificate.der()))
        .collect();
    members.set_raw("x5c", serde_json::Value::from(texts).to_string());
    if let Some(hash) = own.sha1() {
        members.set_string("x5t", &base64url::encode(&hash));
    }
    members.set_string("x5t#S256", &base64url::encode(&own.sha256()));
}
