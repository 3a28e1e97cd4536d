//! `jwks generate` without --alg: a short conversation that teaches its options.

use serde_json::json;

use super::generate;
use crate::support::Jwks;
use crate::support::place::{AT, Place};
use crate::support::terminal::{DOWN, END, Setting, Terminal, UP};

const USE: &str = "What the new key is for";
const ALGORITHM: &str = "Algorithm of the new key";
const PRIVATE: &str = "File to write the private key to";
const PROTECT: &str = "Protect it with a passphrase?";
const PUBLIC: &str = "File to write the public key set to";

/// Takes what is offered for the use and the algorithm.
fn take_the_first(terminal: &mut Terminal) {
    terminal.answer(USE, "").answer(ALGORITHM, "");
}

/// A call in the folder for keys of a form that has no place for names.
fn nameless(place: &Place, options: &[&str]) -> Setting {
    let arguments = ["generate", "--at", AT];
    Setting::new(arguments.iter().chain(options)).folder(place.path(""))
}

#[test]
fn whoever_takes_what_is_offered_gets_a_key_pair_in_two_files() {
    let place = Place::new();
    let mut terminal = generate(&place, &[]).run();
    take_the_first(&mut terminal);
    terminal
        .answer(PRIVATE, "")
        .answer(PROTECT, "")
        .answer(PUBLIC, "");
    let ended = terminal.finish();
    ended.ends(0).shows(&format!(
        "`jwks generate --at {AT} --kid one --alg ES256 -o key.json -p jwks.json`"
    ));
    assert_eq!(place.names(), ["jwks.json", "key.json"]);
    assert_eq!(place.json("key.json")["alg"], "ES256");
    assert_eq!(place.json("jwks.json")["keys"][0]["kid"], "one");
}

/// What the note says is what happened: the command makes the same files.
#[test]
fn the_command_that_is_told_does_the_same() {
    let place = Place::new();
    let options = ["--use", "sig"];
    let mut terminal = generate(&place, &options).run();
    terminal
        .wait_for(ALGORITHM)
        .press(DOWN)
        .press("\r")
        .answer(PRIVATE, "-it's a key.json")
        .answer(PROTECT, "n")
        .answer(PUBLIC, "public.json");
    let ended = terminal.finish();
    let told = ended.ends(0).shown.lines().find_map(|line| {
        let (_, command) = line.split_once("`jwks ")?;
        Some(command.trim().trim_end_matches('`').to_owned())
    });
    let names = ["-it's a key.json", "public.json"];
    assert_eq!(place.names(), names);
    let before = names.map(|name| place.json(name)["kid"].clone());
    for name in names {
        std::fs::remove_file(place.path(name)).expect("it goes");
    }
    let script = format!("\"$@\" {}", told.expect("a command"));
    let again = Setting::shell::<&str>(&script, [])
        .folder(place.path(""))
        .run();
    again.finish().ends(0).hides(ALGORITHM);
    assert_eq!(place.names(), names);
    assert_eq!(names.map(|name| place.json(name)["kid"].clone()), before);
    assert_eq!(place.json(names[0])["alg"], "Ed25519");
}

#[test]
fn a_key_can_be_printed() {
    let place = Place::new();
    let mut terminal = generate(&place, &[]).run();
    take_the_first(&mut terminal);
    terminal.answer(PRIVATE, "-");
    let ended = terminal.finish();
    ended
        .ends(0)
        .shows("\"d\": ")
        .shows("--alg ES256`\r\n")
        .hides(PROTECT)
        .hides(PUBLIC);
    assert!(place.names().is_empty());
}

#[test]
fn encryption_is_one_choice_away() {
    let place = Place::new();
    let mut terminal = generate(&place, &[]).run();
    terminal.wait_for(USE).press(DOWN).press("\r");
    terminal
        .wait_for(ALGORITHM)
        .press(DOWN)
        .press(DOWN)
        .press(UP)
        .press("\r")
        .answer(PRIVATE, "")
        .answer(PROTECT, "no")
        .answer(PUBLIC, "-");
    let ended = terminal.finish();
    ended
        .ends(0)
        .hides("EdDSA")
        .shows("--alg RSA-OAEP -o key.json`\r\n");
    assert_eq!(place.names(), ["key.json"]);
    assert_eq!(place.json("key.json")["use"], "enc");
}

#[test]
fn the_last_of_a_list_is_one_key_away() {
    let place = Place::new();
    let mut terminal = generate(&place, &["--use", "sig", "-o", "key.json"]).run();
    terminal
        .wait_for(ALGORITHM)
        .press(UP)
        .press(DOWN)
        .press(END)
        .press("\r")
        .answer(PROTECT, "");
    // A secret has no public half to be asked for.
    terminal.finish().ends(0).hides(PUBLIC).hides(PRIVATE);
    assert_eq!(place.json("key.json")["alg"], "HS512");
}

