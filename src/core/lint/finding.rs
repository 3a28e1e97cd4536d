//! What a rule has found, and where.

use std::ops::Range;

use super::rule::{Rule, Severity};

/// The key that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its place in the set, from 0.
    pub index: usize,
    /// Its `kid`, when it has one.
    pub kid: Option<String>,
    /// The key as messages name it.
    pub label: String,
    /// What stays the same when the keys of the set change places: its thumbprint, or what else tells
    /// it from the others. Nothing secret follows from it.
    pub identity: String,
}

/// Something that a rule has found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, never a secret.
    pub message: String,
    /// What to do in this case; where there is none, the rule's own advice stands.
    pub hint: Option<String>,
    /// The member that it is about.
    pub member: Option<String>,
    /// The key that it is about; none when it is the document.
    pub key: Option<Owner>,
    /// What several keys have in common, where that is the fault and the key is but the one at which it
    /// is told: which one that is depends on their order.
    pub shared: Option<String>,
    /// Where, in bytes from the start of the document.
    pub span: Range<usize>,
}

impl Finding {
    /// What is wrong, and with which key.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.key {
            Some(key) => format!("{}: {}", key.label, self.message),
            None => self.message.clone(),
        }
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> &str {
        self.hint.as_deref().unwrap_or(self.rule.fix)
    }

    /// What it is about, wherever that stands in the document; none when it is the document.
    #[must_use]
    pub fn identity(&self) -> Option<&str> {
        let key = self.key.as_ref().map(|key| key.identity.as_str());
        self.shared.as_deref().or(key)
    }

    pub(super) fn about(&mut self, member: impl Into<String>) -> &mut Self {
        self.member = Some(member.into());
        self
    }

    pub(super) fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn shared(&mut self, what: impl Into<String>) -> &mut Self {
        self.shared = Some(what.into());
        self
    }

    pub(super) fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }
}

/// Takes the findings of one rule down.
pub(super) struct Reporter<'r> {
    pub(super) rule: &'static Rule,
    pub(super) findings: &'r mut Vec<Finding>,
}

impl Reporter<'_> {
    /// Something about the document, at `span`.
    pub(super) fn document(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.report(None, span, message.into())
    }

    /// Something about the key `owner`, at `span`.
    pub(super) fn key(
        &mut self,
        owner: &Owner,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.report(Some(owner.clone()), span, message.into())
    }

    fn report(&mut self, key: Option<Owner>, span: Range<usize>, message: String) -> &mut Finding {
        let place = self.findings.len();
        self.findings.push(Finding {
            rule: self.rule,
            severity: self.rule.severity,
            message,
            hint: None,
            member: None,
            key,
            shared: None,
            span,
        });
        &mut self.findings[place]
    }
}
