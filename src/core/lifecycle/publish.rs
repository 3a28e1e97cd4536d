//! What consumers may see of a set.

use super::{DatedKey, Group, Roster, State};
use crate::core::alg::KeyType;
use crate::core::json::RawObject;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::time::NumericDate;

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
    let live = published_places(&Roster::of(set), now).into_iter();
    let secrets = set.secrets();
    let public = live.filter_map(|index| {
        let jwk = set.entries().get(index)?.usable()?;
        jwk.to_public_without(&secrets)
    });
    Ok(public.map(|key| key.published_members()).collect())
}

/// Why consumers must not see a key any more: they act on its presence alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It is withdrawn, or is a key that is under another name.
    Revoked,
    /// Its `exp` has passed, and a newer one signs.
    Expired,
    /// Others should encrypt to the one that has succeeded it.
    Superseded,
}

/// What keeps each key from consumers at `now`, in the order of the set.
#[must_use]
pub fn absences(roster: &Roster, now: NumericDate) -> Vec<Option<Absence>> {
    let states = roster.states(now).into_iter();
    states
        .zip(roster.keys())
        .map(|(state, key)| absence(state, key))
        .collect()
}

fn absence(state: State, key: &DatedKey) -> Option<Absence> {
    match state {
        State::Revoked => Some(Absence::Revoked),
        State::Expired => Some(Absence::Expired),
        State::Retiring if key.group.as_ref().is_some_and(Group::encrypts) => {
            Some(Absence::Superseded)
        }
        _ => None,
    }
}

/// The places of the keys that consumers may see, in the order in which they are published.
#[must_use]
pub fn published_places(roster: &Roster, now: NumericDate) -> Vec<usize> {
    let states = roster.states(now);
    [State::Active, State::Pending, State::Retiring]
        .into_iter()
        .flat_map(|wanted| {
            let places = states.iter().enumerate();
            places.filter(move |(_, state)| **state == wanted)
        })
        .map(|(index, _)| index)
        .filter(|&index| absence(states[index], &roster.keys()[index]).is_none())
        .collect()
}
