//! What is written: every form, and what no form can hold.

use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::X509;

use super::{convert, keys, only_key};
use crate::support::foreign::{PASSPHRASE, certificate, ec, ed25519, pkeys, rsa};
use crate::support::place::Place;

#[test]
fn openssl_reads_what_is_written_of_every_kind_and_it_is_the_same_key() {
    let place = Place::new();
    place.write("passphrase", PASSPHRASE);
    for (kind, key) in pkeys() {
        place.write("key.pem", key.private_key_to_pem_pkcs8().expect("PEM"));
        let write = |arguments: &[&str]| {
            let run = convert(&place, &[arguments, &["key.pem"]].concat());
            run.succeeds().stdout.clone()
        };
        let pkcs8 = key.private_key_to_pkcs8().expect("DER");
        let same = |read: PKey<openssl::pkey::Private>, form: &str| {
            assert_eq!(
                read.private_key_to_pkcs8().expect("DER"),
                pkcs8,
                "{kind} {form}"
            );
        };
        same(
            PKey::private_key_from_pem(&write(&["--to", "pem"])).expect("PEM"),
            "PEM",
        );
        same(
            PKey::private_key_from_der(&write(&["--to", "der"])).expect("DER"),
            "DER",
        );
        let encrypt = ["--encrypt", "--passphrase-file", "passphrase", "--to"];
        let text = write(&[&encrypt[..], &["pem"]].concat());
        assert!(text.starts_with(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
        let read = PKey::private_key_from_pem_passphrase(&text, PASSPHRASE.as_bytes());
        same(read.expect("PEM"), "encrypted PEM");
        let der = write(&[&encrypt[..], &["der"]].concat());
        let read = PKey::private_key_from_pkcs8_passphrase(&der, PASSPHRASE.as_bytes());
        same(read.expect("DER"), "encrypted DER");
        let public = write(&["--public", "--to", "der"]);
        assert_eq!(public, key.public_key_to_der().expect("DER"), "{kind}");
        let public = write(&["--public", "--to", "pem"]);
        assert_eq!(public, key.public_key_to_pem().expect("PEM"), "{kind}");
        let hash = write(&["--to", "spki-hash"]);
        let digest = openssl::sha::sha256(&key.public_key_to_der().expect("DER"));
        let digest = jwks_cli::core::base64url::encode(&digest);
        assert_eq!(hash, format!("{digest}\n").into_bytes());
        let thumbprint = write(&["--to", "thumbprint"]);
        let kid = only_key(&convert(&place, &["key.pem"]))["kid"].clone();
        assert_eq!(
            thumbprint,
            format!("{}\n", kid.as_str().expect("a kid")).into_bytes()
        );
    }
}

#[test]
fn traditional_forms_are_what_openssl_writes() {
    let place = Place::new();
    let (rsa, ec) = (rsa(2048), ec(Nid::SECP521R1));
    place.write("rsa.pem", rsa.private_key_to_pem_pkcs8().expect("PEM"));
    place.write("ec.pem", ec.private_key_to_pem_pkcs8().expect("PEM"));
    let traditional = |arguments: &[&str]| {
        let run = convert(
            &place,
            &[&["--traditional", "--to", "pem"], arguments].concat(),
        );
        run.succeeds().stdout.clone()
    };
    let own = rsa.rsa().expect("RSA");
    assert_eq!(
        traditional(&["rsa.pem"]),
        own.private_key_to_pem().expect("PEM")
    );
    assert_eq!(
        traditional(&["--public", "rsa.pem"]),
        own.public_key_to_pem_pkcs1().expect("PEM")
    );
    let own = ec.ec_key().expect("EC");
    assert_eq!(
        traditional(&["ec.pem"]),
        own.private_key_to_pem().expect("PEM")
    );
    // A JWK without primes gets them back.
    let text = convert(&place, &["--to", "jwk", "rsa.pem"]);
    let mut jwk: serde_json::Value = serde_json::from_slice(&text.stdout).expect("JSON");
    for member in ["p", "q", "dp", "dq", "qi"] {
        jwk.as_object_mut().expect("an object").remove(member);
    }
    place.write("bare.json", jwk.to_string());
    let with_primes = PKey::private_key_from_pem(&traditional(&["bare.json"])).expect("PEM");
    assert!(
        with_primes
            .rsa()
            .expect("RSA")
            .check_key()
            .expect("a check")
    );
    assert!(with_primes.public_eq(&rsa));
}

#[test]
fn certificates_become_members_where_they_are_asked_for() {
    let place = Place::new();
    let (root_key, key) = (rsa(2048), ec(Nid::X9_62_PRIME256V1));
    let root = certificate(&root_key, "root", None);
    let own = certificate(&key, "own", Some((&root, &root_key)));
    let pem = |certificate: &X509| certificate.to_pem().expect("PEM");
    place.write("tls.crt", [pem(&own), pem(&root)].concat());
    place.write("tls.key", key.private_key_to_pem_pkcs8().expect("PEM"));
    let plain = convert(&place, &["tls.crt"]);
    assert!(only_key(&plain).get("x5c").is_none());
    assert!(plain.stderr.contains("\"CN=root\""), "{}", plain.stderr);
    let with = only_key(&convert(&place, &["--x5c", "--alg", "ES256", "tls.crt"]));
    let der = own.to_der().expect("DER");
    let chain = [&der, &root.to_der().expect("DER")].map(|der| openssl::base64::encode_block(der));
    assert_eq!(with["x5c"], serde_json::json!(chain));
    let url = |octets: &[u8]| jwks_cli::core::base64url::encode(octets);
    assert_eq!(with["x5t"], url(&openssl::sha::sha1(&der)));
    assert_eq!(with["x5t#S256"], url(&openssl::sha::sha256(&der)));
    assert!(with.get("d").is_none());
    // The key in a file of its own.
    let both = only_key(&convert(&place, &["--x5c", "tls.key", "tls.crt"]));
    assert_eq!((&both["x5c"], both["d"].is_string()), (&with["x5c"], true));
    let run = convert(&place, &["--x5c", "tls.key"]);
    assert!(
        run.succeeds().stderr.contains("no certificate"),
        "{}",
        run.stderr
    );
}

#[test]
fn openssh_gets_public_keys_and_private_ones_by_force() {
    let place = Place::new();
    place.write(
        "key.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    let to_ssh = |arguments: &[&str]| convert(&place, &[&["--to", "ssh"], arguments].concat());
    let line = to_ssh(&["--public", "--kid", "me@host", "key.pem"]);
    let line = line.succeeds().text();
    assert!(
        line.starts_with("ssh-ed25519 AAAA") && line.ends_with(" me@host\n"),
        "{line}"
    );
    to_ssh(&["key.pem"]).fails(3, "unsupported-key");
    let private = to_ssh(&["--force", "key.pem"]);
    let private = private.succeeds().text().to_owned();
    assert!(
        private.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"),
        "{private}"
    );
    place.write("id", private);
    place.write("id.pub", line);
    let kid = |file| only_key(&convert(&place, &[file]))["kid"].clone();
    assert_eq!(kid("id"), kid("key.pem"));
    assert_eq!(kid("id.pub"), kid("key.pem"));
}

/// A folder of keys each of which some form cannot hold.
fn place_of_misfits() -> Place {
    let place = Place::new();
    place.write("secret", [7; 32]);
    place.write(
        "secret.json",
        r#"{"kty":"oct","kid":"s","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#,
    );
    place.write(
        "ed448.pem",
        PKey::generate_ed448()
            .and_then(|key| key.private_key_to_pem_pkcs8())
            .expect("PEM"),
    );
    place.write(
        "pair.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    place.write("new.json", r#"{"kty":"new","kid":"n","z":1}"#);
    place.write("empty.json", r#"{"keys":[]}"#);
    let mut many = Vec::new();
    for _ in 0..2 {
        many.extend(ed25519().private_key_to_pem_pkcs8().expect("PEM"));
    }
    place.write("many.pem", many);
    place
}

#[test]
fn what_a_form_cannot_hold_is_an_error() {
    let place = place_of_misfits();
    for (line, exit, code) in [
        ("--to pem secret.json", 3, "unsupported-key"),
        ("--to der secret.json", 3, "unsupported-key"),
        ("--to ssh secret.json", 3, "unsupported-key"),
        ("--to ssh --force secret.json", 3, "unsupported-key"),
        ("--to spki-hash secret.json", 3, "unsupported-key"),
        ("--to thumbprint secret.json", 3, "unsupported-key"),
        ("--kid-from thumbprint secret.json", 3, "unsupported-key"),
        ("--kid-from spki secret.json", 3, "unsupported-key"),
        ("--public secret.json", 3, "unsupported-key"),
        ("--to ssh --public ed448.pem", 3, "unsupported-key"),
        ("--to pem --traditional pair.pem", 3, "unsupported-key"),
        (
            "--to pem --traditional --public pair.pem",
            3,
            "unsupported-key",
        ),
        ("--to pem new.json", 3, "unsupported-key"),
        ("--to der many.pem", 3, "not-one-key"),
        ("--to jwk many.pem", 3, "not-one-key"),
        ("--to jwk empty.json", 3, "empty-set"),
        ("--to pem empty.json", 3, "empty-set"),
        ("--to ssh empty.json", 3, "empty-set"),
        ("--alg RS256 pair.pem", 3, "alg-key-mismatch"),
        ("missing.pem", 3, "file-not-found"),
        ("--only other secret.json", 1, "unknown-kid"),
        ("--without other secret.json", 1, "unknown-kid"),
        ("--only s --without s secret.json", 1, "no-matching-key"),
    ] {
        let run = convert(&place, &line.split(' ').collect::<Vec<_>>());
        assert!(run.has_code(code), "{line}: {}", run.stderr);
        run.yields_nothing(exit);
    }
    // What is long and random may be hashed.
    let forced = convert(&place, &["--to", "thumbprint", "--force", "secret.json"]);
    assert_eq!(forced.succeeds().text().len(), 44);
    assert_eq!(keys(&convert(&place, &["new.json", "empty.json"])).len(), 1);
    assert!(keys(&convert(&place, &["empty.json"])).is_empty());
}

#[test]
fn options_that_contradict_each_other_are_wrong_usage() {
    let place = Place::new();
    let pem = |key: PKey<openssl::pkey::Private>| key.private_key_to_pem_pkcs8().expect("PEM");
    place.write("pair.pem", pem(ed25519()));
    place.write("many.pem", [pem(ed25519()), pem(ed25519())].concat());
    for arguments in [
        &["--traditional", "pair.pem"][..],
        &["--to", "pem", "--traditional", "--encrypt", "pair.pem"],
        &["--to", "thumbprint", "--encrypt", "pair.pem"],
        &["--to", "spki-hash", "--encrypt", "pair.pem"],
        &["--public", "--encrypt", "pair.pem"],
        &["--to", "pem", "--x5c", "pair.pem"],
        &["--to", "pem", "--kid", "a", "pair.pem"],
        &["--to", "der", "--kid-from", "uuid", "pair.pem"],
        &["--to", "pem", "--alg", "Ed25519", "pair.pem"],
        &["--to", "pem", "--use", "sig", "pair.pem"],
        &["--to", "pem", "--key-ops", "sign", "pair.pem"],
        &["--to", "ssh", "--force", "--alg", "Ed25519", "pair.pem"],
        &["--to", "thumbprint", "--kid", "a", "pair.pem"],
        &["--to", "spki-hash", "--kid-from", "uuid", "pair.pem"],
        &["--at", "now", "pair.pem"],
        &["--at", "now", "--kid-from", "uuid", "pair.pem"],
        &["--kid", "", "pair.pem"],
        &["--use", "", "pair.pem"],
        &["--key-ops", "sign,sign", "pair.pem"],
        &["--kid", "one", "many.pem"],
        &["-", "-"],
        &["--passphrase-file", "-", "-"],
    ] {
        convert(&place, arguments).fails(2, "usage");
    }
    // The comment of OpenSSH's form is the kid.
    let named = ["--to", "ssh", "--public", "--kid", "me@example", "pair.pem"];
    let line = convert(&place, &named);
    assert!(line.succeeds().text().ends_with(" me@example\n"));
    for arguments in [
        &["--kid", "a", "--kid-from", "uuid", "pair.pem"][..],
        &["--use", "sig", "--key-ops", "sign", "pair.pem"],
        &["--new-passphrase-file", "secret", "pair.pem"],
        &["--to", "p12", "pair.pem"],
        &["--from", "p12", "pair.pem"],
        &["--alg", "none", "pair.pem"],
        &[],
    ] {
        convert(&place, arguments).yields_nothing(2);
    }
}

#[test]
fn several_keys_are_written_one_after_the_other() {
    let place = Place::new();
    let ours = [ed25519(), ec(Nid::SECP256K1), rsa(2048)];
    let pem = |key: &PKey<_>| key.private_key_to_pem_pkcs8().expect("PEM");
    let all: Vec<u8> = ours.iter().flat_map(pem).collect();
    place.write("keys.pem", &all);
    let run = convert(&place, &["--to", "pem", "keys.pem"]);
    assert_eq!(run.succeeds().stdout, all);
    let run = convert(&place, &["--to", "thumbprint", "keys.pem"]);
    assert_eq!(run.succeeds().text().lines().count(), 3);
}
