//! Keys that everybody knows.

use crate::core::lint::finding::Reporter;
use crate::core::lint::known::{Known, sample, sample_of_modulus};
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::Key;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "known-compromised",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the key is on a list of known keys",
        reason: "its private half is known to others",
        source: "--known-keys",
        fix: "replace the key at once",
        checks: &[Check::Key(listed)],
    },
    Rule {
        id: "sample-key",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the key is printed in public documentation",
        reason: "its private half stands beside it for all to read",
        source: "the documents that print it",
        fix: "replace the key at once",
        checks: &[Check::Key(printed)],
    },
];

fn listed(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let hash = key.entry.material_hash();
    if let Some(remark) = hash.and_then(|hash| key.options.known.remark(&hash)) {
        let message = Known::message(remark);
        key.report_whole(reporter, message);
    }
}

fn printed(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if let Some(source) = key.entry.material_hash().and_then(|hash| sample(&hash)) {
        key.report_whole(reporter, format!("the key is the sample key of {source}"));
        return;
    }
    let public = key.jwk().and_then(|jwk| jwk.material().public());
    if let Some(source) = public.and_then(sample_of_modulus) {
        let message = format!("the modulus is that of the sample key of {source}");
        key.report_whole(reporter, message);
    }
}
