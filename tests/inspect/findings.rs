//! What findings say besides their rule: where they end, and what to do in the case at hand.

use serde_json::Value;

use super::fixtures::{inspect_json, report};

fn findings(document: &str, arguments: &[&str]) -> Vec<Value> {
    let run = inspect_json()
        .arg("-")
        .args(arguments)
        .stdin(document)
        .run();
    let report = report(&run);
    report["findings"].as_array().expect("findings").clone()
}

fn finding(document: &str, arguments: &[&str], code: &str) -> Value {
    let findings = findings(document, arguments);
    let found = findings.iter().find(|finding| finding["code"] == code);
    found.expect("the finding").clone()
}

#[test]
fn a_name_with_escapes_ends_where_it_is_spelled_to_end() {
    let twice = r#"{"keys":[{"\u006bid":"a","\u006bid":"b"}]}"#;
    let variant = r#"{"keys":[{"kty":"oct","\u004bid":"a"}]}"#;
    for (document, code, column) in [
        (twice, "dup-json-member", 26),
        (variant, "case-variant-member", 23),
    ] {
        let found = finding(document, &[], code);
        assert_eq!(found["column"], column, "{found}");
        assert_eq!(found["end_column"], column + 10, "{found}");
    }
}

#[test]
fn a_private_key_in_pem_that_is_published_is_not_to_be_converted() {
    let pem = "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n";
    let hint = |arguments: &[&str]| finding(pem, arguments, "not-a-jwks")["hint"].clone();
    assert!(hint(&[]).to_string().contains("jwks convert --public FILE"));
    assert!(hint(&["--published"]).to_string().contains("compromised"));
}

#[test]
fn a_value_of_the_wrong_type_is_told_with_the_right_one() {
    for (members, meant) in [
        (
            r#""use":["sig"]"#,
            "write \"use\" as a string, or leave it out",
        ),
        (r#""n":5"#, "write \"n\" as a string of base64url"),
    ] {
        let document = format!(r#"{{"kty":"RSA","e":"AQAB",{members}}}"#);
        let hinted = findings(&document, &[]);
        assert!(
            hinted.iter().any(|finding| finding["hint"] == meant),
            "{hinted:?}"
        );
    }
}
