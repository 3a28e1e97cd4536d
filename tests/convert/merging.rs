//! Several sources become one set.

use super::{convert, keys, only_key};
use crate::support::Jwks;
use crate::support::foreign::{certificate, ed25519, rsa};
use crate::support::place::Place;

#[test]
fn many_sources_of_many_forms_are_one_set_with_each_key_once() {
    let place = Place::new();
    let (one, two) = (ed25519(), rsa(2048));
    place.write("one.pem", one.private_key_to_pem_pkcs8().expect("PEM"));
    place.write("one.der", one.public_key_to_der().expect("DER"));
    place.write(
        "two.crt",
        certificate(&two, "two", None).to_pem().expect("PEM"),
    );
    let line = convert(&place, &["--public", "--to", "ssh", "one.pem"]);
    place.write("one.pub", line.succeeds().text());
    let set = convert(&place, &["--kid", "mine", "two.crt"]);
    place.write("two.json", set.succeeds().text());
    let call = Jwks::new("convert").folder(place.path(""));
    let call = call.args(["--x5c", "one.der", "-", "one.pub", "two.json", "two.crt"]);
    let run = call.stdin(place.read("one.pem")).run();
    let keys = keys(&run);
    assert_eq!(keys.len(), 2, "{keys:?}");
    // The private half came later, and so did the certificate.
    assert!(keys[0]["d"].is_string());
    assert!(keys[1]["kid"] == "mine" && keys[1]["x5c"].is_array());
    assert_eq!(run.stderr.matches("kept").count(), 3, "{}", run.stderr);
    assert!(
        run.stderr.contains("\"one.der\" and in \"standard input\""),
        "{}",
        run.stderr
    );
}

#[test]
fn different_keys_of_one_name_are_told_and_kept() {
    let place = Place::new();
    for file in ["one", "two"] {
        let pem = ed25519().private_key_to_pem_pkcs8().expect("PEM");
        place.write("key.pem", pem);
        convert(&place, &["key.pem", "--kid", "same", "-o", file]).succeeds();
    }
    let run = convert(&place, &["one", "two"]);
    assert_eq!(keys(&run).len(), 2);
    assert!(
        run.stderr.contains("2 keys have the kid \"same\""),
        "{}",
        run.stderr
    );
    let run = convert(&place, &["one", "two", "--kid-from", "thumbprint"]);
    assert_eq!(run.succeeds().stderr, "");
}

#[test]
fn one_source_that_cannot_be_read_spoils_all() {
    let place = Place::new();
    place.write(
        "one.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    place.write("token", "eyJhbGciOiJub25lIn0.e30.");
    place.write("text", "hello");
    place.write("nothing", "");
    for (other, code) in [
        ("missing", "file-not-found"),
        ("token", "not-a-jwks"),
        ("text", "not-a-jwks"),
        ("nothing", "document-empty"),
    ] {
        let run = convert(&place, &["one.pem", other, "-o", "out.json"]);
        assert!(run.has_code(code), "{other}: {}", run.stderr);
        run.yields_nothing(3);
        assert!(!place.names().contains(&"out.json".to_owned()));
    }
}

#[test]
fn a_set_is_split_and_put_together_again() {
    let place = Place::new();
    let all: Vec<u8> = (0..3)
        .flat_map(|_| ed25519().private_key_to_pem_pkcs8().expect("PEM"))
        .collect();
    place.write("all.pem", all);
    convert(&place, &["all.pem", "-o", "all.json"]).succeeds();
    let set = place.json("all.json");
    let kids: Vec<&str> = set["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .filter_map(|key| key["kid"].as_str())
        .collect();
    for (index, kid) in kids.iter().enumerate() {
        let only = format!("--only={kid}");
        let file = format!("{index}.json");
        let run = convert(&place, &["all.json", &only, "--to", "jwk", "-o", &file]);
        assert_eq!(run.succeeds().text(), "");
    }
    convert(&place, &["0.json", "1.json", "2.json", "-o", "again.json"]).succeeds();
    assert_eq!(place.read("again.json"), place.read("all.json"));
    let first = only_key(&convert(&place, &["0.json"]));
    assert_eq!(first["kid"], kids[0]);
}
