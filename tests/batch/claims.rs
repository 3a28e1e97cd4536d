//! `--claims`: the claims of valid tokens, and of no others.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::batch;
use super::keys::{CLAIMS, broken, one, place, three, valid};
use super::records::{records, texts};

/// The claims of each record as they are spelled; none where there are none.
fn spelled(output: &[u8]) -> Vec<Option<String>> {
    let spelled = |text: &str| {
        let record: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(text).expect("a record is JSON");
        record.get("claims").map(|claims| claims.get().to_owned())
    };
    texts(output).into_iter().map(spelled).collect()
}

fn claims_of(tokens: &[String]) -> Vec<Option<String>> {
    let place = place();
    let call = batch(&place).arg("--claims");
    let run = call.stdin(tokens.join("\n")).run();
    assert_eq!(texts(&run.stdout).len(), tokens.len(), "{}", run.stderr);
    spelled(&run.stdout)
}

#[test]
fn a_record_holds_the_claims_of_its_token() {
    let texts = [
        CLAIMS,
        "{}",
        r#"{"a":null,"b":[1,"x",{"c":true}],"d":{"e":{}},"ü":"ü"}"#,
        r#"{"sub":"\"\\\/\b\f\n\r\t\u0041\u00fc\ud83d\ude00"}"#,
    ];
    let tokens: Vec<String> = texts.iter().map(|text| one().sign(text)).collect();
    let run = batch(&place())
        .arg("--claims")
        .stdin(tokens.join("\n"))
        .run();
    run.succeeds();
    for (record, text) in records(&run.stdout).iter().zip(texts) {
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(record["claims"], expected);
    }
    // Nothing but the spelling of what could steer a terminal changes.
    for (found, text) in spelled(&run.stdout).iter().zip(texts) {
        assert_eq!(found.as_deref(), Some(text));
    }
}

#[test]
fn claims_on_many_lines_come_on_one() {
    let token = one().sign("\n{ \"a b\" :\t[ 1 ,\r\n 2 ] ,\n\"c\" : \" d \" }\r\n ");
    let found = claims_of(&[token, valid()]);
    assert_eq!(found[0].as_deref(), Some(r#"{"a b":[1,2],"c":" d "}"#));
    assert_eq!(found[1].as_deref(), Some(CLAIMS));
}

#[test]
fn numbers_keep_their_spelling() {
    let numbers = [
        "0",
        "-0",
        "-0.0",
        "1.0",
        "1.10",
        "1e400",
        "-1E+400",
        "1e-400",
        "9007199254740993",
        "123456789012345678901234567890.123456789",
        "18446744073709551616",
        "0.1000000000000000055511151231257827",
    ];
    for number in numbers {
        let claims = format!(r#"{{"n":{number},"exp":2000000000.50}}"#);
        let found = claims_of(&[one().sign(&claims)]);
        assert_eq!(found[0].as_deref(), Some(claims.as_str()));
    }
}

#[test]
fn what_could_steer_a_terminal_is_escaped_and_keeps_its_value() {
    let text = "a\u{7f}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{e0041}z";
    let claims = serde_json::json!({"a": text, text: [text]}).to_string();
    let run = batch(&place())
        .arg("--claims")
        .stdin(one().sign(&claims))
        .run();
    let expected: Value = serde_json::from_str(&claims).unwrap();
    assert_eq!(records(&run.succeeds().stdout)[0]["claims"], expected);
    let shown = run.text();
    for character in text
        .chars()
        .filter(|character| !character.is_ascii_alphanumeric())
    {
        let is_plain = matches!(character, '[');
        assert!(
            is_plain || !shown.contains(character),
            "{character:?}: {shown}"
        );
    }
    assert!(shown.contains(r"a\u007f\u009b31m\u202e"), "{shown}");
    assert!(shown.contains(r"\udb40\udc41z"), "{shown}");
}

#[test]
fn a_rejected_token_has_no_claims() {
    let place = place();
    let mut lines: Vec<Vec<u8>> = broken().into_iter().map(|(line, _)| line).collect();
    lines.push(valid().into_bytes());
    lines.push(three().token(1).into_bytes());
    let input = lines.join(&b'\n');
    let run = batch(&place).arg("--claims").stdin(&*input).run();
    let with = records(&run.stdout);
    for record in &with {
        let has_claims = record.get("claims").is_some();
        assert_eq!(Value::from(has_claims), record["valid"], "{record}");
    }
    // But for the claims the records are those without the option.
    let without = batch(&place).stdin(&*input).run();
    let bare = with.into_iter().map(|mut record| {
        record.as_object_mut().unwrap().remove("claims");
        record
    });
    assert_eq!(bare.collect::<Vec<_>>(), records(&without.stdout));
}

#[test]
fn a_token_whose_claims_are_not_the_ones_demanded_has_none() {
    let run = batch(&place())
        .args(["--claims", "--iss", "somebody"])
        .stdin(valid())
        .run();
    let records = records(&run.stdout);
    assert_eq!(records[0]["valid"], false);
    assert_eq!(records[0].get("claims"), None);
}

#[test]
fn claims_of_unchecked_content_are_wrong_usage() {
    let run = batch(&place())
        .args(["--claims", "--signature-only"])
        .stdin(valid())
        .run();
    run.yields_nothing(2);
}
