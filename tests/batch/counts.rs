//! What the summary counts: reasons, algorithms, and the keys that are still in use.

use serde_json::{Value, json};

use super::batch;
use super::keys::{nameless, one, place, revoked, set, three, two, unknown};
use super::records::{code, read_summary, records, summary_of};
use crate::support::Run;
use crate::support::place::Place;

fn counted(place: &Place, lines: &[String]) -> (Run, Value) {
    let file = place.path("summary.json");
    let call = batch(place).arg("--summary").arg(&file);
    let run = call.stdin(lines.join("\n")).run();
    let summary = read_summary(&file);
    assert_eq!(summary, summary_of(&records(&run.stdout), true));
    (run, summary)
}

#[test]
fn valid_tokens_are_counted_by_algorithm_and_by_key() {
    let mut lines = Vec::new();
    for (key, count) in [(one(), 5), (two(), 1), (three(), 2), (nameless(), 3)] {
        lines.extend((0..count).map(|number| key.token(number)));
    }
    for (key, count) in [(unknown(), 4), (revoked(), 2)] {
        lines.extend((0..count).map(|number| key.token(number)));
    }
    lines.extend([String::new(), "x".to_owned(), "y".to_owned()]);
    lines.push("z\n".to_owned());
    let (run, summary) = counted(&place(), &lines);
    assert_eq!(run.exit, Some(1));
    let expected = json!({
        "schema": "jwks.verify.summary/1", "complete": true,
        "lines": 21, "valid": 11, "invalid": 10,
        "codes": {"unknown-kid": 4, "key-revoked": 2, "token-empty": 1, "token-parts": 3},
        "algorithms": {"HS256": 9, "HS384": 2},
        "keys": {"one": 5, "two": 1, "three": 2, "": 3},
    });
    assert_eq!(summary, expected);
}

#[test]
fn the_counts_are_told_the_most_frequent_reason_first() {
    let lines = ["a", "a", "", "", "", &unknown().token(0), &one().token(0)];
    let (run, _) = counted(&place(), &lines.map(str::to_owned));
    let expected = "summary: 7 lines: 1 valid, 6 invalid\n  \
        token-empty  3\n  token-parts  2\n  unknown-kid  1\n";
    assert_eq!(run.stderr, expected);
}

#[test]
fn a_token_with_several_faults_is_counted_once() {
    let faulty = one().sign(r#"{"exp":1,"nbf":4000000000}"#);
    let (run, summary) = counted(&place(), &[faulty.clone(), faulty]);
    let codes = json!(["expired", "not-yet-valid"]);
    assert_eq!(records(&run.stdout)[0]["codes"], codes);
    assert_eq!(summary["codes"], json!({"expired": 2}));
}

#[test]
fn a_rejected_token_names_the_key_that_it_claims() {
    let place = place();
    let lines = [unknown().token(0), revoked().token(0), one().token(0)];
    let run = batch(&place).stdin(lines.join("\n")).run();
    let records = records(&run.stdout);
    let kids: Vec<&Value> = records.iter().map(|record| &record["kid"]).collect();
    assert_eq!(kids, ["unknown", "revoked", "one"]);
    let codes: Vec<Option<&str>> = records.iter().map(code).collect();
    assert_eq!(codes, [Some("unknown-kid"), Some("key-revoked"), None]);
}

#[test]
fn a_token_that_names_no_key_is_counted_for_the_one_that_verified() {
    let place = place();
    // The secret of "one" and of "two", in tokens that do not say so.
    let by_one = super::keys::Key::new("HS256", None, 1).token(0);
    let by_two = super::keys::Key::new("HS256", None, 2).token(0);
    let lines = [by_one, by_two.clone(), by_two, nameless().token(0)];
    let (run, summary) = counted(&place, &lines);
    assert_eq!(run.exit, Some(0));
    assert_eq!(summary["keys"], json!({"one": 1, "two": 2, "": 1}));
    let records = records(&run.stdout);
    assert_eq!(records[0]["kid"], "one");
    assert_eq!(records[1]["kid"], "two");
    assert_eq!(records[3].get("kid"), None);
}

#[test]
fn a_key_named_with_nothing_is_counted_with_those_without_a_name() {
    let place = Place::new();
    let empty = super::keys::Key::new("HS256", Some(""), 7);
    let lines = [empty.token(0), nameless().token(0)];
    place.write("keys.json", set(&[empty, nameless()]));
    let (_, summary) = counted(&place, &lines);
    assert_eq!(summary["keys"], json!({"": 2}));
}

#[test]
fn a_set_without_keys_rejects_every_token() {
    let place = Place::new();
    place.write("keys.json", r#"{"keys":[]}"#);
    let (run, summary) = counted(&place, &[one().token(0), one().token(1)]);
    assert_eq!(run.exit, Some(1));
    assert_eq!(summary["codes"], json!({"no-matching-key": 2}));
    assert_eq!(summary["keys"], json!({}));
}

#[test]
fn a_key_alone_is_a_set_of_one() {
    let place = Place::new();
    place.write("keys.json", one().members.to_string());
    let (run, summary) = counted(&place, &[one().token(0)]);
    assert_eq!(run.exit, Some(0));
    assert_eq!(summary["keys"], json!({"one": 1}));
}
