//! Code Quality reports: the members that GitLab documents, and no others.

use std::collections::HashSet;

use serde::Deserialize;

use super::{MIXED, all, faulty, inspect, place, told};
use crate::support::Run;
use crate::support::place::GOOD_SET;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Issue {
    pub(crate) description: String,
    pub(crate) check_name: String,
    pub(crate) fingerprint: String,
    pub(crate) severity: Severity,
    pub(crate) location: Location,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    Info,
    Minor,
    Major,
    Critical,
    Blocker,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Location {
    pub(crate) path: String,
    pub(crate) lines: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lines {
    pub(crate) begin: u64,
}

#[track_caller]
pub(crate) fn issues(run: &Run) -> Vec<Issue> {
    let issues: Vec<Issue> = serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", run.text()));
    let mut seen = HashSet::new();
    for issue in &issues {
        assert!(!issue.description.is_empty(), "{issue:?}");
        assert!(issue.location.lines.begin > 0, "{issue:?}");
        assert!(!issue.location.path.starts_with("./"), "{issue:?}");
        // GitLab shows one issue of a fingerprint.
        assert!(seen.insert(issue.fingerprint.clone()), "{issue:?}");
    }
    issues
}

#[test]
fn each_finding_is_an_issue() {
    let (place, names) = faulty();
    let arguments = all(&names);
    let issues = issues(&inspect(&place.path(""), "gitlab", &arguments));
    let told = told(&place.path(""), &arguments);
    assert_eq!(issues.len(), told.len());
    for (issue, told) in issues.iter().zip(&told) {
        assert_eq!(issue.check_name, told.rule);
        assert_eq!(issue.location.path, told.source);
        assert_eq!(issue.location.lines.begin, told.place[0]);
        let severity = match issue.severity {
            Severity::Critical => "error",
            Severity::Minor => "warning",
            Severity::Info => "info",
            Severity::Major | Severity::Blocker => "none of ours",
        };
        assert_eq!(severity, told.severity);
    }
}

#[test]
fn paths_are_those_of_the_repository() {
    let place = place(MIXED);
    for issue in issues(&inspect(&place.path(""), "gitlab", &["././/jwks.json"])) {
        assert_eq!(issue.location.path, "jwks.json");
    }
}

#[test]
fn nothing_found_is_an_empty_array() {
    let place = place(GOOD_SET);
    let run = inspect(&place.path(""), "gitlab", &["jwks.json"]);
    assert_eq!(run.succeeds().text(), "[]\n");
}

#[test]
fn what_cannot_be_read_is_an_issue_that_blocks() {
    let place = place(MIXED);
    for sources in [&["./none.json", "jwks.json"][..], &["./none.json"]] {
        let run = inspect(&place.path(""), "gitlab", sources);
        assert_eq!(run.exit, Some(3));
        let issues = issues(&run);
        assert_eq!(issues[0].check_name, "file-not-found");
        assert_eq!(issues[0].severity, Severity::Blocker);
        assert_eq!(issues[0].location.path, "none.json");
    }
}
