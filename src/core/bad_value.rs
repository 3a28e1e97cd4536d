//! Why a value that a person wrote is not taken.

use std::fmt;

/// What is wrong with a value, and what to write in its place: an error and its hint, which are never
/// one text, since the value may hold any words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    /// What is wrong: lower case, no full stop.
    pub reason: String,
    /// What to do instead.
    pub advice: Option<String>,
}

impl BadValue {
    /// A reason without advice.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            advice: None,
        }
    }

    /// Adds what to do instead.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}

impl std::error::Error for BadValue {}
