//! What a file would lose by which one of its sources is replaced.

use std::collections::{HashMap, HashSet};

use super::Keyring;
use crate::core::failure::Failure;
use crate::core::jwks::{Entry, JwkSet};

impl Keyring {
    /// What of `before` is not in here, for a sentence: keys, and private halves. A public key may go that
    /// is `named` as one to go: whoever has its private half has it still.
    ///
    /// # Errors
    /// As [`Keyring::set`].
    pub fn lost(&self, before: &JwkSet, named: &[String]) -> Result<Vec<String>, Failure> {
        let after = self.set()?;
        let mut known: HashMap<[u8; 32], bool> = HashMap::new();
        let mut others = HashSet::new();
        for entry in after.entries().iter() {
            match entry.material_hash() {
                Some(hash) => *known.entry(hash).or_default() |= is_private(entry),
                None => {
                    others.insert(name(entry));
                }
            }
        }
        let is_named = |kid: &str| named.iter().any(|own| own == kid);
        let lost = |entry: &Entry| {
            let label = entry.label();
            let Some(hash) = entry.material_hash() else {
                return (!others.contains(&name(entry))).then_some(label);
            };
            let may_go =
                || !is_private(entry) && !entry.is_revoked() && entry.kid().is_some_and(&is_named);
            match known.get(&hash) {
                None if may_go() => None,
                None => Some(label),
                Some(false) if is_private(entry) => Some(format!("the private half of {label}")),
                Some(_) => None,
            }
        };
        let lost: Vec<String> = before.entries().iter().filter_map(lost).collect();
        let is_hidden = || !before.exposures().is_empty() && after.exposures().is_empty();
        if lost.is_empty() && is_hidden() {
            return Ok(vec!["what is private in it".to_owned()]);
        }
        Ok(lost)
    }
}

fn is_private(entry: &Entry) -> bool {
    entry.jwk().is_some_and(|jwk| jwk.material().is_private())
}

/// By what a key is found again that cannot be read.
fn name(entry: &Entry) -> String {
    match entry.kid() {
        Some(kid) => kid.to_owned(),
        None => entry.members().to_json().to_string(),
    }
}
