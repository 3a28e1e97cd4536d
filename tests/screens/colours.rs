//! `--color`, then NO_COLOR, then CLICOLOR_FORCE, then whether that stream is a terminal that is not dumb.

use crate::support::place::{AT, Place};
use crate::support::terminal::{Ended, Setting};

const VERIFY: [&str; 6] = ["verify", "token", "--jwks", "public.json", "--at", AT];
const INSPECT: [&str; 2] = ["inspect", "public.json"];

/// Options, variables, and whether colour is shown.
type Case<'c> = (&'c [&'c str], &'c [(&'c str, &'c str)], bool);

fn run(place: &Place, arguments: &[&str], variables: &[(&str, &str)], is_piped: bool) -> Ended {
    let mut setting = Setting::new(arguments).folder(place.path(""));
    for (name, value) in variables {
        setting = setting.env(name, value);
    }
    if is_piped {
        setting = setting.pipe_output();
    }
    setting.run().finish()
}

fn is_coloured(text: &str) -> bool {
    text.contains("\u{1b}[")
}

#[test]
fn what_is_said_first_about_colour_counts() {
    let place = Place::with_key();
    let cases: &[Case<'_>] = &[
        (&[], &[], true),
        (&[], &[("TERM", "dumb")], false),
        (&[], &[("NO_COLOR", "1")], false),
        (&[], &[("NO_COLOR", "")], true),
        (&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
        (&[], &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
        (&[], &[("TERM", "dumb"), ("CLICOLOR_FORCE", "0")], false),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (
            &["--color", "always"],
            &[("NO_COLOR", "1"), ("TERM", "dumb")],
            true,
        ),
    ];
    for (options, variables, expected) in cases {
        let arguments = [&INSPECT[..], options].concat();
        let shown = run(&place, &arguments, variables, false).shown;
        assert_eq!(
            is_coloured(&shown),
            *expected,
            "{options:?} {variables:?}\n{shown}"
        );
    }
}

#[test]
fn each_stream_is_looked_at_by_itself() {
    let place = Place::with_key();
    let ended = run(&place, &INSPECT, &[], true);
    let output = String::from_utf8(ended.output).expect("text");
    assert!(!is_coloured(&output), "{output}");
    // The verdict is said on standard error, which is a terminal; the claims are for a program.
    let ended = run(&place, &VERIFY, &[], true);
    assert!(is_coloured(&ended.shown), "{}", ended.shown);
    let claims = String::from_utf8(ended.output).expect("text");
    assert!(!is_coloured(&claims), "{claims}");
    let ended = run(&place, &VERIFY, &[("CLICOLOR_FORCE", "1")], true);
    let claims = String::from_utf8(ended.output).expect("text");
    assert!(!is_coloured(&claims), "claims are data: {claims}");
}
