//! What the dates of a set say: the keys that succeed each other, and the state of each.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dates, Group, RotationPolicy, State, unfitness};
use crate::core::jwks::{Entry, JwkSet};
use crate::core::time::NumericDate;

/// 9999-12-31T23:59:59Z in seconds, the `nbf` of a pending key for which no takeover is planned.
const UNDATED_SECONDS: i64 = 253_402_300_799;
/// With more groups than this nobody looks for the family that one of them was replaced by: no
/// rotation leaves so many, and each is compared with every key.
const MOST_GROUPS_COMPARED: usize = 64;

/// The `nbf` of a pending key for which no takeover is planned, and from which on none is: a standby.
/// As an `exp` it is as good as none.
#[must_use]
pub fn undated() -> NumericDate {
    NumericDate::from_seconds(UNDATED_SECONDS)
}

/// A key as its life is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the registered member names")]
pub struct DatedKey {
    pub kid: Option<String>,
    /// None of a key that cannot be used.
    pub group: Option<Group>,
    /// True when something secret is in it.
    pub is_private: bool,
    pub iat: Option<NumericDate>,
    pub nbf: Option<NumericDate>,
    pub exp: Option<NumericDate>,
    /// True when the key itself says so.
    pub revoked: bool,
    /// SHA-256 thumbprint of what is in it, by which it is known under any name; never to be shown of a
    /// symmetric key.
    pub material: Option<[u8; 32]>,
}

impl DatedKey {
    /// A key of a set.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let parameters = entry.jwk().map(|jwk| jwk.parameters().clone());
        let parameters = parameters.unwrap_or_default();
        let fit = entry.usable().filter(|_| unfitness(entry).is_none());
        Self {
            kid: entry.kid().map(str::to_owned),
            group: fit.map(Group::of),
            is_private: !entry.secret_members().is_empty(),
            iat: parameters.iat,
            nbf: parameters.nbf,
            exp: parameters.exp.filter(|&exp| exp < undated()),
            revoked: entry.is_revoked(),
            material: entry.material_hash(),
        }
    }

    /// True when the key has not begun to be used, and nothing says when it will.
    #[must_use]
    pub fn is_standby(&self, now: NumericDate) -> bool {
        self.nbf.is_some_and(|nbf| nbf > now && nbf >= undated())
    }

    /// True when the key has not begun to be used, and will at its `nbf`.
    pub(super) fn is_dated_pending(&self, now: NumericDate) -> bool {
        self.nbf.is_some_and(|nbf| nbf > now && nbf < undated())
    }

    /// True when the dates of the key say that it was in use before now: a rotation has dated it, or it was
    /// made longer ago than it takes to publish it.
    #[must_use]
    pub fn has_been_in_use(&self, policy: &RotationPolicy, now: NumericDate) -> bool {
        let was_made = self.iat.is_some_and(|iat| iat.plus(policy.margin) < now);
        was_made || self.nbf.is_some() || self.exp.is_some()
    }

    pub(super) fn has_begun(&self, now: NumericDate) -> bool {
        self.nbf.is_none_or(|nbf| nbf <= now)
    }
}

/// The keys of a set as their lives are seen, in the order of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    keys: Vec<DatedKey>,
    revoked: Vec<bool>,
    /// The places of the private keys that have no date to sign from, by their groups.
    undated: BTreeMap<Group, Vec<usize>>,
}

/// Keys that succeed each other, of which one is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// The group of the newest.
    pub group: Group,
    /// Their places in the set, in the order in which they take over. One without `nbf` counts as
    /// older than any with; of several such the last one added is the newest.
    pub members: Vec<usize>,
}

