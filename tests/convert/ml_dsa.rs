//! ML-DSA keys (RFC 9881 §6): the seed, the expanded key, both, and both of different keys.

use aws_lc_rs::encoding::AsRawBytes;
use aws_lc_rs::signature::{ML_DSA_44_SIGNING, PqdsaKeyPair};
use pkcs8::der::Encode;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::spki::AlgorithmIdentifier;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};

use jwks_cli::core::failure::Code;
use jwks_cli::core::import::Fault;
use jwks_cli::core::key::{Material, PrivateKey};

use crate::support::foreign::read;

const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17");

/// A value of DER, shorter than 64 KiB.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len())
        .expect("a length")
        .to_be_bytes();
    let header = match (high, low) {
        (0, ..0x80) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&header, content].concat()
}

fn private_key_info(choice: &[u8]) -> Vec<u8> {
    let algorithm = AlgorithmIdentifier {
        oid: OID,
        parameters: None,
    };
    let octets = OctetStringRef::new(choice).expect("octets");
    PrivateKeyInfoRef::new(algorithm, octets)
        .to_der()
        .expect("DER")
}

fn expanded(seed: &[u8; 32]) -> Vec<u8> {
    let pair = PqdsaKeyPair::from_seed(&ML_DSA_44_SIGNING, seed).expect("a key");
    let expanded = pair.private_key().as_raw_bytes().expect("its octets");
    expanded.as_ref().to_vec()
}

#[test]
fn a_seed_is_read_alone_and_beside_its_expanded_key() {
    let seed = [7; 32];
    let alone = value(0x80, &seed);
    let both = value(
        0x30,
        &[value(4, &seed), value(4, &expanded(&seed))].concat(),
    );
    for choice in [alone, both] {
        let imported = read(&private_key_info(&choice)).expect("a key");
        match &imported.keys[0].material {
            Material::Pair(_, PrivateKey::Akp { seed: own }) => assert_eq!(own.expose(), seed),
            _ => panic!("no private key of ML-DSA"),
        }
    }
}

#[test]
fn both_of_different_keys_are_refused() {
    let seed = [7; 32];
    let mut other = expanded(&seed);
    let last = other.len() - 1;
    other[last] ^= 1;
    for expanded in [expanded(&[8; 32]), other, Vec::new()] {
        let both = value(0x30, &[value(4, &seed), value(4, &expanded)].concat());
        match read(&private_key_info(&both)).err().expect("a fault") {
            Fault::Unsound(failure) => {
                assert_eq!(failure.code, Code::PrivateInconsistent);
                assert_eq!(failure.member.as_deref(), Some("priv"));
            }
            fault => panic!("{fault}"),
        }
    }
}

#[test]
fn an_expanded_key_alone_has_no_jwk() {
    let fault = read(&private_key_info(&value(4, &expanded(&[7; 32]))));
    let fault = fault.err().expect("a fault");
    assert!(matches!(fault, Fault::Unsupported(_)), "{fault}");
    assert!(fault.to_string().contains("without its seed"), "{fault}");
}

#[test]
fn other_lengths_are_no_keys() {
    for length in [0, 31, 33] {
        let seed = value(0x80, &vec![7; length]);
        assert!(matches!(
            read(&private_key_info(&seed)),
            Err(Fault::Malformed(_))
        ));
        let both = [value(4, &vec![7; length]), value(4, &expanded(&[7; 32]))].concat();
        let both = private_key_info(&value(0x30, &both));
        assert!(matches!(read(&both), Err(Fault::Malformed(_))));
    }
    for choice in [&[][..], &[5, 0], &[0x30, 0]] {
        assert!(matches!(
            read(&private_key_info(choice)),
            Err(Fault::Malformed(_))
        ));
    }
}
