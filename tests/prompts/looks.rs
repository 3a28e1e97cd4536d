//! What a question looks like: on a narrow terminal, in an old locale, without colours, on a dumb terminal.

use super::generate;
use crate::support::place::Place;
use crate::support::terminal::{CTRL_C, CTRL_D, END, ESCAPE, Setting};

const ALGORITHM: &str = "Algorithm of the new key";

/// What is left of a screen without its colours and the movements of its cursor.
fn plain(shown: &str) -> String {
    let mut plain = String::new();
    let mut characters = shown.chars();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            plain.push(character);
            continue;
        }
        // A sequence ends with its first letter.
        let _ = characters.find(char::is_ascii_alphabetic);
    }
    plain
}

/// What a list of algorithms looks like when it is left at once.
fn list(setting: Setting) -> String {
    let mut terminal = setting.run();
    terminal.wait_for("Ed25519").press(ESCAPE);
    terminal.finish().ends(130).shown.clone()
}

#[test]
fn no_row_of_a_list_wraps() {
    let place = Place::new();
    for (columns, key_use) in [(80, "sig"), (80, "enc"), (40, "sig"), (12, "enc")] {
        let setting = generate(&place, &["--use", key_use]).size(30, columns);
        let mut terminal = setting.run();
        terminal.wait_for("256").press(END).press(ESCAPE);
        let shown = terminal.finish().ends(130).shown.clone();
        let rows = plain(&shown);
        let rows: Vec<&str> = rows
            .lines()
            .take_while(|row| !row.contains("error"))
            .collect();
        let longest = rows.iter().map(|row| row.trim().chars().count()).max();
        assert!(longest < Some(columns.into()), "{columns}: {rows:?}");
    }
}

#[test]
fn a_list_that_is_longer_than_the_terminal_says_where_one_is() {
    let place = Place::new();
    let mut terminal = generate(&place, &["--use", "sig"]).size(8, 80).run();
    terminal.wait_for("(1 of 18)").press(END);
    terminal
        .wait_for("(18 of 18)")
        .wait_for("HS512")
        .press("\r");
    terminal.wait_for("HS512").press(CTRL_C);
    terminal.finish().ends(130);
}

#[test]
fn marks_and_colours_are_for_who_sees_them() {
    let place = Place::new();
    let setting = || generate(&place, &["--use", "sig"]);
    let shown = list(setting());
    assert!(
        shown.contains('\u{276f}') && shown.contains("\u{1b}[3"),
        "{shown:?}"
    );
    let shown = list(setting().env("LANG", "C"));
    assert!(shown.is_ascii() && shown.contains("\u{1b}[3"), "{shown:?}");
    let shown = list(setting().env("NO_COLOR", "1"));
    assert!(shown.is_ascii() && !shown.contains("\u{1b}[3"), "{shown:?}");
    assert!(!shown.contains("\u{1b}[1m"), "{shown:?}");
}

#[test]
fn a_dumb_terminal_is_shown_lines_and_asked_for_a_name_or_a_number() {
    let place = Place::new();
    for (answer, algorithm) in [("", "ES256"), ("2", "Ed25519"), ("rs256", "RS256")] {
        let setting = generate(&place, &[]).env("TERM", "dumb");
        let mut terminal = setting.run();
        terminal
            .wait_for("1  sign")
            .answer("Name or number", "sign")
            .wait_for(ALGORITHM)
            .wait_for(" 1  ES256 ")
            .wait_for("18  HS512 ")
            .answer("Name or number", "0")
            .wait_for("none of these 18")
            .answer("Name or number", answer)
            .answer("File to write the private key to", "-");
        let ended = terminal.finish();
        ended.ends(0).shows(&format!("--alg {algorithm}`\r\n"));
        assert!(!ended.shown.contains('\u{1b}'), "{:?}", ended.shown);
    }
    let mut terminal = generate(&place, &[]).env("TERM", "dumb").run();
    terminal.wait_for("Name or number").press(CTRL_D);
    terminal.finish().ends(130).shows("error[interrupted]: ");
}
