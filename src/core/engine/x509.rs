//! X.509 certificates, read by OpenSSL (RFC 5280).

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::EcKeyRef;
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::{Id, PKeyRef, Public};
use openssl::x509::{X509, X509NameRef};

use super::{Curve, PublicKey, sha256};
use crate::core::time::NumericDate;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// The key that a certificate certifies.
enum Certified {
    /// One that a JWK can hold.
    Key(PublicKey),
    /// One of a kind that no JWK holds.
    OtherKind,
    /// One of a kind that this OpenSSL does not know, and a JWK perhaps can hold.
    Unknown,
}

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
        match public_key(&certified).ok()? {
            Certified::Key(certified) => Some(key == Some(&certified)),
            Certified::OtherKind => Some(false),
            Certified::Unknown => None,
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
        let names = self
            .certificate
            .issuer_name()
            .try_cmp(issuer.certificate.subject_name());
        let signed = issuer
            .certificate
            .public_key()
            .and_then(|key| self.certificate.verify(&key));
        names.is_ok_and(std::cmp::Ordering::is_eq) && signed.unwrap_or(false)
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

fn public_key(key: &PKeyRef<Public>) -> Result<Certified, ErrorStack> {
    let octets = |curve| {
        let x = key.raw_public_key()?;
        Ok(Certified::Key(PublicKey::Okp { curve, x }))
    };
    match key.id() {
        Id::RSA | Id::RSA_PSS => {
            let rsa = key.rsa()?;
            Ok(Certified::Key(PublicKey::Rsa {
                n: rsa.n().to_vec(),
                e: rsa.e().to_vec(),
            }))
        }
        Id::EC => ec_public_key(&*key.ec_key()?),
        Id::ED25519 => octets(Curve::Ed25519),
        Id::ED448 => octets(Curve::Ed448),
        Id::X25519 => octets(Curve::X25519),
        Id::X448 => octets(Curve::X448),
        Id::DSA | Id::DH | Id::DHX | Id::SM2 => Ok(Certified::OtherKind),
        _ => Ok(Certified::Unknown),
    }
}

fn ec_public_key<T: openssl::pkey::HasPublic>(key: &EcKeyRef<T>) -> Result<Certified, ErrorStack> {
    let curve = match key.group().curve_name() {
        Some(Nid::X9_62_PRIME256V1) => Curve::P256,
        Some(Nid::SECP384R1) => Curve::P384,
        Some(Nid::SECP521R1) => Curve::P521,
        Some(Nid::SECP256K1) => Curve::Secp256k1,
        Some(_) => return Ok(Certified::OtherKind),
        // Its parameters are written out, and may be those of a curve with a name.
        None => return Ok(Certified::Unknown),
    };
    let mut context = BigNumContext::new()?;
    let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
    let point = key.public_key();
    point.affine_coordinates(key.group(), &mut x, &mut y, &mut context)?;
    let length = i32::try_from(curve.coordinate_bytes()).unwrap_or(i32::MAX);
    Ok(Certified::Key(PublicKey::Ec {
        curve,
        x: x.to_vec_padded(length)?,
        y: y.to_vec_padded(length)?,
    }))
}
