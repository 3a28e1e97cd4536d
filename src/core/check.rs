//! The steps of a verification and how each ended, so that all of them can be told.

use super::failure::Failure;

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

/// The steps in the order in which they were taken.
#[derive(Debug, Clone, Default)]
pub struct Checks(Vec<Check>);

impl Checks {
    /// Notes a step that passed.
    pub fn pass(&mut self, name: impl Into<String>, found: impl Into<String>) {
        self.push(name, Outcome::Passed(found.into()));
    }

    /// Notes a step that failed.
    pub fn fail(&mut self, name: impl Into<String>, failure: Failure) {
        self.push(name, Outcome::Failed(failure));
    }

    /// Notes a step that was not taken.
    pub fn skip(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.push(name, Outcome::Skipped(reason.into()));
    }

    /// Notes a step that either passed or failed.
    pub fn record(&mut self, name: &str, result: Result<String, Failure>) {
        match result {
            Ok(found) => self.pass(name, found),
            Err(failure) => self.fail(name, failure),
        }
    }

    /// The steps.
    #[must_use]
    pub fn all(&self) -> &[Check] {
        &self.0
    }

    /// The failures, in the order of the steps.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.0.iter().filter_map(|check| match &check.outcome {
            Outcome::Failed(failure) => Some(failure),
            _ => None,
        })
    }

    /// True when no step failed.
    #[must_use]
    pub fn none_failed(&self) -> bool {
        self.failures().next().is_none()
    }

    fn push(&mut self, name: impl Into<String>, outcome: Outcome) {
        self.0.push(Check {
            name: name.into(),
            outcome,
        });
    }
}
