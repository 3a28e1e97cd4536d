//! OpenSSH private keys: halves that disagree, work on the passphrase, and damage.

use super::{Fault, key};
use crate::core::alg::Curve;
use crate::core::engine::Shape;
use crate::core::export::{SshForm, ssh};
use crate::core::failure::Code;
use crate::core::import::{Foreign, ssh_private};
use crate::core::key::Material;
use crate::core::pem;

const LABEL: &str = "OPENSSH PRIVATE KEY";
/// Where the rounds stand in what is encrypted: behind the magic word, cipher, derivation and salt.
const ROUNDS: std::ops::Range<usize> = 63..67;

/// What stands between the lines of a private key for OpenSSH.
fn octets(material: &Material, passphrase: Option<&[u8]>) -> Vec<u8> {
    let text = ssh(material, SshForm::Private(passphrase), "a comment").unwrap();
    let blocks = pem::blocks(text.as_bytes()).unwrap();
    blocks[0].decode().unwrap().to_vec()
}

fn fault(octets: &[u8], passphrase: Option<&[u8]>) -> Fault {
    ssh_private::read(octets, passphrase).err().unwrap()
}

/// `octets` with the first `from` made `to`.
fn replaced(octets: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let place = octets.windows(from.len()).position(|window| window == from);
    let (before, rest) = octets.split_at(place.unwrap());
    [before, to, &rest[from.len()..]].concat()
}

#[test]
fn every_kind_of_key_comes_in_as_it_went_out() {
    let curves = [Curve::P256, Curve::P384, Curve::P521, Curve::Ed25519];
    let shapes = curves.map(Shape::Curve).into_iter();
    for shape in shapes.chain([Shape::Rsa(2048)]) {
        let material = key(shape);
        let read = ssh_private::read(&octets(&material, None), None).unwrap();
        assert!(read.material == material, "{}", material.description());
    }
}

#[test]
fn a_public_key_outside_that_is_another_is_refused() {
    for curve in [Curve::Ed25519, Curve::P256] {
        let (one, other) = (key(Shape::Curve(curve)), key(Shape::Curve(curve)));
        let public = |material: &Material| {
            let octets = octets(material, None);
            // Behind the magic word, twice "none", no options, and the count of keys.
            let length = usize::from(octets[42]);
            octets[43..43 + length].to_vec()
        };
        let changed = replaced(&octets(&one, None), &public(&one), &public(&other));
        match fault(&changed, None) {
            Fault::Unsound(failure) => assert_eq!(failure.code, Code::PrivatePublicMismatch),
            fault => panic!("{fault}"),
        }
    }
}

#[test]
fn a_passphrase_opens_what_it_protects_and_no_other_does() {
    let material = key(Shape::Curve(Curve::Ed25519));
    let octets = octets(&material, Some(b"right"));
    assert!(ssh_private::read(&octets, Some(b"right")).unwrap().material == material);
    assert_eq!(fault(&octets, Some(b"wrong")), Fault::WrongPassphrase);
    assert_eq!(fault(&octets, None), Fault::Locked);
    let unknown = replaced(&octets, b"aes256-ctr", b"aes256-cub");
    assert!(matches!(
        fault(&unknown, Some(b"right")),
        Fault::Unsupported(_)
    ));
    let unknown = replaced(&octets, b"bcrypt", b"scrypt");
    assert!(matches!(
        fault(&unknown, Some(b"right")),
        Fault::Unsupported(_)
    ));
}

#[test]
fn rounds_of_all_keys_of_a_file_count_together() {
    let material = key(Shape::Curve(Curve::Ed25519));
    let mut octets = octets(&material, Some(b"right"));
    assert_eq!(octets[ROUNDS], 96_u32.to_be_bytes());
    let eleven = pem::encode(LABEL, &octets).repeat(11);
    octets[ROUNDS].copy_from_slice(&1_001_u32.to_be_bytes());
    let one = pem::encode(LABEL, &octets).to_string();
    for document in [eleven, one] {
        let foreign = Foreign::recognize(document.as_bytes()).unwrap();
        for passphrase in [None, Some(&b"right"[..])] {
            assert_eq!(foreign.read(passphrase).err(), Some(Fault::TooMuchWork));
        }
    }
}

#[test]
fn damage_is_told() {
    let material = key(Shape::Curve(Curve::P256));
    let whole = octets(&material, None);
    for length in 0..whole.len() {
        // What is missing at the end may be the comment and the padding alone.
        if let Ok(read) = ssh_private::read(&whole[..length], None) {
            assert!(read.material == material);
        }
    }
    let several = [&whole[..35], &2_u32.to_be_bytes(), &whole[39..]].concat();
    assert!(matches!(fault(&several, None), Fault::Unsupported(_)));
    let unknown = replaced(&whole, b"ecdsa-sha2-nistp256", b"ecdsa-sha2-nistp257");
    assert!(matches!(fault(&unknown, None), Fault::Unsupported(_)));
}
