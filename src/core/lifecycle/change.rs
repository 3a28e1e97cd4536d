//! The changes of a rotation or of a withdrawal, by the places of the keys.

use std::collections::{BTreeMap, BTreeSet};

use super::{DatedKey, Group, Revocation};
use crate::core::alg::Algorithm;
use crate::core::time::NumericDate;

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Place in the set of the key that it is to be like.
    pub like: usize,
    /// Its algorithm, where that is to be another.
    pub algorithm: Option<&'static Algorithm>,
    /// Its use and family.
    pub group: Group,
    /// When it takes over (`nbf`); a standby has no such time.
    pub activates: Option<NumericDate>,
}

/// New dates of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the fields are the registered member names")]
pub struct Dates {
    pub nbf: Option<NumericDate>,
    pub exp: Option<NumericDate>,
}

/// The changes of a rotation or of a revocation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Keys to be made.
    pub new_keys: Vec<NewKey>,
    /// Keys, by their place, that get dates.
    pub dates: BTreeMap<usize, Dates>,
    /// Keys, by their place, that must stay longer, which has to be written before they leave the
    /// published set.
    pub stays: BTreeMap<usize, NumericDate>,
    /// Keys, by their place, whose successor is dated by this plan: until it is, they have no end.
    pub waits: BTreeSet<usize>,
    /// Places of the keys that are past their time.
    pub removals: BTreeSet<usize>,
    /// Keys that are withdrawn for good.
    pub revocation: Option<Revocation>,
    /// The active keys whose successors this plan brings.
    pub started: Vec<usize>,
    /// When the next rotation can be made or is due.
    pub next: Option<NumericDate>,
}

impl Plan {
    /// True when nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.new_keys.is_empty()
            && self.dates.is_empty()
            && self.stays.is_empty()
            && self.removals.is_empty()
            && self.revocation.is_none()
    }

    /// True for the place of a key that takes over when it would without the plan.
    #[must_use]
    pub fn keeps_takeover(&self, index: usize) -> bool {
        let dates = self.dates.get(&index);
        !self.withdraws(index) && dates.is_none_or(|dates| dates.nbf.is_none())
    }

    fn withdraws(&self, index: usize) -> bool {
        let revocation = self.revocation.as_ref();
        revocation.is_some_and(|revocation| revocation.keys.contains(&index))
    }

    /// The keys that stay longer than was planned, by their places, and how long.
    pub fn prolonged(&self) -> impl Iterator<Item = (usize, NumericDate)> {
        let stays = self.stays.iter().map(|(&index, &leaves)| (index, leaves));
        stays.filter(|&(index, _)| !self.withdraws(index))
    }

    /// True for the place of a key that stays longer than was planned.
    #[must_use]
    pub fn prolongs(&self, index: usize) -> bool {
        self.stays.contains_key(&index) && !self.withdraws(index)
    }

    pub(super) fn set_nbf(&mut self, index: usize, nbf: NumericDate) {
        self.dates.entry(index).or_default().nbf = Some(nbf);
    }

    /// Lets a key stay at least until `leaves`: an `exp` that someone set earlier would cut tokens off;
    /// a later one is kept.
    pub(super) fn let_stay(&mut self, key: &DatedKey, index: usize, leaves: NumericDate) {
        let planned = self.dates.get(&index).and_then(|dates| dates.exp);
        if planned.or(key.exp).is_none_or(|exp| exp < leaves) {
            self.dates.entry(index).or_default().exp = Some(leaves);
        }
    }

    /// Adds the dates of a repair, over which those of the plan go.
    #[must_use]
    pub fn after(mut self, repair: Self) -> Self {
        for (index, dates) in repair.dates {
            let own = self.dates.entry(index).or_default();
            own.nbf = own.nbf.or(dates.nbf);
            own.exp = own.exp.max(dates.exp);
        }
        self.stays.extend(repair.stays);
        self.waits.extend(repair.waits);
        self
    }
}
