//! How a rotation ends: the keys that leave the published set next, and a call that takes them out.

use std::time::Duration;

use super::plan::{due, rotatable};
use super::{Group, NumericDate, Request, Roster, RotationPolicy, State, undated};

const DAY: Duration = Duration::from_secs(86_400);
/// Ages at which keys are rotated, the usual one first.
const AGES: [u32; 3] = [90, 365, 3_650];

/// The keys that leave the published set next: it is written without them by whoever calls then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// When they may go.
    pub at: NumericDate,
    /// Their places.
    pub keys: Vec<usize>,
}

/// How often to rotate, so that a call at a time only takes out what has passed its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The age of the active key at which a rotation is due.
    pub every: Duration,
    /// When that is, later than the call.
    pub due: NumericDate,
}

/// The keys of `roster` that consumers may see at `now`, and that are the first to leave.
#[must_use]
pub fn departure(roster: &Roster, now: NumericDate) -> Option<Departure> {
    let states = roster.states(now);
    let mut next: Option<Departure> = None;
    for lineage in roster.lineages() {
        for pair in lineage.members.windows(2) {
            let (index, key) = (pair[0], &roster.keys()[pair[0]]);
            let takeover = roster.keys()[pair[1]].nbf.filter(|&nbf| nbf < undated());
            // Nobody should encrypt to a key that has a successor.
            let encrypts = key.group.as_ref().is_some_and(Group::encrypts);
            let leaves = match (takeover, key.exp) {
                (Some(takeover), _) if encrypts => takeover,
                (Some(takeover), Some(exp)) => exp.max(takeover),
                (None, Some(exp)) if states[index] == State::Retiring => exp,
                _ => continue,
            };
            let is_earlier = next.as_ref().is_none_or(|next| leaves < next.at);
            match &mut next {
                _ if leaves <= now => {}
                Some(next) if leaves == next.at => next.keys.push(index),
                _ if is_earlier => {
                    next = Some(Departure {
                        at: leaves,
                        keys: vec![index],
                    });
                }
                _ => {}
            }
        }
    }
    next
}

/// With which age a call at `at` starts no rotation of `roster`; none where that is so with no age, since
/// nobody knows how long a key has been in use, or where tokens live for decades.
#[must_use]
pub fn pause(roster: &Roster, policy: &RotationPolicy, at: NumericDate) -> Option<Pause> {
    AGES.iter().find_map(|&days| {
        let every = DAY * days;
        let request = Request {
            every: Some(every),
            ..Request::default()
        };
        let lineages = rotatable(roster, &request, at).ok()?.into_iter();
        let dues = lineages.map(|lineage| due(roster, &lineage, policy, &request, at));
        let first = dues.collect::<Option<Vec<_>>>()?.into_iter().min()?;
        (first > at).then_some(Pause { every, due: first })
    })
}
