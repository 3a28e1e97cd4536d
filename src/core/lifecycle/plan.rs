//! What a rotation does: a pure function of the set, the policy and the time.

use std::fmt;

use super::{Entry, Group, JwkSet, NumericDate, RotationPolicy, State, active_of, groups, states};
use crate::core::json::RawObject;
use crate::core::jwk::{Jwk, PrivateJwk};

/// A key to be made.
#[derive(Debug, Clone)]
pub struct Successor {
    /// Its group.
    pub group: Group,
    /// Place in the set of the active key that it is to be like.
    pub like: usize,
    /// When it takes over (`nbf`).
    pub activates: NumericDate,
}

/// A key that gets the time at which it goes.
#[derive(Debug, Clone)]
pub struct Retirement {
    /// Place in the set.
    pub index: usize,
    /// The new `exp`.
    pub leaves: NumericDate,
}

/// The changes of a rotation.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Keys to be made, one a group.
    pub successors: Vec<Successor>,
    /// Keys that get an `exp`.
    pub retirements: Vec<Retirement>,
    /// Places in the set of the keys that are past their time.
    pub removals: Vec<usize>,
}

/// Why a rotation is not started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The set holds no key that can be rotated.
    NothingToRotate,
    /// These keys have no private half.
    PublicKeys(Vec<String>),
    /// An earlier rotation has not reached its takeover.
    UnderWay {
        /// The key that is to take over.
        pending: String,
        /// When it does, which is also the earliest safe time for the next rotation.
        activates: NumericDate,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToRotate => formatter.write_str("it holds no key that can be rotated"),
            Self::PublicKeys(labels) => {
                write!(
                    formatter,
                    "it lacks the private half of {}",
                    labels.join(", ")
                )
            }
            Self::UnderWay { pending, activates } => write!(
                formatter,
                "a rotation is under way: {pending} takes over at {activates}"
            ),
        }
    }
}

/// Plans the start of a rotation of every group of `set` at `now`.
///
/// # Errors
/// Why it must not be started now.
pub fn plan(set: &JwkSet, policy: &RotationPolicy, now: NumericDate) -> Result<Plan, Refusal> {
    let groups = groups(set);
    if groups.is_empty() {
        return Err(Refusal::NothingToRotate);
    }
    let public: Vec<String> = groups
        .iter()
        .flat_map(|(_, members)| members)
        .filter(|entry| {
            entry
                .usable()
                .is_some_and(|jwk| !jwk.material().is_private())
        })
        .map(|entry| entry.label())
        .collect();
    if !public.is_empty() {
        return Err(Refusal::PublicKeys(public));
    }
    refuse_under_way(set, now)?;
    let mut plan = Plan::default();
    for (group, members) in groups {
        let Some(active) = active_of(&members, now) else {
            continue;
        };
        let activates = now.plus(policy.cache_ttl).plus(policy.margin);
        plan.successors.push(Successor {
            group,
            like: active.index(),
            activates,
        });
        plan_departures(&mut plan, &members, active, activates, policy, now);
    }
    Ok(plan)
}

fn refuse_under_way(set: &JwkSet, now: NumericDate) -> Result<(), Refusal> {
    let states = states(set, now);
    let pending = set
        .entries()
        .iter()
        .filter(|entry| states[entry.index()] == State::Pending)
        .filter_map(|entry| Some((entry, entry.usable()?.parameters().nbf?)))
        .max_by_key(|(_, nbf)| *nbf);
    match pending {
        None => Ok(()),
        Some((entry, activates)) => Err(Refusal::UnderWay {
            pending: entry.label(),
            activates,
        }),
    }
}

fn plan_departures(
    plan: &mut Plan,
    members: &[&Entry],
    active: &Entry,
    activates: NumericDate,
    policy: &RotationPolicy,
    now: NumericDate,
) {
    let grace = |takeover: NumericDate| takeover.plus(policy.token_lifetime).plus(policy.margin);
    for entry in members {
        let exp = entry.usable().and_then(|jwk| jwk.parameters().exp);
        if entry.index() == active.index() {
            // An `exp` that someone set earlier would cut tokens off; a later one is kept.
            let needed = grace(activates);
            if exp.is_none_or(|exp| exp < needed) {
                plan.retirements.push(Retirement {
                    index: entry.index(),
                    leaves: needed,
                });
            }
        } else if exp.is_some_and(|exp| exp <= now) {
            plan.removals.push(entry.index());
        } else if exp.is_none() {
            // Made by another tool, without dates: it may have signed until just now.
            plan.retirements.push(Retirement {
                index: entry.index(),
                leaves: grace(now),
            });
        }
    }
}

