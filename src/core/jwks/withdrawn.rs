//! Keys of a set that say that they are revoked, and those that are the same under another name.

use std::collections::HashSet;

use super::{Entries, Entry};

/// What the revoked keys of a set are made of, and what they are called: under another kid, or without the mark,
/// they are no more to be trusted. Of some nothing but the name is left.
#[derive(Default)]
pub(super) struct Withdrawn {
    kids: HashSet<String>,
    /// [`Entry::shared_number`] of each, or the thumbprint of a secret.
    marks: HashSet<Vec<u8>>,
}

impl Withdrawn {
    /// Those among `entries` whose places are `revoked`.
    pub(super) fn among(entries: Entries<'_>, revoked: impl Iterator<Item = usize>) -> Self {
        let mut withdrawn = Self::default();
        for entry in revoked.filter_map(|index| entries.get(index)) {
            withdrawn.kids.extend(entry.kid().map(str::to_owned));
            withdrawn.marks.extend(mark(entry));
        }
        withdrawn
    }

    /// True when the entry is revoked, or has the kid of one that is, or is the same key.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let has_kid = || entry.kid().is_some_and(|kid| self.kids.contains(kid));
        let is_same = || mark(entry).is_some_and(|mark| self.marks.contains(&mark));
        entry.is_revoked()
            || (!self.kids.is_empty() && has_kid())
            || (!self.marks.is_empty() && is_same())
    }
}

fn mark(entry: &Entry) -> Option<Vec<u8>> {
    match entry.shared_number() {
        Some(number) => Some(number.to_vec()),
        None => entry.material_hash().map(|hash| hash.to_vec()),
    }
}
