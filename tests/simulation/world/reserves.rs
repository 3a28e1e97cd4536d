//! Keys that must sign in the place of others, and those to which nothing can be held.

use jwks_cli::core::lifecycle::{DatedKey, undated};
use jwks_cli::core::time::NumericDate;

use super::{World, kid};

impl World {
    /// Keys that sign although nobody published them go on where no key before them can sign again.
    pub(super) fn rush_those_without_another(&mut self, now: NumericDate) {
        for lineage in self.private.lineages() {
            let keys = self.private.keys();
            let begun = lineage.members.iter().copied();
            let begun = begun.filter(|&index| keys[index].nbf.is_none_or(|nbf| nbf <= now));
            let (known, unknown): (Vec<_>, Vec<_>) =
                begun.partition(|&index| self.is_public(index));
            let stays = |index: &usize| keys[*index].exp.is_none_or(|exp| exp > now);
            if known.iter().any(stays) {
                continue;
            }
            let names = unknown.iter().map(|&index| kid(&keys[index]).to_owned());
            for name in names.collect::<Vec<_>>() {
                self.ledger.record(&name).is_rushed = true;
            }
        }
    }

    /// Who withdraws a key does not wait for the others of its lineage to be known.
    pub(super) fn rush_those_like(&mut self, chosen: usize, now: NumericDate) {
        self.rush_those_without_another(now);
        let lineages = self.private.lineages().into_iter();
        for lineage in lineages.filter(|lineage| lineage.members.contains(&chosen)) {
            for &index in &lineage.members {
                let key = &self.private.keys()[index];
                if key.nbf < Some(undated()) && !self.is_public(index) {
                    let name = kid(key).to_owned();
                    self.ledger.record(&name).is_rushed = true;
                }
            }
        }
    }

    /// The key that must sign after the withdrawal of `chosen`, if that is the active one: a reserve of
    /// its algorithm that consumers know.
    pub(super) fn reserve(&self, chosen: usize, now: NumericDate) -> Option<String> {
        let keys = self.private.keys();
        let lineages = self.private.lineages();
        let mut lineages = lineages.iter();
        let lineage = lineages.find(|own| own.active(&self.private, now) == Some(chosen))?;
        let is_reserve = |&&index: &&usize| {
            let key = &keys[index];
            let is_pending = key.nbf.is_some_and(|nbf| nbf > now);
            is_pending
                && key.group == keys[chosen].group
                && self.ledger.is_known(kid(key), self.now, &self.setting)
        };
        let index = lineage.members.iter().find(is_reserve)?;
        Some(kid(&keys[*index]).to_owned())
    }

    /// True for a reserve of an algorithm by which a key signs, or is to sign.
    pub(super) fn may_be_needed(&self, spare: &DatedKey, now: NumericDate) -> bool {
        let lineages = self.private.lineages();
        let actives = lineages
            .iter()
            .filter_map(|lineage| lineage.active(&self.private, now));
        let is_pending = |&index: &usize| {
            let nbf = self.private.keys()[index].nbf;
            nbf.is_some_and(|nbf| nbf > now && nbf < undated()) && !self.private.is_revoked(index)
        };
        let pending = (0..self.private.keys().len()).filter(is_pending);
        let mut used = actives.chain(pending);
        used.any(|index| self.private.keys()[index].group == spare.group)
    }
}
