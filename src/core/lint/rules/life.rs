//! The members that date a key (OpenID Federation 1.0).

use crate::core::lifecycle::undated;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::Key;
use crate::core::time::NumericDate;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "key-expired",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the exp of the key has passed",
        reason: "consumers do not look at it: the key verifies as long as it stands in the set",
        source: "OpenID Federation 1.0, RFC 7517 section 4",
        fix: "remove the key from the set: jwks rotate does",
        checks: &[Check::Key(expired)],
    },
    Rule {
        id: "key-revoked",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the key is marked as revoked",
        reason: "consumers do not look at it: the key verifies as long as it stands in the set",
        source: "OpenID Federation 1.0",
        fix: "remove the key from the set: only that retires it",
        checks: &[Check::Key(revoked)],
    },
    Rule {
        id: "key-pre-published",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "the nbf of the key is in the future",
        reason: "the key is there so that caches have it before it signs",
        source: "OpenID Federation 1.0",
        fix: "nothing to do, if that time is right",
        checks: &[Check::Key(pre_published)],
    },
];

fn date(key: &Key<'_>, name: &str) -> Option<NumericDate> {
    key.member(name)
        .and_then(crate::core::json::Node::as_number)
        .map(NumericDate::from_json_number)
}

fn expired(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let now = key.options.now;
    if let Some(exp) = date(key, "exp").filter(|exp| *exp <= now) {
        let message = format!("the key expired {} ({exp})", exp.relative_to(now));
        key.report(reporter, "exp", message);
    }
}

/// What stays of a key in its owner's file, so that its kid is never used again, is as it should be.
fn revoked(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key.entry.is_revoked() && (key.published || !key.entry.is_tombstone()) {
        key.report(reporter, "revoked", "the key is revoked");
    }
}

fn pre_published(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let now = key.options.now;
    if let Some(nbf) = date(key, "nbf").filter(|nbf| *nbf > now) {
        if nbf >= undated() {
            let message = "the key is a standby, which takes effect when it is needed";
            let finding = key.report(reporter, "nbf", message);
            finding.hint("nothing to do: it signs once a rotation or a withdrawal dates it");
            return;
        }
        let message = format!("the key takes effect {} ({nbf})", nbf.relative_to(now));
        key.report(reporter, "nbf", message);
    }
}
