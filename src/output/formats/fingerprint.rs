//! What stays of a finding while the document around it changes.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::place;
use crate::core::engine::sha256;
use crate::core::hexadecimal;
use crate::core::lint::Finding;
use crate::error::CommandError;
use crate::output::inspection::SourceView;

/// Fingerprints of the findings of one report, no two of them equal.
///
/// A fingerprint is the SHA-256 of what a finding is about: rule, source, key and member. Neither
/// the place in the document nor the wording goes into it, so it outlives white space, another
/// order of the keys, and a new release.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// How often the same has been found.
    seen: HashMap<String, usize>,
}

impl Fingerprints {
    /// The fingerprint of the next finding, in lower-case hexadecimal.
    pub(super) fn of(&mut self, source: &SourceView<'_>, finding: &Finding) -> String {
        self.next(&json!([
            finding.rule.id,
            place::uri(source),
            finding.identity(),
            finding.member,
        ]))
    }

    /// The fingerprint of the next source that cannot be read.
    pub(super) fn of_error(&mut self, error: &CommandError) -> String {
        self.next(&json!([error.code, error.input]))
    }

    fn next(&mut self, facts: &Value) -> String {
        let facts = facts.to_string();
        let ordinal = self.seen.entry(facts.clone()).or_default();
        *ordinal += 1;
        // The array ends with a bracket, so the number after it cannot be taken for a part of it.
        hexadecimal::encode(&sha256(format!("{facts}{ordinal}").as_bytes()))
    }
}
