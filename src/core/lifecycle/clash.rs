//! Different keys with one name.

use std::collections::BTreeMap;

use super::{NumericDate, Roster, published_places};

/// Keys that consumers may see, which are different and have one kid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The kid.
    pub kid: String,
    /// Their places.
    pub keys: Vec<usize>,
    /// True where nothing else tells some of them apart: neither their use nor their algorithm.
    pub is_alike: bool,
}

/// The keys of `roster` that are published at `now` under a kid that is also that of another key. One key
/// in several places is none: whichever of them a consumer takes, it is the right one.
#[must_use]
pub fn clashes(roster: &Roster, now: NumericDate) -> Vec<Clash> {
    let mut by_kid: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for index in published_places(roster, now) {
        if let Some(kid) = &roster.keys()[index].kid {
            by_kid.entry(kid).or_default().push(index);
        }
    }
    let clash = |(kid, mut keys): (&str, Vec<usize>)| {
        keys.sort_unstable();
        let key = |index: usize| &roster.keys()[index];
        let first = key(*keys.first()?);
        // Nobody knows that two keys are the same of which one cannot be read.
        let is_other = |&&index: &&usize| {
            key(index).material.is_none() || key(index).material != first.material
        };
        keys.iter().skip(1).find(is_other)?;
        let mut materials = BTreeMap::new();
        let is_alike = keys.iter().any(|&index| {
            let (group, material) = (&key(index).group, key(index).material);
            let known = *materials.entry(group).or_insert(material);
            known != material
        });
        Some(Clash {
            kid: kid.to_owned(),
            keys,
            is_alike,
        })
    };
    by_kid.into_iter().filter_map(clash).collect()
}
