//! Certificates beside keys and alone: whose they are, in which order, and how many are too many.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, SerialNumber,
};

use super::{Certificate, Fault, Imported, Style, read};
use crate::core::key::PublicKey;

struct Party {
    key: KeyPair,
    pem: String,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn root(name: &str) -> Authority {
    let key = KeyPair::generate().unwrap();
    CertifiedIssuer::self_signed(authority_params(name), key).unwrap()
}

fn below(issuer: &Authority, name: &str) -> Authority {
    let key = KeyPair::generate().unwrap();
    CertifiedIssuer::signed_by(authority_params(name), key, issuer).unwrap()
}

fn leaf(issuer: &Authority, name: &str) -> Party {
    let key = KeyPair::generate().unwrap();
    let pem = params(name).signed_by(&key, issuer).unwrap().pem();
    Party { key, pem }
}

fn imported(parts: &[&str]) -> Imported {
    read(parts.concat().as_bytes()).unwrap()
}

fn subjects(imported: &Imported, key: usize) -> Vec<String> {
    let chain = imported.keys[key].chain.iter();
    chain.map(Certificate::subject).collect()
}

#[test]
fn a_chain_in_any_order_is_one_key_and_those_above_it() {
    let root = root("root");
    let middle = below(&root, "middle");
    let leaf = leaf(&middle, "leaf");
    let (root, middle) = (root.pem(), middle.pem());
    for parts in [
        [&leaf.pem, &middle, &root],
        [&root, &leaf.pem, &middle],
        [&middle, &root, &leaf.pem],
    ] {
        let imported = imported(&parts.map(String::as_str));
        assert_eq!(imported.keys.len(), 1);
        assert!(!imported.keys[0].material.is_private());
        assert_eq!(subjects(&imported, 0), ["CN=leaf", "CN=middle", "CN=root"]);
        assert_eq!(imported.passed_over.len(), 2);
        let told = imported.passed_over.concat();
        assert!(
            told.contains("\"CN=root\"") && told.contains("\"CN=middle\""),
            "{told}"
        );
    }
}

#[test]
fn a_certificate_is_that_of_the_key_beside_it() {
    let root = root("root");
    let leaf = leaf(&root, "leaf");
    let key = leaf.key.serialize_pem();
    for parts in [
        [&key, &leaf.pem, &root.pem()],
        [&root.pem(), &leaf.pem, &key],
    ] {
        let imported = imported(&parts.map(String::as_str));
        assert_eq!(imported.keys.len(), 1);
        assert!(imported.keys[0].material.is_private());
        assert_eq!(subjects(&imported, 0), ["CN=leaf", "CN=root"]);
        let style = |has_certificates| Style {
            is_named: true,
            has_certificates,
        };
        let with = imported.to_jwks(style(true));
        for member in ["x5c", "x5t", "x5t#S256"] {
            assert!(with.contains(&format!("\"{member}\"")), "{member}");
        }
        assert!(!imported.to_jwks(style(false)).contains("\"x5"));
    }
}

#[test]
fn the_key_of_an_authority_is_taken_where_it_stands_alone_or_is_asked_for() {
    let root = root("root");
    let alone = imported(&[&root.pem()]);
    assert_eq!(subjects(&alone, 0), ["CN=root"]);
    // The same twice is once.
    let twice = imported(&[&root.pem(), &root.pem()]);
    assert_eq!((twice.keys.len(), twice.passed_over.len()), (1, 0));
    assert_eq!(subjects(&twice, 0), ["CN=root"]);
    // With its private key it is the key of the file.
    let leaf = leaf(&root, "leaf");
    let both = imported(&[&root.key().serialize_pem(), &root.pem(), &leaf.pem]);
    assert_eq!(both.keys.len(), 2);
    assert!(both.keys[0].material.is_private() && !both.keys[1].material.is_private());
    assert!(both.passed_over.is_empty());
}

#[test]
fn a_renewed_root_is_above_no_other_key() {
    let key = KeyPair::generate().unwrap();
    let mut again = authority_params("root");
    again.serial_number = Some(SerialNumber::from(2));
    let first = authority_params("root").self_signed(&key).unwrap().pem();
    let second = again.self_signed(&key).unwrap().pem();
    let imported = imported(&[&first, &second]);
    assert_eq!((imported.keys.len(), imported.passed_over.len()), (1, 0));
    assert_eq!(subjects(&imported, 0), ["CN=root"]);
}

#[test]
fn a_bundle_of_roots_is_a_key_each() {
    let roots: Vec<String> = (0..5)
        .map(|number| root(&format!("root {number}")).pem())
        .collect();
    let imported = read(roots.concat().as_bytes()).unwrap();
    let publics: Vec<&PublicKey> = imported
        .keys
        .iter()
        .filter_map(|key| key.material.public())
        .collect();
    assert_eq!(publics.len(), 5);
    assert!(imported.passed_over.is_empty());
}

/// Another one of the same name and key.
fn renewed(key: &KeyPair, serial: u64) -> String {
    let mut params = authority_params("root");
    params.serial_number = Some(SerialNumber::from(serial));
    params.self_signed(key).unwrap().pem()
}

#[test]
fn too_many_certificates_are_refused_before_any_is_verified() {
    let key = KeyPair::generate().unwrap();
    let of_one_name: String = (1..=45).map(|serial| renewed(&key, serial)).collect();
    let fault = read(of_one_name.as_bytes()).err().unwrap();
    assert!(matches!(fault, Fault::Unsupported(_)), "{fault}");
    let mut many = String::new();
    for number in 0..1_001_u64 {
        let mut params = params(&format!("leaf {number}"));
        params.serial_number = Some(SerialNumber::from(number));
        many.push_str(&params.self_signed(&key).unwrap().pem());
    }
    let fault = read(many.as_bytes()).err().unwrap();
    assert!(
        fault
            .to_string()
            .contains("more certificates than are read"),
        "{fault}"
    );
}
