//! What an earlier call has left undone, or what others did with the published set.

use std::collections::BTreeSet;
use std::time::Duration;

use super::succession::retire;
use super::{DatedKey, Haste, Lineage, NumericDate, Plan, Roster, RotationPolicy, Stage, State};

/// By how much two takeovers differ at least.
const A_SECOND: Duration = Duration::from_secs(1);

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
    /// True for one that signed already; the one before it signs again until then.
    pub had_begun: bool,
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
/// The takeover of a key that is published only now, where consumers could not know it in time, is put
/// off: an earlier call may have run without publishing. Where it has taken over already, the one before
/// it, which consumers do know, signs again. Those that are to follow it keep their distance, and the key
/// that it succeeds stays as much longer. A key to which others encrypt stays long enough when it leaves
/// the published set only now: copies of that set name it still. And every key that has not gone stays as
/// long as the lifetime of tokens asks now, which may have grown.
#[must_use]
pub fn repair(
    roster: &Roster,
    policy: &RotationPolicy,
    (haste, seen): (Haste<'_>, Option<Seen<'_>>),
    now: NumericDate,
) -> Repair {
    let mut repair = Repair::default();
    if let Some(seen) = seen {
        let (lineages, states) = (roster.lineages(), roster.states(now));
        let view = View {
            roster,
            policy,
            seen,
            now,
        };
        let late: Vec<&Lineage> = lineages
            .iter()
            .filter(|lineage| view.put_off(&mut repair, lineage, haste))
            .collect();
        let after = roster.with_dates(&repair.plan.dates);
        for lineage in late {
            retire(&mut repair.plan, &after, lineage, policy, None, now);
        }
        for lineage in &lineages {
            view.drain(&mut repair.plan, lineage, &states);
        }
    }
    let mended = roster.after(&repair.plan, Stage::Done, &[]);
    for lineage in mended.lineages() {
        prolong(&mut repair.plan, (&mended, &lineage), policy, now);
    }
    repair
}

/// The keys, the times, and what consumers could see.
struct View<'v> {
    roster: &'v Roster,
    policy: &'v RotationPolicy,
    seen: Seen<'v>,
    now: NumericDate,
}

