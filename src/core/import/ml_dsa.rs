//! ML-DSA keys in PrivateKeyInfo and SubjectPublicKeyInfo (RFC 9881).

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Reader, SliceReader};
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::core::alg::{ALGORITHMS, Algorithm, MlDsa};
use crate::core::engine;
use crate::core::failure::{Code, Failure};
use crate::core::key::{Material, PrivateKey, PublicKey, Secret};

use super::Fault;

/// The private key of an ML-DSA PrivateKeyInfo; none when it is of another algorithm.
pub(super) fn private_key(der: &[u8]) -> Option<Result<Material, Fault>> {
    let info = PrivateKeyInfoRef::try_from(der).ok()?;
    let algorithm = ml_dsa(info.algorithm.oid)?;
    Some(from_choice(algorithm, info.private_key.as_bytes()))
}

/// The public key of an ML-DSA SubjectPublicKeyInfo; none when it is of another algorithm.
pub(super) fn public_key(der: &[u8]) -> Option<Result<Material, Fault>> {
    let info = SubjectPublicKeyInfoRef::try_from(der).ok()?;
    let algorithm = ml_dsa(info.algorithm.oid)?;
    let octets = info.subject_public_key.as_bytes().unwrap_or_default();
    let length = algorithm.ml_dsa().map_or(0, MlDsa::public_bytes);
    if octets.len() != length {
        let message = format!(
            "has {} bytes, and a public key of {} has {length}",
            octets.len(),
            algorithm.name
        );
        return Some(Err(Fault::Malformed(message)));
    }
    Some(Ok(Material::Public(PublicKey::Akp {
        algorithm,
        public: octets.to_vec(),
    })))
}

fn ml_dsa(oid: ObjectIdentifier) -> Option<&'static Algorithm> {
    ALGORITHMS.iter().find(|row| {
        row.ml_dsa().is_some_and(|parameters| {
            ObjectIdentifier::new(parameters.object_identifier()) == Ok(oid)
        })
    })
}

/// RFC 9881 §6: the seed `[0]`, the expanded key, or a sequence of both.
fn from_choice(algorithm: &'static Algorithm, choice: &[u8]) -> Result<Material, Fault> {
    let malformed = || Fault::Malformed(format!("is no private key of {}", algorithm.name));
    let (seed, expanded) = match choice {
        [0x80, 0x20, seed @ ..] => (Some(seed), None),
        [0x30, ..] => {
            let mut reader = SliceReader::new(choice).map_err(|_| malformed())?;
            let both = reader.sequence(|inner: &mut SliceReader<'_>| {
                let seed = <&OctetStringRef>::decode(inner)?;
                let expanded = <&OctetStringRef>::decode(inner)?;
                Ok::<_, pkcs8::der::Error>((seed.as_bytes(), expanded.as_bytes()))
            });
            both.ok().map_or((None, None), |(seed, expanded)| {
                (Some(seed), Some(expanded))
            })
        }
        [0x04, ..] => {
            return Err(Fault::Unsupported(format!(
                "holds the expanded key of {} without its seed, and a JWK holds the seed alone (RFC 9964)",
                algorithm.name
            )));
        }
        _ => (None, None),
    };
    let seed = seed
        .filter(|seed| seed.len() == MlDsa::SEED_BYTES)
        .ok_or_else(malformed)?;
    let seed = Secret::new(Zeroizing::new(seed.to_vec()));
    if let Some(expanded) = expanded {
        // RFC 9881 §8: where both are there, they are the same key.
        let agree = engine::ml_dsa_expands_to(algorithm, &seed, expanded);
        if !agree.map_err(|_| malformed())? {
            let message = "the expanded private key is not that of the seed";
            let failure = Failure::new(Code::PrivateInconsistent, message).member("priv");
            return Err(Fault::Unsound(failure));
        }
    }
    let public = engine::ml_dsa_public(algorithm, &seed).map_err(|_| malformed())?;
    let public = PublicKey::Akp { algorithm, public };
    Ok(Material::Pair(public, PrivateKey::Akp { seed }))
}
