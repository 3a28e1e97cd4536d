//! What a rule has found, and where.

use std::collections::HashMap;
use std::ops::Range;

use super::rule::{Rule, Severity};
use crate::core::failure::shown;

/// Most findings of a rule on a document that are told one by one.
const FINDINGS_OF_A_RULE: usize = 1_000;

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
        self.member = Some(shown(&member.into()).to_owned());
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

/// The findings on a document. Of each rule only so many are kept: nobody reads fifty thousand, and a
/// hostile document must not make them cost more than it does itself.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<Finding>,
    /// How many there were of each rule.
    counts: HashMap<&'static str, usize>,
    /// The worst of each rule that was not kept.
    beyond: HashMap<&'static str, Finding>,
    /// The one that was found last, when it is not kept.
    passing: Option<Finding>,
}

impl Findings {
    fn add(&mut self, finding: Finding) -> &mut Finding {
        self.settle();
        let count = self.counts.entry(finding.rule.id).or_default();
        *count += 1;
        if *count > FINDINGS_OF_A_RULE {
            return self.passing.insert(finding);
        }
        let place = self.kept.len();
        self.kept.push(finding);
        &mut self.kept[place]
    }

    /// Forgets what was found last and is not kept, but for how bad it was.
    fn settle(&mut self) {
        let Some(finding) = self.passing.take() else {
            return;
        };
        let worst = self.beyond.entry(finding.rule.id);
        let worst = worst.or_insert_with(|| finding.clone());
        worst.severity = worst.severity.max(finding.severity);
    }

    /// All of them in the order of the document; for those that were not kept, one of each rule, which
    /// stands at `list`.
    pub(super) fn finish(mut self, list: &Range<usize>) -> Vec<Finding> {
        self.settle();
        for (id, mut finding) in self.beyond {
            let more = self
                .counts
                .get(id)
                .map_or(0, |count| count - FINDINGS_OF_A_RULE);
            finding.message = format!("{more} more findings of this rule are left out");
            finding.key = None;
            finding.shared = None;
            finding.member = None;
            finding.span = list.clone();
            self.kept.push(finding);
        }
        let order = |finding: &Finding| {
            let severity = std::cmp::Reverse(finding.severity);
            (finding.span.start, severity, finding.rule.id)
        };
        self.kept
            .sort_by(|one, other| order(one).cmp(&order(other)));
        self.kept
    }
}

/// Takes the findings of one rule down.
pub(super) struct Reporter<'r> {
    pub(super) rule: &'static Rule,
    pub(super) findings: &'r mut Findings,
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
        self.findings.add(Finding {
            rule: self.rule,
            severity: self.rule.severity,
            message,
            hint: None,
            member: None,
            key,
            shared: None,
            span,
        })
    }
}
