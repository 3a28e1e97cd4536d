//! What a rotation does: a pure function of the keys' dates, the policy and the time.

use std::time::Duration;

use super::succession::{is_changed, keep_standby, start, takeover};
use super::{Group, Lineage, NumericDate, Plan, Refusal, Roster, RotationPolicy};
use crate::core::alg::Algorithm;

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'r> {
    /// Only where the active key has been that long in use, or nobody knows how long.
    pub every: Option<Duration>,
    /// Also while an earlier rotation is under way: its key takes over as planned, and the new one after it.
    pub force: bool,
    /// Keep one pending key for which no takeover is planned.
    pub standby: bool,
    /// The algorithm of the new key, and not that of the active one.
    pub algorithm: Option<&'static Algorithm>,
    /// The kid of the one among several keys without dates that is in use.
    pub active: Option<&'r str>,
}

/// Keys without `nbf` of which nobody said which one is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rivals {
    /// The one that is taken for active: the last one added.
    pub active: usize,
    /// The others.
    pub others: Vec<usize>,
}

/// The lineages of `roster` in which several keys without dates could be the active one.
#[must_use]
pub fn rivals(roster: &Roster, now: NumericDate) -> Vec<Rivals> {
    let is_bare = |index: &usize| {
        let key = &roster.keys()[*index];
        key.nbf.is_none() && key.exp.is_none()
    };
    let lineages = roster.lineages().into_iter();
    lineages
        .filter_map(|lineage| {
            let active = lineage.active(roster, now).filter(is_bare)?;
            let others = lineage.members.iter().copied();
            let others: Vec<usize> = others
                .filter(|index| *index != active && is_bare(index))
                .collect();
            (!others.is_empty()).then_some(Rivals { active, others })
        })
        .collect()
}

/// Plans a rotation of the keys of `roster` at `now`: of every lineage, or of those that are due when
/// the request has an age. The plan is empty when none is.
///
/// # Errors
/// Why it must not be started now.
pub fn plan(
    roster: &Roster,
    policy: &RotationPolicy,
    request: &Request<'_>,
    now: NumericDate,
) -> Result<Plan, Refusal> {
    require_private(roster)?;
    let farthest = policy.departure(&encryption(), policy.takeover(now));
    if farthest >= super::undated() {
        return Err(Refusal::TooFar);
    }
    let mut plan = Plan::default();
    let named = with_active(roster, request, &mut plan, now)?;
    let lineages = rotatable(&named, request, now)?;
    if request.every.is_none() && !request.force {
        refuse_under_way(&named, &lineages, now)?;
    }
    let states = named.states(now);
    let mut nexts = Vec::new();
    for lineage in &lineages {
        let due = due(&named, lineage, policy, request, now);
        let is_due = due.is_none_or(|due| due <= now);
        if is_due {
            start(&mut plan, (&named, &states, lineage), policy, request, now);
        }
        // Others would encrypt to a key that is published, whether it is meant for later or not.
        if request.standby && !lineage.group.encrypts() {
            keep_standby(&mut plan, &named, lineage, request, now);
        }
        let takeover = takeover(&named, lineage, policy, now);
        nexts.extend(match request.every {
            Some(every) if is_due => Some(takeover.plus(every)),
            Some(_) => due,
            None => Some(takeover),
        });
    }
    plan.next = match request.every {
        // Due as soon as one of them is; safe once all are.
        Some(_) => nexts.into_iter().min(),
        None => nexts.into_iter().max(),
    };
    Ok(plan)
}

/// Those keys are the longest in use.
fn encryption() -> Group {
    Group {
        key_use: "enc".to_owned(),
        algorithm: String::new(),
    }
}

fn require_private(roster: &Roster) -> Result<(), Refusal> {
    let lineages = roster.lineages();
    let members = lineages.iter().flat_map(|lineage| &lineage.members);
    let mut public: Vec<usize> = members
        .copied()
        .filter(|&index| !roster.keys()[index].is_private)
        .collect();
    public.sort_unstable();
    match (lineages.is_empty(), public.is_empty()) {
        (true, _) => Err(Refusal::NothingToRotate),
        (_, false) => Err(Refusal::PublicKeys(public)),
        _ => Ok(()),
    }
}

/// The roster in which the key that the request names is active.
fn with_active(
    roster: &Roster,
    request: &Request<'_>,
    plan: &mut Plan,
    now: NumericDate,
) -> Result<Roster, Refusal> {
    let Some(kid) = request.active else {
        return Ok(roster.clone());
    };
    let is_named = |index: &usize| roster.keys()[*index].kid.as_deref() == Some(kid);
    let rivals = rivals(roster, now);
    if rivals.iter().any(|rivals| is_named(&rivals.active)) {
        return Ok(roster.clone());
    }
    let mut named = rivals.iter().flat_map(|rivals| &rivals.others);
    let index = named.find(|index| is_named(index)).copied();
    let index = index.ok_or_else(|| Refusal::NotCandidate(kid.to_owned()))?;
    plan.set_nbf(index, now);
    let mut keys = roster.keys().to_vec();
    keys[index].nbf = Some(now);
    Ok(Roster::new(keys))
}

/// The lineages that the request is about: those with an active key, and with a change of algorithm the
/// one that it changes.
pub(super) fn rotatable(
    roster: &Roster,
    request: &Request<'_>,
    now: NumericDate,
) -> Result<Vec<Lineage>, Refusal> {
    let lineages: Vec<Lineage> = roster
        .lineages()
        .into_iter()
        // One that only waits for a use that never came is left alone.
        .filter(|lineage| {
            let waits = |&index: &usize| roster.keys()[index].is_standby(now);
            !lineage.members.iter().all(waits)
        })
        .collect();
    if lineages.is_empty() {
        return Err(Refusal::NothingActive);
    }
    let Some(algorithm) = request.algorithm else {
        return Ok(lineages);
    };
    let changed: Vec<&Lineage> = lineages
        .iter()
        .filter(|lineage| is_changed(lineage, algorithm))
        .collect();
    match changed[..] {
        [] => Err(Refusal::NoGroup(algorithm)),
        [_] => Ok(lineages),
        _ => {
            let groups = changed.iter().map(|lineage| lineage.group.clone());
            Err(Refusal::SeveralGroups(groups.collect()))
        }
    }
}

fn refuse_under_way(
    roster: &Roster,
    lineages: &[Lineage],
    now: NumericDate,
) -> Result<(), Refusal> {
    let pending = lineages
        .iter()
        .filter_map(|lineage| lineage.last_pending(roster, now))
        .filter_map(|index| Some((roster.keys()[index].nbf?, index)))
        .max();
    match pending {
        None => Ok(()),
        Some((activates, pending)) => Err(Refusal::UnderWay { pending, activates }),
    }
}

/// When a lineage is to be rotated; none when that is now, because it was asked for or because nobody
/// knows how long its key has been in use.
pub(super) fn due(
    roster: &Roster,
    lineage: &Lineage,
    policy: &RotationPolicy,
    request: &Request<'_>,
    now: NumericDate,
) -> Option<NumericDate> {
    let every = request.every?;
    let newest = lineage
        .last_pending(roster, now)
        .or_else(|| lineage.active(roster, now))?;
    let key = &roster.keys()[newest];
    let since = key.nbf.or(key.iat)?;
    // A date from a clock that is far ahead says nothing.
    let is_plausible = key.is_dated_pending(now) || since <= now.plus(policy.margin);
    is_plausible.then(|| since.plus(every))
}
