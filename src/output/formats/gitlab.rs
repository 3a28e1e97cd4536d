//! Code Quality reports of GitLab: an array of issues in the form that Code Climate has defined.

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::{Inspection, place};
use crate::core::lint::{Finding, Severity};
use crate::error::CommandError;
use crate::output::inspection::SourceView;
use crate::output::json::for_terminal;

pub(super) fn report(inspection: &Inspection<'_>) -> String {
    let mut fingerprints = Fingerprints::default();
    let unread = inspection
        .errors
        .iter()
        .map(|error| unread(error, &fingerprints.of_error(error)));
    let mut issues: Vec<Value> = unread.collect();
    issues.extend(
        inspection
            .findings()
            .map(|(source, finding)| issue(source, finding, &fingerprints.of(source, finding))),
    );
    format!("{}\n", for_terminal(&Value::from(issues).to_string()))
}

fn issue(source: &SourceView<'_>, finding: &Finding, fingerprint: &str) -> Value {
    json!({
        "description": format!("{}; {}", finding.sentence(), finding.advice()),
        "check_name": finding.rule.id,
        "fingerprint": fingerprint,
        "severity": severity(finding.severity),
        "location": {
            "path": place::path(source.name),
            "lines": {"begin": source.positions.of(finding.span.start).line},
        },
    })
}

/// What was not looked at must not pass for free of faults, and the form has no other place for it.
fn unread(error: &CommandError, fingerprint: &str) -> Value {
    let hint = error.hint.as_ref();
    json!({
        "description": hint.map_or_else(|| error.to_string(), |hint| format!("{error}; {hint}")),
        "check_name": error.code,
        "fingerprint": fingerprint,
        "severity": "blocker",
        "location": {
            "path": place::path(error.input.as_deref().unwrap_or("argument")),
            "lines": {"begin": 1},
        },
    })
}

/// GitLab's scale is info, minor, major, critical, blocker: an error lies in its upper half and a warning
/// in its lower, with a step free between them.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
