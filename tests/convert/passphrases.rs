//! Protected keys, in and out, and where their passphrases come from.

use super::{convert, keys, only_key};
use crate::support::Jwks;
use crate::support::foreign::{PASSPHRASE, ed25519, fixtures, pkcs12, rsa};
use crate::support::place::{Place, Shell};
use crate::support::terminal::Setting;

fn place() -> Place {
    let place = Place::new();
    place.write(
        "key.pem",
        ed25519().private_key_to_pem_pkcs8().expect("PEM"),
    );
    place.write("passphrase", format!("{PASSPHRASE}\n"));
    place.write("other", "another passphrase");
    place
}

#[test]
fn every_protected_form_opens_with_its_passphrase_and_no_other() {
    let place = place();
    for fixture in fixtures().iter().filter(|fixture| fixture.is_protected) {
        if !["RSA ", "Ed25519 ", "ML-DSA-65 "]
            .iter()
            .any(|kind| fixture.name.starts_with(kind))
        {
            continue;
        }
        place.write("in", &fixture.bytes);
        let open = |file| convert(&place, &["--passphrase-file", file, "in"]);
        assert_eq!(
            only_key(&open("passphrase"))["kid"],
            fixture.thumbprint.as_str()
        );
        open("other").fails(3, "wrong-passphrase");
        // Nobody is there to be asked.
        let run = convert(&place, &["in"]);
        run.fails(2, "usage");
        assert!(run.stderr.contains("--passphrase-file"), "{}", run.stderr);
    }
}

#[test]
fn what_is_written_protected_is_read_again() {
    let place = place();
    let kid = only_key(&convert(&place, &["key.pem"]))["kid"].clone();
    for form in ["jwks", "jwk", "pem", "der", "ssh"] {
        let file = format!("{form}.out");
        let write = [
            "--to",
            form,
            "--encrypt",
            "--passphrase-file",
            "passphrase",
            "key.pem",
            "-o",
            &file,
        ];
        convert(&place, &write).succeeds();
        let run = convert(&place, &["--passphrase-file", "passphrase", &file]);
        assert_eq!(only_key(&run)["kid"], kid, "{form}");
        assert!(run.stderr.contains("without protection"), "{}", run.stderr);
        convert(&place, &["--passphrase-file", "other", &file]).fails(3, "wrong-passphrase");
    }
}

#[test]
fn a_passphrase_is_kept_or_changed_on_the_way() {
    let place = place();
    let encrypt = ["--encrypt", "--passphrase-file", "passphrase"];
    convert(&place, &[&encrypt[..], &["key.pem", "-o", "jwe"]].concat()).succeeds();
    // The same for the old and the new one.
    convert(
        &place,
        &[&encrypt[..], &["--to", "pem", "jwe", "-o", "pem"]].concat(),
    )
    .succeeds();
    convert(&place, &["--passphrase-file", "passphrase", "pem"]).succeeds();
    let change = [
        "--new-passphrase-file",
        "other",
        "--to",
        "ssh",
        "pem",
        "-o",
        "ssh",
    ];
    convert(&place, &[&encrypt[..], &change].concat()).succeeds();
    convert(&place, &["--passphrase-file", "passphrase", "ssh"]).fails(3, "wrong-passphrase");
    convert(&place, &["--passphrase-file", "other", "ssh"]).succeeds();
}

#[test]
fn passphrases_of_every_length_and_alphabet_open_what_they_protect() {
    let place = place();
    let long = "x".repeat(4096);
    for passphrase in ["grün ☃ 密码", " a\nb ", &long[..1024], &long] {
        place.write("passphrase", passphrase);
        for form in ["jwks", "pem"] {
            let encrypt = ["--to", form, "--encrypt", "--passphrase-file", "passphrase"];
            let arguments = [&encrypt[..], &["--force", "key.pem", "-o", "out"]].concat();
            convert(&place, &arguments).succeeds();
            let run = convert(&place, &["--passphrase-file", "passphrase", "out"]);
            assert_eq!(keys(&run).len(), 1, "{form}");
        }
    }
    place.write("passphrase", "x".repeat(4097));
    let encrypt = ["--encrypt", "--passphrase-file", "passphrase", "key.pem"];
    convert(&place, &encrypt).yields_nothing(3);
    place.write("passphrase", "\n");
    convert(&place, &encrypt).fails(2, "usage");
}