/// The keys of `set` after `plan`, the new ones last, everything else as it was written.
#[must_use]
pub fn apply(set: &JwkSet, plan: &Plan, new_keys: &[PrivateJwk]) -> Vec<RawObject> {
    let mut keys: Vec<RawObject> = set
        .entries()
        .iter()
        .filter(|entry| !plan.removals.contains(&entry.index()))
        .map(|entry| retired(entry, plan))
        .collect();
    keys.extend(new_keys.iter().map(|key| key.jwk().members().clone()));
    keys
}

fn retired(entry: &Entry, plan: &Plan) -> RawObject {
    let leaves = plan
        .retirements
        .iter()
        .find(|retirement| retirement.index == entry.index())
        .map(|retirement| retirement.leaves);
    match leaves {
        Some(leaves) => changed(entry, |jwk| jwk.set_exp(leaves)),
        None => entry.members().clone(),
    }
}

/// A takeover that was put off.
#[derive(Clone)]
pub struct Postponement {
    /// The keys of the set after it.
    pub keys: Vec<RawObject>,
    /// The labels of the keys that take over later.
    pub labels: Vec<String>,
    /// When they do.
    pub activates: NumericDate,
}

/// Puts off the takeover of every pending key that is published only now, where consumers could not
/// know it in time: an earlier call may have stopped before it published. The key that it succeeds
/// stays as much longer.
#[must_use]
pub fn postpone(
    set: &JwkSet,
    policy: &RotationPolicy,
    now: NumericDate,
    was_published: impl Fn(&Jwk) -> bool,
) -> Option<Postponement> {
    let activates = now.plus(policy.cache_ttl).plus(policy.margin);
    let leaves = activates.plus(policy.token_lifetime).plus(policy.margin);
    let mut keys: Vec<RawObject> = set
        .entries()
        .iter()
        .map(|entry| entry.members().clone())
        .collect();
    let mut labels = Vec::new();
    for (_, members) in groups(set) {
        let late = |entry: &&&Entry| {
            entry.usable().is_some_and(|jwk| {
                let dates = jwk.parameters();
                let too_soon = dates.nbf.is_some_and(|nbf| nbf > now && nbf < activates);
                too_soon && !was_postponed(jwk, policy) && !was_published(jwk)
            })
        };
        let late: Vec<&Entry> = members.iter().filter(late).copied().collect();
        for entry in &late {
            labels.push(entry.label());
            keys[entry.index()] = changed(entry, |jwk| jwk.set_nbf(activates));
        }
        let stays = active_of(&members, now).filter(|active| {
            let exp = active.usable().and_then(|jwk| jwk.parameters().exp);
            !late.is_empty() && exp.is_some_and(|exp| exp < leaves)
        });
        if let Some(active) = stays {
            keys[active.index()] = changed(active, |jwk| jwk.set_exp(leaves));
        }
    }
    (!labels.is_empty()).then_some(Postponement {
        keys,
        labels,
        activates,
    })
}

/// Once is enough: a published set that is missing again and again is moved elsewhere by whoever
/// publishes it, and a takeover that is put off each time would never come.
fn was_postponed(jwk: &Jwk, policy: &RotationPolicy) -> bool {
    let dates = jwk.parameters();
    match (dates.iat, dates.nbf) {
        (Some(iat), Some(nbf)) => nbf > iat.plus(policy.cache_ttl).plus(policy.margin),
        _ => false,
    }
}

fn changed(entry: &Entry, change: impl FnOnce(&mut Jwk)) -> RawObject {
    match entry.jwk() {
        None => entry.members().clone(),
        Some(jwk) => {
            let mut jwk = jwk.clone();
            change(&mut jwk);
            jwk.members().clone()
        }
    }
}
