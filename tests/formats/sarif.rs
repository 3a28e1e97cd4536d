//! SARIF: types made out of the published schema read each log, and lose nothing of it.

use serde_json::Value;
use serde_sarif::sarif::Sarif;

use super::{MIXED, Told, all, faulty, inspect, parsed, place, text, told};
use crate::support::Run;

/// The only run of the log.
#[track_caller]
pub(crate) fn only_run(run: &Run) -> Value {
    let log = parsed(run);
    let read: Sarif = serde_json::from_value(log.clone()).expect("the log is SARIF");
    let again = serde_json::to_value(read).expect("SARIF is JSON");
    assert_eq!(
        again, log,
        "something in the log is not known to the schema"
    );
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 1);
    runs[0].clone()
}

pub(crate) fn results(run: &Value) -> &[Value] {
    run["results"].as_array().expect("results")
}

fn result_told(result: &Value) -> Told {
    let location = &result["locations"][0]["physicalLocation"];
    let number = |name: &str| location["region"][name].as_u64().expect("a number");
    let level = text(&result["level"]);
    Told {
        source: text(&location["artifactLocation"]["uri"]),
        rule: text(&result["ruleId"]),
        severity: if level == "note" {
            "info".to_owned()
        } else {
            level
        },
        place: ["startLine", "startColumn", "endLine", "endColumn"].map(number),
    }
}

#[test]
fn a_log_has_a_result_for_each_finding() {
    let (place, names) = faulty();
    let arguments = all(&names);
    let run = only_run(&inspect(&place.path(""), "sarif", &arguments));
    let found: Vec<Told> = results(&run).iter().map(result_told).collect();
    assert_eq!(found, told(&place.path(""), &arguments));
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results(&run) {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("a small number")];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}

#[test]
fn a_result_says_what_is_wrong_with_which_key() {
    let place = place(MIXED);
    let run = only_run(&inspect(&place.path(""), "sarif", &["jwks.json"]));
    let small = results(&run)
        .iter()
        .find(|result| result["ruleId"] == "rsa-small")
        .expect("the modulus is found");
    assert_eq!(
        small["message"]["text"],
        "key \"ä\": the modulus has 17 bits, fewer than 2048\n\n\
         RFC 7518 section 3.3 forbids it: replace the key"
    );
    assert_eq!(
        small["locations"][0]["logicalLocations"],
        serde_json::json!([{"name": "key \"ä\"", "kind": "object"}])
    );
}

#[test]
fn every_rule_of_the_table_is_described() {
    let place = place(MIXED);
    let run = only_run(&inspect(&place.path(""), "sarif", &["jwks.json"]));
    let table = parsed(&inspect(&place.path(""), "json", &["--rules"]));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let table = table["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), table.len());
    for (rule, row) in rules.iter().zip(table) {
        assert_eq!(rule["id"], row["id"]);
        assert_eq!(rule["shortDescription"]["text"], row["title"]);
        assert_eq!(rule["fullDescription"]["text"], row["reason"]);
        let help = text(&rule["help"]["text"]);
        assert!(
            help.contains(&text(&row["fix"])) && help.contains(&text(&row["source"])),
            "{help}"
        );
        assert!(rule["help"]["markdown"].is_string());
        // A score makes GitHub sort an alert by it and no more by its level.
        let is_scored = rule["properties"]["security-severity"].is_string();
        assert_eq!(is_scored, row["severity"] == "error", "{rule}");
    }
}

#[test]
fn artifacts_are_uri_references() {
    let place = place(MIXED);
    place.write("a b[1]%.json", MIXED);
    std::fs::create_dir(place.path("sub")).expect("a folder");
    let absolute = place.path("jwks.json");
    let absolute = absolute.to_str().expect("UTF-8");
    for (folder, source, uri) in [
        ("", "./jwks.json", "jwks.json"),
        ("", "a b[1]%.json", "a%20b%5B1%5D%25.json"),
        ("sub", "../jwks.json", "../jwks.json"),
        ("sub", absolute, &*format!("file://{absolute}")),
    ] {
        let run = only_run(&inspect(&place.path(folder), "sarif", &[source]));
        assert!(!results(&run).is_empty());
        for result in results(&run) {
            assert_eq!(result_told(result).source, uri);
        }
    }
}

#[test]
fn standard_input_has_a_name_that_stays() {
    let run = crate::support::Jwks::new("inspect")
        .args(["-", "--format", "sarif"])
        .stdin(MIXED)
        .run();
    for result in results(&only_run(&run)) {
        assert_eq!(result_told(result).source, "standard%20input");
    }
}

#[test]
fn what_cannot_be_read_is_told_by_the_invocation() {
    let place = place(MIXED);
    for sources in [&["none.json", "jwks.json"][..], &["none.json"]] {
        let output = inspect(&place.path(""), "sarif", sources);
        assert_eq!(output.exit, Some(3));
        assert!(output.has_code("file-not-found"), "{}", output.stderr);
        let run = only_run(&output);
        assert_eq!(results(&run).is_empty(), sources.len() == 1);
        let invocation = &run["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notification = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notification["descriptor"]["id"], "file-not-found");
        let message = text(&notification["message"]["text"]);
        assert!(message.contains("\"none.json\""), "{message}");
    }
    let run = only_run(&inspect(&place.path(""), "sarif", &["jwks.json"]));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}
