//! Fingerprints: the same finding has the same one in the next run, another finding has another.

use std::collections::BTreeSet;

use serde_json::Value;

use super::sarif::{only_run, results};
use super::{MIXED, all, faulty, gitlab, inspect, place, text};
use crate::support::place::Place;

fn of_document(document: &str) -> BTreeSet<String> {
    of(&place(document), &["jwks.json"])
}

fn of(place: &Place, arguments: &[&str]) -> BTreeSet<String> {
    let issues = gitlab::issues(&inspect(&place.path(""), "gitlab", arguments));
    let fingerprints = issues.into_iter().map(|issue| issue.fingerprint);
    fingerprints.collect()
}

/// The set with its keys from the last to the first.
fn turned(set: &Value) -> Option<Value> {
    let mut set = set.clone();
    set.get_mut("keys")?.as_array_mut()?.reverse();
    Some(set)
}

#[test]
fn they_outlive_white_space_and_the_order_of_keys() {
    let set: Value = serde_json::from_str(MIXED).expect("a set");
    let turned = turned(&set).expect("keys");
    let before = of_document(MIXED);
    assert!(before.len() >= 4, "{before:?}");
    for document in [
        set.to_string(),
        format!("{set:#}"),
        turned.to_string(),
        format!("{turned:#}"),
    ] {
        assert_eq!(of_document(&document), before, "{document}");
    }
}

/// Rules that compare keys tell of one of them, and which one depends on their order.
#[test]
fn whatever_the_rule() {
    let (faulty, names) = faulty();
    let (straight, backwards) = (Place::new(), Place::new());
    for name in &names {
        let Ok(set) = serde_json::from_str(&faulty.read(name)) else {
            continue;
        };
        if let Some(turned) = turned(&set) {
            straight.write(name, set.to_string());
            backwards.write(name, turned.to_string());
        }
    }
    let names = straight.names();
    assert!(names.len() > 50, "only {} sets", names.len());
    for name in names {
        let arguments = ["--published", name.as_str()];
        assert_eq!(
            of(&straight, &arguments),
            of(&backwards, &arguments),
            "{name}"
        );
    }
}

#[test]
fn another_key_rule_member_or_source_has_another() {
    let other_key = MIXED.replace("M2Ju", "M2Jv");
    let (before, after) = (of_document(MIXED), of_document(&other_key));
    assert_ne!(before, after);
    assert!(before.intersection(&after).next().is_some());
    let copy = Place::new();
    copy.write("copy.json", MIXED);
    let copy = of(&copy, &["copy.json"]);
    assert_eq!(copy.len(), before.len());
    assert!(copy.is_disjoint(&before));
    // That no two are equal is required of every report.
    let (place, names) = faulty();
    of(&place, &all(&names));
}

#[test]
fn a_source_has_one_name_however_it_is_written() {
    let place = place(MIXED);
    assert_eq!(of(&place, &["jwks.json"]), of(&place, &["./jwks.json"]));
    let twice = of(&place, &["jwks.json", "./jwks.json"]);
    assert!(twice.is_superset(&of(&place, &["jwks.json"])));
}

#[test]
fn every_form_has_the_same() {
    let (place, names) = faulty();
    let arguments = all(&names);
    let run = only_run(&inspect(&place.path(""), "sarif", &arguments));
    let found: BTreeSet<String> = results(&run)
        .iter()
        .map(|result| text(&result["partialFingerprints"]["jwksFinding/v1"]))
        .collect();
    assert_eq!(found, of(&place, &arguments));
}

/// A fingerprint that changes with a release opens every alert again.
#[test]
fn they_outlive_releases() {
    let document = r#"{"kty":"XYZ","kid":"a"}"#;
    assert_eq!(
        of_document(document).into_iter().collect::<Vec<String>>(),
        ["2eb3914888c3ed3be864468b63ddd05d1fb561a20b29d246f63fb18ee7f5f57d"]
    );
}
