//! Carrying out a plan: on the members of a set, and on its roster alone.

use super::{DatedKey, Plan, Roster, undated};
use crate::core::json::{RawObject, quote};
use crate::core::jwk::{Jwk, PrivateJwk};
use crate::core::jwks::{Entry, JwkSet};
use crate::core::time::NumericDate;

/// How far a plan is carried out.
///
/// A rotation that also publishes writes the private file twice. First the new keys are in it without a
/// date, so that none is published whose private half could be lost. Then the published set is written.
/// Only then the new keys are dated and old ones removed: a key that consumers cannot know has no time
/// at which it takes over, whenever the next call may come after a crash, and none leaves whose public
/// half is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before the published set is written: also what cannot wait, which is a withdrawal and the key that
    /// signs instead.
    Prepared,
    /// All of it.
    Done,
}

/// The keys of `set` after `plan`, the new ones last, everything else as it was written.
#[must_use]
pub fn apply(set: &JwkSet, plan: &Plan, new_keys: &[PrivateJwk], stage: Stage) -> Vec<RawObject> {
    let mut keys: Vec<RawObject> = set
        .entries()
        .iter()
        .filter(|entry| stage == Stage::Prepared || !plan.removals.contains(&entry.index()))
        .map(|entry| changed(entry, plan, stage))
        .collect();
    keys.extend(new_keys.iter().map(|key| {
        let mut jwk = key.jwk().clone();
        let nbf = jwk.parameters().nbf;
        if stage == Stage::Prepared && !nbf.is_some_and(|nbf| plan.is_at_once(nbf)) {
            jwk.set_nbf(undated());
        }
        jwk.members().clone()
    }));
    keys
}

fn changed(entry: &Entry, plan: &Plan, stage: Stage) -> RawObject {
    let index = entry.index();
    if let Some(revocation) = plan.revocation.as_ref()
        && revocation.keys.contains(&index)
    {
        let mut members = tombstone(entry);
        members.set_string("kid", entry.kid().unwrap_or(&revocation.kid));
        let revoked = format!(
            "{{\"revoked_at\":{},\"reason\":{}}}",
            revocation.at.seconds(),
            quote(revocation.reason.name())
        );
        members.set_raw("revoked", revoked);
        return members;
    }
    let Some(jwk) = entry.jwk() else {
        return entry.members().clone();
    };
    let before = DatedKey::of(entry);
    let after = dated(&before, index, plan, stage);
    if after == before {
        return entry.members().clone();
    }
    let mut jwk: Jwk = jwk.clone();
    if let Some(nbf) = after.nbf.filter(|_| after.nbf != before.nbf) {
        jwk.set_nbf(nbf);
    }
    if after.exp != before.exp {
        jwk.set_exp(after.exp.unwrap_or_else(undated));
    }
    jwk.members().clone()
}

/// What is left of a key that is withdrawn: nothing secret.
fn tombstone(entry: &Entry) -> RawObject {
    const KEPT: [&str; 4] = ["kty", "kid", "use", "alg"];
    match entry.jwk().and_then(Jwk::to_public) {
        Some(public) => public.jwk().members().clone(),
        // Nobody knows what else is secret in what cannot be read.
        None => {
            let mut members = entry.members().clone();
            members.retain(|name, _| KEPT.contains(&name));
            members
        }
    }
}

fn dated(key: &DatedKey, index: usize, plan: &Plan, stage: Stage) -> DatedKey {
    let mut key = key.clone();
    let dates = plan.dates.get(&index).copied().unwrap_or_default();
    match stage {
        Stage::Prepared => {
            match dates.nbf {
                Some(nbf) if plan.is_at_once(nbf) => {
                    key.nbf = Some(nbf);
                    key.exp = dates.exp.or(key.exp);
                }
                Some(nbf) if key.nbf.is_some_and(|before| before < nbf) => {
                    key.nbf = Some(undated());
                }
                _ => {}
            }
            if plan.waits.contains(&index) {
                key.exp = None;
                return key;
            }
        }
        Stage::Done => {
            key.nbf = dates.nbf.or(key.nbf);
            key.exp = dates.exp.or(key.exp);
        }
    }
    key.exp = key.exp.max(plan.stays.get(&index).copied());
    key
}

impl Roster {
    /// The roster after `plan`, of which only the dates are wanted; the new keys, last, get these kids
    /// and are made at `made`.
    #[must_use]
    pub fn after(&self, plan: &Plan, stage: Stage, new: &[DatedKey]) -> Self {
        let revoked = |index: &usize| {
            let revocation = plan.revocation.as_ref();
            revocation.is_some_and(|revocation| revocation.keys.contains(index))
        };
        let kept = self.keys().iter().enumerate();
        let mut keys: Vec<DatedKey> = kept
            .filter(|(index, _)| stage == Stage::Prepared || !plan.removals.contains(index))
            .map(|(index, key)| {
                if !revoked(&index) {
                    return dated(key, index, plan, stage);
                }
                DatedKey {
                    kid: key.kid.clone().or_else(|| {
                        let revocation = plan.revocation.as_ref();
                        revocation.map(|own| own.kid.clone())
                    }),
                    group: None,
                    is_private: false,
                    revoked: true,
                    ..key.clone()
                }
            })
            .collect();
        keys.extend(new.iter().cloned().map(|mut key| {
            if stage == Stage::Prepared && !key.nbf.is_some_and(|nbf| plan.is_at_once(nbf)) {
                key.nbf = Some(undated());
            }
            key
        }));
        Self::new(keys)
    }
}

impl Plan {
    /// True for the `nbf` of a key that signs in the place of one that is withdrawn.
    fn is_at_once(&self, nbf: NumericDate) -> bool {
        let revocation = self.revocation.as_ref();
        revocation.is_some_and(|revocation| nbf <= revocation.at)
    }

    /// The new keys of the plan as their lives are seen, made at `now`; `kid` names each by its place
    /// among them.
    #[must_use]
    pub fn dated_keys(
        &self,
        now: NumericDate,
        kid: impl Fn(usize) -> Option<String>,
    ) -> Vec<DatedKey> {
        let keys = self.new_keys.iter().enumerate();
        keys.map(|(place, key)| DatedKey {
            kid: kid(place),
            group: Some(key.group.clone()),
            is_private: true,
            iat: Some(now),
            nbf: Some(key.activates.unwrap_or_else(undated)),
            exp: None,
            revoked: false,
            material: None,
        })
        .collect()
    }
}
