//! Keys come from a pipe, and the passphrase from the terminal.

use crate::support::Jwks;
use crate::support::place::Place;
use crate::support::terminal::{CTRL_C, Setting};

const PASSPHRASE: &str = "vivid kettle marsh trombone oak";

/// With a protected key in `key.jwe` and in `key.pem`.
fn place() -> Place {
    let place = Place::with_key();
    place.write("passphrase", PASSPHRASE);
    for (form, output) in [("jwk", "key.jwe"), ("pem", "key.pem")] {
        let convert = Jwks::new("convert").folder(place.path("")).arg("key.json");
        convert
            .args(["--encrypt", "--passphrase-file", "passphrase"])
            .args(["--to", form, "-o", output])
            .run()
            .succeeds();
    }
    place
}

#[test]
fn keys_from_a_pipe_are_opened_by_the_terminal() {
    let place = place();
    for (file, call) in [
        ("key.jwe", &["sign", "--jwks", "-"][..]),
        ("key.pem", &["convert", "-"]),
        ("key.jwe", &["convert", "--to", "pem", "-"]),
    ] {
        let setting = Setting::new(call).input(place.read(file)).pipe_output();
        let mut terminal = setting.run();
        terminal.wait_for("Passphrase of");
        assert!(!terminal.echoes());
        terminal.press(PASSPHRASE).press("\r");
        let ended = terminal.finish();
        ended.ends(0).hides(PASSPHRASE);
        assert!(!ended.output.is_empty(), "{call:?}");
    }
}

#[test]
fn ctrl_c_restores_the_terminal_that_is_no_input() {
    let place = place();
    let setting = Setting::new(["sign", "--jwks", "-"]).input(place.read("key.jwe"));
    let mut terminal = setting.pipe_output().run();
    terminal.wait_for("Passphrase of").press(CTRL_C);
    let ended = terminal.finish();
    ended.ends(130);
    assert!(ended.output.is_empty());
}

#[test]
fn a_list_is_answered_beside_a_pipe() {
    let mut terminal = Setting::new(["generate"]).input("").pipe_output().run();
    terminal
        .answer("What the new key is for", "")
        .answer("Algorithm of the new key", "");
    let ended = terminal.finish();
    ended.ends(0);
    assert!(ended.output.starts_with(b"{"));
}

/// Tokens come from a pipe there: nobody is told to type them.
#[test]
fn a_batch_from_a_pipe_is_no_conversation() {
    let place = Place::with_key();
    let call = ["verify", "--batch", "--jwks", "public.json", "--exit-zero"];
    let setting = Setting::new(call).folder(place.path("")).input("x\n");
    let ended = setting.pipe_output().run().finish();
    ended.ends(0).hides("from the terminal");
}
