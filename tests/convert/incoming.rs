//! What is read: every form of every kind of key, told by its content.

use std::collections::HashSet;

use openssl::nid::Nid;
use serde_json::Value;

use super::{convert, keys, only_key};
use crate::support::Jwks;
use crate::support::foreign::{Fixture, PASSPHRASE, certificate, ec, ed25519, fixtures, rsa};
use crate::support::place::Place;

#[test]
fn every_form_of_every_kind_is_read_with_its_thumbprint() {
    let fixtures = fixtures();
    let names: HashSet<&str> = fixtures
        .iter()
        .map(|fixture| fixture.name.as_str())
        .collect();
    assert_eq!(names.len(), fixtures.len());
    assert!(fixtures.len() > 110, "only {} fixtures", fixtures.len());
    for fixture in &fixtures {
        let imported = fixture
            .read()
            .unwrap_or_else(|fault| panic!("{}: {fault}", fixture.name));
        let material = crate::support::foreign::only(imported);
        assert_eq!(
            crate::support::foreign::thumbprint_of(&material),
            fixture.thumbprint,
            "{}",
            fixture.name
        );
        assert_eq!(
            material.is_private(),
            fixture.is_private,
            "{}",
            fixture.name
        );
    }
}

/// As a person has it: in a file of any name, or on standard input.
fn through_the_binary(place: &Place, fixture: &Fixture) -> Value {
    place.write("any.name", &fixture.bytes);
    let call = Jwks::new("convert").folder(place.path(""));
    let call = call.args(["--passphrase-file", "passphrase"]);
    let from_file = call.arg("any.name").run();
    let call = Jwks::new("convert").folder(place.path(""));
    let call = call.args(["--passphrase-file", "passphrase", "-"]);
    let from_input = call.stdin(fixture.bytes.clone()).run();
    assert_eq!(
        only_key(&from_file),
        only_key(&from_input),
        "{}",
        fixture.name
    );
    only_key(&from_file)
}

#[test]
fn files_and_standard_input_are_read_by_content() {
    let place = Place::new();
    place.write("passphrase", PASSPHRASE);
    for fixture in fixtures() {
        if !["RSA ", "P-256 ", "ML-DSA-44 "]
            .iter()
            .any(|kind| fixture.name.starts_with(kind))
        {
            continue;
        }
        let key = through_the_binary(&place, &fixture);
        assert_eq!(key["kid"], fixture.thumbprint.as_str(), "{}", fixture.name);
        let is_private = key.get("d").or_else(|| key.get("priv")).is_some();
        assert_eq!(is_private, fixture.is_private, "{}", fixture.name);
    }
}

#[test]
fn several_blocks_with_text_around_and_foreign_line_ends_are_read() {
    let place = Place::new();
    let pem = |key: &openssl::pkey::PKey<_>| {
        String::from_utf8(key.private_key_to_pem_pkcs8().expect("PEM")).expect("text")
    };
    let (one, two) = (ed25519(), ec(Nid::SECP384R1));
    let certificate = certificate(&two, "two", None).to_pem().expect("PEM");
    let text = format!(
        "Bag Attributes\n    friendlyName: one\n{}\n# the other\n  {}\nsubject=CN = two\n{}",
        pem(&one),
        pem(&two).replace('\n', "  \n"),
        String::from_utf8(certificate).expect("text")
    );
    for text in [text.clone(), text.replace('\n', "\r\n")] {
        place.write("keys.pem", text);
        let run = convert(&place, &["keys.pem"]);
        assert_eq!(run.stderr, "");
        let kinds: Vec<Value> = keys(&run).iter().map(|key| key["crv"].clone()).collect();
        assert_eq!(kinds, ["Ed25519", "P-384"]);
    }
}

