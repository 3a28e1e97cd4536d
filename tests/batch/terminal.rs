//! Records may be shown on a terminal as they are: nothing in them steers it, and everything keeps its
//! value.

use jwks_cli::core::base64url::encode;
use serde_json::{Value, json};

use super::batch;
use super::keys::{Key, one, place, set, valid};
use super::records::{read_summary, records};
use crate::support::Run;
use crate::support::place::Place;

/// Controls, and what hides its neighbours or turns them around.
fn steering() -> Vec<char> {
    let mut all: Vec<char> = ('\0'..' ').chain('\u{7f}'..='\u{9f}').collect();
    all.extend(['\u{ad}', '\u{61c}', '\u{feff}']);
    all.extend('\u{200b}'..='\u{200f}');
    all.extend('\u{2028}'..='\u{202e}');
    all.extend('\u{2060}'..='\u{206f}');
    all.extend('\u{fff9}'..='\u{fffb}');
    all.extend('\u{e0000}'..='\u{e007f}');
    all
}

/// All of them in one text, with what a shell or a reader of JSON could trip over.
fn hostile() -> String {
    let steering: String = steering().into_iter().collect();
    format!("a{steering}\u{1b}[31m\u{1b}]0;t\u{7}\"\\\\u0000'`$(x)z")
}

#[track_caller]
fn is_harmless(run: &Run) {
    for text in [run.text(), &run.stderr] {
        let found = text
            .chars()
            .find(|character| *character != '\n' && steering().contains(character));
        assert_eq!(found, None, "{text:?}");
    }
}

#[test]
fn hostile_names_of_lines_are_harmless_and_keep_their_value() {
    let place = place();
    // No name holds a line break or a tab.
    let mut ids: Vec<String> = steering().iter().map(|one| format!("a{one}b")).collect();
    ids.push(hostile());
    let ids: Vec<String> = ids.iter().map(|id| id.replace(['\n', '\t'], "")).collect();
    for token in [valid(), "x".to_owned()] {
        let lines: Vec<String> = ids.iter().map(|id| format!("{id}\t{token}\n")).collect();
        let run = batch(&place).arg("--id-field").stdin(lines.concat()).run();
        is_harmless(&run);
        let records = records(&run.stdout);
        assert_eq!(records.len(), ids.len());
        for (record, id) in records.iter().zip(&ids) {
            assert_eq!(record["id"], **id);
        }
    }
}

/// A token that nobody signed, with this header.
fn forged(header: &Value) -> String {
    format!("{}.e30.AA", encode(header.to_string().as_bytes()))
}

#[test]
fn hostile_headers_are_harmless() {
    let place = place();
    let mut texts: Vec<String> = steering().iter().map(|one| format!("a{one}b")).collect();
    texts.push(hostile());
    let mut lines = Vec::new();
    for text in &texts {
        lines.push(forged(&json!({"alg": "HS256", "kid": text})));
        lines.push(forged(&json!({"alg": text, "kid": text, "typ": text})));
        lines.push(forged(
            &json!({"alg": "HS256", "kid": text, "crit": [text], text: 1}),
        ));
    }
    let run = batch(&place).stdin(lines.join("\n")).run();
    is_harmless(&run);
    let records = records(&run.stdout);
    assert_eq!(records.len(), 3 * texts.len());
    for (three, text) in records.chunks(3).zip(&texts) {
        // A kid that holds a NUL is none.
        let expected = if text.contains('\0') {
            "header-invalid"
        } else {
            "unknown-kid"
        };
        assert_eq!(three[0]["code"], expected, "{text:?}");
        for record in three.iter().filter(|record| record.get("kid").is_some()) {
            assert_eq!(record["kid"], **text);
        }
        assert!(
            three[1].get("alg").is_none(),
            "an unknown alg is not repeated"
        );
    }
}

#[test]
fn hostile_kids_of_keys_are_harmless_in_records_and_summaries() {
    let place = Place::new();
    let kid = hostile().replace('\0', "");
    let key = Key::new("HS256", Some(&kid), 9);
    let token = key.token(0);
    place.write("keys.json", set(&[key, one()]));
    let file = place.path("summary.json");
    let call = batch(&place).arg("--summary").arg(&file);
    let run = call.stdin(format!("{token}\n{}\n", valid())).run();
    is_harmless(run.succeeds());
    assert_eq!(records(&run.stdout)[0]["kid"], *kid);
    let written = place.read("summary.json");
    let found = written
        .chars()
        .find(|character| *character != '\n' && steering().contains(character));
    assert_eq!(found, None, "{written:?}");
    let mut expected = json!({"one": 1});
    expected[&kid] = 1.into();
    assert_eq!(read_summary(&file)["keys"], expected);
    let merged = crate::support::Jwks::new("verify")
        .arg("--merge-summaries")
        .arg(&file)
        .run();
    is_harmless(merged.succeeds());
    assert_eq!(merged.text(), written);
}

#[test]
fn hostile_claims_are_harmless_and_keep_their_value() {
    let place = place();
    let mut texts: Vec<String> = steering().iter().map(|one| format!("a{one}b")).collect();
    texts.push(hostile());
    // NUL is allowed in none of the claims that are compared, so it stands in another one.
    let claims: Vec<Value> = texts
        .iter()
        .map(|text| json!({"a": text, text: [text, {text: text}]}))
        .collect();
    let tokens: Vec<String> = claims
        .iter()
        .map(|claims| one().sign(claims.to_string()))
        .collect();
    let run = batch(&place).arg("--claims").stdin(tokens.join("\n")).run();
    is_harmless(&run);
    for (record, claims) in records(&run.stdout).iter().zip(&claims) {
        assert_eq!(record["claims"], *claims);
    }
}

#[test]
fn names_out_of_a_merged_summary_are_harmless() {
    let place = Place::new();
    let name = hostile();
    let file = place.write(
        "summary.json",
        json!({
            "schema": "jwks.verify.summary/1", "complete": true,
            "lines": 2, "valid": 1, "invalid": 1,
            "codes": {&name: 1}, "algorithms": {&name: 1}, "keys": {&name: 1},
        })
        .to_string(),
    );
    let run = crate::support::Jwks::new("verify")
        .arg("--merge-summaries")
        .arg(file)
        .run();
    assert_eq!(run.exit, Some(1));
    is_harmless(&run);
    let sum: Value = serde_json::from_slice(&run.stdout).expect("a summary");
    assert_eq!(sum["keys"][&name], 1);
}
