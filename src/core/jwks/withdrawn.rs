//! Keys of a set that say that they are revoked, and those that are the same under another name.

use std::collections::HashSet;

use super::{Entries, Entry};

/// What the revoked keys of a set are made of: under another kid, or without the mark, they are no more to be
/// trusted.
#[derive(Default)]
pub(super) struct Withdrawn {
    /// [`Entry::shared_number`] of each, or the thumbprint of a secret.
    marks: HashSet<Vec<u8>>,
}

impl Withdrawn {
    /// Those among `entries` whose places are `revoked`.
    pub(super) fn among(entries: Entries<'_>, revoked: impl Iterator<Item = usize>) -> Self {
        let marks = revoked.filter_map(|index| mark(entries.get(index)?));
        Self {
            marks: marks.collect(),
        }
    }

    /// True when the entry is revoked, or the same key as one that is.
    pub(super) fn holds(&self, entry: &Entry) -> bool {
        let is_same = || mark(entry).is_some_and(|mark| self.marks.contains(&mark));
        entry.is_revoked() || (!self.marks.is_empty() && is_same())
    }
}

fn mark(entry: &Entry) -> Option<Vec<u8>> {
    match entry.shared_number() {
        Some(number) => Some(number.to_vec()),
        None => entry.material_hash().map(|hash| hash.to_vec()),
    }
}