#[test]
fn pkcs12_files_open_with_the_empty_passphrase_and_without_mac() {
    let place = place();
    let key = rsa(2048);
    place.write("empty.p12", pkcs12(&key, ""));
    convert(&place, &["empty.p12"]).succeeds();
    place.write("keys.p12", pkcs12(&key, PASSPHRASE));
    convert(&place, &["--passphrase-file", "passphrase", "keys.p12"]).succeeds();
    convert(&place, &["--passphrase-file", "other", "keys.p12"]).fails(3, "wrong-passphrase");
    place.write("other", [0xff, 0xfe]);
    convert(&place, &["--passphrase-file", "other", "keys.p12"]).fails(3, "wrong-passphrase");
    place.write("other", "a\0b");
    convert(&place, &["--passphrase-file", "other", "keys.p12"]).fails(3, "wrong-passphrase");
}

#[test]
fn passphrases_come_from_standard_input_and_descriptors() {
    let place = place();
    let encrypt = [
        "--encrypt",
        "--passphrase-file",
        "-",
        "key.pem",
        "-o",
        "out",
    ];
    let call = Jwks::new("convert").folder(place.path("")).args(encrypt);
    call.stdin(PASSPHRASE).run().succeeds();
    let script = format!(
        "exec \"$@\" 7<'{}' 8<'{}'",
        place.path("passphrase").display(),
        place.path("other").display()
    );
    let shell = Shell::new(&script).args([
        "convert",
        "--passphrase-fd",
        "7",
        "--encrypt",
        "--new-passphrase-fd",
        "8",
    ]);
    let run = shell
        .arg(place.path("out"))
        .arg("-o")
        .arg(place.path("new"))
        .run();
    run.succeeds();
    convert(&place, &["--passphrase-file", "other", "new"]).succeeds();
    convert(&place, &["--passphrase-fd", "9", "new"]).yields_nothing(3);
}

#[test]
fn there_must_be_something_private_to_protect() {
    let place = place();
    convert(&place, &["--public", "key.pem", "-o", "public"]).succeeds();
    let encrypt = ["--encrypt", "--passphrase-file", "passphrase", "public"];
    convert(&place, &encrypt).fails(2, "usage");
    assert!(
        convert(&place, &["--encrypt", "key.pem"])
            .fails(2, "usage")
            .stderr
            .contains("--passphrase-file")
    );
}

/// On a terminal the passphrase is asked for; twice when it is a new one.
#[test]
fn a_terminal_is_asked() {
    let place = place();
    let start = |arguments: &[&str]| {
        let call = ["convert"].iter().chain(arguments);
        Setting::new(call).folder(place.path("")).run()
    };
    let mut terminal = start(&["--encrypt", "key.pem", "-o", "out"]);
    terminal
        .answer("New passphrase of \"out\"", PASSPHRASE)
        .answer("The same passphrase again", PASSPHRASE);
    terminal.finish().ends(0).hides(PASSPHRASE);
    convert(&place, &["--passphrase-file", "passphrase", "out"]).succeeds();
    let mut terminal = start(&["--to", "thumbprint", "out"]);
    terminal.answer("Passphrase of \"out\"", PASSPHRASE);
    terminal.finish().ends(0).hides(PASSPHRASE);
    let mut terminal = start(&["--to", "thumbprint", "out"]);
    terminal.answer("Passphrase of \"out\"", "other");
    terminal.finish().ends(3).shows("wrong-passphrase");
}
