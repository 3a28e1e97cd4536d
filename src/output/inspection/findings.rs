//! Findings in lines for people.

use std::collections::HashSet;

use super::SourceView;
use crate::core::failure::printable;
use crate::core::lint::{Finding, Severity};
use crate::output::message::hint_line;
use crate::output::paint::Paint;

/// A line for each finding, and what to do below the first of its kind.
pub(super) fn text(source: &SourceView<'_>, paint: Paint) -> String {
    let mut text = String::new();
    let mut advised = HashSet::new();
    for finding in &source.findings {
        let code = format!("{}[{}]", finding.severity.name(), finding.rule.id);
        let code = match finding.severity {
            Severity::Error => paint.bad(&code),
            Severity::Warning => paint.warning(&code),
            Severity::Info => paint.faint(&code),
        };
        let position = source.positions.of(finding.span.start);
        text.push_str(&format!(
            "{code}: {}:{}:{}: {}\n",
            printable(source.name),
            position.line,
            position.column,
            finding.sentence(),
        ));
        let advice = finding.advice();
        if advised.insert(advice) {
            text.push_str(&format!("  {}\n", hint_line(advice, paint)));
        }
    }
    text.push_str(&format!("\n{}\n", summary(source)));
    text
}

/// How many findings there are of each severity, the worst first.
fn summary(source: &SourceView<'_>) -> String {
    let severities = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "info"),
    ];
    let counts = severities.into_iter().filter_map(|(severity, name)| {
        let of_it = |finding: &&Finding| finding.severity == severity;
        match source.findings.iter().filter(of_it).count() {
            0 => None,
            1 => Some(format!("1 {name}")),
            count => Some(format!("{count} {name}s")),
        }
    });
    counts.collect::<Vec<String>>().join(", ")
}
