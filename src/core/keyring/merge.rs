//! Putting keys together: each once, whatever names it has.

use std::collections::{HashMap, HashSet};

use super::Keyring;
use crate::core::exposure::{Secrets, secret_members};
use crate::core::failure::quoted_list;
use crate::core::json::RawObject;
use crate::core::jwks::{Entry, JwkSet};

/// Most members that a note lists.
const MEMBERS_SHOWN: usize = 4;

/// A document with keys, and its name as messages show it.
pub type Source<'s> = (&'s str, &'s JwkSet);

impl Keyring {
    /// The keys of these documents, in their order, and what is to be told about it. A key that is there
    /// again is kept once: the members of the first, and of the others what it lacks, its private half
    /// among them. The members of the sets themselves are put together in the same way.
    #[must_use]
    pub fn merge(sources: &[Source<'_>]) -> (Self, Vec<String>) {
        let mut ring = Self::default();
        let mut notes = Vec::new();
        let mut known: HashMap<[u8; 32], Known<'_>> = HashMap::new();
        for &(name, set) in sources {
            ring.take_members(name, set.members(), &mut notes);
            for entry in set.entries().iter() {
                let place = ring.keys.len();
                let Some(hash) = entry.material_hash() else {
                    ring.keys.push(entry.members().clone());
                    continue;
                };
                if let Some(first) = known.get_mut(&hash) {
                    let own = &mut ring.keys[first.place];
                    notes.push(duplicate(own, first.name, entry, name));
                    notes.extend(first.join(own, entry));
                } else {
                    known.insert(hash, Known::of(entry, place, name));
                    ring.keys.push(entry.members().clone());
                }
            }
        }
        let documents = sources.iter().flat_map(|(_, set)| {
            let keys = set.entries().iter().map(Entry::members);
            keys.chain([set.members()])
        });
        ring.secrets = Secrets::of(documents);
        (ring, notes)
    }

    fn take_members(&mut self, name: &str, members: &RawObject, notes: &mut Vec<String>) {
        let mut others = members.clone();
        others.retain(|member, _| member != "keys");
        let own: HashMap<&str, &str> = self.members.members().collect();
        let differs =
            |&(member, raw): &(&str, &str)| own.get(member).is_some_and(|own| *own != raw);
        let different: Vec<&str> = others
            .members()
            .filter(differs)
            .map(|(member, _)| member)
            .collect();
        if !different.is_empty() {
            notes.push(format!(
                "the set in {name} has another {}: that of the first set is kept",
                quoted_list(&different, MEMBERS_SHOWN)
            ));
        }
        self.members.add_missing(&others);
    }
}

/// A key that is there already.
struct Known<'s> {
    place: usize,
    /// The name of its document.
    name: &'s str,
    is_revoked: bool,
    /// It is revoked, and its private half was taken out.
    is_stripped: bool,
}

impl<'s> Known<'s> {
    fn of(entry: &Entry, place: usize, name: &'s str) -> Self {
        Self {
            place,
            name,
            is_revoked: entry.is_revoked(),
            is_stripped: is_stripped(entry),
        }
    }

    /// Adds to the key what `again`, which is the same, says besides. It is revoked when either is, and a private
    /// half that was taken out with that does not come back.
    fn join(&mut self, own: &mut RawObject, again: &Entry) -> Option<String> {
        own.add_missing(again.members());
        if again.is_revoked() && !self.is_revoked {
            // Before, it may have said that it is not.
            own.set_raw("revoked", again.members().get("revoked").unwrap_or("true"));
        }
        self.is_revoked |= again.is_revoked();
        self.is_stripped |= is_stripped(again);
        let secret: HashSet<String> = secret_members(own).into_iter().collect();
        if !self.is_stripped || secret.is_empty() {
            return None;
        }
        own.retain(|name, _| !secret.contains(name));
        Some(format!(
            "{} is revoked: its private half is left out",
            again.label()
        ))
    }
}

fn is_stripped(entry: &Entry) -> bool {
    entry.is_revoked() && entry.secret_members().is_empty()
}

fn duplicate(own: &RawObject, first: &str, entry: &Entry, name: &str) -> String {
    let places = if first == name {
        format!("twice in {name}")
    } else {
        format!("in {first} and in {name}")
    };
    let label = entry.label();
    let kid = |members: &RawObject| members.get("kid").map(str::to_owned);
    match kid(own) {
        Some(kept) if entry.kid().is_some() && Some(&kept) != kid(entry.members()).as_ref() => {
            format!("{label} is {places}, also under the kid {kept}, which is kept")
        }
        _ => format!("{label} is {places}: it is kept once"),
    }
}