impl Roster {
    /// A roster of these keys.
    #[must_use]
    pub fn new(keys: Vec<DatedKey>) -> Self {
        let withdrawn = keys.iter().filter(|key| key.revoked);
        let kids: BTreeSet<&String> = withdrawn
            .clone()
            .filter_map(|key| key.kid.as_ref())
            .collect();
        let materials: BTreeSet<&[u8; 32]> =
            withdrawn.filter_map(|key| key.material.as_ref()).collect();
        let is_revoked = |key: &DatedKey| {
            let has_kid = key.kid.as_ref().is_some_and(|kid| kids.contains(kid));
            let is_same = || {
                key.material
                    .as_ref()
                    .is_some_and(|own| materials.contains(own))
            };
            key.revoked || has_kid || is_same()
        };
        let revoked: Vec<bool> = keys.iter().map(is_revoked).collect();
        let mut waiting: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        for (index, key) in keys.iter().enumerate() {
            let is_undated = key.is_private && key.nbf >= Some(undated()) && !revoked[index];
            if let Some(group) = key.group.as_ref().filter(|_| is_undated) {
                waiting.entry(group.clone()).or_default().push(index);
            }
        }
        Self {
            keys,
            revoked,
            undated: waiting,
        }
    }

    /// What the dates of `set` say.
    #[must_use]
    pub fn of(set: &JwkSet) -> Self {
        Self::new(set.entries().iter().map(DatedKey::of).collect())
    }

    /// The keys, in the order of the set.
    #[must_use]
    pub fn keys(&self) -> &[DatedKey] {
        &self.keys
    }

    /// The roster with new dates of some keys, by their places.
    pub(super) fn with_dates(&self, dates: &BTreeMap<usize, Dates>) -> Self {
        let mut keys = self.keys.clone();
        for (&index, dates) in dates {
            keys[index].nbf = dates.nbf.or(keys[index].nbf);
            keys[index].exp = dates.exp.or(keys[index].exp);
        }
        Self::new(keys)
    }

    /// True when the key has been withdrawn, or has the kid of one that has, or is one that has under
    /// another kid: neither is ever used again, also when someone brings the key back from a backup.
    #[must_use]
    pub fn is_revoked(&self, index: usize) -> bool {
        self.revoked.get(index).copied().unwrap_or_default()
    }

    /// The keys that can be used, by lineage, in the order in which each first appears.
    #[must_use]
    pub fn lineages(&self) -> Vec<Lineage> {
        let mut lineages: Vec<Lineage> = Vec::new();
        let mut places: BTreeMap<&Group, usize> = BTreeMap::new();
        for (index, key) in self.keys.iter().enumerate() {
            let Some(group) = key.group.as_ref().filter(|_| !self.is_revoked(index)) else {
                continue;
            };
            if let Some(&place) = places.get(group) {
                lineages[place].members.push(index);
            } else {
                places.insert(group, lineages.len());
                lineages.push(Lineage {
                    group: group.clone(),
                    members: vec![index],
                });
            }
        }
        let mut lineages = self.joined(lineages);
        for lineage in &mut lineages {
            lineage.sort(self);
        }
        lineages
    }

    /// Joins a group whose keys all go with the group that succeeds it: what a change of algorithm
    /// leaves. That one has a key that takes over later and goes later, or does not go; and some key of
    /// the use does not go at all, or else all dates were set by someone who gives every key an end.
    fn joined(&self, groups: Vec<Lineage>) -> Vec<Lineage> {
        if groups.len() < 2 || groups.len() > MOST_GROUPS_COMPARED {
            return groups;
        }
        let mut heirs: Vec<usize> = (0..groups.len()).collect();
        for (place, group) in groups.iter().enumerate() {
            if let Some(heir) = self.heir(group, &groups) {
                heirs[place] = heir;
            }
        }
        let mut joined: Vec<Lineage> = groups.clone();
        for (place, group) in groups.iter().enumerate() {
            let mut heir = place;
            // Every step leads to a later takeover, so this ends.
            while heirs[heir] != heir {
                heir = heirs[heir];
            }
            if heir != place {
                joined[heir].members.extend(&group.members);
                joined[place].members.clear();
            }
        }
        joined.retain(|lineage| !lineage.members.is_empty());
        joined
    }

