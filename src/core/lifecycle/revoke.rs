//! Withdrawing a key for good.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use super::succession::{keep_standby, retire, takeover, waste};
use super::{Group, Lineage, NewKey, NumericDate, Plan, Request, Roster, RotationPolicy};
use crate::core::failure::quoted;

/// Why a key is withdrawn (OpenID Federation 1.0, the member `reason` of `revoked`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reason {
    /// Nothing is said.
    #[default]
    Unspecified,
    /// Someone else has, or may have, the private half.
    Compromised,
    /// Another key has taken its place.
    Superseded,
}

impl Reason {
    /// The registered word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Compromised => "compromised",
            Self::Superseded => "superseded",
        }
    }
}

/// The keys that are withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Their places.
    pub keys: BTreeSet<usize>,
    /// The name that is never used again.
    pub kid: String,
    /// When.
    pub at: NumericDate,
    /// Why.
    pub reason: Reason,
    /// Until when consumers may take tokens that are signed with the key: their copies of the set name it.
    pub exposed_until: NumericDate,
}

/// Why nothing is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevocationFault {
    /// No key has this kid.
    UnknownKid(String),
    /// The times lie beyond the year 9999.
    TooFar,
}

impl fmt::Display for RevocationFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKid(kid) => write!(formatter, "no key has the kid {}", quoted(kid)),
            Self::TooFar => formatter.write_str("its times would lie beyond the year 9999"),
        }
    }
}

/// What is to be withdrawn.
#[derive(Clone, Copy)]
pub struct RevocationRequest<'r> {
    /// The name by which it is known and that is never used again.
    pub kid: &'r str,
    /// Whether the key at a place is meant.
    pub is_meant: &'r dyn Fn(usize) -> bool,
    /// Why.
    pub reason: Reason,
    /// Keep one pending key for which no takeover is planned.
    pub standby: bool,
}

/// Plans the withdrawal at `now`. Where an active key is withdrawn, a pending or a new one is active
/// at once; where the one that was to take over is, another one does. The plan is empty when all of
/// that was done before.
///
/// # Errors
/// There is no such key.
pub fn plan_revocation(
    roster: &Roster,
    policy: &RotationPolicy,
    request: &RevocationRequest<'_>,
    now: NumericDate,
) -> Result<Plan, RevocationFault> {
    let exposed_until = policy.takeover(now);
    if policy.takeover(exposed_until).plus(policy.token_lifetime) >= super::undated() {
        return Err(RevocationFault::TooFar);
    }
    let places = 0..roster.keys().len();
    let meant: BTreeSet<usize> = places.filter(|&index| (request.is_meant)(index)).collect();
    if meant.is_empty() {
        return Err(RevocationFault::UnknownKid(request.kid.to_owned()));
    }
    let meant = with_twins(roster, &meant);
    let is_left = |index: &usize| {
        let key = &roster.keys()[*index];
        !key.revoked || key.is_private
    };
    let keys: BTreeSet<usize> = meant.into_iter().filter(is_left).collect();
    let mut plan = Plan::default();
    if keys.is_empty() {
        if request.standby {
            keep_standbys(&mut plan, roster, now);
        }
        return Ok(plan);
    }
    let remaining = without(roster, &keys);
    for before in roster.lineages() {
        if !before.members.iter().any(|index| keys.contains(index)) {
            continue;
        }
        let after = left(&before, &remaining);
        replace(
            &mut plan,
            (roster, &before),
            (&remaining, &after),
            policy,
            now,
        );
        if request.standby && !before.group.encrypts() {
            keep_standby(&mut plan, &remaining, &before, &Request::default(), now);
        }
    }
    plan.next = Some(exposed_until);
    plan.revocation = Some(Revocation {
        keys,
        kid: request.kid.to_owned(),
        at: now,
        reason: request.reason,
        exposed_until,
    });
    Ok(plan)
}

/// Nobody can tell any more whose place a withdrawn key had: a standby for every one that signs.
fn keep_standbys(plan: &mut Plan, roster: &Roster, now: NumericDate) {
    for lineage in roster.lineages() {
        let active = lineage.active(roster, now);
        let signs = active.is_some_and(|index| roster.keys()[index].is_private);
        if signs && !lineage.group.encrypts() {
            keep_standby(plan, roster, &lineage, &Request::default(), now);
        }
    }
}

/// With the keys that are the same under another name, since whoever has one of them has all, and those
/// that have any of these names, none of which is ever used again.
fn with_twins(roster: &Roster, meant: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut by_kid: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_material: BTreeMap<&[u8; 32], Vec<usize>> = BTreeMap::new();
    for (index, key) in roster.keys().iter().enumerate() {
        if let Some(kid) = &key.kid {
            by_kid.entry(kid).or_default().push(index);
        }
        if let Some(material) = &key.material {
            by_material.entry(material).or_default().push(index);
        }
    }
    let mut all = meant.clone();
    let mut left: Vec<usize> = meant.iter().copied().collect();
    while let Some(index) = left.pop() {
        let key = &roster.keys()[index];
        // Taken out of the maps, each is looked through once.
        let same = key
            .material
            .as_ref()
            .and_then(|own| by_material.remove(own));
        let named = key.kid.as_deref().and_then(|own| by_kid.remove(own));
        let twins = same.into_iter().chain(named).flatten();
        left.extend(twins.filter(|&twin| all.insert(twin)));
    }
    all
}

