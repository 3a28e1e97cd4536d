//! Encodings of keys that other tools write, read by OpenSSL.
//!
//! What a stranger wrote is never given to another reader of DER. How long a passphrase is to be worked
//! on has been checked before: see [`crate::core::import`].

use openssl::ec::EcKey;
use openssl::error::ErrorStack;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::symm::{Cipher, decrypt};
use openssl::x509::X509Req;
use zeroize::Zeroizing;

use super::Material;
use super::pkey::{self, Recognized};
use super::x509::Certificate;
use crate::core::key::Secret;

/// A PrivateKeyInfo (RFC 5208 §5, RFC 5958 §2); none when it is none.
#[must_use]
pub fn private_key_info(der: &[u8]) -> Option<Recognized<Material>> {
    pkey::material(&*PKey::private_key_from_pkcs8(der).ok()?).ok()
}

/// An RSAPrivateKey (RFC 8017 appendix A.1.2), as PrivateKeyInfo; none when it is none.
#[must_use]
pub fn rsa_private_key(der: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    as_private_key_info(PKey::from_rsa(Rsa::private_key_from_der(der).ok()?))
}

/// An ECPrivateKey (RFC 5915 §3), as PrivateKeyInfo; none when it is none.
#[must_use]
pub fn ec_private_key(der: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    as_private_key_info(PKey::from_ec_key(EcKey::private_key_from_der(der).ok()?))
}

/// An EncryptedPrivateKeyInfo (RFC 5208 §6), decrypted; none when the passphrase is another, or the
/// encryption one that is not known.
#[must_use]
pub fn encrypted_private_key_info(der: &[u8], passphrase: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    as_private_key_info(PKey::private_key_from_pkcs8_passphrase(der, passphrase))
}

/// Decrypts with AES in CBC mode and takes the padding off (RFC 8018 appendix B.2.5); none when that is no
/// padding.
#[must_use]
pub fn aes_cbc(key: &Secret, iv: &[u8; 16], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cipher = match key.expose().len() {
        16 => Cipher::aes_128_cbc(),
        _ => Cipher::aes_256_cbc(),
    };
    let plain = decrypt(cipher, key.expose(), Some(iv), ciphertext);
    plain.ok().map(Zeroizing::new)
}

/// A private key in the encrypted PEM of old (RFC 1421 §4.6), as PrivateKeyInfo; none when the passphrase
/// is another, or the encryption one that is not known.
#[must_use]
pub fn traditional_pem(pem: &[u8], passphrase: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    as_private_key_info(PKey::private_key_from_pem_passphrase(pem, passphrase))
}

fn as_private_key_info(key: Result<PKey<Private>, ErrorStack>) -> Option<Zeroizing<Vec<u8>>> {
    Some(Zeroizing::new(key.ok()?.private_key_to_pkcs8().ok()?))
}

/// A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7); none when it is none.
#[must_use]
pub fn subject_public_key_info(der: &[u8]) -> Option<Recognized<Material>> {
    public(&PKey::public_key_from_der(der).ok()?)
}

/// An RSAPublicKey (RFC 8017 appendix A.1.1); none when it is none.
#[must_use]
pub fn rsa_public_key(der: &[u8]) -> Option<Recognized<Material>> {
    public(&PKey::from_rsa(Rsa::public_key_from_der_pkcs1(der).ok()?).ok()?)
}

fn public(key: &PKey<Public>) -> Option<Recognized<Material>> {
    Some(match pkey::public_key(key).ok()? {
        Recognized::Key(public) => Recognized::Key(Material::Public(public)),
        Recognized::OtherKind => Recognized::OtherKind,
        Recognized::Unknown => Recognized::Unknown,
    })
}

/// DER of the SubjectPublicKeyInfo for which a CertificationRequest asks (RFC 2986 §4); none when it is
/// no request, or is not signed with the key that it names.
#[must_use]
pub fn certification_request(der: &[u8]) -> Option<Vec<u8>> {
    let request = X509Req::from_der(der).ok()?;
    let key = request.public_key().ok()?;
    let is_signed = request.verify(&key).ok()?;
    is_signed.then(|| key.public_key_to_der().ok()).flatten()
}

/// What OpenSSL makes of a PFX.
pub enum Pfx {
    /// Its key, as PrivateKeyInfo, and its certificates, that of the key first.
    Opened(Option<Zeroizing<Vec<u8>>>, Vec<Certificate>),
    /// The passphrase is another.
    WrongPassphrase,
    /// It is protected in a way that is not known, or damaged inside.
    Unreadable,
    /// It is none.
    NotOne,
}

/// A PFX (PKCS #12, RFC 7292 §4).
#[must_use]
pub fn pfx(der: &[u8], passphrase: &str) -> Pfx {
    let Ok(pfx) = Pkcs12::from_der(der) else {
        return Pfx::NotOne;
    };
    match pfx.parse2(passphrase) {
        Ok(parts) => {
            let own = parts.cert.into_iter();
            // OpenSSL hands out the others from the last to the first.
            let others = parts.ca.into_iter().flatten();
            Pfx::Opened(
                parts.pkey.and_then(|key| as_private_key_info(Ok(key))),
                own.chain(others).filter_map(Certificate::of).collect(),
            )
        }
        Err(error) => {
            let is_mac = |reason: &str| reason.contains("mac verify failure");
            let wrong = error
                .errors()
                .iter()
                .any(|error| error.reason().is_some_and(is_mac));
            if wrong {
                Pfx::WrongPassphrase
            } else {
                Pfx::Unreadable
            }
        }
    }
}
