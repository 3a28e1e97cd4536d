//! A file that is there already is replaced when the person says so, by whatever command.

use super::generate;
use crate::support::place::{AT, Place};
use crate::support::server::{Answer, Server};
use crate::support::terminal::{Setting, Terminal};

const QUESTION: &str = "exists already. Replace it?";
const OLD: &str = "old";

/// Runs of every command that writes a file which may be there, to `out`.
fn writers(place: &Place, server: &Server) -> Vec<Vec<String>> {
    let url = server.url("/jwks.json");
    let calls: [&[&str]; 4] = [
        &["generate", "--alg", "ES256", "-o", "out"],
        &["generate", "--alg", "ES256", "-o", "other", "-p", "out"],
        &["convert", "--public", "key.json", "-o", "out"],
        &["fetch", &url, "-o", "out"],
    ];
    let calls = calls.map(|call| call.iter().map(|&word| word.to_owned()).collect());
    place.write("out", OLD);
    calls.into()
}

fn server(place: &Place) -> Server {
    let set = place.read("public.json");
    Server::http(move |_| Answer::body(set.clone()))
}

#[test]
fn no_is_what_enter_says() {
    let place = Place::with_key();
    let server = server(&place);
    for call in writers(&place, &server) {
        for answer in ["", "n", "No"] {
            let mut terminal = Setting::new(&call).folder(place.path("")).run();
            terminal.answer(QUESTION, answer);
            let ended = terminal.finish();
            ended.ends(3).shows("file-exists").shows("--force");
            assert_eq!(place.read("out"), OLD, "{call:?}");
            assert!(!place.path("other").exists(), "{call:?}");
        }
    }
    assert!(server.requests().is_empty(), "it was asked too late");
}

#[test]
fn yes_replaces_the_file() {
    let place = Place::with_key();
    let server = server(&place);
    for call in writers(&place, &server) {
        place.write("out", OLD);
        let mut terminal = Setting::new(&call).folder(place.path("")).run();
        terminal.answer(QUESTION, "y");
        terminal.finish().ends(0);
        assert_ne!(place.read("out"), OLD, "{call:?}");
    }
}

#[test]
fn an_option_answers_and_without_input_the_error_names_it() {
    let place = Place::with_key();
    let server = server(&place);
    for call in writers(&place, &server) {
        place.write("out", OLD);
        let with = |option: &str| {
            let words = call.iter().map(String::as_str).chain([option]);
            Setting::new(words).folder(place.path("")).run().finish()
        };
        let refused = with("--no-input");
        refused.ends(3).hides(QUESTION).shows("--force");
        assert_eq!(place.read("out"), OLD, "{call:?}");
        with("--force").ends(0).hides(QUESTION);
        assert_ne!(place.read("out"), OLD, "{call:?}");
    }
}

#[test]
fn nobody_is_asked_about_what_cannot_be_replaced() {
    let place = Place::with_key();
    std::fs::create_dir(place.path("folder")).expect("a folder");
    for target in ["folder", "/dev/null"] {
        let call = ["convert", "key.json", "-o", target];
        let terminal = Setting::new(call).folder(place.path("")).run();
        terminal.finish().ends(3).hides(QUESTION);
    }
}

/// It may be a key, and no option says otherwise.
#[test]
fn a_summary_replaces_nothing_else() {
    let place = Place::with_key();
    let call = [
        "verify",
        "--batch",
        "token",
        "--jwks",
        "public.json",
        "--at",
        AT,
        "--summary",
        "key.json",
    ];
    let key = place.read("key.json");
    let terminal = Setting::new(call).folder(place.path("")).run();
    terminal
        .finish()
        .ends(3)
        .hides(QUESTION)
        .shows("file-exists");
    assert_eq!(place.read("key.json"), key);
}

#[test]
fn a_conversation_asks_for_another_name() {
    let place = Place::new();
    place.write("key.json", OLD);
    place.write("jwks.json", OLD);
    let start = || -> Terminal {
        let mut terminal = generate(&place, &["--use", "sig"]).run();
        terminal.answer("Algorithm of the new key", "");
        terminal
    };
    let mut terminal = start();
    terminal
        .answer("File to write the private key to", "")
        .answer(QUESTION, "n")
        .answer("File to write the private key to", "new.json")
        .answer("Protect it", "")
        .answer("File to write the public key set to", "-");
    terminal.finish().ends(0).hides("--force");
    assert_eq!(place.read("key.json"), OLD);
    let mut terminal = start();
    terminal
        .answer("File to write the private key to", "")
        .answer(QUESTION, "y")
        .answer("Protect it", "")
        .answer("File to write the public key set to", "")
        .answer(QUESTION, "n")
        .answer("File to write the public key set to", "public.json");
    let ended = terminal.finish();
    ended.ends(0).shows("-o key.json -p public.json --force");
    assert_ne!(place.read("key.json"), OLD);
    assert_eq!(place.read("jwks.json"), OLD);
}