fn without(roster: &Roster, keys: &BTreeSet<usize>) -> Roster {
    let mut remaining = roster.keys().to_vec();
    for &index in keys {
        remaining[index].revoked = true;
    }
    Roster::new(remaining)
}

fn left(lineage: &Lineage, remaining: &Roster) -> Lineage {
    let members = lineage.members.iter().copied();
    Lineage {
        group: lineage.group.clone(),
        members: members
            .filter(|&index| !remaining.is_revoked(index))
            .collect(),
    }
}

/// Brings another key where an active one, or the one that was to succeed it, is withdrawn.
fn replace(
    plan: &mut Plan,
    (roster, before): (&Roster, &Lineage),
    (remaining, after): (&Roster, &Lineage),
    policy: &RotationPolicy,
    now: NumericDate,
) {
    let withdrawn = |index: &usize| remaining.is_revoked(*index);
    let pending = first_pending(after, remaining, now);
    let standby = remaining.standby(&after.group, now);
    let mut gone = before.members.iter().filter(|index| withdrawn(index));
    let has_begun = gone.any(|&index| roster.keys()[index].has_begun(now));
    let mut successor = None;
    if let Some(active) = before.active(roster, now).filter(withdrawn) {
        let at_once = at_once(remaining, after, None, policy, now);
        let group = roster.keys()[active].group.as_ref();
        let spare = group.and_then(|group| remaining.standby(group, now));
        let is_of_group = |index: &usize| remaining.keys()[*index].group.as_ref() == group;
        // While the algorithm changes, consumers have known a standby of the old one for longer.
        let best = pending.filter(is_of_group).or(spare);
        match best.or(pending).or(standby) {
            Some(index) => plan.set_nbf(index, at_once),
            None => successor = Some(like(roster, active, at_once)),
        }
    } else if let Some(newest) = before.last_pending(roster, now).filter(withdrawn) {
        // The rotation that is under way goes on with another key.
        let activates = takeover(remaining, after, policy, now);
        match standby {
            Some(index) => plan.set_nbf(index, activates),
            None => successor = Some(like(roster, newest, activates)),
        }
    } else if let Some(active) = after.active(remaining, now).filter(|_| has_begun) {
        // By a clock that is late the key that is withdrawn may have been the active one.
        let at_once = at_once(remaining, after, Some(active), policy, now);
        if remaining.keys()[active]
            .nbf
            .is_some_and(|nbf| nbf > at_once)
        {
            plan.set_nbf(active, at_once);
        }
    }
    let dated = remaining.with_dates(&plan.dates);
    let activates = successor.as_ref().and_then(|key| key.activates);
    let mut after = after.clone();
    after.sort(&dated);
    retire(plan, &dated, &after, policy, activates, now);
    plan.removals
        .extend(waste(&dated, &after, &after.group, now));
    plan.new_keys.extend(successor);
}

/// The `nbf` of a key that signs at once: some time ago, so that a signer whose clock is late does not
/// fall back on the key before the one that is withdrawn, and after that one. `signer` is its place, if
/// it has one.
fn at_once(
    remaining: &Roster,
    lineage: &Lineage,
    signer: Option<usize>,
    policy: &RotationPolicy,
    now: NumericDate,
) -> NumericDate {
    let others = lineage.members.iter().copied();
    let nbfs = others
        .filter(|&index| Some(index) != signer)
        .filter_map(|index| remaining.keys()[index].nbf);
    let earliest = now.minus(policy.margin);
    match nbfs.filter(|&nbf| nbf <= now).max() {
        Some(before) => earliest.max(before.plus(Duration::from_secs(1))).min(now),
        None => earliest,
    }
}

/// The key that was to take over first: the one that consumers have known for longest.
fn first_pending(lineage: &Lineage, roster: &Roster, now: NumericDate) -> Option<usize> {
    let mut members = lineage.members.iter().copied();
    members.find(|&index| {
        let key = &roster.keys()[index];
        key.is_private && key.is_dated_pending(now)
    })
}

fn like(roster: &Roster, index: usize, activates: NumericDate) -> NewKey {
    let group = roster.keys()[index].group.clone();
    NewKey {
        like: index,
        algorithm: None,
        group: group.unwrap_or_else(|| Group {
            key_use: "sig".to_owned(),
            algorithm: String::new(),
        }),
        activates: Some(activates),
    }
}
