//! Different keys with one name.

use std::collections::{BTreeMap, BTreeSet};

use super::{DatedKey, Group, NumericDate, Roster, published_places};
use crate::core::alg::by_name;

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
        let is_alike = are_alike(keys.iter().map(|&index| key(index)));
        Some(Clash {
            kid: kid.to_owned(),
            keys,
            is_alike,
        })
    };
    by_kid.into_iter().filter_map(clash).collect()
}

/// True where two different keys of one use and type have the same algorithm, or one has none and takes
/// tokens of any.
fn are_alike<'k>(keys: impl Iterator<Item = &'k DatedKey>) -> bool {
    let mut kinds: BTreeMap<Kind<'k>, BTreeMap<Option<&str>, BTreeSet<_>>> = BTreeMap::new();
    for key in keys {
        if let Some(group) = &key.group {
            let (kind, algorithm) = kind(group);
            let algorithms = kinds.entry(kind).or_default();
            let materials = algorithms.entry(algorithm).or_default();
            materials.insert(key.material);
        }
    }
    kinds.values().any(|algorithms| {
        let all: BTreeSet<_> = algorithms.values().flatten().collect();
        let is_shared = algorithms.values().any(|materials| materials.len() > 1);
        is_shared || (algorithms.contains_key(&None) && all.len() > 1)
    })
}

/// Use, type and curve of keys.
type Kind<'g> = (&'g str, &'g str, Option<&'g str>);

/// The kind of a group, and its algorithm when the keys have one; see [`Group::of`].
fn kind(group: &Group) -> (Kind<'_>, Option<&str>) {
    let mut words = group.algorithm.splitn(2, ' ');
    let (name, curve) = (words.next().unwrap_or_default(), words.next());
    match by_name(name) {
        None => ((group.key_use.as_str(), name, curve), None),
        Some(row) => {
            let only = row.curves.first().map(|curve| curve.name());
            let kind = (group.key_use.as_str(), row.key_type.name(), curve.or(only));
            (kind, Some(row.name))
        }
    }
}
