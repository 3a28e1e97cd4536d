//! aws-lc-rs: what opens and closes a file of keys that a passphrase protects. It has no key wrap with
//! AES-192, for which OpenSSL stands in where a file is read.

use std::num::NonZeroU32;

use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{self, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap};
use aws_lc_rs::{hmac, pbkdf2};
use zeroize::Zeroizing;

use super::{Secret, library_failure, openssl};
use crate::core::alg::Hash;
use crate::core::failure::Failure;

/// A content encryption (RFC 7518 §5): the length of its parts in octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentEncryption {
    /// The value of `enc`.
    pub name: &'static str,
    /// Content encryption key.
    pub key: usize,
    /// Initialization vector.
    pub iv: usize,
    /// Authentication tag.
    pub tag: usize,
    /// The hash of the MAC; none of AES-GCM, which has its own.
    pub mac: Option<Hash>,
}

const fn gcm(name: &'static str, key: usize) -> ContentEncryption {
    ContentEncryption {
        name,
        key,
        iv: 12,
        tag: 16,
        mac: None,
    }
}

const fn cbc(name: &'static str, key: usize, mac: Hash) -> ContentEncryption {
    ContentEncryption {
        name,
        key,
        iv: 16,
        tag: key / 2,
        mac: Some(mac),
    }
}

/// Every content encryption that is read. The first is the one that is written.
pub const CONTENT_ENCRYPTIONS: [ContentEncryption; 6] = [
    gcm("A256GCM", 32),
    gcm("A192GCM", 24),
    gcm("A128GCM", 16),
    cbc("A128CBC-HS256", 32, Hash::Sha256),
    cbc("A192CBC-HS384", 48, Hash::Sha384),
    cbc("A256CBC-HS512", 64, Hash::Sha512),
];

/// A key from a passphrase by PBKDF2 (RFC 8018 §5.2).
#[must_use]
pub fn derive(
    hash: Hash,
    passphrase: &[u8],
    salt: &[u8],
    iterations: NonZeroU32,
    length: usize,
) -> Secret {
    let algorithm = match hash {
        Hash::Sha256 => pbkdf2::PBKDF2_HMAC_SHA256,
        Hash::Sha384 => pbkdf2::PBKDF2_HMAC_SHA384,
        Hash::Sha512 => pbkdf2::PBKDF2_HMAC_SHA512,
    };
    let mut key = Zeroizing::new(vec![0; length]);
    pbkdf2::derive(algorithm, iterations, salt, passphrase, &mut key);
    Secret::new(key)
}

/// Wraps a key (RFC 3394).
///
/// # Errors
/// The library failed.
pub fn wrap(wrapping: &Secret, key: &Secret) -> Result<Vec<u8>, Failure> {
    let failure = || library_failure("wrap the key");
    let kek = kek(wrapping).ok_or_else(failure)?;
    let mut wrapped = vec![0; key.expose().len() + 8];
    let wrapped = kek
        .wrap(key.expose(), &mut wrapped)
        .map_err(|_| failure())?;
    Ok(wrapped.to_vec())
}

/// Unwraps a key (RFC 3394); none when it was not wrapped with this one.
#[must_use]
pub fn unwrap(wrapping: &Secret, wrapped: &[u8]) -> Option<Secret> {
    if wrapping.expose().len() == 24 {
        return openssl::unwrap_key(wrapping, wrapped);
    }
    let mut key = Zeroizing::new(vec![0; wrapped.len()]);
    let length = kek(wrapping)?.unwrap(wrapped, &mut key).ok()?.len();
    key.truncate(length);
    Some(Secret::new(key))
}

fn kek(key: &Secret) -> Option<AesKek> {
    let cipher = match key.expose().len() {
        16 => &key_wrap::AES_128,
        32 => &key_wrap::AES_256,
        _ => return None,
    };
    AesKek::new(cipher, key.expose()).ok()
}

/// Encrypts with AES-256-GCM; the tag comes apart.
///
/// # Errors
/// The library failed.
pub fn seal(
    key: &Secret,
    iv: [u8; 12],
    protected: &[u8],
    plaintext: &[u8],
) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let failure = || library_failure("encrypt the keys");
    let sealing = UnboundKey::new(&aead::AES_256_GCM, key.expose()).map_err(|_| failure())?;
    let mut octets = Zeroizing::new(plaintext.to_vec());
    let tag = LessSafeKey::new(sealing)
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(iv),
            Aad::from(protected),
            &mut octets,
        )
        .map_err(|_| failure())?;
    // It is ciphertext now, and no secret.
    Ok((octets.to_vec(), tag.as_ref().to_vec()))
}

