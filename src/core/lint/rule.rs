//! What a rule is.

use super::finding::Reporter;
use super::subject::{Key, Set};
use crate::core::failure::Code;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// To be looked at.
    Warning,
    /// To be mended.
    Error,
}

impl Severity {
    /// The severity in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// To which documents a rule applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// To all.
    Always,
    /// To those that anyone can read.
    Published,
    /// To those that a server has sent.
    Fetched,
}

impl Scope {
    /// The scope in words.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Published => "published sets",
            Self::Fetched => "fetched sets",
        }
    }
}

/// A rule that keys and sets are held to: its row in the table.
pub struct Rule {
    /// The stable name. Scripts, reports and suppressions use it, so it never changes its meaning.
    pub id: &'static str,
    /// How bad a finding is, where the rule does not say otherwise of the single case.
    pub severity: Severity,
    /// To which documents it applies.
    pub scope: Scope,
    /// What a finding says, in general: lower case, no full stop.
    pub title: &'static str,
    /// Why the rule is there.
    pub reason: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What to do about a finding.
    pub fix: &'static str,
    pub(super) checks: &'static [Check],
}

impl Rule {
    /// True when others find out what it is about.
    pub(super) fn is_told(&self) -> bool {
        let is_told = |check: &Check| matches!(check, Check::Told(_));
        self.checks.iter().any(is_told)
    }
}

/// How a rule looks.
pub(super) enum Check {
    /// It is the fault of this code, which the reader of the key, the judge of its strength or the
    /// arithmetic on its halves has told.
    Told(Code),
    /// At a key by itself, as it is written and as it is understood.
    Key(fn(&Key<'_>, &mut Reporter<'_>)),
    /// At the keys of a document beside each other, at what surrounds them, and at how it came.
    Set(fn(&Set<'_>, &mut Reporter<'_>)),
    /// At a document in which no keys can be read, and says why. Where another rule is asked for that
    /// needs them, this is told as well.
    Unread(fn(&Set<'_>, &mut Reporter<'_>)),
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.id)
    }
}
