//! Protected private keys as most tools write them today, [`crate::core::export`] among them: PBKDF2 and AES
//! in CBC mode (RFC 8018 §6.2).
//!
//! OpenSSL opens these, too. But it takes no passphrase of more than 1,023 bytes, and gives out only what is
//! in them of keys that it knows.

use std::num::NonZeroU32;

use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf, Pbkdf2Prf, Salt};
use zeroize::Zeroizing;

use crate::core::alg::Hash;
use crate::core::engine::{self, decode};

/// What opening came to.
pub(super) enum Opened {
    /// A PrivateKeyInfo, unless the passphrase is another one whose padding fits by chance.
    Plain(Zeroizing<Vec<u8>>),
    /// The passphrase is another.
    WrongPassphrase,
    /// It is protected in another way.
    OtherScheme,
}

/// Opens an EncryptedPrivateKeyInfo (RFC 5958 §3).
pub(super) fn open(der: &[u8], passphrase: &[u8]) -> Opened {
    let Some((scheme, ciphertext)) = scheme(der) else {
        return Opened::OtherScheme;
    };
    let key = engine::derive(
        scheme.hash,
        passphrase,
        scheme.salt.as_ref(),
        scheme.iterations,
        scheme.key_bytes,
    );
    match decode::aes_cbc(&key, &scheme.iv, ciphertext) {
        Some(plain) => Opened::Plain(plain),
        None => Opened::WrongPassphrase,
    }
}

struct Scheme {
    hash: Hash,
    salt: Salt,
    iterations: NonZeroU32,
    key_bytes: usize,
    iv: [u8; 16],
}

fn scheme(der: &[u8]) -> Option<(Scheme, &[u8])> {
    let info = EncryptedPrivateKeyInfoRef::try_from(der).ok()?;
    let EncryptionScheme::Pbes2(parameters) = &info.encryption_algorithm else {
        return None;
    };
    let Kdf::Pbkdf2(derivation) = &parameters.kdf else {
        return None;
    };
    let hash = match derivation.prf {
        Pbkdf2Prf::HmacWithSha256 => Hash::Sha256,
        Pbkdf2Prf::HmacWithSha384 => Hash::Sha384,
        Pbkdf2Prf::HmacWithSha512 => Hash::Sha512,
        _ => return None,
    };
    let (key_bytes, iv) = match parameters.encryption {
        pbes2::EncryptionScheme::Aes128Cbc { iv } => (16, iv),
        pbes2::EncryptionScheme::Aes256Cbc { iv } => (32, iv),
        _ => return None,
    };
    if derivation
        .key_length
        .is_some_and(|length| usize::from(length) != key_bytes)
    {
        return None;
    }
    let scheme = Scheme {
        hash,
        salt: derivation.salt,
        iterations: NonZeroU32::new(derivation.iteration_count)?,
        key_bytes,
        iv,
    };
    Some((scheme, info.encrypted_data.as_bytes()))
}
