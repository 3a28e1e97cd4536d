//! Passphrases are typed unseen, and new ones twice.

use super::generate;
use crate::support::Jwks;
use crate::support::place::Place;
use crate::support::terminal::Setting;

const GOOD: &str = "vivid kettle marsh trombone oak";
const AGAIN: &str = "The same passphrase again";
const PROTECTED: [&str; 5] = ["--alg", "ES256", "--encrypt", "-o", "key.jwe"];
const NEW: &str = "New passphrase of \"key.jwe\"";
const DIFFERENT: &str = "the two passphrases are not the same";

fn opens(place: &Place, passphrase: &str) {
    place.write("passphrase", passphrase);
    let sign = Jwks::new("sign").folder(place.path(""));
    sign.args(["--jwks", "key.jwe", "--passphrase-file", "passphrase"])
        .run()
        .succeeds();
}

#[test]
fn nothing_is_said_against_a_good_one() {
    let place = Place::new();
    let mut terminal = generate(&place, &PROTECTED).run();
    terminal.wait_for(NEW);
    assert!(!terminal.echoes());
    terminal.press(GOOD).press("\r").wait_for(AGAIN);
    assert!(!terminal.echoes());
    terminal.press(GOOD).press("\r");
    let ended = terminal.finish();
    ended.ends(0).hides(GOOD).hides("better").hides("kettle");
    opens(&place, GOOD);
}

#[test]
fn advice_stops_nobody() {
    let place = Place::new();
    let mut terminal = generate(&place, &PROTECTED).run();
    terminal
        .answer(NEW, "sesame")
        .wait_for("a passphrase of 6 characters")
        .answer(AGAIN, "sesame");
    terminal.finish().ends(0).hides("sesame");
    opens(&place, "sesame");
}

#[test]
fn what_is_mistyped_or_empty_is_asked_for_again() {
    let place = Place::new();
    let mut terminal = generate(&place, &PROTECTED).run();
    terminal
        .answer(NEW, GOOD)
        .answer(AGAIN, "vivid kettle")
        .wait_for(DIFFERENT)
        .answer(NEW, "")
        .wait_for("protects nothing")
        .answer(NEW, GOOD)
        .answer(AGAIN, GOOD);
    terminal.finish().ends(0);
    opens(&place, GOOD);
}

#[test]
fn three_tries_are_enough() {
    let place = Place::with_key();
    let names = place.names();
    let convert = ["convert", "--encrypt", "key.json", "-o", "key.jwe"];
    for setting in [
        generate(&place, &PROTECTED),
        Setting::new(convert).folder(place.path("")),
    ] {
        let mut terminal = setting.run();
        for _ in 0..3 {
            terminal
                .answer(NEW, GOOD)
                .answer(AGAIN, "vivid")
                .wait_for(DIFFERENT);
        }
        let ended = terminal.finish();
        ended.ends(2).shows("--passphrase-file").hides("vivid");
        assert_eq!(place.names(), names);
    }
}

/// Any bytes are a passphrase in a file; so they are on a terminal.
#[test]
fn a_passphrase_is_what_was_typed_to_the_byte() {
    let place = Place::new();
    let odd = "  p\u{e4}ss \u{1f511} phrase with room ";
    let mut terminal = generate(&place, &PROTECTED).run();
    terminal.answer(NEW, odd).answer(AGAIN, odd);
    terminal.finish().ends(0);
    opens(&place, odd);
}

#[test]
fn the_question_says_what_it_is_for() {
    let place = Place::new();
    let mut terminal = generate(&place, &["--alg", "ES256", "--encrypt"]).run();
    terminal
        .answer("New passphrase of what is printed", GOOD)
        .answer(AGAIN, GOOD);
    terminal.finish().ends(0);
}

/// A shell would show what is left, run it, and keep it in its history.
#[test]
fn what_is_pasted_behind_a_passphrase_is_left_to_nobody() {
    let place = Place::new();
    let mut terminal = generate(&place, &PROTECTED).run();
    terminal.answer(NEW, GOOD).answer(AGAIN, GOOD);
    terminal.finish().ends(0);
    let script = "\"$@\" >public.json; echo ready; read -r line; echo \"left: $line.\"";
    let convert = ["convert", "key.jwe", "--public"];
    let setting = Setting::shell(script, convert).folder(place.path(""));
    let mut terminal = setting.run();
    terminal.wait_for("Passphrase of \"key.jwe\"");
    terminal.press(&format!("{GOOD}\rsesame\r"));
    terminal.wait_for("ready").press("nothing\r");
    let ended = terminal.finish();
    ended.ends(0).shows("left: nothing.").hides("sesame");
}