/// Decrypts what was encrypted and authenticated with this key; none when any of it was changed. The
/// lengths of the parts have been checked.
#[must_use]
pub fn open(
    encryption: &ContentEncryption,
    key: &Secret,
    iv: &[u8],
    protected: &[u8],
    (ciphertext, tag): (&[u8], &[u8]),
) -> Option<Zeroizing<Vec<u8>>> {
    match encryption.mac {
        None => open_gcm(key, iv, protected, (ciphertext, tag)),
        Some(hash) => open_cbc(hash, key, iv, protected, (ciphertext, tag)),
    }
}

fn open_gcm(
    key: &Secret,
    iv: &[u8],
    protected: &[u8],
    (ciphertext, tag): (&[u8], &[u8]),
) -> Option<Zeroizing<Vec<u8>>> {
    let algorithm = match key.expose().len() {
        16 => &aead::AES_128_GCM,
        24 => &aead::AES_192_GCM,
        32 => &aead::AES_256_GCM,
        _ => return None,
    };
    let opening = LessSafeKey::new(UnboundKey::new(algorithm, key.expose()).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
    let mut octets = Zeroizing::new([ciphertext, tag].concat());
    let length = opening
        .open_in_place(nonce, Aad::from(protected), &mut octets)
        .ok()?
        .len();
    octets.truncate(length);
    Some(octets)
}

/// RFC 7518 §5.2.2.2: the MAC is checked, in constant time, before anything is decrypted.
fn open_cbc(
    hash: Hash,
    key: &Secret,
    iv: &[u8],
    protected: &[u8],
    (ciphertext, tag): (&[u8], &[u8]),
) -> Option<Zeroizing<Vec<u8>>> {
    let (mac_key, cipher_key) = key.expose().split_at(key.expose().len() / 2);
    let algorithm = match hash {
        Hash::Sha256 => hmac::HMAC_SHA256,
        Hash::Sha384 => hmac::HMAC_SHA384,
        Hash::Sha512 => hmac::HMAC_SHA512,
    };
    let bits = u64::try_from(protected.len()).ok()?.checked_mul(8)?;
    let mut mac = hmac::Context::with_key(&hmac::Key::new(algorithm, mac_key));
    for part in [protected, iv, ciphertext, &bits.to_be_bytes()] {
        mac.update(part);
    }
    let computed = mac.sign();
    let expected = computed.as_ref().get(..tag.len())?;
    aws_lc_rs::constant_time::verify_slices_are_equal(expected, tag).ok()?;
    let algorithm = match cipher_key.len() {
        16 => &cipher::AES_128,
        24 => &cipher::AES_192,
        32 => &cipher::AES_256,
        _ => return None,
    };
    let decrypting =
        PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, cipher_key).ok()?)
            .ok()?;
    let context = DecryptionContext::Iv128(FixedLength::try_from(iv).ok()?);
    let mut octets = Zeroizing::new(ciphertext.to_vec());
    let length = decrypting.decrypt(&mut octets, context).ok()?.len();
    octets.truncate(length);
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3394 §4: the key, what is wrapped, and the result.
    const WRAPPED: [(&str, &str, &str); 6] = [
        (
            "000102030405060708090a0b0c0d0e0f",
            "00112233445566778899aabbccddeeff",
            "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
        ),
        (
            "000102030405060708090a0b0c0d0e0f1011121314151617",
            "00112233445566778899aabbccddeeff",
            "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d",
        ),
        (
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "00112233445566778899aabbccddeeff",
            "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7",
        ),
        (
            "000102030405060708090a0b0c0d0e0f1011121314151617",
            "00112233445566778899aabbccddeeff0001020304050607",
            "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2",
        ),
        (
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "00112233445566778899aabbccddeeff0001020304050607",
            "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1",
        ),
        (
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
            "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
        ),
    ];

    fn octets(hexadecimal: &str) -> Vec<u8> {
        let places = (0..hexadecimal.len()).step_by(2);
        let octet = |place| u8::from_str_radix(&hexadecimal[place..place + 2], 16).unwrap();
        places.map(octet).collect()
    }

    fn secret(octets: Vec<u8>) -> Secret {
        Secret::new(octets.into())
    }

    #[test]
    fn the_examples_of_rfc_3394_are_unwrapped_and_nothing_else_is() {
        for (key, content, wrapped) in WRAPPED {
            let (key, wrapped) = (secret(octets(key)), octets(wrapped));
            let unwrapped = unwrap(&key, &wrapped).expect(content);
            assert_eq!(unwrapped.expose(), octets(content));
            for at in 0..wrapped.len() {
                let mut changed = wrapped.clone();
                changed[at] ^= 1;
                assert!(unwrap(&key, &changed).is_none(), "{content}, byte {at}");
                assert!(unwrap(&key, &wrapped[..at]).is_none(), "{at}");
            }
            assert!(unwrap(&secret(vec![0; 24]), &wrapped).is_none());
        }
    }
}
