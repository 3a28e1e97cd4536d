//! RSA keys that are for PSS alone.

use pkcs8::der::{Any, Encode};
use pkcs8::spki::AlgorithmIdentifier;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};

use super::{Fault, der, key, read, value};
use crate::core::engine::Shape;
use crate::core::key::Material;

const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// 2.16.840.1.101.3.4.2, the hash functions of NIST.
const NIST_HASH: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
const MGF1: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];

/// RSASSA-PSS-params with this hash, for the mask too (RFC 4055 §3.1).
fn parameters(hash: u8) -> Any {
    let oid = value(6, &[&NIST_HASH[..], &[hash]].concat());
    let hash = value(0x30, &oid);
    let mask = value(0x30, &[value(6, &MGF1), hash.clone()].concat());
    let salt = value(2, &[32]);
    let members = [value(0xa0, &hash), value(0xa1, &mask), value(0xa2, &salt)].concat();
    Any::new(pkcs8::der::Tag::Sequence, members).unwrap()
}

/// The PKCS #8 and the SubjectPublicKeyInfo of a key, for PSS with these parameters.
fn bound(material: &Material, parameters: Option<&Any>) -> [Vec<u8>; 2] {
    let parameters = parameters.map(Into::into);
    let algorithm = AlgorithmIdentifier {
        oid: RSASSA_PSS,
        parameters,
    };
    let private = der(material);
    let mut private = PrivateKeyInfoRef::try_from(private.as_slice()).unwrap();
    private.algorithm = algorithm;
    let public = der(&Material::Public(material.public().unwrap().clone()));
    let mut public = SubjectPublicKeyInfoRef::try_from(public.as_slice()).unwrap();
    public.algorithm = algorithm;
    [private.to_der().unwrap(), public.to_der().unwrap()]
}

#[test]
fn a_key_for_pss_is_bound_to_its_hash() {
    let material = key(Shape::Rsa(2048));
    for (hash, name) in [
        (None, "PS256"),
        (Some(1), "PS256"),
        (Some(2), "PS384"),
        (Some(3), "PS512"),
    ] {
        let parameters = hash.map(parameters);
        for document in bound(&material, parameters.as_ref()) {
            let imported = read(&document).unwrap();
            assert_eq!(imported.keys.len(), 1);
            let own = &imported.keys[0];
            assert_eq!(own.algorithm.unwrap().name, name);
            assert_eq!(own.material.public(), material.public());
        }
    }
}

#[test]
fn a_key_for_pss_with_another_hash_has_no_algorithm() {
    let material = key(Shape::Rsa(2048));
    // SHA-224; and nothing, which says SHA-1.
    let nothing = Any::new(pkcs8::der::Tag::Sequence, Vec::new()).unwrap();
    for parameters in [parameters(4), nothing] {
        for document in bound(&material, Some(&parameters)) {
            let fault = read(&document).err().unwrap();
            assert!(matches!(fault, Fault::Unsupported(_)), "{fault}");
        }
    }
}

#[test]
fn other_rsa_keys_are_bound_to_nothing() {
    let material = key(Shape::Rsa(2048));
    assert!(read(&der(&material)).unwrap().keys[0].algorithm.is_none());
}
