//! Certificates of keys.

use std::fs;

use super::fixtures::{inspect, inspect_json, report};
use crate::support::repository::root;

/// The document that a case of tests/lint judges as good.
fn passing(case: &str) -> String {
    let path = root().join("tests/lint").join(case);
    let text = fs::read_to_string(path).expect("a case");
    let case: toml::Table = toml::from_str(&text).expect("a case is TOML");
    case["passes"].as_str().expect("a document").to_owned()
}

#[test]
fn names_and_days_left_are_shown() {
    let document = passing("x5c-chain-order.toml");
    let run = inspect().arg("-").stdin(document.clone()).run();
    let text = run.succeeds().text();
    assert!(text.contains(", certificate 1: "), "{text}");
    assert!(text.contains("\n  issued by "), "{text}");
    assert!(
        text.contains("\n  valid from 20") && text.contains("(ends in "),
        "{text}"
    );
    let run = inspect_json().arg("-").stdin(document).run();
    let report = report(&run);
    let keys = report["keys"].as_array().expect("keys");
    let certificates = keys
        .iter()
        .find_map(|key| key["certificates"].as_array())
        .expect("certificates");
    assert!(certificates.len() > 1);
    // Each names the next one as its issuer.
    assert_eq!(certificates[0]["issuer"], certificates[1]["subject"]);
    assert!(certificates[0]["not_after"].as_i64() > certificates[0]["not_before"].as_i64());
}
