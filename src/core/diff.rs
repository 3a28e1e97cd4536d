//! What changed between two sets. Keys are the same when their material is; what is left is matched by
//! `kid`, so that a key replaced under its name is told as one change and not as two.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use zeroize::Zeroizing;

use super::engine;
use super::json::{RawObject, compact, quote};
use super::jwks::{Entry, JwkSet};
use super::thumbprint;

/// A change from one set to another; the numbers are places in the old and in the new set, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A key that only the new set has.
    Added {
        /// Its place.
        new: usize,
    },
    /// A key that only the old set has.
    Removed {
        /// Its place.
        old: usize,
    },
    /// The same key with other members.
    Changed {
        /// Place in the old set.
        old: usize,
        /// Place in the new set.
        new: usize,
        /// The names of the members that were added, removed or given another value.
        members: Vec<String>,
    },
    /// Another key under the same `kid`.
    Replaced {
        /// Place in the old set.
        old: usize,
        /// Place in the new set.
        new: usize,
    },
}

/// The changes from `old` to `new`: what happened to the keys of the old set, in its order, then what
/// the new one adds. The order of keys and of members does not count.
#[must_use]
pub fn changes(old: &JwkSet, new: &JwkSet) -> Vec<Change> {
    let mut matched: HashMap<usize, Change> = HashMap::new();
    let (rest, unmatched) = pair(
        old.entries().iter(),
        new.entries().iter(),
        |entry| Some(members(entry)),
        |_, _| {},
    );
    let (rest, unmatched) = pair(
        rest.into_iter(),
        unmatched.into_iter(),
        identity,
        |old, new| {
            let change = Change::Changed {
                old: old.index(),
                new: new.index(),
                members: differing(old, new),
            };
            matched.insert(old.index(), change);
        },
    );
    let kid = |entry: &Entry| entry.kid().map(str::to_owned);
    let (rest, unmatched) = pair(rest.into_iter(), unmatched.into_iter(), kid, |old, new| {
        matched.insert(old.index(), under_one_name(old, new));
    });
    for entry in rest {
        let old = entry.index();
        matched.insert(old, Change::Removed { old });
    }
    let mut changes: Vec<(usize, Change)> = matched.into_iter().collect();
    changes.sort_by_key(|(index, _)| *index);
    let added = unmatched
        .into_iter()
        .map(|entry| Change::Added { new: entry.index() });
    changes
        .into_iter()
        .map(|(_, change)| change)
        .chain(added)
        .collect()
}

/// The members of the sets themselves that are not the same, which is no change of a key.
#[must_use]
pub fn differing_members(old: &JwkSet, new: &JwkSet) -> Vec<String> {
    let mut names = differing_names(old.members(), new.members());
    names.retain(|name| name != "keys");
    names
}

/// What happened to two keys of one `kid` that are not known to be the same. Where one cannot be read nobody knows
/// that they are not, unless they are of different types.
fn under_one_name(old: &Entry, new: &Entry) -> Change {
    let is_unknown = old.jwk().is_none() || new.jwk().is_none();
    let kty = |entry: &Entry| entry.members().get("kty").map(compact);
    if is_unknown && kty(old) == kty(new) {
        return Change::Changed {
            old: old.index(),
            new: new.index(),
            members: differing(old, new),
        };
    }
    Change::Replaced {
        old: old.index(),
        new: new.index(),
    }
}

/// Pairs the entries of both sides that have the same key by `key_of`, each at most once, and gives back
/// those that are left, in their order.
fn pair<'s, K: Eq + Hash>(
    old: impl Iterator<Item = &'s Entry>,
    new: impl Iterator<Item = &'s Entry>,
    key_of: impl Fn(&Entry) -> Option<K>,
    mut paired: impl FnMut(&'s Entry, &'s Entry),
) -> (Vec<&'s Entry>, Vec<&'s Entry>) {
    let new: Vec<&Entry> = new.collect();
    let mut waiting: HashMap<K, Vec<&Entry>> = HashMap::new();
    // Turned round, so that the first of several equals is the first to be taken.
    for entry in new.iter().rev() {
        if let Some(key) = key_of(entry) {
            waiting.entry(key).or_default().push(entry);
        }
    }
    let mut taken = vec![false; new.iter().map(|entry| entry.index() + 1).max().unwrap_or(0)];
    let mut rest = Vec::new();
    for entry in old {
        let twin = key_of(entry).and_then(|key| waiting.get_mut(&key)?.pop());
        match twin {
            Some(twin) => {
                taken[twin.index()] = true;
                paired(entry, twin);
            }
            None => rest.push(entry),
        }
    }
    let unmatched = new
        .into_iter()
        .filter(|entry| !taken[entry.index()])
        .collect();
    (rest, unmatched)
}

