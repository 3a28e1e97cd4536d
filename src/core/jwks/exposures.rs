//! What of a set that anyone can read must not be seen.

use super::{Entry, JwkSet};
use crate::core::exposure::{member_holds_secret, secret_members};
use crate::core::failure::named;

/// Something private in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Whose it is.
    pub label: String,
    /// What it is.
    pub what: String,
}

impl JwkSet {
    /// Whatever is private in the document: in a key, in a value inside one, beside the keys.
    #[must_use]
    pub fn exposures(&self) -> Vec<Exposure> {
        let mut exposures = Vec::new();
        let mut expose = |label, names: &[String]| {
            let names: Vec<String> = names.iter().map(|name| named(name)).collect();
            let what = names.join(", ");
            exposures.push(Exposure { label, what });
        };
        let own = secret_members(self.members());
        if !own.is_empty() {
            expose("the set itself".to_owned(), &own);
        }
        for entry in self.entries().iter() {
            let names = entry.secret_members();
            if !names.is_empty() {
                expose(entry.label(), &names);
            }
        }
        if self.hides_beside_keys() || self.entries().iter().any(Entry::hides_secret) {
            exposures.push(Exposure {
                label: "the document".to_owned(),
                what: "a private key inside another value".to_owned(),
            });
        }
        exposures
    }

    /// True when a private key hides in a member of the set, or in the name of one.
    pub(super) fn hides_beside_keys(&self) -> bool {
        let mut members = self.members().members();
        members.any(|(name, value)| name != "keys" && member_holds_secret(name, value))
    }
}
