//! Exit codes, and that nothing is printed when there is nothing to check or to check with.

use super::batch;
use super::keys::{place, valid};
use crate::support::place::{AT, Place};
use crate::support::{Jwks, Run};

fn verify(arguments: &[&str]) -> Run {
    Jwks::new("verify").args(arguments).stdin(valid()).run()
}

#[test]
fn the_exit_code_tells_whether_every_token_is_valid() {
    let place = place();
    let good = format!("{0}\n{0}\n", valid());
    for (input, expected) in [
        (String::new(), 0),
        (good.clone(), 0),
        (format!("{good}\n"), 1),
        (format!("x\n{good}"), 1),
        (format!("{good}x"), 1),
    ] {
        let run = batch(&place).stdin(&*input).run();
        assert_eq!(run.exit, Some(expected), "{input:?}: {}", run.stderr);
        let lenient = batch(&place).arg("--exit-zero").stdin(&*input).run();
        assert_eq!(lenient.exit, Some(0), "{input:?}: {}", lenient.stderr);
        assert_eq!(lenient.stdout, run.stdout, "{input:?}");
        assert_eq!(lenient.stderr, run.stderr, "{input:?}");
    }
}

#[test]
fn options_that_make_no_sense_together_are_wrong_usage() {
    let place = place();
    let keys = place.path("keys.json").display().to_string();
    let with_keys: [&[&str]; 22] = [
        &["--batch", "--detached", "x"],
        &["--batch", "--explain"],
        &["--batch", "--format", "json"],
        &["--batch", "--format", "text"],
        &["--batch", "--jobs", "0"],
        &["--batch", "--jobs", "-1"],
        &["--batch", "--jobs", "x"],
        &["--batch", "--jobs", "18446744073709551616"],
        &["--batch", "--jobs", "1025"],
        &["--batch", "--jobs", "18446744073709551615"],
        &["--batch", "--claims", "--signature-only"],
        &["--batch", "--summary", "-"],
        &["--batch", "--at", "nonsense"],
        &["--batch", "--token-limit", "x"],
        &["--batch", "one", "two"],
        &["--batch", "--batch"],
        &["-", "--exit-zero"],
        &["-", "--claims"],
        &["-", "--id-field"],
        &["-", "--summary", "x"],
        &["-", "--jobs", "2"],
        &[],
    ];
    for arguments in with_keys {
        verify(&[arguments, &["--jwks", &keys]].concat()).yields_nothing(2);
    }
    let without_keys: [&[&str]; 12] = [
        &["--batch"],
        &["--batch", "--jwks"],
        &["--exit-zero"],
        &["--merge-summaries"],
        &["-", "--merge-summaries", "x"],
        &["--batch", "--merge-summaries", "x"],
        &["--merge-summaries", "-"],
        &["--iss", "a", "--merge-summaries", "x"],
        &["--claims", "--merge-summaries", "x"],
        &["--summary", "y", "--merge-summaries", "x"],
        &["--format", "json", "--merge-summaries", "x"],
        &["--at", AT, "--merge-summaries", "x"],
    ];
    for arguments in without_keys {
        verify(arguments).yields_nothing(2);
    }
    verify(&["--merge-summaries", "x", "--jwks", &keys]).yields_nothing(2);
}

#[test]
fn tokens_and_keys_cannot_both_be_standard_input() {
    verify(&["--batch", "--jwks", "-"]).fails(2, "usage");
    verify(&["--batch", "-", "--jwks", "-"]).fails(2, "usage");
}

#[test]
fn keys_may_come_from_standard_input_when_tokens_do_not() {
    let place = place();
    let tokens = place.write("tokens", valid());
    let run = Place::jwks("verify")
        .arg("--batch")
        .arg(tokens)
        .args(["--jwks", "-"])
        .stdin(place.read("keys.json"))
        .run();
    assert_eq!(run.succeeds().text().lines().count(), 1);
}

#[test]
fn an_input_that_cannot_be_read_is_an_error_whatever_the_exit_code_is_to_be() {
    let place = place();
    for options in [&[][..], &["--exit-zero"], &["--id-field"]] {
        let read = |name: &str| batch(&place).arg(place.path(name)).args(options).run();
        read("missing").fails(3, "file-not-found");
        read("").fails(3, "is-a-directory");
        read("keys.json/inside").fails(3, "file-unreadable");
    }
}

#[test]
fn a_token_itself_is_no_input_of_a_batch() {
    let place = place();
    batch(&place).arg(valid()).run().fails(2, "usage");
    // Unless a file is meant.
    place.write("a.b.c", format!("{}\n", valid()));
    batch(&place).arg(place.path("a.b.c")).run().succeeds();
}

#[cfg(target_os = "linux")]
#[test]
fn a_standard_input_that_cannot_be_read_is_told() {
    let place = place();
    let run = crate::support::place::Shell::new("exec \"$@\" </")
        .args(["verify", "--batch", "--at", AT, "--jwks"])
        .arg(place.path("keys.json"))
        .run();
    run.fails(3, "file-unreadable");
    assert!(
        run.stderr.contains("summary so far: 0 lines"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_closed_standard_input_is_an_empty_one() {
    let place = place();
    let run = crate::support::place::Shell::new("exec \"$@\" <&-")
        .args(["verify", "--batch", "--at", AT, "--jwks"])
        .arg(place.path("keys.json"))
        .run();
    run.yields_nothing(0);
}

#[test]
fn keys_that_cannot_be_read_are_an_error_before_any_record() {
    let place = place();
    place.write("token", valid());
    place.write("broken", "{\"keys\":");
    place.write("other", "{}");
    for (keys, code) in [
        ("missing", "file-not-found"),
        ("", "is-a-directory"),
        ("token", "not-a-jwks"),
        ("broken", "not-a-jwks"),
        ("other", "not-a-jwks"),
    ] {
        let run = Place::jwks("verify")
            .args(["--batch", "--exit-zero", "--jwks"])
            .arg(place.path(keys))
            .stdin(valid())
            .run();
        run.fails(3, code);
    }
}

#[test]
fn any_number_of_threads_that_is_allowed_does_the_work() {
    let place = place();
    let run = |jobs: &str| {
        let call = batch(&place).args(["--jobs", jobs]);
        call.stdin(format!("{}\n\n", valid())).run()
    };
    let expected = run("1");
    for jobs in ["2", "64", "1024"] {
        let run = run(jobs);
        assert_eq!(crate::support::place::exit_of(&run), 1, "--jobs {jobs}");
        assert_eq!(run.stdout, expected.stdout, "--jobs {jobs}");
    }
}
