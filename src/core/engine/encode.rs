//! Encodings of keys for other tools, written by OpenSSL.

use openssl::symm::{Cipher, encrypt};
use zeroize::Zeroizing;

use super::openssl::rsa_public;
use super::{Failure, PrivateKey, PublicKey, library_failure, pkey};
use crate::core::key::Secret;

/// A PrivateKeyInfo (RFC 5208 §5); none of a key that has no such form here.
///
/// # Errors
/// The library failed.
pub fn private_key_info(
    public: &PublicKey,
    private: &PrivateKey,
) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let failure = |_| library_failure("encode the private key");
    let Some(key) = pkey::private(public, private).map_err(failure)? else {
        return Ok(None);
    };
    let der = key.private_key_to_pkcs8().map_err(failure)?;
    Ok(Some(Zeroizing::new(der)))
}

/// An RSAPrivateKey (RFC 8017 appendix A.1.2) or an ECPrivateKey (RFC 5915 §3); none of other keys.
///
/// # Errors
/// The library failed.
pub fn traditional_private_key(
    public: &PublicKey,
    private: &PrivateKey,
) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
    let der = match (public, private) {
        (PublicKey::Rsa { .. }, PrivateKey::Rsa { d, crt: Some(crt) }) => pkey::rsa(public, d, crt)
            .and_then(|key| key.map(|key| key.private_key_to_der()).transpose()),
        (PublicKey::Ec { curve, x, y }, PrivateKey::Ec { d }) => {
            pkey::ec(*curve, x, y, d).and_then(|key| key.private_key_to_der().map(Some))
        }
        _ => Ok(None),
    };
    der.map(|der| der.map(Zeroizing::new))
        .map_err(|_| library_failure("encode the private key"))
}

/// An RSAPublicKey (RFC 8017 appendix A.1.1).
///
/// # Errors
/// The library failed.
pub fn rsa_public_key(n: &[u8], e: &[u8]) -> Result<Vec<u8>, Failure> {
    rsa_public(n, e)
        .and_then(|key| key.rsa()?.public_key_to_der_pkcs1())
        .map_err(|_| library_failure("encode the public key"))
}

/// AES-256 in CBC mode with padding (RFC 8018 appendix B.2.5).
///
/// # Errors
/// The library failed.
pub fn aes_256_cbc(key: &Secret, iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, Failure> {
    encrypt(Cipher::aes_256_cbc(), key.expose(), Some(iv), plaintext)
        .map_err(|_| library_failure("encrypt the private key"))
}
