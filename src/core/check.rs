//! The steps of a verification and how each ended.
//!
//! A check says what it finds to a [`Recorder`]. [`Checks`] keeps everything, to be told to a person;
//! [`Codes`] keeps why a token fails and nothing else, so that words that nobody reads are not made.

use super::failure::{Code, Failure};

/// Takes down the steps of a verification.
pub trait Recorder: Clone + Default {
    /// Notes a step that passed, and what was found.
    fn pass(&mut self, name: &str, found: impl FnOnce() -> String);

    /// Notes a step that failed; `explain` turns the code into the whole failure.
    fn fail(&mut self, name: &str, code: Code, explain: impl FnOnce(Code) -> Failure);

    /// Notes a step that was not taken, and why.
    fn skip(&mut self, name: &str, reason: &str);

    /// Notes what the caller should know although it decides nothing.
    fn note(&mut self, text: impl FnOnce() -> String);

    /// Adds the steps that `other` has taken down, after the own.
    fn append(&mut self, other: &Self);

    /// True when no step failed.
    fn none_failed(&self) -> bool;

    /// Notes a failure that has been explained already.
    fn refuse(&mut self, name: &str, failure: Failure) {
        self.fail(name, failure.code, |_| failure);
    }
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Passed, and what was found.
    Passed(String),
    /// Failed, and why.
    Failed(Failure),
    /// Not carried out, and why.
    Skipped(String),
}

/// One step of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked: `structure`, `alg`, `signature`, the name of a claim.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// The steps in the order in which they were taken, in words.
#[derive(Debug, Clone, Default)]
pub struct Checks {
    steps: Vec<Check>,
    notes: Vec<String>,
}

impl Checks {
    /// The steps.
    #[must_use]
    pub fn all(&self) -> &[Check] {
        &self.steps
    }

    /// What the caller should know although it decides nothing.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The failures, in the order of the steps.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.steps.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(failure) => Some(failure),
            _ => None,
        })
    }

    fn push(&mut self, name: &str, outcome: Outcome) {
        self.steps.push(Check {
            name: name.to_owned(),
            outcome,
        });
    }
}

impl Recorder for Checks {
    fn pass(&mut self, name: &str, found: impl FnOnce() -> String) {
        self.push(name, Outcome::Passed(found()));
    }

    fn fail(&mut self, name: &str, code: Code, explain: impl FnOnce(Code) -> Failure) {
        self.push(name, Outcome::Failed(explain(code)));
    }

    fn skip(&mut self, name: &str, reason: &str) {
        self.push(name, Outcome::Skipped(reason.to_owned()));
    }

    fn note(&mut self, text: impl FnOnce() -> String) {
        self.notes.push(text());
    }

    fn append(&mut self, other: &Self) {
        self.steps.extend_from_slice(&other.steps);
        self.notes.extend_from_slice(&other.notes);
    }

    fn none_failed(&self) -> bool {
        self.failures().next().is_none()
    }
}

/// The codes of the steps that failed, in the order of the steps.
#[derive(Debug, Clone, Default)]
pub struct Codes(Vec<Code>);

impl Codes {
    /// The codes.
    #[must_use]
    pub fn all(&self) -> &[Code] {
        &self.0
    }
}

impl Recorder for Codes {
    fn pass(&mut self, _name: &str, _found: impl FnOnce() -> String) {}

    fn fail(&mut self, _name: &str, code: Code, _explain: impl FnOnce(Code) -> Failure) {
        self.0.push(code);
    }

    fn skip(&mut self, _name: &str, _reason: &str) {}

    fn note(&mut self, _text: impl FnOnce() -> String) {}

    fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    fn none_failed(&self) -> bool {
        self.0.is_empty()
    }
}
