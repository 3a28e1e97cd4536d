//! The files as the commands write them, one after another.

use jwks_cli::core::lifecycle::{
    DatedKey, Group, Plan, Roster, Stage, State, Step, published_places, steps, undated,
};
use jwks_cli::core::time::NumericDate;

use super::{World, date, kid};

impl World {
    /// Writes the files as the command does, and stops after `crash` of them.
    pub(super) fn carry_out(
        &mut self,
        plan: &Plan,
        publishes: bool,
        crash: Option<usize>,
        clock: i64,
    ) -> Result<(), String> {
        let now = date(self.now + clock);
        let first = self.made;
        let made = plan.dated_keys(now, |place| Some(format!("key-{}", first + place)));
        self.made += made.len();
        let before = self.private.clone();
        let done = before.after(plan, Stage::Done, &made);
        let mut steps = steps(publishes).to_vec();
        if self.setting.publishes_last && plan.revocation.is_none() {
            steps = vec![Step::Private(Stage::Done), Step::Published];
        }
        for (number, step) in steps.into_iter().enumerate() {
            if crash == Some(number) {
                self.crashes += 1;
                return self.check(clock);
            }
            match step {
                Step::Private(stage) => {
                    let next = before.after(plan, stage, &made);
                    let is_new = next != self.private;
                    self.write(next, plan, clock)?;
                    if is_new {
                        self.is_blind = !publishes;
                    }
                }
                Step::Published => {
                    self.publish(&done, now)?;
                    (self.is_blind, self.since) = (false, self.now);
                }
            }
            self.check(clock)?;
        }
        self.has_removed(&before, plan, now)
    }

    /// What was past its time has gone, but for what the plan lets stay.
    fn has_removed(&self, before: &Roster, plan: &Plan, now: NumericDate) -> Result<(), String> {
        let is_whole = plan.started.len() == self.setting.groups.len();
        let states = before.states(now);
        let stays = |index: usize| plan.stays.contains_key(&index);
        for (index, state) in states
            .iter()
            .enumerate()
            .filter(|(index, _)| !stays(*index))
        {
            let is_left = self
                .private
                .keys()
                .iter()
                .any(|key| key.kid == before.keys()[index].kid);
            if *state == State::Expired && is_left && is_whole {
                return Err(format!(
                    "{} is past its time and still there",
                    kid(&before.keys()[index])
                ));
            }
        }
        Ok(())
    }

    fn publish(&mut self, roster: &Roster, now: NumericDate) -> Result<(), String> {
        self.note_uses()?;
        let places = published_places(roster, now);
        let kids = places
            .iter()
            .map(|&index| kid(&roster.keys()[index]).to_owned());
        self.public = kids.collect();
        self.ledger.published(&self.public, self.now, &self.setting)
    }

    fn write(&mut self, next: Roster, plan: &Plan, clock: i64) -> Result<(), String> {
        if next == self.private {
            return Ok(());
        }
        let now = date(self.now + clock);
        let states = self.private.states(now);
        if let Some(revocation) = &plan.revocation {
            for &index in &revocation.keys {
                let name = kid(&self.private.keys()[index]).to_owned();
                self.ledger.record(&name).is_revoked = true;
            }
            // Whatever signs from now on may do so before consumers can know it.
            let before = self.private.keys();
            let is_as_before = |key: &DatedKey| {
                let mut same = before.iter().filter(|before| before.kid == key.kid);
                same.any(|before| before.nbf == key.nbf)
            };
            let begun = next.keys().iter().filter(|key| key.nbf <= Some(now));
            for key in begun.filter(|key| !is_as_before(key)) {
                self.ledger.record(kid(key)).is_rushed = true;
            }
        }
        self.note_uses()?;
        for (index, key) in self.private.keys().iter().enumerate() {
            let after = next.keys().iter().find(|after| after.kid == key.kid);
            let is_spare = key.nbf == Some(undated()) && !self.may_be_needed(key, now);
            let may_go = matches!(states[index], State::Expired | State::Revoked) || is_spare;
            let is_kept = after.is_some_and(|after| after.is_private || after.revoked);
            if !is_kept && !may_go {
                return Err(format!(
                    "{} is lost while it is {}",
                    kid(key),
                    states[index].name()
                ));
            }
            if after.is_none() && key.group.as_ref().is_some_and(Group::encrypts) && !key.revoked {
                let name = kid(key);
                self.ledger
                    .decrypts_no_more(name, self.now, &self.setting)?;
            }
        }
        self.private = next;
        self.since = self.now;
        Ok(())
    }
}
