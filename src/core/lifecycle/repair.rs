//! What an earlier call has left undone, or what others did with the published set.

use std::time::Duration;

use super::plan::retire;
use super::{DatedKey, Haste, Lineage, NumericDate, Plan, Roster, RotationPolicy, Stage, State};

/// What consumers could see until now.
#[derive(Clone, Copy)]
pub struct Seen<'s> {
    /// True for the place of a key that was in the published set.
    pub holds: &'s dyn Fn(usize) -> bool,
    /// False where no published set was found: whoever publishes it may have moved it elsewhere.
    pub is_found: bool,
}

/// A key whose takeover is put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Postponed {
    /// Its place.
    pub index: usize,
    /// When it takes over then.
    pub activates: NumericDate,
    /// True for one that was published, and only waits behind another.
    pub follows: bool,
}

/// Changes that must be made before anything else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repair {
    /// The changes: dates alone.
    pub plan: Plan,
    /// The keys whose takeover is put off.
    pub postponed: Vec<Postponed>,
    /// Places of the keys that take over sooner than a consumer can know them that sees them now for
    /// the first time, and are not put off.
    pub early: Vec<usize>,
}

/// Compares the keys of `roster` with the times of `policy`, and with what consumers could see until
/// now where that is known.
///
/// The takeover of a pending key that is published only now, where consumers could not know it in
/// time, is put off: an earlier call may have run without publishing. Those that are to follow it keep
/// their distance, and the key that it succeeds stays as much longer. A key to which others encrypt
/// stays long enough when it leaves the published set only now: copies of that set name it still. And
/// every key that has not gone stays as long as the lifetime of tokens asks now, which may have grown.
#[must_use]
pub fn repair(
    roster: &Roster,
    policy: &RotationPolicy,
    (haste, seen): (Haste, Option<Seen<'_>>),
    now: NumericDate,
) -> Repair {
    let mut repair = Repair::default();
    for (lineage, seen) in roster
        .lineages()
        .iter()
        .filter_map(|lineage| Some((lineage, seen?)))
    {
        put_off(&mut repair, (roster, lineage), policy, (haste, seen), now);
        drain(&mut repair.plan, (roster, lineage), policy, seen, now);
    }
    let mended = roster.after(&repair.plan, Stage::Done, &[]);
    for lineage in mended.lineages() {
        prolong(&mut repair.plan, (&mended, &lineage), policy, now);
    }
    repair
}

fn put_off(
    repair: &mut Repair,
    (roster, lineage): (&Roster, &Lineage),
    policy: &RotationPolicy,
    (haste, seen): (Haste, Seen<'_>),
    now: NumericDate,
) {
    let activates = policy.takeover(now);
    let keys = roster.keys();
    let pending = lineage.members.iter().copied();
    let pending = pending
        .filter(|&index| keys[index].is_dated_pending(now))
        .filter_map(|index| Some((index, keys[index].nbf?)));
    let pending: Vec<(usize, NumericDate)> = pending.collect();
    let is_late = |&(index, nbf): &(usize, NumericDate)| nbf < activates && !(seen.holds)(index);
    let late: Vec<usize> = (0..pending.len())
        .filter(|&place| is_late(&pending[place]))
        .collect();
    let Some(&first) = late.first() else {
        return;
    };
    let late = late.into_iter().map(|place| pending[place].0);
    let may_wait = |index: usize| seen.is_found || !was_postponed(&keys[index], policy);
    if haste == Haste::Withdrawal || !late.clone().any(may_wait) {
        repair.early.extend(late);
        return;
    }
    let delay = activates.since(pending[first].1);
    let latest = super::undated().minus(Duration::from_secs(1));
    for &(index, nbf) in &pending[first..] {
        let activates = nbf.plus(delay).min(latest);
        repair.plan.set_nbf(index, activates);
        repair.postponed.push(Postponed {
            index,
            activates,
            follows: (seen.holds)(index),
        });
    }
    let after = roster.with_dates(&repair.plan.dates);
    retire(&mut repair.plan, &after, lineage, policy, None, now);
}

/// Where no published set is found once is enough: one that is missing again and again is moved
/// elsewhere by whoever publishes it, and a takeover that is put off each time would never come. A key
/// that was forced or a standby before looks the same, which is why it is told of.
fn was_postponed(key: &DatedKey, policy: &RotationPolicy) -> bool {
    match (key.iat, key.nbf) {
        (Some(iat), Some(nbf)) => nbf > policy.takeover(iat),
        _ => false,
    }
}

fn drain(
    plan: &mut Plan,
    (roster, lineage): (&Roster, &Lineage),
    policy: &RotationPolicy,
    seen: Seen<'_>,
    now: NumericDate,
) {
    if !lineage.group.encrypts() {
        return;
    }
    let states = roster.states(now);
    for &index in &lineage.members {
        let has_left = matches!(states[index], State::Retiring | State::Expired);
        let leaves = policy.departure(&lineage.group, now);
        let is_short = roster.keys()[index].exp.is_none_or(|exp| exp < leaves);
        if has_left && is_short && (seen.holds)(index) {
            plan.stays.insert(index, leaves);
        }
    }
}

/// Lets those stay longer that were given an end and have not come to it, or still sign.
fn prolong(
    plan: &mut Plan,
    (roster, lineage): (&Roster, &Lineage),
    policy: &RotationPolicy,
    now: NumericDate,
) {
    for pair in lineage.members.windows(2) {
        let (key, next) = (&roster.keys()[pair[0]], &roster.keys()[pair[1]]);
        let takeover = next.nbf.filter(|_| !next.is_standby(now));
        let (Some(exp), Some(takeover)) = (key.exp, takeover) else {
            continue;
        };
        let group = key.group.as_ref().unwrap_or(&lineage.group);
        let leaves = policy.departure(group, takeover);
        if exp < leaves && exp.max(takeover) > now && leaves < super::undated() {
            plan.stays.insert(pair[0], leaves);
        }
    }
}
