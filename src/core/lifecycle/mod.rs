//! The life of a key: published, active, retiring, removed.
//!
//! States are never stored. They follow from `nbf`, `exp` and `revoked` (OpenID Federation 1.0) and
//! the time, key by key within its group: the keys of one use and one algorithm.
//!
//! Consumers act on presence in the published set alone, so the times of a rotation are:
//! a new key takes over once every cached copy of the set holds it (publish + M + margin), and an
//! old key leaves once every token that it signed has expired (takeover of its successor + L + margin).

mod plan;

use std::collections::HashMap;
use std::time::Duration;

use super::alg::KeyType;
use super::json::RawObject;
use super::jwk::Jwk;
use super::jwks::{Entry, JwkSet};
use super::time::NumericDate;

pub use plan::{Plan, Postponement, Refusal, Retirement, Successor, apply, plan, postpone};

/// The times on which a rotation rests.
#[derive(Debug, Clone, Copy)]
pub struct RotationPolicy {
    /// M: how long consumers may cache the published set.
    pub cache_ttl: Duration,
    /// L: the longest lifetime of a token.
    pub token_lifetime: Duration,
    /// Delay of publishing, lag of signers and difference of clocks together.
    pub margin: Duration,
}

/// What a key is at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Published, and not used before its `nbf`.
    Pending,
    /// The one that signs: the newest of its group whose `nbf` has passed.
    Active,
    /// A newer one signs; this one verifies until its `exp`.
    Retiring,
    /// Its `exp` has passed, and a newer one signs: to be removed.
    Expired,
    /// Withdrawn for good.
    Revoked,
    /// It cannot be used, or is no key of ours.
    Unusable,
}

impl State {
    /// The state in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Unusable => "unusable",
        }
    }
}

/// The keys of one use and one algorithm, of which one is active.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Group {
    /// `sig` or `enc`.
    pub key_use: String,
    /// `alg`, or what the key is when it has none.
    pub algorithm: String,
}

impl Group {
    /// The group of a key.
    #[must_use]
    pub fn of(jwk: &Jwk) -> Self {
        let parameters = jwk.parameters();
        let by_algorithm = jwk.algorithm().map(super::alg::Algorithm::key_use);
        let curve = jwk.material().curve().filter(|_| {
            // Where the name leaves a choice of curves, a key on one cannot stand in for another.
            jwk.algorithm().is_some_and(|row| row.curves.len() > 1)
        });
        let algorithm = match (&parameters.alg, curve) {
            (Some(alg), Some(curve)) => format!("{alg} {}", curve.name()),
            (Some(alg), None) => alg.clone(),
            (None, _) => jwk.material().description(),
        };
        Self {
            algorithm,
            key_use: parameters
                .key_use
                .clone()
                .unwrap_or_else(|| by_algorithm.unwrap_or("sig").to_owned()),
        }
    }
}

/// The state of every key of `set` at `now`, in the order of the set.
#[must_use]
pub fn states(set: &JwkSet, now: NumericDate) -> Vec<State> {
    let mut states = vec![State::Unusable; set.entries().len()];
    for entry in set.entries().iter() {
        if entry.is_revoked() {
            states[entry.index()] = State::Revoked;
        }
    }
    for (_, members) in groups(set) {
        let active = active_of(&members, now).map(Entry::index);
        for entry in members {
            let Some(jwk) = entry.usable() else { continue };
            let dates = jwk.parameters();
            states[entry.index()] = if active == Some(entry.index()) {
                State::Active
            } else if dates.nbf.is_some_and(|nbf| nbf > now) {
                State::Pending
            } else if dates.exp.is_some_and(|exp| exp <= now) {
                State::Expired
            } else {
                State::Retiring
            };
        }
    }
    states
}

/// The usable keys by group, groups in the order in which they first appear.
fn groups(set: &JwkSet) -> Vec<(Group, Vec<&Entry>)> {
    let mut groups: Vec<(Group, Vec<&Entry>)> = Vec::new();
    let mut places: HashMap<Group, usize> = HashMap::new();
    for entry in set.entries().iter() {
        let Some(jwk) = entry.usable() else { continue };
        let group = Group::of(jwk);
        match places.get(&group) {
            Some(&place) => groups[place].1.push(entry),
            None => {
                places.insert(group.clone(), groups.len());
                groups.push((group, vec![entry]));
            }
        }
    }
    groups
}

/// The newest key whose `nbf` has passed. One without `nbf` counts as older than any with; of
/// several such the last one stands. `exp` plays no part: it is set for a key only when a newer one
/// is to take over, and a group must never be left without a key that signs.
fn active_of<'s>(members: &[&'s Entry], now: NumericDate) -> Option<&'s Entry> {
    members
        .iter()
        .filter_map(|entry| Some((entry, entry.usable()?.parameters().nbf)))
        .filter(|(_, nbf)| nbf.is_none_or(|nbf| nbf <= now))
        .max_by_key(|(entry, nbf)| (*nbf, entry.index()))
        .map(|(entry, _)| *entry)
}

/// The keys of `set` as consumers may see them: public members of live keys, the active ones
/// first, then the pending, then the retiring; without the members that date them.
///
/// The public half of an encryption key leaves as soon as its successor is active: nobody should
/// encrypt to it any more. Keys that cannot be used are left out, since nobody knows which of their
/// members are private.
///
/// # Errors
/// The labels of symmetric keys, which have no public half.
pub fn published(set: &JwkSet, now: NumericDate) -> Result<Vec<RawObject>, Vec<String>> {
    let states = states(set, now);
    let symmetric: Vec<String> = set
        .entries()
        .iter()
        .filter(|entry| {
            entry
                .jwk()
                .is_some_and(|jwk| jwk.material().key_type() == KeyType::Oct)
        })
        .map(Entry::label)
        .collect();
    if !symmetric.is_empty() {
        return Err(symmetric);
    }
    let mut keys = Vec::new();
    for wanted in [State::Active, State::Pending, State::Retiring] {
        for (entry, state) in set.entries().iter().zip(&states) {
            let Some(jwk) = entry.usable().filter(|_| *state == wanted) else {
                continue;
            };
            if wanted == State::Retiring && Group::of(jwk).key_use == "enc" {
                continue;
            }
            if let Some(public) = jwk.to_public() {
                keys.push(public.published_members());
            }
        }
    }
    Ok(keys)
}

#[cfg(test)]
mod tests;