    /// The place of the group that succeeds `group`.
    fn heir(&self, group: &Lineage, groups: &[Lineage]) -> Option<usize> {
        // One that waits without a date has no part in it.
        let members = || {
            let keys = group.members.iter().map(|&index| &self.keys[index]);
            keys.filter(|key| key.nbf.is_none_or(|nbf| nbf < undated()))
        };
        let goes = members().map(|key| key.exp).collect::<Option<Vec<_>>>()?;
        let (last_exp, last_nbf) = (goes.into_iter().max()?, members().map(|key| key.nbf).max()?);
        let same_use = || {
            let others = groups.iter().enumerate();
            others.filter(|(_, other)| other.group.key_use == group.group.key_use)
        };
        let goes_on = |index: &usize| self.keys[*index].exp.is_none();
        if !same_use().any(|(_, other)| other.members.iter().any(goes_on)) {
            return None;
        }
        same_use()
            .filter(|(_, other)| other.group != group.group)
            .flat_map(|(place, other)| other.members.iter().map(move |&index| (place, index)))
            .filter_map(|(place, index)| {
                let key = &self.keys[index];
                let goes_later = key.exp.is_none_or(|exp| exp > last_exp);
                let nbf = key.nbf.filter(|&nbf| nbf < undated() && goes_later)?;
                (Some(nbf) > last_nbf).then_some((nbf, place))
            })
            .min()
            .map(|(_, place)| place)
    }

    /// A private key of `group` that waits without a date.
    #[must_use]
    pub fn standby(&self, group: &Group, now: NumericDate) -> Option<usize> {
        self.standbys(group, now).next()
    }

    /// The private keys of `group` that wait without a date.
    pub(super) fn standbys(&self, group: &Group, now: NumericDate) -> impl Iterator<Item = usize> {
        let places = self.undated.get(group).map_or(&[][..], Vec::as_slice);
        let places = places.iter().copied();
        places.filter(move |&index| self.keys[index].is_standby(now))
    }

    /// The state of every key at `now`, in the order of the set.
    #[must_use]
    pub fn states(&self, now: NumericDate) -> Vec<State> {
        let mut states: Vec<State> = (0..self.keys.len())
            .map(|index| {
                if self.is_revoked(index) {
                    State::Revoked
                } else {
                    State::Unusable
                }
            })
            .collect();
        for lineage in self.lineages() {
            let active = lineage.active(self, now);
            for &index in &lineage.members {
                let key = &self.keys[index];
                states[index] = if active == Some(index) {
                    State::Active
                } else if !key.has_begun(now) {
                    State::Pending
                } else if key.exp.is_some_and(|exp| exp <= now) {
                    State::Expired
                } else {
                    State::Retiring
                };
            }
        }
        states
    }
}

impl Lineage {
    /// Puts the members in the order in which they take over; of equal dates the one that was added last
    /// is the newest.
    pub(super) fn sort(&mut self, roster: &Roster) {
        self.members
            .sort_by_key(|&index| (roster.keys[index].nbf, index));
    }

    /// The newest key whose `nbf` has passed. `exp` plays no part: it is set for a key only when a
    /// newer one is to take over, and a lineage must never be left without a key that signs.
    #[must_use]
    pub fn active(&self, roster: &Roster, now: NumericDate) -> Option<usize> {
        let begun = |index: &&usize| roster.keys[**index].has_begun(now);
        self.members.iter().rev().find(begun).copied()
    }

    /// The last of the keys whose takeover is planned and has not come.
    #[must_use]
    pub fn last_pending(&self, roster: &Roster, now: NumericDate) -> Option<usize> {
        let pending = |index: &&usize| roster.keys[**index].is_dated_pending(now);
        self.members.iter().rev().find(pending).copied()
    }
}

/// The state of every key of `set` at `now`, in the order of the set.
#[must_use]
pub fn states(set: &JwkSet, now: NumericDate) -> Vec<State> {
    Roster::of(set).states(now)
}
