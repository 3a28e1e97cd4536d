//! The life of a key: published, active, retiring, removed.
//!
//! States are never stored. They follow from `nbf`, `exp` and `revoked` (OpenID Federation 1.0) and
//! the time, key by key within its [`Lineage`]: the keys of one use and one family of algorithms, and
//! those of another family that they succeed.
//!
//! Consumers act on presence in the published set alone, so the times of a rotation are:
//! a new key takes over once every cached copy of the set holds it (publish + M + margin), and an
//! old key leaves once every token that it signed has expired (takeover of its successor + L + margin).
//! A key to which others encrypt is used for M longer: a cached copy of the set still names it.
//!
//! A change is planned on a [`Roster`], which is what the dates of a set say and nothing else, and
//! then carried out on the set itself, in two stages around the publication: see [`Stage`] and [`turn`].

mod apply;
mod change;
mod clash;
mod departure;
mod fitness;
mod plan;
mod plausibility;
mod publish;
mod refusal;
mod repair;
mod revoke;
mod roster;
mod succession;
mod turn;

use std::time::Duration;

use super::alg::Algorithm;
use super::jwk::Jwk;
use super::time::NumericDate;

pub use apply::{Stage, apply};
pub use change::{Dates, NewKey, Plan};
pub use clash::{Clash, clashes};
pub use departure::{Departure, Pause, departure, pause};
pub use fitness::unfitness;
pub use plan::{Request, Rivals, plan, rivals};
pub use plausibility::{DateMember, Implausible, implausible};
pub use publish::{Absence, absences, published, published_places};
pub use refusal::Refusal;
pub use repair::{Postponed, Repair, Seen, repair};
pub use revoke::{Reason, Revocation, RevocationFault, RevocationRequest, plan_revocation};
pub use roster::{DatedKey, Lineage, Roster, states, undated};
pub use turn::{Haste, Step, Turn, steps, turn};

/// The times on which a rotation rests.
#[derive(Debug, Clone, Copy)]
pub struct RotationPolicy {
    /// M: how long consumers may cache the published set.
    pub cache_ttl: Duration,
    /// L: the longest lifetime of a token.
    pub token_lifetime: Duration,
    /// Delay of publishing, lag of signers and difference of clocks together.
    pub margin: Duration,
}

impl RotationPolicy {
    /// When a key that is published at `now` can take over: every cached copy of the set has it then.
    #[must_use]
    pub fn takeover(&self, now: NumericDate) -> NumericDate {
        now.plus(self.cache_ttl).plus(self.margin)
    }

    /// When a key of `group` can go whose successor takes over at `takeover`: all that was signed with
    /// it has expired then, and all that was encrypted to it has been read.
    #[must_use]
    pub fn departure(&self, group: &Group, takeover: NumericDate) -> NumericDate {
        let last_use = if group.encrypts() {
            takeover.plus(self.cache_ttl)
        } else {
            takeover
        };
        last_use.plus(self.token_lifetime).plus(self.margin)
    }
}

/// What a key is at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Published, and not used before its `nbf`.
    Pending,
    /// The one that signs: the newest of its lineage whose `nbf` has passed.
    Active,
    /// A newer one signs; this one verifies until its `exp`.
    Retiring,
    /// Its `exp` has passed, and a newer one signs: to be removed.
    Expired,
    /// Withdrawn for good.
    Revoked,
    /// It cannot be used, or is no key of ours.
    Unusable,
}

impl State {
    /// The state in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Unusable => "unusable",
        }
    }
}

/// The use and the family of algorithms of a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// `sig` or `enc`.
    pub key_use: String,
    /// `alg`, or the type of the key when it has none, with the curve where that leaves a choice.
    pub algorithm: String,
}

impl Group {
    /// The group of a key.
    #[must_use]
    pub fn of(jwk: &Jwk) -> Self {
        let parameters = jwk.parameters();
        let by_algorithm = jwk.algorithm().map(Algorithm::key_use);
        let material = jwk.material();
        let curve = material.curve().filter(|_| {
            // Where the name leaves a choice of curves, a key on one cannot stand in for another.
            jwk.algorithm().is_none_or(|row| row.curves.len() > 1)
        });
        let name = match &parameters.alg {
            Some(alg) => alg.clone(),
            // Keys of other sizes are of the same family.
            None => material.key_type().name().to_owned(),
        };
        Self {
            algorithm: match curve {
                Some(curve) => format!("{name} {}", curve.name()),
                None => name,
            },
            key_use: parameters
                .key_use
                .clone()
                .unwrap_or_else(|| by_algorithm.unwrap_or("sig").to_owned()),
        }
    }

    /// True for keys to which others encrypt.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        self.key_use == "enc"
    }
}

#[cfg(test)]
mod tests;
