//! On a terminal, which `script` plays: no foreign text steers it, and no colour where none is wanted.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::characters::{STEERING, steering};
use crate::place::{AT, Place};
use crate::support::Jwks;

/// What a terminal is sent by a command line; none where there is no `script` to play one.
fn on_terminal(command_line: &str) -> Option<String> {
    let output = Command::new("script")
        .args(["-qec", command_line, "/dev/null"])
        .env("NO_COLOR", "1")
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

fn call(arguments: &str) -> String {
    format!("'{}' {arguments}", env!("CARGO_BIN_EXE_jwks"))
}

/// A token whose claims hold the text, verified with the key in `file`.
fn token(file: &Path) -> String {
    let signed = Jwks::new("sign")
        .args(["--at", AT, "--jwks"])
        .arg(file)
        .arg(format!("--claim=a={STEERING}"))
        .run();
    signed.succeeds().text().trim_end().to_owned()
}

#[test]
fn verified_claims_are_shown_on_a_terminal_without_steering_it() {
    let place = Place::with_key();
    let file = place.path("key.json");
    let arguments = format!(
        "verify {} --at {AT} --jwks '{}'",
        token(&file),
        file.display()
    );
    let Some(shown) = on_terminal(&call(&arguments)) else {
        return;
    };
    // A terminal is sent a carriage return with each line break.
    let shown = shown.replace("\r\n", "\n");
    assert!(
        shown.contains("valid:") && shown.contains("\\u202e"),
        "{shown:?}"
    );
    assert_eq!(steering(&shown), None, "{shown:?}");
}

#[test]
fn reports_in_json_on_a_terminal_do_not_steer_it() {
    let place = Place::with_key();
    let file = place.path("key.json");
    let token = token(&file);
    for arguments in [
        format!("inspect {token} --format json"),
        format!(
            "verify {token} --at {AT} --jwks '{}' --format json",
            file.display()
        ),
    ] {
        let Some(shown) = on_terminal(&call(&arguments)) else {
            return;
        };
        let shown = shown.replace("\r\n", "\n");
        assert!(shown.contains("schema"), "{shown:?}");
        assert_eq!(steering(&shown), None, "{shown:?}");
    }
}

#[test]
fn content_that_is_no_text_is_not_poured_into_a_terminal() {
    let place = Place::with_key();
    let file = place.path("key.json");
    let arguments = format!(
        "verify {} --at {AT} --signature-only --jwks '{}'",
        token(&file),
        file.display()
    );
    let Some(shown) = on_terminal(&call(&arguments)) else {
        return;
    };
    assert_eq!(steering(&shown.replace("\r\n", "\n")), None, "{shown:?}");
}
