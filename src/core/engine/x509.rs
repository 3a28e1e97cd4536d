//! X.509 certificates, read by OpenSSL (RFC 5280).

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::hash::{MessageDigest, hash};
use openssl::x509::{X509, X509NameRef};

use super::pkey::{self, Recognized};
use super::{PublicKey, sha256};
use crate::core::time::NumericDate;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// A certificate. Nothing says that anyone should trust it.
pub struct Certificate {
    certificate: X509,
    der: Vec<u8>,
}

impl Certificate {
    /// Reads the DER of one certificate, and nothing behind it.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let certificate = X509::from_der(der).ok()?;
        // What was read is written again as it stood, so any difference is something more.
        let again = certificate.to_der().ok()?;
        (again == der).then_some(Self {
            certificate,
            der: again,
        })
    }

    /// A certificate that OpenSSL has read.
    pub(super) fn of(certificate: X509) -> Option<Self> {
        let der = certificate.to_der().ok()?;
        Some(Self { certificate, der })
    }

    /// Its DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// DER of the SubjectPublicKeyInfo of the key that it certifies; none when OpenSSL does not know
    /// the kind of the key.
    #[must_use]
    pub fn subject_public_key_info(&self) -> Option<Vec<u8>> {
        self.certificate.public_key().ok()?.public_key_to_der().ok()
    }

    /// Whom it is for, as `CN=…, O=…`.
    #[must_use]
    pub fn subject(&self) -> String {
        name(self.certificate.subject_name())
    }

    /// Who issued it, as `CN=…, O=…`.
    #[must_use]
    pub fn issuer(&self) -> String {
        name(self.certificate.issuer_name())
    }

    /// From when it is valid; none when that is no date.
    #[must_use]
    pub fn not_before(&self) -> Option<NumericDate> {
        date(self.certificate.not_before())
    }

    /// The last moment of its validity; none when that is no date.
    #[must_use]
    pub fn not_after(&self) -> Option<NumericDate> {
        date(self.certificate.not_after())
    }

    /// True when it is the certificate of `key`, never of none; not known when OpenSSL does not know
    /// the kind of its key.
    #[must_use]
    pub fn certifies(&self, key: Option<&PublicKey>) -> Option<bool> {
        let certified = self.certificate.public_key().ok()?;
        match pkey::public_key(&certified).ok()? {
            Recognized::Key(certified) => Some(key == Some(&certified)),
            Recognized::OtherKind => Some(false),
            Recognized::Unknown => None,
        }
    }

    /// SHA-1 of its DER, which `x5t` states (RFC 7517 §4.8).
    #[must_use]
    pub fn sha1(&self) -> Option<Vec<u8>> {
        let digest = hash(MessageDigest::sha1(), &self.der).ok()?;
        Some(digest.to_vec())
    }

    /// SHA-256 of its DER, which `x5t#S256` states (RFC 7517 §4.9).
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        sha256(&self.der)
    }

    /// True when `issuer` is named as the issuer of this one and has signed it. Whether it was allowed to
    /// is another question.
    #[must_use]
    pub fn is_certified_by(&self, issuer: &Self) -> bool {
        let signed = || {
            let key = issuer.certificate.public_key();
            key.and_then(|key| self.certificate.verify(&key))
        };
        self.names_as_issuer(issuer) && signed().unwrap_or(false)
    }

    /// True when `issuer` is named as the issuer of this one, whoever has signed it.
    #[must_use]
    pub fn names_as_issuer(&self, issuer: &Self) -> bool {
        let own = self.certificate.issuer_name();
        own.try_cmp(issuer.certificate.subject_name())
            .is_ok_and(std::cmp::Ordering::is_eq)
    }
}

fn name(name: &X509NameRef) -> String {
    let parts: Vec<String> = name
        .entries()
        .map(|entry| {
            let attribute = entry.object().nid().short_name().unwrap_or("OID");
            let value = entry.data().to_string();
            let value = value.unwrap_or_else(|_| "?".to_owned());
            format!("{attribute}={value}")
        })
        .collect();
    parts.join(", ")
}

fn date(time: &Asn1TimeRef) -> Option<NumericDate> {
    let since_epoch = Asn1Time::from_unix(0).ok()?.diff(time).ok()?;
    let days = i64::from(since_epoch.days).checked_mul(SECONDS_OF_A_DAY)?;
    Some(NumericDate::from_seconds(
        days.checked_add(i64::from(since_epoch.secs))?,
    ))
}
