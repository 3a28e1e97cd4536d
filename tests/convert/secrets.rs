//! No secret slips out of `convert` but where it is the result.

use serde_json::Value;

use super::{convert, only_key};
use crate::support::foreign::{PASSPHRASE, fixtures};
use crate::support::place::Place;
use crate::support::watch::{PRIVATE_MEMBERS, Watch};

fn watched(key: &Value) -> Watch {
    let mut watch = Watch::default();
    for member in PRIVATE_MEMBERS {
        if let Some(secret) = key.get(member).and_then(Value::as_str) {
            watch.add(secret);
        }
    }
    watch
}

#[test]
fn no_private_member_shows_in_messages_or_in_what_is_public() {
    let place = Place::new();
    place.write("passphrase", PASSPHRASE);
    place.write("wrong", "wrong");
    let open = ["--passphrase-file", "passphrase"];
    for fixture in fixtures().iter().filter(|fixture| fixture.is_private) {
        let kinds = [
            "RSA PKCS #1 ",
            "P-521 SEC 1 PEM",
            "Ed25519 encrypted PKCS #8 P",
            "ML-DSA-44 PKCS #8 P",
        ];
        if !kinds.iter().any(|kind| fixture.name.starts_with(kind)) {
            continue;
        }
        place.write("in", &fixture.bytes);
        let run = convert(&place, &[&open[..], &["in"]].concat());
        let watch = watched(&only_key(&run));
        assert!(watch.sees(&run.stdout), "{}", fixture.name);
        assert!(!watch.sees(run.stderr.as_bytes()), "{}", run.stderr);
        for arguments in [
            &["--public", "in"][..],
            &["--public", "--to", "pem", "in"],
            &["--to", "thumbprint", "in"],
            &["--to", "spki-hash", "in"],
            &["--encrypt", "in"],
            &["--to", "ssh", "in"],
            &["--alg", "HS256", "in"],
            &["--only", "other", "in"],
            &["in", "in", "--public"],
        ] {
            let run = convert(&place, &[&open[..], arguments].concat());
            assert!(!watch.sees(&run.stdout), "{} {arguments:?}", fixture.name);
            assert!(!watch.sees(run.stderr.as_bytes()), "{}", run.stderr);
        }
        // Damaged in the middle, as text and as octets.
        for at in [fixture.bytes.len() / 2, fixture.bytes.len() * 4 / 5] {
            let mut damaged = fixture.bytes.clone();
            damaged[at] ^= 0x15;
            place.write("damaged", &damaged);
            let run = convert(
                &place,
                &[&open[..], &["damaged", "--to", "thumbprint"]].concat(),
            );
            assert!(!watch.sees(run.stderr.as_bytes()), "{}", run.stderr);
            assert!(!run.stderr.contains(PASSPHRASE));
        }
    }
}

#[test]
fn a_private_key_in_the_place_of_a_name_is_not_repeated() {
    let place = Place::new();
    let key = convert(&place, &["--from", "hex", "-"]);
    assert_eq!(key.exit, Some(3));
    let pem = crate::support::foreign::ed25519()
        .private_key_to_pem_pkcs8()
        .expect("PEM");
    let pem = String::from_utf8(pem).expect("text");
    place.write("key.pem", &pem);
    let secret: String = pem.lines().nth(1).expect("a line").to_owned();
    for arguments in [["--only", pem.as_str()], ["--without", &pem]] {
        let run = convert(&place, &[&arguments[..], &["key.pem"]].concat());
        assert_ne!(run.exit, Some(0));
        assert!(!run.stderr.contains(&secret), "{}", run.stderr);
    }
}
