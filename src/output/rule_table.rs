//! The table of the lint rules, as `inspect --rules` and the man page show it.

use serde_json::{Value, json};
use textwrap::{Options, WordSplitter, fill};

use super::json::{object, text as report_text};
use super::paint::Paint;
use crate::core::lint::{Rule, Severity};

/// Narrowest text; below it words would stand alone on their lines.
const NARROWEST: usize = 40;
const INDENT: &str = "    ";

/// The rules for people, on a screen of `width` columns.
#[must_use]
pub fn text(rules: impl Iterator<Item = &'static Rule>, width: usize, paint: Paint) -> String {
    let width = width.max(NARROWEST);
    rules
        .map(|rule| {
            let severity = match rule.severity {
                Severity::Error => paint.bad(rule.severity.name()),
                Severity::Warning => paint.warning(rule.severity.name()),
                Severity::Info => paint.faint(rule.severity.name()),
            };
            let paragraph = |text: &str| wrapped(text, width);
            format!(
                "{} ({severity}, {})\n{}{}{}{}",
                paint.strong(rule.id),
                rule.scope.description(),
                paragraph(rule.title),
                paragraph(&format!("Why: {}", rule.reason)),
                paragraph(&format!("Fix: {}", rule.fix)),
                paragraph(&format!("Source: {}", rule.source)),
            )
        })
        .collect::<Vec<String>>()
        .join("\n")
}

/// The text in lines of at most `width` columns, each behind an indent.
fn wrapped(text: &str, width: usize) -> String {
    let options = Options::new(width)
        .initial_indent(INDENT)
        .subsequent_indent(INDENT)
        // Names such as jwt-svid are kept whole.
        .word_splitter(WordSplitter::NoHyphenation);
    format!("{}\n", fill(text, options))
}

/// The rules as `jwks.inspect.rules/1`.
#[must_use]
pub fn json(rules: impl Iterator<Item = &'static Rule>) -> String {
    let rules: Vec<Value> = rules
        .map(|rule| {
            json!({
                "id": rule.id,
                "severity": rule.severity.name(),
                "scope": rule.scope.description(),
                "title": rule.title,
                "reason": rule.reason,
                "source": rule.source,
                "fix": rule.fix,
            })
        })
        .collect();
    let mut report = object("jwks.inspect.rules/1");
    report.set_raw("rules", Value::from(rules).to_string());
    report_text(&report)
}
