//! Workflow commands of GitHub Actions, from which annotations are made.

use std::cmp::Reverse;

use super::{Inspection, place};
use crate::core::failure::{is_unprintable, printable};
use crate::core::lint::{Finding, Severity};
use crate::error::CommandError;
use crate::output::inspection::{Origin, SourceView};

/// A command on a line for each finding. GitHub shows ten errors and ten warnings of a step, so the worst
/// come first.
pub(super) fn report(inspection: &Inspection<'_>) -> String {
    let mut findings: Vec<(&SourceView<'_>, &Finding)> = inspection.findings().collect();
    findings.sort_by_key(|(_, finding)| Reverse(finding.severity));
    let unread = inspection.errors.iter().map(unread);
    let found = findings
        .into_iter()
        .map(|(source, finding)| annotation(source, finding));
    unread.chain(found).collect()
}

fn unread(error: &CommandError) -> String {
    let mut message = error.to_string();
    if let Some(hint) = &error.hint {
        message.push_str(&format!("\n{hint}"));
    }
    command("error", &[("title", error.code.to_owned())], &message)
}

fn annotation(source: &SourceView<'_>, finding: &Finding) -> String {
    let start = source.positions.of(finding.span.start);
    let end = source.positions.of(finding.span.end);
    // A span that takes the break at the end of its last line ends before the next.
    let ends_before = end.column == 1 && end.line > start.line;
    let last_line = end.line - usize::from(ends_before);
    let mut properties = vec![("title", finding.rule.id.to_owned())];
    let mut message = format!("{}\n{}", finding.sentence(), finding.advice());
    if source.origin == Origin::File && !source.name.chars().any(is_unprintable) {
        properties.push(("file", place::path(source.name)));
        properties.push(("line", start.line.to_string()));
        properties.push(("endLine", last_line.to_string()));
        // GitHub takes columns of one line alone.
        if end.line == start.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
    } else {
        let name = printable(source.name);
        message.insert_str(0, &format!("{name}:{}:{}: ", start.line, start.column));
    }
    command(name(finding.severity), &properties, &message)
}

fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// `::NAME KEY=VALUE,…::MESSAGE`, escaped as the runner reads it.
fn command(name: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", property(value)))
        .collect();
    format!("::{name} {}::{}\n", properties.join(","), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
