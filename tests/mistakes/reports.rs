//! Where the output is JSON the next step stands in it as well.

use serde_json::{Value, json};

use super::issuer::{self, token};
use super::story::{mistake, then};
use crate::support::Run;
use crate::support::place::Place;

fn report(run: &Run) -> Value {
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[test]
fn the_report_on_a_token_holds_the_same_hint() {
    let place = Place::new();
    let claims = json!({"exp": 1_799_999_998, "aud": "billing"});
    let verify = || issuer::verify(&place, &token(&json!({}), &claims)).arg("--aud=api");
    for code in ["expired", "audience-mismatch"] {
        let hint = mistake(verify()).says(1, code);
        let json = report(&verify().args(["--format", "json"]).run());
        let failures = json["failures"].as_array().expect("failures");
        let failure = failures.iter().find(|failure| failure["code"] == code);
        let in_report = failure.and_then(|failure| failure["hint"].as_str());
        hint.naming(in_report.expect("a hint"));
    }
}

#[test]
fn the_report_on_an_error_holds_the_same_hint() {
    let place = Place::new();
    place.write("keys.json", issuer::set());
    let verify = || {
        let run = Place::jwks("verify")
            .arg("e30.e30.AA")
            .args(["--jwks", "keys.josn"]);
        run.folder(place.path(""))
    };
    let hint = mistake(verify()).says(3, "file-not-found");
    let json = report(&verify().args(["--format", "json"]).run());
    assert_eq!(json["schema"], "jwks.error/1");
    hint.naming(json["hint"].as_str().expect("a hint"));
}

#[test]
fn a_batch_gives_codes_alone() {
    let place = Place::new();
    let set = place.write("set.json", issuer::set());
    let lines = "{\"access_token\":\"e30.e30.AA\"}\nBearer e30.e30.AA\n";
    let run = Place::jwks("verify").args(["--batch", "--exit-zero"]);
    let run = then(run.arg("--jwks").arg(set).stdin(lines));
    let records: Vec<Value> = run
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("a record"))
        .collect();
    assert_eq!(records.len(), 2);
    for record in records {
        assert_eq!(record["code"], "token-character");
        assert!(record.get("hint").is_none());
    }
}