#[test]
fn blocks_that_are_no_keys_are_told() {
    let place = Place::new();
    let pem = String::from_utf8(ed25519().private_key_to_pem_pkcs8().expect("PEM")).expect("text");
    let parameters = "-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n";
    place.write("keys.pem", format!("{}{pem}", parameters.repeat(20)));
    let run = convert(&place, &["keys.pem"]);
    assert_eq!(keys(&run).len(), 1);
    assert!(
        run.stderr.contains("block 1 (\"DH PARAMETERS\")"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("12 more blocks"), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 9, "{}", run.stderr);
    place.write("none.pem", parameters);
    convert(&place, &["none.pem"]).fails(3, "not-a-jwks");
}

#[test]
fn a_damaged_block_spoils_the_file() {
    let place = Place::new();
    let pem = String::from_utf8(ed25519().private_key_to_pem_pkcs8().expect("PEM")).expect("text");
    for damaged in [
        pem.replacen("-----BEGIN", "----BEGIN", 1),
        pem.replace("-----END PRIVATE KEY-----\n", ""),
        pem.replace("MC4CAQ", "MC4CA!"),
        pem.replace("MC4CAQ", "MC4CBQ"),
        pem.replace("PRIVATE KEY", "EC PRIVATE KEY"),
    ] {
        assert_ne!(damaged, pem);
        place.write("keys.pem", format!("{damaged}{pem}"));
        convert(&place, &["keys.pem"]).fails(3, "key-file-malformed");
    }
}

/// What stands behind a key in its block could be another, which nobody would miss.
#[test]
fn a_block_holds_one_value() {
    let place = Place::new();
    let der = |key: &openssl::pkey::PKey<_>| key.private_key_to_pkcs8().expect("DER");
    let (one, other) = (ed25519(), ec(Nid::X9_62_PRIME256V1));
    for behind in [vec![0], der(&other)] {
        let octets = [der(&one), behind].concat();
        place.write("keys.der", &octets);
        convert(&place, &["keys.der"]).yields_nothing(3);
        let pem = jwks_cli::core::pem::encode("PRIVATE KEY", &octets);
        place.write("keys.pem", pem.as_bytes());
        convert(&place, &["keys.pem"]).fails(3, "key-file-malformed");
    }
}

#[test]
fn json_is_read_as_a_key_a_set_or_an_array() {
    let place = Place::new();
    place.write(
        "pair.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    let jwk = convert(&place, &["--to", "jwk", "pair.pem"])
        .succeeds()
        .text()
        .to_owned();
    for text in [
        jwk.clone(),
        format!("{{\"keys\":[{jwk}]}}"),
        format!("[{jwk}]"),
    ] {
        place.write("key.json", text);
        let run = convert(&place, &["--to", "jwk", "key.json"]);
        assert_eq!(run.succeeds().text(), jwk);
    }
}

#[test]
fn raw_secrets_are_read_as_they_are_spelled() {
    let place = Place::new();
    let k = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd__4";
    let octets = jwks_cli::core::base64url::decode(k)
        .expect("octets")
        .to_vec();
    let digits = octets.iter().map(|octet| format!("{octet:02X} "));
    let hex = digits.collect::<Vec<_>>().concat();
    let padded = format!("{}=\n", k.replace('_', "/"));
    for (form, text) in [
        ("raw", octets.clone()),
        ("hex", hex.clone().into_bytes()),
        ("hex", hex.replace(' ', "").to_lowercase().into_bytes()),
        ("base64", padded.into_bytes()),
        ("base64", k.as_bytes().to_vec()),
    ] {
        place.write("secret", text);
        let key = only_key(&convert(
            &place,
            &["--from", form, "secret", "--alg", "HS256"],
        ));
        assert_eq!((&key["k"], &key["alg"]), (&k.into(), &"HS256".into()));
        // Nothing by which a guess could be checked.
        assert!(key.get("kid").is_none());
    }
    let mut line = octets;
    line.push(b'\n');
    place.write("secret", line);
    let run = convert(&place, &["--from", "raw", "secret"]);
    assert!(
        run.succeeds().stderr.contains("line break"),
        "{}",
        run.stderr
    );
    for (form, text) in [
        ("raw", ""),
        ("hex", " \n"),
        ("hex", "abc"),
        ("hex", "xy"),
        ("base64", "a*b"),
    ] {
        place.write("secret", text);
        convert(&place, &["--from", form, "secret"]).fails(3, "key-file-malformed");
    }
}

#[test]
fn keys_that_no_jwk_holds_are_told() {
    let place = Place::new();
    let dsa = openssl::dsa::Dsa::generate(1024).expect("a key");
    let dsa = openssl::pkey::PKey::from_dsa(dsa).expect("a key");
    place.write("dsa.pem", dsa.private_key_to_pem_pkcs8().expect("PEM"));
    convert(&place, &["dsa.pem"]).fails(3, "unsupported-key");
    let brainpool = ec(Nid::BRAINPOOL_P256R1);
    place.write(
        "brainpool.pem",
        brainpool.private_key_to_pem_pkcs8().expect("PEM"),
    );
    convert(&place, &["brainpool.pem"]).fails(3, "unsupported-key");
    place.write("ssh", "ssh-dss AAAAB3NzaC1kc3MAAAAA comment\n");
    convert(&place, &["ssh"]).yields_nothing(3);
}

#[test]
fn a_pkcs12_file_gives_its_key_and_its_chain() {
    let place = Place::new();
    let (root_key, key) = (rsa(2048), ec(Nid::X9_62_PRIME256V1));
    let root = certificate(&root_key, "root", None);
    let own = certificate(&key, "own", Some((&root, &root_key)));
    let mut above = openssl::stack::Stack::new().expect("a stack");
    above.push(root.clone()).expect("a stack");
    let mut builder = openssl::pkcs12::Pkcs12::builder();
    builder.pkey(&key).cert(&own).ca(above);
    let file = builder
        .build2(PASSPHRASE)
        .expect("a file")
        .to_der()
        .expect("DER");
    place.write("keys.p12", file);
    place.write("passphrase", PASSPHRASE);
    let arguments = ["--x5c", "--passphrase-file", "passphrase", "keys.p12"];
    let key = only_key(&convert(&place, &arguments));
    assert!(key["d"].is_string());
    let base64 = |certificate: &openssl::x509::X509| {
        openssl::base64::encode_block(&certificate.to_der().expect("DER"))
    };
    assert_eq!(key["x5c"], serde_json::json!([base64(&own), base64(&root)]));
    // Without a MAC it is opened in the same way.
    convert(&place, &["keys.p12"]).fails(2, "usage");
}
