//! What consumers may see of a set.

use super::{Group, State, states};
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
            if wanted == State::Retiring && Group::of(jwk).encrypts() {
                continue;
            }
            if let Some(public) = jwk.to_public() {
                keys.push(public.published_members());
            }
        }
    }
    Ok(keys)
}
