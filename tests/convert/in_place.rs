//! A file that is source and target at once loses nothing, and nobody is kept from it for longer than must be.

use std::fs;
use std::os::unix::fs::symlink;

use super::convert;
use crate::support::Jwks;
use crate::support::foreign::{PASSPHRASE, certificate, ed25519};
use crate::support::place::Place;
use crate::support::terminal::Setting;

const CODE: &str = "source-would-lose";

fn place() -> Place {
    let place = Place::new();
    for kid in ["a", "b"] {
        let call = Jwks::new("generate").folder(place.path(""));
        let file = format!("{kid}.json");
        call.args(["--alg", "Ed25519", "--kid", kid, "-o", &file])
            .run()
            .succeeds();
    }
    convert(&place, &["a.json", "b.json", "-o", "keys.json"]).succeeds();
    place.write("passphrase", PASSPHRASE);
    place
}

#[test]
fn force_lets_no_key_of_a_source_go() {
    let place = place();
    let before = place.read("keys.json");
    fs::create_dir(place.path("folder")).expect("a folder");
    symlink("keys.json", place.path("link.json")).expect("a link");
    fs::hard_link(place.path("keys.json"), place.path("hard.json")).expect("a link");
    let full = place.path("keys.json").to_string_lossy().into_owned();
    for (source, target) in [
        ("keys.json", "keys.json"),
        ("link.json", "keys.json"),
        ("keys.json", "link.json"),
        ("hard.json", "keys.json"),
        ("keys.json", "hard.json"),
        ("./folder/../keys.json", "keys.json"),
        (&full, "keys.json"),
    ] {
        for options in [
            &["--public"][..],
            &["--only", "a"],
            &["--without", "a"],
            &["--active"],
            &["--to", "pem"],
            &["--to", "pem", "--public"],
            &["--to", "ssh", "--public"],
            &["--to", "thumbprint"],
            &["--to", "spki-hash"],
        ] {
            let arguments = [&[source, "b.json", "--force", "-o", target], options].concat();
            let refused = convert(&place, &arguments);
            refused.fails(3, CODE);
            assert!(refused.stderr.contains("--output"), "{}", refused.stderr);
            assert_eq!(place.read("keys.json"), before, "{arguments:?}");
        }
    }
    // By way of standard input, too.
    let call = Jwks::new("convert").folder(place.path(""));
    let call = call.args(["-", "--public", "--force", "-o", "keys.json"]);
    call.stdin(before.clone()).run().fails(3, CODE);
    assert_eq!(place.read("keys.json"), before);
    let message = convert(
        &place,
        &["keys.json", "--public", "--force", "-o", "keys.json"],
    );
    for part in [
        "\"keys.json\" is a source",
        "the private half of key \"a\", ",
    ] {
        assert!(message.stderr.contains(part), "{}", message.stderr);
    }
}

#[test]
fn a_public_key_that_is_named_may_go() {
    let place = place();
    convert(&place, &["keys.json", "--public", "-o", "jwks.json"]).succeeds();
    let onto_itself = ["jwks.json", "--force", "-o", "jwks.json"];
    let with = |options: &[&str]| convert(&place, &[&onto_itself, options].concat());
    with(&["--only", "a"]).fails(3, CODE);
    with(&["--without", "a"]).succeeds();
    let keys = place.json("jwks.json")["keys"].clone();
    assert_eq!(keys[0]["kid"], "b");
    assert_eq!(keys[1], serde_json::Value::Null);
}

#[test]
fn what_holds_as_much_may_stand_in_its_place() {
    let place = place();
    let new = Jwks::new("generate").args(["--alg", "Ed25519", "--kid", "c"]);
    place.write("c.json", new.run().succeeds().text());
    for options in [
        &["c.json"][..],
        &["--kid-from", "thumbprint"],
        &["--use", "sig"],
        &["--sort", "kid"],
        &["--encrypt", "--passphrase-file", "passphrase"],
        &["--passphrase-file", "passphrase"],
    ] {
        let arguments = [&["keys.json", "--force", "-o", "keys.json"], options].concat();
        convert(&place, &arguments).succeeds();
    }
    assert_eq!(
        place.json("keys.json")["keys"].as_array().map(Vec::len),
        Some(3)
    );
    // A public set may be published in its own place, and a key protected.
    convert(&place, &["keys.json", "--public", "-o", "jwks.json"]).succeeds();
    let again = ["jwks.json", "--public", "--force", "-o", "jwks.json"];
    convert(&place, &again).succeeds();
    let less = ["jwks.json", "--without", "x", "--force", "-o", "jwks.json"];
    assert_eq!(convert(&place, &less).exit, Some(1));
    let pem = ed25519().private_key_to_pem_pkcs8().expect("PEM");
    place.write("key.pem", &pem);
    let encrypt = [
        "--to",
        "pem",
        "--encrypt",
        "--passphrase-file",
        "passphrase",
    ];
    let in_place = ["key.pem", "--force", "-o", "key.pem"];
    convert(&place, &[&in_place[..], &encrypt].concat()).succeeds();
    assert!(place.read("key.pem").contains("ENCRYPTED"));
    convert(
        &place,
        &[
            &in_place[..],
            &["--to", "pem", "--public", "--passphrase-file", "passphrase"],
        ]
        .concat(),
    )
    .fails(3, CODE);
}

#[test]
fn certificates_stay_where_they_can() {
    let place = place();
    let key = ed25519();
    let pem = [
        key.private_key_to_pem_pkcs8().expect("PEM"),
        certificate(&key, "example", None).to_pem().expect("PEM"),
    ];
    place.write("tls.pem", pem.concat());
    let in_place = ["tls.pem", "--force", "-o", "tls.pem"];
    for options in [&["--to", "pem"][..], &[]] {
        convert(&place, &[&in_place[..], options].concat()).fails(3, CODE);
    }
    convert(&place, &[&in_place[..], &["--x5c"]].concat()).succeeds();
}

#[test]
fn a_lock_is_waited_for_as_long_as_is_said() {
    let place = place();
    let folder = fs::File::open(place.path("")).expect("the folder");
    folder.lock().expect("a lock");
    let in_place = [
        "keys.json",
        "--force",
        "-o",
        "keys.json",
        "--lock-timeout",
        "0s",
    ];
    convert(&place, &in_place).fails(3, "locked");
    drop(folder);
    convert(&place, &in_place).succeeds();
    let lonely = convert(&place, &["keys.json", "--lock-timeout", "5s"]);
    assert_eq!(lonely.exit, Some(2), "{}", lonely.stderr);
}

#[test]
fn nobody_waits_for_a_person_who_thinks_about_a_passphrase() {
    let place = place();
    let call = [
        "convert",
        "--encrypt",
        "keys.json",
        "--force",
        "-o",
        "keys.json",
    ];
    let mut terminal = Setting::new(call).folder(place.path("")).run();
    terminal.wait_for("New passphrase");
    let call = Jwks::new("rotate").folder(place.path(""));
    let rotate = call.args(["keys.json", "--lock-timeout", "0s", "--at", "1800000000"]);
    rotate.run().succeeds();
    let rotated = place.read("keys.json");
    terminal.press("a passphrase\r");
    terminal.answer("The same passphrase again", "a passphrase");
    // What was written meanwhile is not lost.
    terminal.finish().ends(3).shows("file-changed");
    assert_eq!(place.read("keys.json"), rotated);
}
