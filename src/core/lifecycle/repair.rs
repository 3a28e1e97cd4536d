//! What an earlier call has left undone, or what others did with the published set.

use super::plan::retire;
use super::{DatedKey, NumericDate, Plan, Roster, RotationPolicy, State};

/// Changes that must be made before anything else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// The changes: dates alone.
    pub plan: Plan,
    /// The keys whose takeover is put off.
    pub postponed: Vec<usize>,
    /// When they take over then.
    pub activates: Option<NumericDate>,
}

/// Compares the keys of `roster` with those that consumers could see until now.
///
/// The takeover of a pending key that is published only now, where consumers could not know it in
/// time, is put off: an earlier call may have run without publishing. The key that it succeeds stays as
/// much longer. And a key to which others encrypt stays long enough when it leaves the published set
/// only now: copies of that set name it still.
#[must_use]
pub fn repair(
    roster: &Roster,
    policy: &RotationPolicy,
    was_published: impl Fn(usize) -> bool,
    now: NumericDate,
) -> Repair {
    let mut plan = Plan::default();
    let mut postponed = Vec::new();
    let activates = policy.takeover(now);
    let states = roster.states(now);
    for lineage in roster.lineages() {
        let late = |&index: &usize| {
            let key = &roster.keys()[index];
            let too_soon = key.nbf.is_some_and(|nbf| nbf < activates);
            let is_late = key.is_dated_pending(now) && too_soon;
            is_late && !was_postponed(key, policy) && !was_published(index)
        };
        let late: Vec<usize> = lineage.members.iter().copied().filter(late).collect();
        for &index in &late {
            plan.set_nbf(index, activates);
        }
        if !late.is_empty() {
            let after = roster.with_dates(&plan.dates);
            retire(&mut plan, &after, &lineage, policy, None, now);
        }
        postponed.extend(late);
        for &index in lineage.members.iter().filter(|_| lineage.group.encrypts()) {
            let has_left = matches!(states[index], State::Retiring | State::Expired);
            let leaves = policy.departure(&lineage.group, now);
            let is_short = roster.keys()[index].exp.is_none_or(|exp| exp < leaves);
            if has_left && is_short && was_published(index) {
                plan.stays.insert(index, leaves);
            }
        }
    }
    Repair {
        plan,
        activates: (!postponed.is_empty()).then_some(activates),
        postponed,
    }
}

/// Once is enough: a published set that is missing again and again is moved elsewhere by whoever
/// publishes it, and a takeover that is put off each time would never come.
fn was_postponed(key: &DatedKey, policy: &RotationPolicy) -> bool {
    match (key.iat, key.nbf) {
        (Some(iat), Some(nbf)) => nbf > policy.takeover(iat),
        _ => false,
    }
}
