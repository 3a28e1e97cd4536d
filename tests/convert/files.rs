//! What becomes of files: their modes, what exists already, and that nothing is left after a failure.

use std::fs;
use std::os::unix::fs::symlink;

use super::convert;
use crate::support::foreign::{PASSPHRASE, ed25519};
use crate::support::place::{Place, Shell, mode};
use crate::support::terminal::Setting;

fn place() -> Place {
    let place = Place::new();
    place.write(
        "key.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    place.write("passphrase", PASSPHRASE);
    place
}

#[test]
fn private_keys_are_for_their_owner_alone() {
    let place = place();
    let encrypt = ["--encrypt", "--passphrase-file", "passphrase"];
    for (arguments, is_private) in [
        (&["--to", "jwks"][..], true),
        (&["--to", "jwk"], true),
        (&["--to", "pem"], true),
        (&["--to", "der"], true),
        (&["--to", "ssh", "--force"], true),
        (&[&["--to", "ssh"], &encrypt[..]].concat(), true),
        (&[&["--to", "pem"], &encrypt[..]].concat(), true),
        (&[&["--to", "jwks"], &encrypt[..]].concat(), true),
        (&["--to", "jwks", "--public"], false),
        (&["--to", "pem", "--public"], false),
        (&["--to", "ssh", "--public"], false),
        (&["--to", "thumbprint"], false),
        (&["--to", "spki-hash"], false),
    ] {
        let _ = fs::remove_file(place.path("out"));
        let run = convert(&place, &[arguments, &["key.pem", "-o", "out"]].concat());
        assert_eq!(run.succeeds().text(), "", "{arguments:?}");
        let others = mode(&place.path("out")) & 0o077;
        assert_eq!(others == 0, is_private, "{arguments:?}: {others:o}");
        assert_eq!(
            run.stderr.contains("for you alone"),
            is_private,
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_secret_that_hides_in_another_member_is_no_less_one() {
    let place = place();
    let public = r#"{"kty":"EC","crv":"P-256","x":"M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54",
        "y":"331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8""#;
    let hidden = r#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    place.write("hidden.json", format!("{public},\"more\":{hidden}}}"));
    convert(&place, &["hidden.json", "-o", "out"]).succeeds();
    assert_eq!(mode(&place.path("out")), 0o600);
    convert(&place, &["hidden.json", "--public", "-o", "public"]).succeeds();
    assert!(!place.read("public").contains("AAECAwQF"));
}

#[test]
fn a_file_that_exists_is_replaced_by_force_alone_and_a_link_stays_one() {
    let place = place();
    place.write("out", "old");
    convert(&place, &["key.pem", "-o", "out"]).fails(3, "file-exists");
    assert_eq!(place.read("out"), "old");
    symlink(place.path("out"), place.path("link")).expect("a link");
    convert(&place, &["key.pem", "-o", "link"]).fails(3, "file-exists");
    convert(&place, &["key.pem", "--force", "-o", "link"]).succeeds();
    assert!(place.read("out").contains("\"keys\""));
    let link = fs::symlink_metadata(place.path("link")).expect("the link");
    assert!(link.file_type().is_symlink());
    assert_eq!(mode(&place.path("out")), 0o600);
    // In place: the source is read before it is replaced.
    let before = place.read("out");
    convert(&place, &["out", "--force", "-o", "out"]).succeeds();
    assert_eq!(place.read("out"), before);
}

#[test]
fn nothing_is_left_after_a_failure() {
    let place = place();
    let before = place.names();
    for arguments in [
        &["--only", "other", "key.pem", "-o", "out"][..],
        &["--to", "ssh", "key.pem", "-o", "out"],
        &[
            "--to",
            "pem",
            "--encrypt",
            "--passphrase-file",
            "missing",
            "key.pem",
            "-o",
            "out",
        ],
        &["key.pem", "-o", "no/such/folder"],
        &["key.pem", "-o", "."],
    ] {
        assert_ne!(convert(&place, arguments).exit, Some(0));
        assert_eq!(place.names(), before, "{arguments:?}");
    }
    // A disk that is full.
    let shell = Shell::new("trap '' XFSZ; ulimit -f 0; exec \"$@\"").arg("convert");
    let run = shell
        .arg(place.path("key.pem"))
        .arg("-o")
        .arg(place.path("out"))
        .run();
    run.yields_nothing(3);
    assert_eq!(place.names(), before);
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let place = place();
    let script = "\"$@\" | true; exit 0";
    let run = Shell::new(script)
        .arg("convert")
        .arg(place.path("key.pem"))
        .run();
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

#[test]
fn der_is_not_poured_into_a_terminal() {
    let place = place();
    let call = ["convert", "--to", "der", "key.pem"];
    let terminal = Setting::new(call).folder(place.path("")).run();
    terminal.finish().ends(2).shows("--output");
}

/// Held between the read and the write by a passphrase that comes from a pipe: opening that to write waits
/// until the sources have been read.
const IN_PLACE: &str = r#"
  cd "$DIR"; mkfifo pipe
  "$@" convert --encrypt --passphrase-file pipe keys.json --force -o keys.json & convert=$!
  exec 9>pipe
  $MEANWHILE
  echo passphrase >&9; exec 9>&-
  wait $convert"#;

fn in_place(place: &Place, meanwhile: &str) -> crate::support::Run {
    let folder = place.path("");
    let script = IN_PLACE.replace("$DIR", &folder.to_string_lossy());
    Shell::new(&script.replace("$MEANWHILE", meanwhile)).run()
}

#[test]
fn what_is_converted_in_place_is_locked_and_loses_nothing_that_others_write() {
    let place = place();
    convert(&place, &["key.pem", "--alg", "Ed25519", "-o", "keys.json"]).succeeds();
    let before = place.read("keys.json");
    let run = in_place(&place, "echo >>keys.json");
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert_eq!(place.read("keys.json"), format!("{before}\n"));
    fs::remove_file(place.path("pipe")).expect("the pipe is gone");
    let rotate = "\"$@\" rotate keys.json --lock-timeout 0s || true";
    let run = in_place(&place, rotate);
    assert!(run.has_code("locked"), "{}", run.stderr);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(!place.read("keys.json").contains('{'));
}
