//! `--ignore`.

use super::fixtures::{BAD_CODES, BAD_SET, codes, inspect, inspect_json, report};

#[test]
fn findings_are_left_out_by_rule_or_by_rule_and_kid() {
    let all = BAD_CODES;
    for (ignored, left) in [
        (vec![], &all[..]),
        (vec!["ec-coord-length"], &all[2..]),
        (vec!["ec-coord-length=2026-a"], &all[2..]),
        (vec!["ec-coord-length=2026-b"], &all[..]),
        (
            vec!["no-standby=it's", "kid-injection-chars=it's"],
            &all[..3],
        ),
        (vec!["kid-injection-chars"], &all[..4]),
    ] {
        let options = ignored.iter().flat_map(|rule| ["--ignore", rule]);
        let run = inspect_json().arg("-").args(options).stdin(BAD_SET).run();
        run.succeeds();
        assert_eq!(codes(&report(&run)), left, "{ignored:?}");
        let count = all.len() - left.len();
        let told = format!("--ignore leaves out {count} finding");
        assert_eq!(run.stderr.contains(&told), count > 0, "{}", run.stderr);
    }
}

#[test]
fn what_is_left_out_does_not_make_it_fail() {
    let ignore = ["--ignore", "ec-coord-length", "--fail-on", "error"];
    let run = inspect().arg("-").args(ignore).stdin(BAD_SET).run();
    run.succeeds();
}

#[test]
fn a_rule_that_does_not_exist_is_refused_with_the_near_one() {
    let run = inspect().args(["-", "--ignore", "kid-dupplicate"]).run();
    run.yields_nothing(2);
    assert!(
        run.stderr.contains("did you mean kid-duplicate?"),
        "{}",
        run.stderr
    );
    let run = inspect().args(["-", "--ignore", "everything"]).run();
    run.yields_nothing(2);
    assert!(run.stderr.contains("--rules lists them"), "{}", run.stderr);
}
