//! Lines that were made to take memory, or to be hashed wrongly, and the figures that they took once.

use std::fmt::Write as _;

use jwks_cli::core::base64url::encode;

use super::batch;
use super::keys::place;
use super::live::Live;
use super::records::{hash, records};

/// The most that a batch may ever hold, in KiB.
const MOST: u64 = 40 << 10;

/// Containers within containers, again and again: as a tree they take a hundred times their length.
fn nested(count: usize) -> String {
    let one = "[".repeat(60) + &"]".repeat(60);
    vec![one; count].join(",")
}

#[track_caller]
fn is_modest(options: &[&str], token: &str) {
    const LINES: usize = 4;
    let place = place();
    let mut live = Live::new(&place, &[&["--jobs=2"], options].concat());
    for _ in 0..LINES {
        live.send(format!("{token}\n"));
        live.record();
    }
    let peak = live.peak();
    live.send_end();
    assert_eq!(live.end().exit, Some(1));
    assert!(peak < MOST, "{peak} KiB with {options:?}");
}

/// A megabyte of a header took a hundred megabytes of each thread.
#[test]
fn a_header_takes_no_more_memory_than_its_length_deserves() {
    let mut many = String::new();
    for number in 0..80_000 {
        let _ = write!(many, ",\"m{number}\":0");
    }
    for member in [
        format!(",\"x\":[{}]", nested(6_000)),
        format!(",\"crit\":[{}]", vec!["\"\""; 200_000].join(",")),
        many,
    ] {
        let header = format!("{{\"alg\":\"HS256\",\"kid\":\"one\"{member}}}");
        is_modest(&[], &format!("{}.e30.AA", encode(header.as_bytes())));
    }
}

/// Sixteen of them were kept, and a record repeated them as escapes.
#[test]
fn long_kids_are_neither_kept_nor_repeated() {
    let place = place();
    let mut live = Live::new(&place, &["--jobs=2"]);
    for number in 0..8 {
        let kid = "\u{7f}".repeat(700_000) + &number.to_string();
        let header = format!("{{\"alg\":\"HS256\",\"kid\":\"{kid}\"}}");
        live.send(format!("{}.e30.AA\n", encode(header.as_bytes())));
        let record = live.record();
        assert_eq!(record["code"], "unknown-kid");
        assert!(record.get("kid").is_none());
    }
    let peak = live.peak();
    live.send_end();
    assert_eq!(live.end().exit, Some(1));
    assert!(peak < MOST, "{peak} KiB");
}

/// A claim that is compared with a number took two hundred megabytes.
#[test]
fn claims_take_no_more_memory_than_their_length_deserves() {
    let header = encode(b"{\"alg\":\"HS256\",\"kid\":\"one\"}");
    let audiences = vec!["\"\""; 200_000].join(",");
    for claims in [
        format!("{{\"x\":[{}]}}", nested(6_000)),
        format!("{{\"aud\":[{audiences}]}}"),
    ] {
        let token = format!("{header}.{}.AA", encode(claims.as_bytes()));
        for option in ["--claim=x:=1", "--claim=x:=[1]", "--aud=api"] {
            is_modest(&[option], &token);
        }
    }
}

/// A carriage return is left out of the hash before a line break, and nowhere else.
#[test]
fn a_carriage_return_at_the_end_of_the_input_belongs_to_the_token() {
    let place = place();
    for length in [11, 5_000, 200_000] {
        let token = "a".repeat(length);
        for (end, hashed) in [
            ("", token.clone()),
            ("\n", token.clone()),
            ("\r\n", token.clone()),
            ("\r", format!("{token}\r")),
            ("\r\r\n", format!("{token}\r")),
        ] {
            let line = format!("{token}{end}");
            let run = batch(&place).arg("--token-limit=10").stdin(line).run();
            let records = records(&run.stdout);
            assert_eq!(records.len(), 1);
            let expected = hash(hashed.as_bytes());
            assert_eq!(records[0]["sha256"], expected, "{length} {end:?}");
        }
    }
}

/// What was a panic, or never ended.
#[test]
fn a_number_of_threads_beyond_reason_is_refused() {
    let place = place();
    for jobs in ["0", "1025", "9223372036854775807", "-1", "two"] {
        let run = batch(&place).arg(format!("--jobs={jobs}")).stdin("").run();
        assert_eq!(run.exit, Some(2), "{jobs}: {}", run.stderr);
    }
    let run = batch(&place).arg("--jobs=64").stdin("a\nb\n").run();
    assert_eq!(records(&run.stdout).len(), 2);
}

/// It was read as the name of a file, and the message said so.
#[test]
fn a_token_in_place_of_a_file_is_told() {
    let place = place();
    let run = batch(&place).arg("e30.e30.AA").run();
    run.fails(2, "usage");
    assert!(run.stderr.contains("not a token"), "{}", run.stderr);
}