#[test]
fn what_is_given_is_not_asked_for() {
    let place = Place::new();
    place.write("passphrase", "vivid kettle marsh trombone oak");
    let given = ["--encrypt", "--passphrase-file", "passphrase"];
    let all = [&given[..], &["--use", "enc", "-o", "a", "-p", "b"]].concat();
    let mut terminal = generate(&place, &all).run();
    terminal.answer(ALGORITHM, "");
    terminal
        .finish()
        .ends(0)
        .hides(USE)
        .hides(PRIVATE)
        .hides(PROTECT)
        .hides(PUBLIC);
    assert_eq!(place.names(), ["a", "b", "passphrase"]);
}

/// An algorithm that cannot be had so is not offered.
#[test]
fn only_what_fits_is_offered() {
    let place = Place::new();
    let mut terminal = generate(&place, &["--curve", "X448", "-o", "a", "-p", "b"]).run();
    terminal.answer(ALGORITHM, "").answer(PROTECT, "");
    terminal
        .finish()
        .ends(0)
        .hides(USE)
        .hides("ES256 ")
        .hides("RSA");
    assert_eq!(place.json("a")["crv"], "X448");
    let mut terminal = nameless(&place, &["--to", "pem", "--use", "sig"]).run();
    terminal.answer(ALGORITHM, "").answer(PRIVATE, "-");
    let ended = terminal.finish();
    ended.ends(0).hides("HS256").shows("key.pem");
    let impossible = generate(&place, &["--curve", "X448", "--use", "sig"]).run();
    impossible.finish().ends(2).shows("no algorithm fits");
}

#[test]
fn a_set_that_keys_are_added_to_is_the_place() {
    let place = Place::new();
    place.write("set.json", json!({"keys": []}).to_string());
    let mut terminal = generate(&place, &["--into", "set.json"]).run();
    take_the_first(&mut terminal);
    terminal
        .finish()
        .ends(0)
        .hides(PRIVATE)
        .hides(PROTECT)
        .hides(PUBLIC);
    assert_eq!(place.json("set.json")["keys"][0]["alg"], "ES256");
}

#[test]
fn a_pipe_takes_the_key() {
    let place = Place::new();
    let mut terminal = generate(&place, &[]).pipe_output().run();
    take_the_first(&mut terminal);
    let ended = terminal.finish();
    ended.ends(0).hides(PRIVATE).hides(PROTECT).hides("\"d\"");
    let key: serde_json::Value = serde_json::from_slice(&ended.output).expect("a key");
    assert_eq!(key["kid"], "one");
}

#[test]
fn a_name_that_cannot_be_written_is_asked_for_again() {
    let place = Place::new();
    std::fs::create_dir(place.path("folder")).expect("a folder");
    let mut terminal = generate(&place, &["--use", "sig"]).run();
    terminal
        .answer(ALGORITHM, "")
        .answer(PRIVATE, "folder")
        .wait_for("is a directory")
        .answer(PRIVATE, "nowhere/key.json")
        .wait_for("cannot write")
        .answer(PRIVATE, "key\u{1b}[D.json")
        .wait_for("control characters")
        .answer(PRIVATE, "key.json")
        .answer(PROTECT, "perhaps")
        .wait_for("y or n")
        .answer(PROTECT, "n")
        .answer(PUBLIC, "./key.json")
        .wait_for("same file")
        .answer(PUBLIC, "public.json");
    terminal.finish().ends(0);
    assert_eq!(place.names(), ["folder", "key.json", "public.json"]);
}

#[test]
fn der_is_written_to_a_file() {
    let place = Place::new();
    let mut terminal = nameless(&place, &["--to", "der", "--use", "sig"]).run();
    terminal
        .answer(ALGORITHM, "")
        .answer(PRIVATE, "-")
        .wait_for("no terminal shows it")
        .answer(PRIVATE, "")
        .answer(PROTECT, "")
        .answer("File to write the public key to", "");
    terminal.finish().ends(0);
    assert_eq!(place.names(), ["key.der", "public.der"]);
}

#[test]
fn a_protected_key_is_as_good_as_one_made_by_options() {
    let place = Place::new();
    let passphrase = "vivid kettle marsh trombone oak";
    place.write("passphrase", passphrase);
    let mut terminal = generate(&place, &["--use", "sig"]).run();
    terminal
        .answer(ALGORITHM, "")
        .answer(PRIVATE, "key.jwe")
        .answer(PROTECT, "yes")
        .answer(PUBLIC, "-")
        .answer("New passphrase of \"key.jwe\"", passphrase)
        .answer("The same passphrase again", passphrase);
    terminal
        .finish()
        .ends(0)
        .hides(passphrase)
        .shows("--alg ES256 -o key.jwe --encrypt --passphrase-file FILE`\r\n");
    let sign = Jwks::new("sign").folder(place.path(""));
    sign.args(["--jwks", "key.jwe", "--passphrase-file", "passphrase"])
        .run()
        .succeeds();
}
