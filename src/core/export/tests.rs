use super::*;
use crate::core::alg::{Curve, by_name};
use crate::core::engine::Shape;
use crate::core::key::Secret;

fn key(shape: Shape) -> Material {
    engine::generate(shape).unwrap()
}

fn public(material: &Material) -> Material {
    Material::Public(material.public().unwrap().clone())
}

fn secret() -> Material {
    Material::Symmetric(Secret::new(Zeroizing::new(vec![7; 32])))
}

fn ml_dsa() -> Material {
    let algorithm = by_name("ML-DSA-44").unwrap();
    key(Shape::Akp(algorithm, algorithm.ml_dsa().unwrap()))
}

#[test]
fn labels_say_what_is_between_them() {
    let (rsa, ec) = (key(Shape::Rsa(2048)), key(Shape::Curve(Curve::P256)));
    let label = |material: &Material, structure| der(material, structure).unwrap().label;
    for material in [&rsa, &ec, &ml_dsa(), &key(Shape::Curve(Curve::X448))] {
        assert_eq!(label(material, Structure::Pkcs8), "PRIVATE KEY");
        assert_eq!(label(&public(material), Structure::Pkcs8), "PUBLIC KEY");
        let encrypted = encrypted_der(material, b"passphrase").unwrap();
        assert_eq!(encrypted.label, "ENCRYPTED PRIVATE KEY");
    }
    assert_eq!(label(&rsa, Structure::Traditional), "RSA PRIVATE KEY");
    assert_eq!(
        label(&public(&rsa), Structure::Traditional),
        "RSA PUBLIC KEY"
    );
    assert_eq!(label(&ec, Structure::Traditional), "EC PRIVATE KEY");
}

#[test]
fn what_a_form_cannot_hold_is_an_error_that_says_what_to_do() {
    let ec = key(Shape::Curve(Curve::P256));
    let k1 = key(Shape::Curve(Curve::Secp256k1));
    let ed448 = key(Shape::Curve(Curve::Ed448));
    let line = |material| ssh(material, SshForm::Public, "").err();
    let private = |material| ssh(material, SshForm::Private(None), "").err();
    let traditional = |material| der(material, Structure::Traditional).err();
    for (failure, part) in [
        (der(&secret(), Structure::Pkcs8).err(), "symmetric"),
        (traditional(&secret()), "symmetric"),
        (traditional(&public(&ec)), "traditional"),
        (traditional(&ed448), "traditional"),
        (traditional(&ml_dsa()), "traditional"),
        (
            encrypted_der(&public(&ec), b"p").err(),
            "nothing to protect",
        ),
        (encrypted_der(&secret(), b"p").err(), "symmetric"),
        (line(&secret()), "symmetric"),
        (line(&k1), "secp256k1"),
        (line(&ed448), "Ed448"),
        (line(&ml_dsa()), "ML-DSA-44"),
        (private(&k1), "secp256k1"),
        (private(&ed448), "Ed448"),
        (public_key_info_hash(&secret()).err(), "symmetric"),
    ] {
        let failure = failure.unwrap_or_else(|| panic!("{part}"));
        assert_eq!(failure.code, Code::UnsupportedKey);
        assert!(failure.message.contains(part), "{}", failure.message);
        assert!(failure.hint.is_some(), "{}", failure.message);
    }
}

#[test]
fn a_comment_for_openssh_ends_with_its_line() {
    let key = key(Shape::Curve(Curve::Ed25519));
    let line = ssh(&key, SshForm::Public, "a\nssh-rsa AAAA\u{1b}[31m").unwrap();
    assert_eq!(line.lines().count(), 1);
    assert!(line.ends_with(" assh-rsa AAAA[31m\n"), "{}", *line);
}

#[test]
fn the_thumbprint_of_a_secret_is_given_by_force_alone() {
    let jwk = Jwk::from_material(secret(), crate::core::jwk::Parameters::default());
    assert_eq!(
        thumbprint(&jwk, false).unwrap_err().code,
        Code::UnsupportedKey
    );
    assert_eq!(thumbprint(&jwk, true).unwrap().len(), 43);
}