/// Every member and its value, in an order of their own; hashed, since a secret may be among them.
fn members(entry: &Entry) -> [u8; 32] {
    let mut members: Vec<(&str, _)> = entry
        .members()
        .members()
        .map(|(name, value)| (name, compact(value)))
        .collect();
    members.sort_by(|one, other| one.0.cmp(other.0));
    let length = members
        .iter()
        .map(|(name, value)| 6 * name.len() + value.len() + 4)
        .sum();
    // Enough room from the start: growing would leave copies of secrets behind.
    let mut text = Zeroizing::new(String::with_capacity(length));
    for (name, value) in &members {
        text.push_str(&quote(name));
        text.push(':');
        text.push_str(value);
        text.push(',');
    }
    engine::sha256(text.as_bytes())
}

/// What a key is, whatever it is called; none of one that cannot be read.
fn identity(entry: &Entry) -> Option<[u8; 32]> {
    entry.jwk().map(|jwk| thumbprint::sha256(jwk.material()))
}

fn differing(old: &Entry, new: &Entry) -> Vec<String> {
    differing_names(old.members(), new.members())
}

fn differing_names(old: &RawObject, new: &RawObject) -> Vec<String> {
    let by_name = |members: &RawObject| -> BTreeMap<String, Zeroizing<String>> {
        members
            .members()
            .map(|(name, value)| (name.to_owned(), compact(value)))
            .collect()
    };
    let (old, new) = (by_name(old), by_name(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
    const TWO: &str =
        r#""kty":"OKP","crv":"Ed25519","x":"N_-i_LAtdMmDfl_BQNLtGF2600VcsG3v3bytGf-deqU""#;

    fn between(old: &str, new: &str) -> Vec<Change> {
        let read = |text: &str| JwkSet::read(text.as_bytes()).unwrap();
        changes(&read(old), &read(new))
    }

    #[test]
    fn order_and_white_space_are_no_change() {
        let old = format!(r#"[{{{ONE},"kid":"a"}},{{{TWO}}}]"#);
        let new = format!(r#"{{"keys":[ {{{TWO}}}, {{"kid" : "a",{ONE}}} ]}}"#);
        assert_eq!(between(&old, &new), []);
        assert_eq!(between("[]", "[]"), []);
    }

    #[test]
    fn each_kind_of_change_is_told() {
        let old = format!(r#"[{{{ONE},"kid":"a"}},{{{TWO},"kid":"b"}},{{"kty":"X","kid":"c"}}]"#);
        let new = format!(
            r#"[{{"kty":"Y","kid":"d"}},{{{TWO},"kid":"b","alg":"Ed25519"}},{{"kty":"EC","kid":"a"}}]"#
        );
        assert_eq!(
            between(&old, &new),
            [
                Change::Replaced { old: 0, new: 2 },
                Change::Changed {
                    old: 1,
                    new: 1,
                    members: vec!["alg".into()]
                },
                Change::Removed { old: 2 },
                Change::Added { new: 0 },
            ]
        );
    }

    #[test]
    fn nobody_knows_that_a_key_which_cannot_be_read_is_another() {
        let old = r#"{"a":1,"b":2,"keys":[{"kty":"X","kid":"a","z":1},{"kid":"b"}]}"#;
        let new =
            r#"{"a":1,"b":3,"c":4,"keys":[{"kty":"X","kid":"a","z":2},{"kid":"b","revoked":{}}]}"#;
        let changed = |place, member: &str| Change::Changed {
            old: place,
            new: place,
            members: vec![member.into()],
        };
        assert_eq!(between(old, new), [changed(0, "z"), changed(1, "revoked")]);
        let read = |text: &str| JwkSet::read(text.as_bytes()).unwrap();
        assert_eq!(differing_members(&read(old), &read(new)), ["b", "c"]);
    }

    #[test]
    fn a_key_that_is_renamed_is_changed_and_twins_are_counted() {
        let old = format!(r#"[{{{ONE},"kid":"a"}},{{{ONE},"kid":"a"}}]"#);
        let new = format!(r#"[{{{ONE},"kid":"b"}}]"#);
        assert_eq!(
            between(&old, &new),
            [
                Change::Changed {
                    old: 0,
                    new: 0,
                    members: vec!["kid".into()]
                },
                Change::Removed { old: 1 }
            ]
        );
    }
}
