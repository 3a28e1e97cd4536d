//! Private keys under a passphrase, as PKCS #8 holds them (RFC 5958 §3, RFC 8018 §6.2).

use std::num::NonZeroU32;

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::Encode;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf, Pbkdf2Params, Pbkdf2Prf, Salt};

use crate::core::alg::Hash;
use crate::core::encrypted_keys::ITERATIONS;
use crate::core::engine::{self, encode};
use crate::core::failure::{Code, Failure};

/// Octets of the salt, of the key and of the initialization vector.
const SALT: usize = 16;
const KEY: usize = 32;
const IV: usize = 16;

/// PBKDF2 with HMAC-SHA-256, and AES-256 in CBC mode: what every reader of PKCS #8 knows.
pub(super) fn encrypted(private_key_info: &[u8], passphrase: &[u8]) -> Result<Vec<u8>, Failure> {
    let salt = engine::random_octets(SALT)?;
    let mut iv = [0; IV];
    iv.copy_from_slice(engine::random_octets(IV)?.expose());
    let iterations = NonZeroU32::new(ITERATIONS).unwrap_or(NonZeroU32::MAX);
    let key = engine::derive(Hash::Sha256, passphrase, salt.expose(), iterations, KEY);
    let encrypted = encode::aes_256_cbc(&key, &iv, private_key_info)?;
    structure(salt.expose(), iv, &encrypted).ok_or_else(|| {
        Failure::new(
            Code::UnsupportedKey,
            "the protected key could not be encoded",
        )
    })
}

fn structure(salt: &[u8], iv: [u8; IV], encrypted: &[u8]) -> Option<Vec<u8>> {
    let kdf = Kdf::Pbkdf2(Pbkdf2Params {
        salt: Salt::new(salt).ok()?,
        iteration_count: ITERATIONS,
        key_length: None,
        prf: Pbkdf2Prf::HmacWithSha256,
    });
    let encryption = pbes2::EncryptionScheme::Aes256Cbc { iv };
    let info = EncryptedPrivateKeyInfoRef {
        encryption_algorithm: EncryptionScheme::Pbes2(pbes2::Parameters { kdf, encryption }),
        encrypted_data: OctetStringRef::new(encrypted).ok()?,
    };
    info.to_der().ok()
}
