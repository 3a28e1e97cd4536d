//! `--rules`.

use jwks_cli::core::lint::rules;

use super::fixtures::{inspect, inspect_json, report};

#[test]
fn the_rules_are_listed_with_their_reasons() {
    let run = inspect().arg("--rules").env("COLUMNS", "60").run();
    let text = run.succeeds().text();
    for rule in rules() {
        assert!(text.contains(&format!("{} (", rule.id)), "{}", rule.id);
        let reason = format!("Why: {}", rule.reason);
        let words: Vec<&str> = reason.split_whitespace().collect();
        let shown: Vec<&str> = text.split_whitespace().collect();
        let found = shown.windows(words.len()).any(|window| window == words);
        assert!(found, "{}", rule.id);
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 60),
        "{text}"
    );
}

#[test]
fn programs_get_the_rules_too() {
    let run = inspect_json().arg("--rules").run();
    let report = report(run.succeeds());
    assert_eq!(report["schema"], "jwks.inspect.rules/1");
    assert_eq!(
        report["rules"].as_array().map(Vec::len),
        Some(rules().count())
    );
}
