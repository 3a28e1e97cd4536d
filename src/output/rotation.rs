//! A rotation: what changes and when, for people and as `jwks.rotate/1`.

use serde_json::{Value, json};

use super::json::object;
use super::paint::Paint;
use super::table::table;
use crate::core::failure::printable;
use crate::core::lifecycle::{Group, State};
use crate::core::time::NumericDate;

/// A key in the set that a rotation leaves behind, or that leaves with it.
pub struct KeyLine {
    /// `kid`, when it has one.
    pub kid: Option<String>,
    /// Use and algorithm.
    pub group: Group,
    /// What it is once the rotation is done.
    pub state: State,
    /// When it signs, or has signed, from.
    pub activates: Option<NumericDate>,
    /// When it goes.
    pub leaves: Option<NumericDate>,
    /// True when this rotation adds it.
    pub is_new: bool,
    /// True when this rotation removes it.
    pub is_removed: bool,
}

/// A rotation, done or planned.
pub struct RotationView {
    /// The keys, in the order of the file.
    pub keys: Vec<KeyLine>,
    /// True when nothing was written.
    pub dry_run: bool,
    /// The earliest safe time of the next rotation.
    pub next: Option<NumericDate>,
    /// When old keys can be removed.
    pub removal: Option<NumericDate>,
}

impl RotationView {
    /// The view for people.
    #[must_use]
    pub fn text(&self, now: NumericDate, width: usize, paint: Paint) -> String {
        let heading = ["KID", "ALG", "STATE", "SIGNS FROM", "LEAVES"];
        let rows = self
            .keys
            .iter()
            .map(|key| {
                let state = match (key.is_new, key.is_removed) {
                    (true, _) => format!("{} (new)", key.state.name()),
                    (_, true) => "removed".to_owned(),
                    _ => key.state.name().to_owned(),
                };
                vec![
                    key.kid.as_deref().map_or_else(|| "-".to_owned(), printable),
                    printable(&key.group.algorithm),
                    state,
                    shown(key.activates),
                    shown(key.leaves),
                ]
            })
            .collect();
        let mut text = table(&heading, rows, width, paint);
        text.push('\n');
        if let Some(next) = self.next {
            text.push_str(&format!(
                "\nThe new key takes over at {next} ({}); the next rotation is safe from then on.\n",
                next.relative_to(now)
            ));
        }
        if let Some(removal) = self.removal {
            text.push_str(&format!(
                "Old keys can go at {removal} ({}): the first rotation after that removes them.\n",
                removal.relative_to(now)
            ));
        }
        if self.dry_run {
            text.push_str("Nothing was written (--dry-run); the new key is made when it is.\n");
        }
        text
    }

    /// The report `jwks.rotate/1`.
    #[must_use]
    pub fn report(&self) -> String {
        let keys: Vec<Value> = self
            .keys
            .iter()
            .map(|key| {
                json!({
                    "kid": key.kid,
                    "use": key.group.key_use,
                    "alg": key.group.algorithm,
                    "state": key.state.name(),
                    "activates": key.activates.map(NumericDate::seconds),
                    "leaves": key.leaves.map(NumericDate::seconds),
                    "new": key.is_new,
                    "removed": key.is_removed,
                })
            })
            .collect();
        let mut report = object("jwks.rotate/1");
        report.set_raw("dry_run", self.dry_run.to_string());
        report.set_raw("keys", Value::from(keys).to_string());
        report.set_raw(
            "next",
            Value::from(self.next.map(NumericDate::seconds)).to_string(),
        );
        report.set_raw(
            "removal",
            Value::from(self.removal.map(NumericDate::seconds)).to_string(),
        );
        super::json::text(&report)
    }
}

fn shown(date: Option<NumericDate>) -> String {
    date.map_or_else(|| "-".to_owned(), |date| date.to_string())
}
