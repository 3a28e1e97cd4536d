//! SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS.

use std::cmp::Reverse;
use std::collections::HashMap;

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::{Inspection, place};
use crate::core::lint::{Finding, Rule, Severity, rules};
use crate::error::CommandError;
use crate::output::inspection::SourceView;
use crate::output::json::for_terminal;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Most results in a log. GitHub refuses an upload with more.
const MOST_RESULTS: usize = 25_000;

/// The score that GitHub asks of a rule for security, from 0 to 10; from 7.0 on it is called high.
const ERROR_SCORE: &str = "8.0";

pub(super) fn report(inspection: &Inspection<'_>) -> String {
    let indices: HashMap<&str, usize> = rules()
        .enumerate()
        .map(|(index, rule)| (rule.id, index))
        .collect();
    let mut fingerprints = Fingerprints::default();
    let found = inspection
        .findings()
        .map(|(source, finding)| {
            (
                finding.severity,
                (source, finding, fingerprints.of(source, finding)),
            )
        })
        .collect();
    let (found, left_out) = worst(found, MOST_RESULTS);
    let results: Vec<Value> = found
        .iter()
        .map(|(source, finding, fingerprint)| {
            let index = indices.get(finding.rule.id);
            result(source, finding, index, fingerprint)
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver()},
            "invocations": [invocation(inspection.errors, left_out)],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{}\n", for_terminal(&log.to_string()))
}

/// All that was found, in its order; the worst of it when it is more than `most`. And how many are missing.
fn worst<T>(mut found: Vec<(Severity, T)>, most: usize) -> (Vec<T>, usize) {
    let left_out = found.len().saturating_sub(most);
    if left_out > 0 {
        found.sort_by_key(|(severity, _)| Reverse(*severity));
        found.truncate(most);
    }
    (
        found.into_iter().map(|(_, found)| found).collect(),
        left_out,
    )
}

fn driver() -> Value {
    let mut driver = json!({
        "name": "jwks",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
    });
    let homes = [env!("CARGO_PKG_HOMEPAGE"), env!("CARGO_PKG_REPOSITORY")];
    if let Some(home) = homes.into_iter().find(|home| !home.is_empty()) {
        driver["informationUri"] = home.into();
    }
    driver["rules"] = rules().map(descriptor).collect();
    driver
}

fn descriptor(rule: &'static Rule) -> Value {
    let help = message(&format!("Fix: {}\nSource: {}", rule.fix, rule.source));
    let mut descriptor = json!({
        "id": rule.id,
        "name": pascal_case(rule.id),
        "shortDescription": message(rule.title),
        "fullDescription": message(rule.reason),
        "help": help,
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": ["security"]},
    });
    descriptor["help"]["markdown"] = braces_doubled(&format!(
        "**Fix:** {}\n\n**Source:** {}",
        markdown(rule.fix),
        markdown(rule.source)
    ))
    .into();
    if rule.severity == Severity::Error {
        descriptor["properties"]["security-severity"] = ERROR_SCORE.into();
    }
    descriptor
}

fn pascal_case(id: &str) -> String {
    id.split('-')
        .map(|word| word[..1].to_ascii_uppercase() + &word[1..])
        .collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn invocation(errors: &[CommandError], left_out: usize) -> Value {
    let mut notifications: Vec<Value> = errors.iter().map(unread).collect();
    if left_out > 0 {
        let text = format!("{left_out} findings more than {MOST_RESULTS} are left out");
        notifications.push(json!({
            "descriptor": {"id": "results-left-out"},
            "level": "warning",
            "message": message(&text),
        }));
    }
    json!({
        "executionSuccessful": errors.is_empty(),
        "toolExecutionNotifications": notifications,
    })
}

fn unread(error: &CommandError) -> Value {
    json!({
        "descriptor": {"id": error.code},
        "level": "error",
        "message": message(&paragraphs(&error.to_string(), error.hint.as_deref())),
    })
}

fn result(
    source: &SourceView<'_>,
    finding: &Finding,
    rule_index: Option<&usize>,
    fingerprint: &str,
) -> Value {
    let start = source.positions.of(finding.span.start);
    let end = source.positions.of(finding.span.end);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": place::uri(source)},
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    });
    if let Some(key) = &finding.key {
        location["logicalLocations"] = json!([{"name": key.label, "kind": "object"}]);
    }
    json!({
        "ruleId": finding.rule.id,
        // -1 stands for a rule that is not listed (SARIF §3.27.6), of which there is none.
        "ruleIndex": rule_index.map_or_else(|| Value::from(-1), |index| Value::from(*index)),
        "level": level(finding.severity),
        "message": message(&paragraphs(&finding.sentence(), finding.hint.as_deref())),
        "locations": [location],
        "partialFingerprints": {"jwksFinding/v1": fingerprint},
    })
}

fn paragraphs(first: &str, second: Option<&str>) -> String {
    second.map_or_else(|| first.to_owned(), |second| format!("{first}\n\n{second}"))
}

/// A text in which nothing is a placeholder (SARIF §3.11.5) or a link (§3.11.6).
fn message(text: &str) -> Value {
    json!({"text": braces_doubled(&text.replace("](", "\\]("))})
}

fn braces_doubled(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// A text of our own in Markdown, where it means nothing but itself.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\`*_[]<>#|~".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_neither_placeholders_nor_links() {
        assert_eq!(
            message("\"\\u{1b}\" {0} [a](https://evil.example) [b]")["text"],
            "\"\\u{{1b}}\" {{0}} [a\\](https://evil.example) [b]"
        );
        assert_eq!(markdown("a_b [c](d) <e>"), "a\\_b \\[c\\](d) \\<e\\>");
    }

    #[test]
    fn of_too_many_results_the_worst_are_kept() {
        let found = || {
            vec![
                (Severity::Info, 1),
                (Severity::Error, 2),
                (Severity::Warning, 3),
                (Severity::Error, 4),
            ]
        };
        assert_eq!(worst(found(), 4), (vec![1, 2, 3, 4], 0));
        assert_eq!(worst(found(), 3), (vec![2, 4, 3], 1));
        assert_eq!(worst(found(), 0), (vec![], 4));
        let invocation = invocation(&[], 1);
        assert_eq!(invocation["executionSuccessful"], true);
        let notification = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notification["descriptor"]["id"], "results-left-out");
    }

    /// What GitHub says it takes of a rule.
    #[test]
    fn descriptors_keep_within_the_limits() {
        let mut names = HashMap::new();
        for rule in rules() {
            let descriptor = descriptor(rule);
            let name = descriptor["name"].as_str().unwrap().to_owned();
            assert!(name.len() <= 255);
            for field in ["shortDescription", "fullDescription"] {
                let length = descriptor[field]["text"].as_str().unwrap().len();
                assert!((1..=1024).contains(&length), "{}", rule.id);
            }
            assert_eq!(names.insert(name, rule.id), None, "{}", rule.id);
        }
    }
}
