//! How `inspect` ends.

use std::fs;

use super::fixtures::{BAD_SET, GOOD_SET, inspect, inspect_json, report};
use crate::support::scratch;

#[test]
fn findings_at_the_threshold_and_nothing_less_make_it_fail() {
    // The worst finding of each document, and from which threshold on it counts.
    let info = GOOD_SET.replacen(r#""alg": "ES256", "#, "", 1);
    let warning = GOOD_SET.replacen("2026-a", "it's", 1);
    for (document, worst) in [(GOOD_SET, 0), (&info, 1), (&warning, 2), (BAD_SET, 3)] {
        for (threshold, level) in [("never", 4), ("error", 3), ("warning", 2), ("info", 1)] {
            let run = inspect()
                .args(["-", "--fail-on", threshold])
                .stdin(document)
                .run();
            let expected = i32::from(worst >= level);
            assert_eq!(run.exit, Some(expected), "{threshold}: {run:?}");
        }
    }
}

#[test]
fn what_is_no_set_is_not_what_was_expected_and_fails_at_the_threshold() {
    for document in [
        "",
        "hello",
        "{}",
        "[1]",
        "{\"keys\":{}}",
        "<html>",
        "-----BEGIN X-----\n",
    ] {
        let run = inspect().arg("-").stdin(document).run();
        assert_eq!(run.exit, Some(3), "{document}: {run:?}");
        let run = inspect()
            .args(["-", "--fail-on", "error"])
            .stdin(document)
            .run();
        assert_eq!(run.exit, Some(1), "{document}: {run:?}");
    }
}

#[test]
fn a_source_that_cannot_be_read_does_not_hide_the_others() {
    let place = scratch();
    let (good, gone) = (place.path().join("good"), place.path().join("gone"));
    fs::write(&good, BAD_SET).expect("a file");
    let run = inspect_json()
        .arg(&gone)
        .arg(&good)
        .args(["--fail-on", "error"])
        .run();
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(run.has_code("file-not-found"));
    let report = report(&run);
    assert_eq!(report["errors"][0]["code"], "file-not-found");
    assert_eq!(report["sources"].as_array().map(Vec::len), Some(1));
    let run = inspect().arg(&gone).run();
    run.fails(3, "file-not-found");
}

#[test]
fn every_source_that_cannot_be_read_is_told() {
    let place = scratch();
    let (one, other) = (place.path().join("one"), place.path().join("other"));
    let run = inspect_json().arg(&one).arg(&other).run();
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(
        run.stderr.contains("one") && run.stderr.contains("other"),
        "{run:?}"
    );
    assert_eq!(report(&run)["errors"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_malformed_token_does_not_hide_the_others() {
    let place = scratch();
    let (set, token) = (place.path().join("set"), place.path().join("token"));
    fs::write(&set, BAD_SET).expect("a file");
    fs::write(&token, "eyJhbGciOiJub25lIn0.e30.!!").expect("a file");
    let run = inspect_json().arg(&token).arg(&set).run();
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(run.has_code("token-character"), "{run:?}");
    assert_eq!(report(&run)["keys"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_source_is_asked_for_unless_the_rules_are() {
    inspect().run().yields_nothing(2);
    inspect().args(["--rules", "x"]).run().yields_nothing(2);
    let run = inspect().args(["-", "-"]).run();
    run.yields_nothing(2);
}
