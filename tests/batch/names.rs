//! `--id-field`: lines name themselves, and records repeat the name.

use serde_json::Value;

use super::batch;
use super::keys::{place, valid};
use super::records::{code, hash, records, texts};

/// Longest name, in bytes.
const LONGEST: usize = 1_024;

fn said(input: &[u8]) -> Vec<Value> {
    let run = batch(&place()).arg("--id-field").stdin(input).run();
    records(&run.stdout)
}

#[test]
fn a_record_repeats_the_name_of_its_line() {
    let ids = [
        "",
        " ",
        "a b",
        " a ",
        "\"",
        "\\",
        "\\u0041",
        "{\"a\":1}",
        "grün",
        "日本語",
        "😀",
        "a\u{301}",
        "\u{0}",
        "\u{1b}[31m",
        "\u{7f}\u{85}\u{9b}",
        "\u{202e}\u{2066}\u{200b}\u{feff}",
        "\u{2028}\u{2029}",
        "\u{e0041}",
        "a\rb",
        "\r",
        "2026-11-01T00:00:00Z host-1 [42]",
        "e30.e30.AA",
    ];
    let valid = valid();
    for end in ["\n", "\r\n"] {
        let lines: Vec<String> = ids.iter().map(|id| format!("{id}\t{valid}{end}")).collect();
        let records = said(lines.concat().as_bytes());
        assert_eq!(records.len(), ids.len());
        for (record, id) in records.iter().zip(ids) {
            assert_eq!(record["id"], id);
            assert_eq!(code(record), None, "{id:?}");
            assert_eq!(record["sha256"], hash(valid.as_bytes()), "{id:?}");
        }
    }
}

#[test]
fn the_first_tab_ends_the_name() {
    let valid = valid();
    let lines = format!("a\t{valid}\nb\t\t{valid}\n\t{valid}\nc\t{valid}\td\n");
    let records = said(lines.as_bytes());
    let ids: Vec<&Value> = records.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids, ["a", "b", "", "c"]);
    let codes: Vec<Option<&str>> = records.iter().map(code).collect();
    let character = Some("token-character");
    assert_eq!(codes, [None, character, None, character]);
    assert_eq!(records[1]["sha256"], hash(format!("\t{valid}").as_bytes()));
}

#[test]
fn a_line_without_a_readable_name_has_none_and_is_hashed_whole() {
    let valid = valid();
    let too_long = "i".repeat(LONGEST + 1);
    for line in [
        valid.clone().into_bytes(),
        b"".to_vec(),
        b"\xff\t".to_vec(),
        [b"a\xc3\t", valid.as_bytes()].concat(),
        // A surrogate, and a spelling of NUL in two bytes, are no UTF-8.
        [b"\xed\xa0\x80\t", valid.as_bytes()].concat(),
        [b"\xc0\x80\t", valid.as_bytes()].concat(),
        format!("{too_long}\t{valid}").into_bytes(),
        too_long.clone().into_bytes(),
        format!("{}\t{valid}", "i".repeat(3 << 20)).into_bytes(),
        "i".repeat(3 << 20).into_bytes(),
        [b"\xff\t", "i".repeat(3 << 20).as_bytes()].concat(),
    ] {
        for end in ["\n", "\r\n"] {
            let shown = String::from_utf8_lossy(&line[..line.len().min(40)]).into_owned();
            let good = format!("good\t{valid}{end}");
            let input = [good.as_bytes(), &line, end.as_bytes(), good.as_bytes()].concat();
            let records = said(&input);
            assert_eq!(records.len(), 3, "{shown}");
            assert_eq!(records[1].get("id"), None, "{shown}");
            assert_eq!(code(&records[1]), Some("id-invalid"), "{shown}");
            assert_eq!(records[1]["codes"], serde_json::json!(["id-invalid"]));
            assert_eq!(records[1]["sha256"], hash(&line), "{shown}");
            assert_eq!(records[0]["id"], "good");
            assert_eq!(records[2]["id"], "good");
        }
    }
}

#[test]
fn the_longest_name_goes_with_the_longest_token() {
    let valid = valid();
    let place = place();
    for (id, token, expected) in [
        ("i".repeat(LONGEST), valid.clone(), None),
        ("ü".repeat(LONGEST / 2), valid.clone(), None),
        (
            "i".repeat(LONGEST),
            format!("{valid}A"),
            Some("token-too-large"),
        ),
        (String::new(), format!("{valid}A"), Some("token-too-large")),
        (
            "i".repeat(LONGEST),
            "A".repeat(1 << 20),
            Some("token-too-large"),
        ),
        ("i".repeat(LONGEST + 1), valid.clone(), Some("id-invalid")),
    ] {
        for end in ["", "\n", "\r\n"] {
            let line = format!("{id}\t{token}{end}");
            let limit = format!("--token-limit={}", valid.len());
            let run = batch(&place)
                .args(["--id-field", &limit])
                .stdin(&*line)
                .run();
            let records = records(&run.stdout);
            assert_eq!(records.len(), 1, "{}", run.stderr);
            assert_eq!(code(&records[0]), expected, "{} {end:?}", id.len());
            let (shown, hashed) = if expected == Some("id-invalid") {
                (None, format!("{id}\t{token}"))
            } else {
                (Some(&Value::from(&*id)), token.clone())
            };
            assert_eq!(records[0].get("id"), shown.cloned().as_ref());
            assert_eq!(records[0]["sha256"], hash(hashed.as_bytes()), "{end:?}");
        }
    }
}

#[test]
fn names_are_not_looked_for_unless_asked() {
    let place = place();
    let input = format!("{}\na\t{}\n", valid(), valid());
    let run = batch(&place).stdin(input).run();
    let records = records(&run.stdout);
    assert_eq!(code(&records[0]), None);
    assert_eq!(code(&records[1]), Some("token-character"));
    assert!(records.iter().all(|record| record.get("id").is_none()));
}

#[test]
fn a_plain_name_is_spelled_as_it_is() {
    let place = place();
    let input = format!("a \"b\" \\ grün\t{}\n", valid());
    let run = batch(&place).arg("--id-field").stdin(input).run();
    let texts = texts(&run.stdout);
    let expected = r#""line":1,"id":"a \"b\" \\ grün","sha256":"#;
    assert!(texts[0].contains(expected), "{}", texts[0]);
}
