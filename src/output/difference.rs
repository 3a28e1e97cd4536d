//! What changed between two sets: a line a change, and as `jwks.diff/1`.

use serde_json::{Value, json};

use super::json::object;
use super::paint::Paint;
use crate::core::diff::Change;
use crate::core::failure::{printable, shown};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, JwkSet};

/// A line for each change, with the marks that diff uses; nothing when the sets are alike.
#[must_use]
pub fn text(old: &JwkSet, new: &JwkSet, changes: &[Change], paint: Paint) -> String {
    changes
        .iter()
        .map(|change| {
            let line = match change {
                Change::Added { new: place } => {
                    format!("{} {}", paint.good("+"), described(new, *place))
                }
                Change::Removed { old: place } => {
                    format!("{} {}", paint.bad("-"), described(old, *place))
                }
                Change::Changed {
                    new: place,
                    members,
                    ..
                } => format!(
                    "{} {}: {} changed",
                    paint.warning("~"),
                    described(new, *place),
                    printable(&members.join(", "))
                ),
                Change::Replaced {
                    old: before,
                    new: after,
                } => format!(
                    "{} {} was replaced by another key under its kid ({})",
                    paint.warning("!"),
                    described(old, *before),
                    kind(&new.entries()[*after])
                ),
            };
            line + "\n"
        })
        .collect()
}

fn described(set: &JwkSet, place: usize) -> String {
    let entry = &set.entries()[place];
    format!("{} ({})", entry.label(), kind(entry))
}

fn kind(entry: &Entry) -> String {
    let Some(jwk) = entry.jwk() else {
        return "unreadable".to_owned();
    };
    match &jwk.parameters().alg {
        Some(alg) => format!("{}, {}", jwk.material().description(), printable(alg)),
        None => jwk.material().description(),
    }
}

/// The report `jwks.diff/1`.
#[must_use]
pub fn report(old: &JwkSet, new: &JwkSet, changes: &[Change]) -> String {
    let key = |set: &JwkSet, place: usize| {
        let entry = &set.entries()[place];
        json!({
            "index": place,
            "kid": entry.kid().map(shown),
            "thumbprint": entry.jwk().and_then(Jwk::thumbprint),
        })
    };
    let changes: Vec<Value> = changes
        .iter()
        .map(|change| match change {
            Change::Added { new: place } => json!({"change": "added", "new": key(new, *place)}),
            Change::Removed { old: place } => json!({"change": "removed", "old": key(old, *place)}),
            Change::Changed {
                old: before,
                new: after,
                members,
            } => json!({
                "change": "changed",
                "old": key(old, *before),
                "new": key(new, *after),
                "members": members,
            }),
            Change::Replaced {
                old: before,
                new: after,
            } => json!({
                "change": "replaced",
                "old": key(old, *before),
                "new": key(new, *after),
            }),
        })
        .collect();
    let mut report = object("jwks.diff/1");
    report.set_raw("equal", changes.is_empty().to_string());
    report.set_raw("changes", Value::from(changes).to_string());
    super::json::text(&report)
}
