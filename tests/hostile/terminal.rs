//! On a terminal: no foreign text steers it, and no colour where none is wanted.

use std::path::Path;

use super::characters::{STEERING, steering};
use crate::support::Jwks;
use crate::support::place::{AT, Place};
use crate::support::terminal::Setting;

/// What a terminal is sent by the binary with these arguments.
fn on_terminal(place: &Place, arguments: &[&str]) -> String {
    let setting = Setting::new(arguments).folder(place.path(""));
    let ended = setting.env("NO_COLOR", "1").run().finish();
    // A terminal is sent a carriage return with each line break.
    ended.shown.replace("\r\n", "\n")
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
    let token = token(&place.path("key.json"));
    let call = ["verify", &token, "--at", AT, "--jwks", "key.json"];
    let shown = on_terminal(&place, &call);
    assert!(
        shown.contains("valid:") && shown.contains("\\u202e"),
        "{shown:?}"
    );
    assert_eq!(steering(&shown), None, "{shown:?}");
}

#[test]
fn reports_in_json_on_a_terminal_do_not_steer_it() {
    let place = Place::with_key();
    let token = token(&place.path("key.json"));
    for call in [
        &["inspect", &token, "--format", "json"][..],
        &[
            "verify", &token, "--at", AT, "--jwks", "key.json", "--format", "json",
        ],
    ] {
        let shown = on_terminal(&place, call);
        assert!(shown.contains("schema"), "{shown:?}");
        assert_eq!(steering(&shown), None, "{shown:?}");
    }
}

#[test]
fn content_that_is_no_text_is_not_poured_into_a_terminal() {
    let place = Place::with_key();
    let token = token(&place.path("key.json"));
    let call = ["verify", &token, "--at", AT, "--signature-only"];
    let call = [&call[..], &["--jwks", "key.json"]].concat();
    assert_eq!(steering(&on_terminal(&place, &call)), None);
}
