//! Where nobody can be asked, or must not be, the error names the option that answers.

use crate::support::Jwks;
use crate::support::place::{AT, Place};
use crate::support::terminal::Setting;

/// Each question with the option that answers it, and a command that would ask it.
const QUESTIONS: [(&str, &[&str]); 5] = [
    ("--alg", &["generate"]),
    ("--passphrase-file", &["sign", "--jwks", "key.jwe"]),
    (
        "--passphrase-fd",
        &["generate", "--alg", "ES256", "--encrypt", "-o", "new.jwe"],
    ),
    (
        "--yes",
        &["rotate", "key.json", "--at", AT, "--revoke", "one"],
    ),
    ("--force", &["generate", "--alg", "ES256", "-o", "key.json"]),
];

/// With a key that is protected by a passphrase in `key.jwe`.
fn place() -> Place {
    let place = Place::with_key();
    place.write("passphrase", "sesame");
    let options = [
        "--encrypt",
        "--passphrase-file",
        "passphrase",
        "-o",
        "key.jwe",
    ];
    let convert = Jwks::new("convert").folder(place.path("")).arg("key.json");
    convert.args(options).run().succeeds();
    place
}

#[test]
fn no_input_forbids_every_question() {
    let place = place();
    for (option, call) in QUESTIONS {
        let words = call.iter().chain(&["--no-input"]);
        let ended = Setting::new(words).folder(place.path("")).run().finish();
        assert!(matches!(ended.exit, Some(2 | 3)), "{ended:?}");
        ended.shows("error[").shows(option);
    }
}

#[test]
fn whoever_does_not_see_the_question_is_not_asked() {
    let place = place();
    for (option, call) in QUESTIONS {
        let shell = Setting::shell("\"$@\" 2>errors", call).folder(place.path(""));
        let ended = shell.run().finish();
        assert!(matches!(ended.exit, Some(2 | 3)), "{ended:?}");
        assert!(place.read("errors").contains(option), "{option}");
    }
}

/// As cron runs it, but for the screen. It is no answer that somebody sits there whom nobody can hear.
#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_to_read_from_nothing_hangs() {
    let place = place();
    for (option, call) in QUESTIONS {
        for input in ["", "</dev/null"] {
            let script = format!("setsid -w \"$@\" {input}");
            let shell = Setting::shell(&script, call).folder(place.path(""));
            let ended = shell.run().finish();
            assert!(matches!(ended.exit, Some(2 | 3)), "{ended:?}");
            ended.shows("error[").shows(option);
        }
    }
}
