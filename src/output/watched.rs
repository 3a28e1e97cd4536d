//! What happens to the keys at a URL, each event as a line of JSON: `jwks.fetch.event/1`.

use serde_json::Value;

use super::json::{object, on_one_line};
use crate::core::diff::Change;
use crate::core::failure::shown;
use crate::core::json::RawObject;
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::time::NumericDate;
use crate::error::CommandError;

/// What happened where and when.
pub struct Scene<'s> {
    /// When it was seen.
    pub at: NumericDate,
    /// The URL that is watched, as it was given.
    pub url: &'s str,
}

impl Scene<'_> {
    /// A line for each key that is there at the start.
    #[must_use]
    pub fn start(&self, set: &JwkSet) -> String {
        let entries = set.entries().iter();
        let lines = entries.map(|entry| {
            let mut event = self.key_event("appeared", entry);
            event.set_raw("initial", "true");
            line(&event)
        });
        lines.collect()
    }

    /// A line for each change.
    #[must_use]
    pub fn changes(&self, old: &JwkSet, new: &JwkSet, changes: &[Change]) -> String {
        let lines = changes.iter().map(|change| {
            let event = match change {
                Change::Added { new: place } => self.key_event("appeared", &new.entries()[*place]),
                Change::Removed { old: place } => self.key_event("gone", &old.entries()[*place]),
                Change::Changed {
                    new: place,
                    members,
                    ..
                } => {
                    let mut event = self.key_event("changed", &new.entries()[*place]);
                    let members = members.iter().map(|name| shown(name));
                    event.set_raw("members", members.collect::<Value>().to_string());
                    event
                }
                Change::Replaced {
                    old: before,
                    new: after,
                } => {
                    let mut event = self.key_event("changed", &new.entries()[*after]);
                    let previous = thumbprint(&old.entries()[*before]);
                    event.set_raw("previous_thumbprint", previous.to_string());
                    event
                }
            };
            line(&event)
        });
        lines.collect()
    }

    /// The line of a fault that begins, or of another one.
    #[must_use]
    pub fn fault(&self, error: &CommandError) -> String {
        let mut event = self.event("fault");
        event.set_string("code", error.code);
        event.set_string("message", &error.to_string());
        line(&event)
    }

    /// The line of an answer after so many requests without one.
    #[must_use]
    pub fn recovered(&self, failures: u32) -> String {
        let mut event = self.event("recovered");
        event.set_raw("failures", failures.to_string());
        line(&event)
    }

    fn key_event(&self, name: &str, entry: &Entry) -> RawObject {
        let mut event = self.event(name);
        let kid = Value::from(entry.kid().map(shown));
        event.set_raw("kid", kid.to_string());
        event.set_raw("thumbprint", thumbprint(entry).to_string());
        event
    }

    fn event(&self, name: &str) -> RawObject {
        let mut event = object("jwks.fetch.event/1");
        event.set_string("at", &self.at.to_string());
        event.set_string("url", self.url);
        event.set_string("event", name);
        event
    }
}

fn thumbprint(entry: &Entry) -> Value {
    Value::from(entry.jwk().and_then(Jwk::thumbprint))
}

fn line(event: &RawObject) -> String {
    format!("{}\n", on_one_line(&event.to_json()))
}
