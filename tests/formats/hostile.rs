//! Names and documents that are made to break out of a form.

use serde_json::json;

use super::github::commands;
use super::{gitlab, inspect, junit, sarif};
use crate::support::place::Place;

/// What ends or begins something in one of the forms, or has no place in it at all.
const BREAKING: &str = "%0A::error::x,a=b:\n::warning::y\r\n]]>&amp;<b a=\"'\">{0}{{1}} \
    [a](https://evil.example)\u{0}\u{1b}[31m\u{85}\u{2028}\u{202e}\u{fffe}\u{ffff}\u{10ffff}\\\"ä";

/// As much of it as a name of a file can hold.
const NAME: &str = "%0A::error::x,a=b:]]>&amp;<b a=\"'\">{0}[a](x)\u{fffe}\u{ffff}\\ä.json";

/// A name that no terminal should see.
const STEERING_NAME: &str = "a\n::error::x\r\u{1b}[31m\u{202e}.json";

fn document() -> String {
    json!({"keys": [
        {"kty": BREAKING, "kid": BREAKING},
        {"kty": "oct", "k": "AQAB", "kid": BREAKING, "alg": BREAKING, "use": BREAKING, "key_ops": [BREAKING]},
        {"kty": "EC", "crv": BREAKING, BREAKING: BREAKING, "Kid": BREAKING},
    ]})
    .to_string()
}

/// A text is as harmless on a terminal as in XML.
#[track_caller]
fn is_harmless(text: &str) {
    let harmful = text.chars().find(|&character| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{2028}' | '\u{202e}')
    });
    assert_eq!(harmful, None, "{text:?}");
}

fn hold(place: &Place, name: &str) {
    let folder = place.path("");
    let count = super::told(&folder, &[name]).len();
    assert!(count > 5, "{count}");
    let run = |format| {
        let run = inspect(&folder, format, &[name, "no\nsuch\u{ffff}file"]);
        assert_eq!(run.exit, Some(3), "{}", run.stderr);
        is_harmless(run.text());
        run
    };

    let log = sarif::only_run(&run("sarif"));
    assert_eq!(sarif::results(&log).len(), count);
    for result in sarif::results(&log) {
        let message = result["message"]["text"].as_str().expect("a text");
        let bare = message.replace("{{", "").replace("}}", "");
        assert!(!bare.contains(['{', '}']), "a placeholder in {message}");
        assert!(
            !message.replace("\\]", "").contains("]("),
            "a link in {message}"
        );
        let uri = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = uri.as_str().expect("a URI");
        assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");
    }

    let suites = junit::suites(&run("junit"));
    assert_eq!(suites.suites.len(), 2);
    let commands = commands(&run("github"));
    assert_eq!(commands.len(), count + 1);
    let names = ["title", "file", "line", "endLine", "col", "endColumn"];
    for command in &commands {
        assert!(["error", "warning", "notice"].contains(&&*command.name));
        let keys = command.properties.keys();
        assert!(keys.map(String::as_str).all(|key| names.contains(&key)));
    }
    assert_eq!(gitlab::issues(&run("gitlab")).len(), count + 1);
}

#[test]
fn a_document_breaks_out_of_no_form() {
    let place = Place::new();
    place.write("jwks.json", document());
    hold(&place, "jwks.json");
}

#[cfg(unix)]
#[test]
fn a_name_breaks_out_of_no_form() {
    let place = Place::new();
    place.write(NAME, document());
    hold(&place, NAME);
    let annotations = commands(&inspect(&place.path(""), "github", &[NAME]));
    assert_eq!(annotations[0].properties["file"], NAME);
    place.write(STEERING_NAME, document());
    hold(&place, STEERING_NAME);
    let annotations = commands(&inspect(&place.path(""), "github", &[STEERING_NAME]));
    assert!(!annotations[0].properties.contains_key("file"));
    assert!(annotations[0].message.starts_with("a\\u{a}::error::x"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_need_not_be_unicode() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let place = Place::new();
    let name = OsStr::from_bytes(b"a\xff\xfe.json");
    std::fs::write(place.path(name), document()).expect("the file is written");
    for format in ["sarif", "junit", "github", "gitlab"] {
        let run = crate::support::Jwks::new("inspect")
            .folder(place.path(""))
            .args(["--format", format])
            .arg(name)
            .run();
        is_harmless(run.succeeds().text());
        assert!(!run.text().is_empty());
    }
}
