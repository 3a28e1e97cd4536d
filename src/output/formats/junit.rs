//! JUnit XML as Jenkins, GitLab and others read it: a suite for each source, in it a test for each rule.

use std::collections::HashSet;
use std::io;

use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesText, Event};
use quick_xml::{ElementWriter, Writer};

use super::Inspection;
use crate::core::failure::{printable, printable_lines};
use crate::core::lint::{Finding, Rule, Severity};
use crate::error::CommandError;
use crate::output::inspection::SourceView;
use crate::output::message::hint_line;
use crate::output::paint::Paint;

/// A suite: a source.
struct Suite<'i> {
    name: &'i str,
    cases: Vec<Case<'i>>,
}

/// A test: a rule that the source was held to, or that it can be read.
struct Case<'i> {
    name: &'i str,
    outcome: Outcome<'i>,
    /// What was found and is no reason to fail.
    remarks: String,
}

enum Outcome<'i> {
    Passed,
    Skipped,
    Failed {
        severity: Severity,
        message: String,
        text: String,
    },
    Unread(&'i CommandError),
}

impl Suite<'_> {
    fn count(&self, is_meant: fn(&Outcome<'_>) -> bool) -> usize {
        let outcomes = self.cases.iter().map(|case| &case.outcome);
        outcomes.filter(|outcome| is_meant(outcome)).count()
    }

    fn failures(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed { .. }))
    }

    fn errors(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Unread(_)))
    }

    fn skipped(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Skipped))
    }
}

pub(super) fn report(inspection: &Inspection<'_>) -> io::Result<String> {
    let unread = inspection.errors.iter().map(unread);
    let read = inspection
        .sources
        .iter()
        .map(|source| suite(inspection, source));
    let suites: Vec<Suite<'_>> = unread.chain(read).collect();
    let tests: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    let errors: usize = suites.iter().map(Suite::errors).sum();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attribute(("name", "jwks inspect"))
        .with_attribute(("tests", &*tests.to_string()))
        .with_attribute(("failures", &*failures.to_string()))
        .with_attribute(("errors", &*errors.to_string()))
        .write_inner_content(|writer| {
            suites
                .iter()
                .try_for_each(|suite| write_suite(writer, suite))
        })?;
    let mut xml = writer.into_inner();
    xml.push(b'\n');
    Ok(String::from_utf8_lossy(&xml).into_owned())
}

fn unread(error: &CommandError) -> Suite<'_> {
    Suite {
        name: error.input.as_deref().unwrap_or("argument"),
        cases: vec![Case {
            name: "source",
            outcome: Outcome::Unread(error),
            remarks: String::new(),
        }],
    }
}

fn suite<'i>(inspection: &'i Inspection<'_>, source: &'i SourceView<'_>) -> Suite<'i> {
    Suite {
        name: source.name,
        cases: source
            .rules
            .iter()
            .map(|rule| case(inspection, source, rule))
            .collect(),
    }
}

fn case<'i>(
    inspection: &'i Inspection<'_>,
    source: &'i SourceView<'_>,
    rule: &'static Rule,
) -> Case<'i> {
    let (failing, others): (Vec<&Finding>, Vec<&Finding>) = source
        .findings
        .iter()
        .filter(|finding| finding.rule.id == rule.id)
        .partition(|finding| finding.severity >= inspection.threshold);
    let worst = failing.iter().map(|finding| finding.severity).max();
    let outcome = if let Some(severity) = worst {
        Outcome::Failed {
            severity,
            message: match failing[..] {
                [only] => only.sentence(),
                _ => format!("{} findings", failing.len()),
            },
            text: lines(source, &failing),
        }
    } else if inspection
        .ignored
        .iter()
        .any(|ignore| ignore.silences(rule))
    {
        Outcome::Skipped
    } else {
        Outcome::Passed
    };
    Case {
        name: rule.id,
        outcome,
        remarks: lines(source, &others),
    }
}

/// A line for each finding, and what to do below the first of its kind.
fn lines(source: &SourceView<'_>, findings: &[&Finding]) -> String {
    let mut text = String::new();
    let mut advised = HashSet::new();
    for finding in findings {
        let position = source.positions.of(finding.span.start);
        text.push_str(&format!(
            "{}:{}: {}: {}\n",
            position.line,
            position.column,
            finding.severity.name(),
            finding.sentence()
        ));
        if advised.insert(finding.advice()) {
            text.push_str(&format!(
                "  {}\n",
                hint_line(finding.advice(), Paint::new(false))
            ));
        }
    }
    text
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &Suite<'_>) -> io::Result<()> {
    let name = attribute(suite.name);
    writer
        .create_element("testsuite")
        .with_attribute(("name", &*name))
        .with_attribute(("tests", &*suite.cases.len().to_string()))
        .with_attribute(("failures", &*suite.failures().to_string()))
        .with_attribute(("errors", &*suite.errors().to_string()))
        .with_attribute(("skipped", &*suite.skipped().to_string()))
        .write_inner_content(|writer| {
            suite
                .cases
                .iter()
                .try_for_each(|case| write_case(writer, &name, case))
        })?;
    Ok(())
}

/// Readers tell tests apart by class and name, so the class is the source.
fn write_case(writer: &mut Writer<Vec<u8>>, class: &str, case: &Case<'_>) -> io::Result<()> {
    let element = writer
        .create_element("testcase")
        .with_attribute(("classname", class))
        .with_attribute(("name", case.name));
    if matches!(case.outcome, Outcome::Passed) && case.remarks.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|writer| {
        match &case.outcome {
            Outcome::Passed => {}
            Outcome::Skipped => write_text(writer, "skipped", "--ignore leaves its findings out")?,
            Outcome::Failed {
                severity,
                message,
                text,
            } => write_problem(writer, "failure", [severity.name(), message], text)?,
            Outcome::Unread(error) => write_problem(
                writer,
                "error",
                [error.code, &error.to_string()],
                error.hint.as_deref().unwrap_or_default(),
            )?,
        }
        if case.remarks.is_empty() {
            return Ok(());
        }
        write_text(writer, "system-out", &case.remarks)
    })?;
    Ok(())
}

fn write_problem(
    writer: &mut Writer<Vec<u8>>,
    element: &str,
    [kind, message]: [&str; 2],
    text: &str,
) -> io::Result<()> {
    let element = writer
        .create_element(element)
        .with_attribute(("type", kind))
        .with_attribute(("message", &*attribute(message)));
    if text.is_empty() {
        element.write_empty()?;
    } else {
        write_content(element, text)?;
    }
    Ok(())
}

fn write_text(writer: &mut Writer<Vec<u8>>, element: &str, text: &str) -> io::Result<()> {
    write_content(writer.create_element(element), text)
}

/// Quotation marks stay as they are: some readers start a new line at a reference.
fn write_content(element: ElementWriter<'_, Vec<u8>>, text: &str) -> io::Result<()> {
    let text = allowed(&printable_lines(text));
    element.write_text_content(BytesText::from_escaped(partial_escape(&*text)))?;
    Ok(())
}

/// A text that may stand in an attribute, which keeps no line breaks.
fn attribute(text: &str) -> String {
    allowed(&printable(text))
}

/// What is printable has no control characters; XML 1.0 §2.2 has no place for these two either, not even
/// as references.
fn allowed(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}