impl View<'_> {
    fn holds(&self, index: usize) -> bool {
        (self.seen.holds)(index)
    }

    fn key(&self, index: usize) -> &DatedKey {
        &self.roster.keys()[index]
    }

    /// Puts the keys of `lineage` off that consumers could not know in time; true where there are some.
    fn put_off(&self, repair: &mut Repair, lineage: &Lineage, haste: Haste<'_>) -> bool {
        let (activates, now) = (self.policy.takeover(self.now), self.now);
        let dated: Vec<usize> = lineage
            .members
            .iter()
            .copied()
            .filter(|&index| !self.key(index).is_standby(now))
            .collect();
        let begun = dated.partition_point(|&index| self.key(index).has_begun(now));
        let is_late = |&index: &usize| {
            let nbf = self.key(index).nbf;
            !self.holds(index) && nbf.is_some_and(|nbf| nbf < activates)
        };
        let early: Vec<usize> = dated[begun..].iter().copied().filter(is_late).collect();
        let plans = Plans::of(self, lineage);
        let returns = self.returned(&dated[..begun]);
        let may_wait = |index: usize| self.seen.is_found || !plans.was_postponed(self, index);
        let waits = returns.is_some() || early.iter().any(|&index| may_wait(index));
        let is_urgent = match haste {
            Haste::Rotation => false,
            Haste::Withdrawal(is_meant) => lineage.members.iter().any(|&index| is_meant(index)),
        };
        if is_urgent || !waits {
            repair.early.extend(early);
            return false;
        }
        let late = dated[begun..].iter().position(is_late);
        let Some(first) = returns.or(late.map(|place| begun + place)) else {
            return false;
        };
        // What has begun counts from now.
        let from = |index: usize| self.key(index).nbf.map_or(now, |nbf| nbf.max(now));
        let delay = activates.since(from(dated[first]));
        let latest = super::undated().minus(A_SECOND);
        let mut earliest = activates;
        for &index in &dated[first..] {
            let activates = from(index).plus(delay).max(earliest).min(latest);
            earliest = activates.plus(A_SECOND);
            repair.plan.set_nbf(index, activates);
            repair.postponed.push(Postponed {
                index,
                activates,
                follows: self.holds(index),
                had_begun: self.key(index).has_begun(now),
            });
        }
        true
    }

    /// The first of the keys that have taken over although consumers could not know them, where the one
    /// before it can sign again: consumers know it, and it has not gone. `begun` are in their order.
    fn returned(&self, begun: &[usize]) -> Option<usize> {
        let (&active, before) = begun.split_last()?;
        self.key(active).nbf?;
        if self.holds(active) {
            return None;
        }
        let is_known = |index: usize| {
            let key = self.key(index);
            let stays = key.exp.map(|exp| exp > self.now);
            key.is_private
                && if self.seen.is_found {
                    self.holds(index) && stays.unwrap_or(true)
                } else {
                    // Nothing tells what consumers know, but for dates that `rotate` has planned and
                    // that were not put off before.
                    stays.unwrap_or(false) && self.is_as_planned(active)
                }
        };
        let known = before.iter().rposition(|&index| is_known(index))?;
        let is_unknown = |&index: &usize| !self.holds(index) && self.key(index).nbf.is_some();
        let unknown = &begun[known + 1..];
        unknown.iter().all(is_unknown).then_some(known + 1)
    }

    /// True for a key that takes over when `rotate` planned it as it was made.
    fn is_as_planned(&self, index: usize) -> bool {
        let key = self.key(index);
        let planned = key.iat.map(|iat| self.policy.takeover(iat));
        planned.is_some() && planned == key.nbf
    }

    fn drain(&self, plan: &mut Plan, lineage: &Lineage, states: &[State]) {
        if !lineage.group.encrypts() {
            return;
        }
        let leaves = self.policy.departure(&lineage.group, self.now);
        for &index in &lineage.members {
            let has_left = matches!(states[index], State::Retiring | State::Expired);
            let is_short = self.key(index).exp.is_none_or(|exp| exp < leaves);
            if has_left && is_short && self.holds(index) {
                plan.stays.insert(index, leaves);
            }
        }
    }
}

/// What the dates of a lineage say of how they came about.
struct Plans<'l> {
    lineage: &'l Lineage,
    /// When a key takes over that was dated while another was made.
    takeovers: BTreeSet<NumericDate>,
}

impl<'l> Plans<'l> {
    fn of(view: &View<'_>, lineage: &'l Lineage) -> Self {
        let members = lineage.members.iter();
        let made = members.filter_map(|&index| view.key(index).iat);
        Self {
            lineage,
            takeovers: made.map(|iat| view.policy.takeover(iat)).collect(),
        }
    }

    /// Where no published set is found once is enough: one that is missing again and again is moved
    /// elsewhere by whoever publishes it, and a takeover that is put off each time would never come. One
    /// that was forced waits a second behind another, and was put off if that was; a standby was given
    /// its date while the next one was made. What is left looks the same, which is why it is told of.
    fn was_postponed(&self, view: &View<'_>, index: usize) -> bool {
        let nbf = |index: usize| view.key(index).nbf;
        let mut index = index;
        let place = self.lineage.members.iter().position(|own| *own == index);
        let before = self.lineage.members[..place.unwrap_or_default()].iter();
        for &other in before.rev() {
            if nbf(other).map(|nbf| nbf.plus(A_SECOND)) != nbf(index) {
                break;
            }
            index = other;
        }
        match (view.key(index).iat, nbf(index)) {
            (Some(iat), Some(nbf)) => {
                nbf > view.policy.takeover(iat) && !self.takeovers.contains(&nbf)
            }
            _ => false,
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
