//! Dates that no rotation sets: of a clock that was years ahead, or of a slip of the pen.

use std::time::Duration;

use super::{NumericDate, Roster, RotationPolicy};

/// A date that lies farther ahead than any that a rotation sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implausible {
    /// The place of the key.
    pub index: usize,
    /// Which of its dates.
    pub member: DateMember,
    /// The date.
    pub date: NumericDate,
    /// True where another key of the same kind is active. Where none is, the clock may as well be late
    /// by which all of this is judged.
    pub has_active: bool,
}

/// The dates of a key that say when it was made, and when it takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the registered member names")]
pub enum DateMember {
    Iat,
    Nbf,
}

/// The latest time at which one of `pending` keys of a lineage takes over, if `now` is right and all were
/// dated by rotations with these times. The last was put off at most until now + M + margin with those
/// before it, and waited as long for the first of them; each of them that was forced waits a second more;
/// and another clock may differ by the margin.
fn latest_takeover(policy: &RotationPolicy, pending: usize, now: NumericDate) -> NumericDate {
    let waiting = Duration::from_secs(u64::try_from(pending).unwrap_or(u64::MAX));
    let put_off = policy.takeover(now);
    policy.takeover(put_off).plus(waiting).plus(policy.margin)
}

/// The keys of `roster` with a takeover or a birth in an implausible future, one date each.
#[must_use]
pub fn implausible(roster: &Roster, policy: &RotationPolicy, now: NumericDate) -> Vec<Implausible> {
    let mut found = Vec::new();
    for lineage in roster.lineages() {
        let key = |index: usize| &roster.keys()[index];
        let has_active = lineage.active(roster, now).is_some();
        let members = || lineage.members.iter().copied();
        let pending = members().filter(|&index| key(index).is_dated_pending(now));
        let latest_takeover = latest_takeover(policy, pending.count(), now);
        let latest_birth = now.plus(policy.margin);
        for index in members() {
            let nbf = key(index)
                .nbf
                .filter(|&nbf| key(index).is_dated_pending(now) && nbf > latest_takeover);
            let iat = key(index).iat.filter(|&iat| iat > latest_birth);
            let date = nbf.map(|nbf| (DateMember::Nbf, nbf));
            if let Some((member, date)) = date.or(iat.map(|iat| (DateMember::Iat, iat))) {
                found.push(Implausible {
                    index,
                    member,
                    date,
                    has_active,
                });
            }
        }
    }
    found
}
