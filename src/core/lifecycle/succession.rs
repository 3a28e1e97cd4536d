//! How one key succeeds another: when it takes over, when those before it go, and what waits in reserve.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Group, Lineage, NewKey, NumericDate, Plan, Request, Roster, RotationPolicy, State};
use crate::core::alg::Algorithm;

/// When a key that is added now takes over: once consumers know it, and after those that are pending.
pub(super) fn takeover(
    roster: &Roster,
    lineage: &Lineage,
    policy: &RotationPolicy,
    now: NumericDate,
) -> NumericDate {
    let pending = lineage.last_pending(roster, now);
    let after = pending.and_then(|index| roster.keys()[index].nbf);
    let earliest = policy.takeover(now);
    after.map_or(earliest, |after| {
        earliest.max(after.plus(Duration::from_secs(1)))
    })
}

/// Starts the rotation of a lineage; `states` are those of all keys.
pub(super) fn start(
    plan: &mut Plan,
    (roster, states, lineage): (&Roster, &[State], &Lineage),
    policy: &RotationPolicy,
    request: &Request<'_>,
    now: NumericDate,
) {
    let Some(like) = lineage
        .active(roster, now)
        .or(lineage.members.last().copied())
    else {
        return;
    };
    let activates = takeover(roster, lineage, policy, now);
    plan.started.push(like);
    let group = successor_group(lineage, request);
    match roster.standby(&group, now) {
        Some(standby) => plan.set_nbf(standby, activates),
        None => plan.new_keys.push(NewKey {
            like,
            algorithm: changed_algorithm(lineage, request),
            group: group.clone(),
            activates: Some(activates),
        }),
    }
    plan.removals.extend(waste(roster, lineage, &group, now));
    retire(plan, roster, lineage, policy, Some(activates), now);
    let expired = lineage.members.iter().copied();
    plan.removals
        .extend(expired.filter(|&index| states[index] == State::Expired));
}

/// The standbys of `lineage` that will not be used, and have never signed: those of another group than
/// `group`, that of the newest key. Where one of that other group signs, or is to sign before the newest,
/// its standby may be needed until then.
pub(super) fn waste(
    roster: &Roster,
    lineage: &Lineage,
    group: &Group,
    now: NumericDate,
) -> Vec<usize> {
    let key = |index: usize| &roster.keys()[index];
    let active = lineage.active(roster, now);
    let members = || lineage.members.iter().copied();
    let signs =
        members().filter(|&index| active == Some(index) || key(index).is_dated_pending(now));
    let used: BTreeSet<&Group> = signs
        .filter_map(|index| key(index).group.as_ref())
        .collect();
    let is_used = |index: usize| {
        let own = key(index).group.as_ref();
        own.is_some_and(|own| own == group || used.contains(own))
    };
    members()
        .filter(|&index| key(index).is_standby(now) && !is_used(index))
        .collect()
}

/// Dates the departure of every key of `lineage` that has a successor; one that succeeds the newest
/// takes over at `activates`.
pub(super) fn retire(
    plan: &mut Plan,
    roster: &Roster,
    lineage: &Lineage,
    policy: &RotationPolicy,
    activates: Option<NumericDate>,
    now: NumericDate,
) {
    let dated: Vec<usize> = lineage
        .members
        .iter()
        .copied()
        .filter(|&index| !roster.keys()[index].is_standby(now))
        .collect();
    for (place, &index) in dated.iter().enumerate() {
        let key = &roster.keys()[index];
        let group = key.group.as_ref().unwrap_or(&lineage.group);
        let next = dated.get(place + 1);
        let successor = match next {
            Some(&next) => Some(roster.keys()[next].nbf),
            None => activates.map(Some),
        };
        match successor {
            Some(Some(takeover)) if takeover >= now => {
                let dates = next.map(|next| plan.dates.get(next));
                if dates.is_none_or(|dates| dates.is_some_and(|dates| dates.nbf.is_some())) {
                    plan.waits.insert(index);
                }
                plan.let_stay(key, index, policy.departure(group, takeover));
            }
            // Made by another tool, without dates: it may have signed until just now.
            Some(_) if key.exp.is_none() => {
                plan.let_stay(key, index, policy.departure(group, now));
            }
            _ => {}
        }
    }
}

/// The group of the key that succeeds those of `lineage`.
fn successor_group(lineage: &Lineage, request: &Request<'_>) -> Group {
    match changed_algorithm(lineage, request) {
        None => lineage.group.clone(),
        Some(algorithm) => Group {
            key_use: lineage.group.key_use.clone(),
            algorithm: match algorithm.curves {
                [first, _, ..] => format!("{} {}", algorithm.name, first.name()),
                _ => algorithm.name.to_owned(),
            },
        },
    }
}

/// True for keys of the use of `algorithm`.
pub(super) fn is_changed(lineage: &Lineage, algorithm: &Algorithm) -> bool {
    lineage.group.encrypts() == (algorithm.key_use() == "enc")
}

fn changed_algorithm(lineage: &Lineage, request: &Request<'_>) -> Option<&'static Algorithm> {
    request
        .algorithm
        .filter(|algorithm| is_changed(lineage, algorithm))
}

/// Adds a standby where the plan leaves none.
pub(super) fn keep_standby(
    plan: &mut Plan,
    roster: &Roster,
    lineage: &Lineage,
    request: &Request<'_>,
    now: NumericDate,
) {
    let group = successor_group(lineage, request);
    let is_left = |index: &usize| {
        let dates = plan.dates.get(index);
        !plan.removals.contains(index) && dates.is_none_or(|dates| dates.nbf.is_none())
    };
    if roster.standbys(&group, now).any(|index| is_left(&index)) {
        return;
    }
    let Some(like) = lineage
        .active(roster, now)
        .or(lineage.members.last().copied())
    else {
        return;
    };
    plan.new_keys.push(NewKey {
        like,
        algorithm: changed_algorithm(lineage, request),
        group,
        activates: None,
    });
}
