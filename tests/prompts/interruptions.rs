//! Whoever leaves a question gets the terminal back as it was, exit code 130, and no file.

use super::generate;
use crate::support::place::{AT, Place};
use crate::support::terminal::{CTRL_BACKSLASH, CTRL_C, CTRL_D, CTRL_Z, ESCAPE, Setting, Terminal};

const LIST: &str = "What the new key is for";
const LINE: &str = "File to write the private key to";
const YES_OR_NO: &str = "Protect it with a passphrase?";
const PASSPHRASE: &str = "New passphrase";
const KID: &str = "Type the kid";

/// A run that stands at each kind of question.
fn questions(place: &Place) -> Vec<(&'static str, Terminal)> {
    let mut line = generate(place, &["--use", "sig"]).run();
    line.answer("Algorithm of the new key", "");
    let mut yes_or_no = generate(place, &["--use", "sig", "-o", "out"]).run();
    yes_or_no.answer("Algorithm of the new key", "");
    let options = ["--alg", "ES256", "--encrypt", "-o", "out"];
    let mut again = generate(place, &options).run();
    again.answer(PASSPHRASE, "sesame");
    let revoke = ["rotate", "key.json", "--at", AT, "--revoke", "one"];
    vec![
        (LIST, generate(place, &[]).run()),
        (LINE, line),
        (YES_OR_NO, yes_or_no),
        (PASSPHRASE, generate(place, &options).run()),
        ("The same passphrase again", again),
        (KID, Setting::new(revoke).folder(place.path("")).run()),
    ]
}

fn leave_by(key: &str) -> Vec<(&'static str, crate::support::terminal::Ended)> {
    let place = Place::with_key();
    let key_before = place.read("key.json");
    let names = place.names();
    let mut all = Vec::new();
    for (question, mut terminal) in questions(&place) {
        terminal.wait_for(question).press(key);
        let ended = terminal.finish();
        ended.ends(130).hides("sesame");
        assert_eq!(place.names(), names, "{question}");
        assert_eq!(place.read("key.json"), key_before, "{question}");
        all.push((question, ended));
    }
    all
}

#[test]
fn ctrl_c_ends_every_question() {
    for (question, ended) in leave_by(CTRL_C) {
        // What comes next starts on a line of its own.
        assert!(ended.shown.ends_with('\n') || question == LIST, "{ended:?}");
    }
}

#[test]
fn the_end_of_the_input_ends_every_question() {
    for (_, ended) in leave_by(CTRL_D) {
        ended.shows("error[interrupted]: ");
    }
}

#[test]
fn escape_and_q_leave_a_list() {
    let place = Place::new();
    for key in [ESCAPE, "q"] {
        for question in [LIST, "Algorithm of the new key"] {
            let mut terminal = generate(&place, &[]).run();
            if question != LIST {
                terminal.answer(LIST, "");
            }
            terminal.wait_for(question).press(key);
            terminal.finish().ends(130).shows("error[interrupted]: ");
        }
    }
    assert!(place.names().is_empty());
}

/// A shell would take over a terminal that shows nothing, and give back one that shows the passphrase.
#[test]
fn a_hidden_question_cannot_be_suspended() {
    let place = Place::new();
    let options = ["--alg", "ES256", "--encrypt", "-o", "out"];
    let mut terminal = generate(&place, &options).run();
    terminal.wait_for(PASSPHRASE);
    assert!(!terminal.echoes());
    // Nor ended without putting the terminal right, nor do such keys become a part of what is typed.
    terminal
        .press(CTRL_Z)
        .press(CTRL_BACKSLASH)
        .press("sesame\r")
        .wait_for("control characters")
        .answer(PASSPHRASE, "sesame")
        .answer("The same passphrase again", "sesame");
    terminal.finish().ends(0).hides("sesame");
}

/// Keys are read one by one there.
#[test]
fn a_list_cannot_be_suspended_either() {
    let place = Place::new();
    let mut terminal = generate(&place, &["--use", "sig"]).run();
    terminal
        .wait_for("Algorithm of the new key")
        .press(CTRL_Z)
        .press("x")
        .press("\u{1b}[5~")
        .answer("Algorithm of the new key", "")
        .answer(LINE, "-");
    terminal.finish().ends(0).shows("--alg ES256");
}

/// A y that was typed too early is no leave to replace a file.
#[test]
fn what_is_typed_before_a_question_does_not_answer_it() {
    let place = Place::with_key();
    let key = place.read("key.json");
    let script = "stty -echo; printf 'ready\\n'; read line; exec \"$@\"";
    let call = ["generate", "--alg", "ES256", "-o", "key.json"];
    let shell = Setting::shell(script, call).folder(place.path(""));
    let mut terminal = shell.run();
    terminal
        .wait_for("ready")
        .press("go\ry\r")
        .answer("Replace it?", "n");
    assert_eq!(terminal.finish().exit, Some(3));
    assert_eq!(place.read("key.json"), key);
}
