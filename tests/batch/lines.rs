//! One record for each line, in the order of the lines, whatever they hold.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value;

use super::batch;
use super::keys::{broken, place, valid};
use super::records::{code, hash, read_summary, records, summary_of, texts};
use crate::support::place::Place;

/// The lines of an input without their ends: a line break ends one, and a carriage return before it
/// belongs to it.
fn lines(input: &[u8]) -> Vec<&[u8]> {
    input
        .split_inclusive(|&byte| byte == b'\n')
        .map(|line| match line.strip_suffix(b"\n") {
            Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
            None => line,
        })
        .collect()
}

/// The records of an input, each of which has the hash of its line.
#[track_caller]
fn answered(place: &Place, input: &[u8]) -> Vec<Value> {
    let run = batch(place).stdin(input).run();
    let records = records(&run.stdout);
    let lines = lines(input);
    assert_eq!(records.len(), lines.len(), "{}", run.stderr);
    for (record, line) in records.iter().zip(lines) {
        assert_eq!(record["sha256"], hash(line), "{record}");
    }
    let is_all_valid = records.iter().all(|record| record["valid"] == true);
    assert_eq!(
        run.exit,
        Some(i32::from(!is_all_valid)),
        "the exit code agrees with the records: {}",
        run.stderr
    );
    records
}

#[test]
fn each_kind_of_line_has_its_record_in_its_place() {
    let place = place();
    let valid = valid();
    let mut input = Vec::new();
    let mut expected = Vec::new();
    for (line, code) in broken() {
        for end in [&b"\n"[..], b"\r\n"] {
            input.extend([&line, end, valid.as_bytes(), end].concat());
            expected.extend([Some(code), None]);
        }
    }
    let records = answered(&place, &input);
    let found: Vec<Option<&str>> = records.iter().map(code).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_record_is_spelled_like_this() {
    let place = place();
    let input = format!("{}\n\nx.y\n", valid());
    let run = batch(&place).stdin(input).run();
    let expected = [
        format!(
            r#"{{"schema":"jwks.verify.record/1","line":1,"sha256":"{}","valid":true,"alg":"HS256","kid":"one"}}"#,
            hash(valid().as_bytes())
        ),
        format!(
            r#"{{"schema":"jwks.verify.record/1","line":2,"sha256":"{}","valid":false,"code":"token-empty","codes":["token-empty"]}}"#,
            hash(b"")
        ),
        format!(
            r#"{{"schema":"jwks.verify.record/1","line":3,"sha256":"{}","valid":false,"code":"token-parts","codes":["token-parts"]}}"#,
            hash(b"x.y")
        ),
    ];
    assert_eq!(texts(&run.stdout), expected);
}

#[test]
fn the_last_line_needs_no_end() {
    let place = place();
    for line in [valid().as_bytes(), b"x", b"\0", b"\xff", b" "] {
        let whole = answered(&place, &[line, b"\n", line, b"\n"].concat());
        let cut = answered(&place, &[line, b"\n", line].concat());
        assert_eq!(whole, cut, "{line:?}");
    }
}

#[test]
fn a_return_that_no_line_break_follows_is_part_of_the_token() {
    let place = place();
    let valid = valid();
    let records = answered(&place, format!("{valid}\r\n{valid}\r").as_bytes());
    assert_eq!(code(&records[0]), None);
    assert_eq!(code(&records[1]), Some("token-character"));
    let alone = answered(&place, b"\r");
    assert_eq!(code(&alone[0]), Some("token-character"));
    let between = answered(&place, format!("{valid}\r{valid}\r\n").as_bytes());
    assert_eq!(between.len(), 1);
    let twice = answered(&place, format!("{valid}\r\r\n").as_bytes());
    assert_eq!(code(&twice[0]), Some("token-character"));
}

#[test]
fn every_code_of_a_line_is_told_in_the_order_of_the_checks() {
    let place = place();
    let expired_and_changed = super::keys::one().sign(r#"{"exp":1,"nbf":4000000000}"#);
    let (signed, _) = expired_and_changed.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(43));
    let records = answered(&place, forged.as_bytes());
    let expected = ["signature-invalid", "expired", "not-yet-valid"];
    assert_eq!(records[0]["codes"], serde_json::json!(expected));
    assert_eq!(code(&records[0]), Some("signature-invalid"));
    assert_eq!(records[0]["kid"], "one");
    assert_eq!(records[0]["alg"], "HS256");
}

#[test]
fn an_empty_input_has_no_record_and_nothing_against_it() {
    let place = place();
    let file = place.write("empty", "");
    let summary = place.path("summary.json");
    for run in [
        batch(&place).arg("--summary").arg(&summary).run(),
        batch(&place).arg(file).arg("--summary").arg(&summary).run(),
    ] {
        run.succeeds().yields_nothing(0);
        assert!(run.stderr.contains("0 lines"), "{}", run.stderr);
        assert_eq!(read_summary(&summary), summary_of(&[], true));
    }
}

#[test]
fn a_hundred_thousand_empty_lines_are_as_many_records() {
    const LINES: usize = 100_000;
    let place = place();
    let file = place.write("empty-lines", "\n".repeat(LINES));
    let run = batch(&place).arg(file).run();
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    let (nothing, found) = (hash(b""), texts(&run.stdout));
    assert_eq!(found.len(), LINES);
    for (index, found) in found.iter().enumerate() {
        let number = index + 1;
        let expected = format!(
            r#"{{"schema":"jwks.verify.record/1","line":{number},"sha256":"{nothing}","valid":false,"code":"token-empty","codes":["token-empty"]}}"#
        );
        assert_eq!(*found, expected);
    }
}

/// Pieces of inputs: many line ends, tokens whole and in part, and bytes of any kind.
fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let piece = prop_oneof![
        4 => Just(b"\n".to_vec()),
        2 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        2 => Just(valid().into_bytes()),
        1 => Just(b"e30.e30.AA".to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..40),
        1 => prop::collection::vec(prop::sample::select(&b"\n\r\0\t.aA"[..]), 0..400),
    ];
    prop::collection::vec(piece, 0..60)
}

proptest! {
    #![proptest_config(Config {
        cases: 80,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7517),
        ..Config::default()
    })]

    #[test]
    fn any_bytes_have_as_many_records_as_lines(pieces in pieces()) {
        let input = pieces.concat();
        let records = answered(&place(), &input);
        let valid = valid();
        for (record, line) in records.iter().zip(lines(&input)) {
            prop_assert_eq!(&record["valid"], line == valid.as_bytes(), "{:?}", line);
        }
    }
}
