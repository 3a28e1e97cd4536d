//! RSA keys that are for PSS alone (RFC 4055 §1.2): a JWK says so with its `alg`.

use pkcs8::der::asn1::ContextSpecific;
use pkcs8::der::{AnyRef, SliceReader, TagNumber};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use super::{Fault, ImportedKey};
use crate::core::alg;

const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// The hash functions of SHA-2 and the algorithms that take them (RFC 7518 §3.5).
const HASHES: [(ObjectIdentifier, &str); 3] = [
    (
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"),
        "PS256",
    ),
    (
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"),
        "PS384",
    ),
    (
        ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"),
        "PS512",
    ),
];

/// What a key for PSS leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hashes {
    /// Every hash.
    Any,
    /// That of this algorithm.
    Of(&'static str),
    /// One for which there is no algorithm.
    Other,
}

/// What the PrivateKeyInfo says; none when the key is for no PSS alone.
pub(super) fn parameters_of_private(der: &[u8]) -> Option<Hashes> {
    hashes(&PrivateKeyInfoRef::try_from(der).ok()?.algorithm)
}

/// What the SubjectPublicKeyInfo says; none when the key is for no PSS alone.
pub(super) fn parameters_of_public(der: &[u8]) -> Option<Hashes> {
    hashes(&SubjectPublicKeyInfoRef::try_from(der).ok()?.algorithm)
}

/// The key, bound to its algorithm. Where its form leaves the hash open it is PS256: without `alg` the
/// key could be used for more than it is for.
pub(super) fn bound(
    key: Result<ImportedKey, Fault>,
    hashes: Option<Hashes>,
) -> Result<ImportedKey, Fault> {
    let name = match hashes {
        None => return key,
        Some(Hashes::Any) => "PS256",
        Some(Hashes::Of(name)) => name,
        Some(Hashes::Other) => {
            return Err(Fault::Unsupported(
                "is a key for RSA-PSS with a hash that no algorithm of JOSE has".to_owned(),
            ));
        }
    };
    key.map(|key| ImportedKey {
        algorithm: alg::by_name(name),
        ..key
    })
}

fn hashes(identifier: &AlgorithmIdentifierRef<'_>) -> Option<Hashes> {
    if identifier.oid != RSASSA_PSS {
        return None;
    }
    let Some(parameters) = identifier.parameters else {
        return Some(Hashes::Any);
    };
    let hash = hash_of(parameters);
    let row = HASHES.iter().find(|(oid, _)| Some(*oid) == hash);
    Some(row.map_or(Hashes::Other, |&(_, name)| Hashes::Of(name)))
}

/// RSASSA-PSS-params: `hashAlgorithm [0]`, SHA-1 when it is missing (RFC 4055 §3.1).
fn hash_of(parameters: AnyRef<'_>) -> Option<ObjectIdentifier> {
    let mut reader = SliceReader::new(parameters.value()).ok()?;
    let hash =
        ContextSpecific::<AlgorithmIdentifierRef<'_>>::decode_explicit(&mut reader, TagNumber(0));
    Some(hash.ok()??.value.oid)
}
