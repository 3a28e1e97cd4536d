//! What a person should know of a rotation beside its report: the same in a dry run as in a real one.

use std::path::Path;

use super::Rotation;
use super::published::{MOST_LISTED, listed};
use crate::commands::{tell, warn};
use crate::context::Context;
use crate::core::failure::quoted;
use crate::core::jwk::{Jwk, PrivateJwk};
use crate::core::jwks::Entry;
use crate::core::lifecycle::{
    DateMember, Implausible, Plan, Repair, Roster, Stage, State, implausible, published, rivals,
};
use crate::core::shell::typed;
use crate::core::time::NumericDate;

impl Rotation<'_> {
    /// Dates that lie farther ahead than any rotation sets, and what to do about them.
    pub(super) fn tell_of_implausible_dates(&self, context: &mut Context<'_>, roster: &Roster) {
        let dates = implausible(roster, &self.policy, self.now);
        for own in dates.iter().take(MOST_LISTED) {
            let (label, date) = (self.label(own.index), own.date);
            let distance = date.relative_to(self.now);
            let text = match own.member {
                DateMember::Nbf if own.has_active => format!(
                    "{label} takes over at {date} ({distance}), later than a rotation with these times asks for: if a clock was ahead, {} brings another key in its place",
                    self.revocation_of(own.index)
                ),
                DateMember::Nbf => format!(
                    "{label} takes over at {date} ({distance}), and until then no key of its kind is active: is the clock of this machine right?"
                ),
                DateMember::Iat => format!(
                    "{label} was made at {date} ({distance}), as its iat says: if the clock of this machine is right, correct the iat, or let the key go with the next rotation"
                ),
            };
            warn(context, &text);
        }
        let more = dates.len().saturating_sub(MOST_LISTED);
        if more > 0 {
            warn(context, &format!("{more} more keys have dates like these"));
        }
    }

    /// When the next rotation can be made while one is under way, whose key takes over at `activates`.
    pub(super) fn way_on(&self, activates: NumericDate) -> String {
        let roster = Roster::of(self.set);
        let dates = implausible(&roster, &self.policy, self.now);
        // Of several the first goes first: what takes its place does not wait for those behind it.
        let blocks = |own: &&Implausible| own.member == DateMember::Nbf && own.has_active;
        let safe = format!(
            "the next rotation is safe from {activates} on ({}){}; --force starts one that waits behind it",
            activates.relative_to(self.now),
            match self.arguments.public {
                Some(_) => "",
                None => ", once its keys are published, which --public FILE does now",
            }
        );
        match dates.iter().find(blocks) {
            None => safe,
            Some(own) => format!(
                "if a clock was ahead, {} brings another key in the place of {}; else {safe}",
                self.revocation_of(own.index),
                self.label(own.index)
            ),
        }
    }

    /// Which takeovers are put off, and which ought to be.
    pub(super) fn tell_of_repair(&self, context: &mut Context<'_>, plan: &Plan, repair: &Repair) {
        for postponed in &repair.postponed {
            let (label, activates) = (self.label(postponed.index), postponed.activates);
            let text = if postponed.had_begun {
                format!(
                    "{label} signs already and was not published in time; the key before it signs again, and its takeover is put off to {activates}: let every signer read the file now"
                )
            } else if postponed.follows {
                format!(
                    "{label} waits behind one that was not published in time; its takeover is put off to {activates}"
                )
            } else {
                format!("{label} was not published in time; its takeover is put off to {activates}")
            };
            warn(context, &text);
        }
        let early = repair.early.iter();
        for &index in early.filter(|index| plan.keeps_takeover(**index)) {
            let text = format!(
                "{} was not published here before and is not put off: where consumers did not find it elsewhere, {} brings one in its place that they get to know in time",
                self.label(index),
                self.revocation_of(index)
            );
            warn(context, &text);
        }
    }

    /// Of several keys without dates the last one added is taken for active, which may be wrong.
    pub(super) fn tell_of_rivals(&self, context: &mut Context<'_>, roster: &Roster) {
        if self.arguments.active.is_some() {
            return;
        }
        for doubt in rivals(roster, self.now) {
            let others = doubt.others.iter().map(|&index| self.label(index));
            let others: Vec<String> = others.collect();
            let text = format!(
                "{}, the last one added, is taken for the active key, as {} has no date either; --active KID says otherwise",
                self.label(doubt.active),
                listed(&others)
            );
            warn(context, &text);
        }
    }

    /// Keys that sign once `plan` is carried out although nobody could know them.
    pub(super) fn tell_of_unpublished_keys(
        &self,
        context: &mut Context<'_>,
        plan: &Plan,
        new_keys: &[PrivateJwk],
    ) {
        let Some(before) = &self.published_before else {
            return;
        };
        let kid = |place: usize| new_keys.get(place)?.jwk().parameters().kid.clone();
        let mut staying = plan.clone();
        staying.removals.clear();
        let made = plan.dated_keys(self.now, kid);
        let after = Roster::of(self.set).after(&staying, Stage::Done, &made);
        let entries = self.set.entries();
        for (index, state) in after.states(self.now).into_iter().enumerate() {
            let jwk = entries.get(index).and_then(Entry::usable);
            if state != State::Active || jwk.is_some_and(|jwk| before.holds(jwk)) {
                continue;
            }
            let label = match &after.keys()[index].kid {
                _ if index < entries.len() => self.label(index),
                Some(kid) => format!("key {}", quoted(kid)),
                None => "a new key".to_owned(),
            };
            let text = format!(
                "{label} signs already and was not published until now: consumers refuse its tokens until they fetch the set again"
            );
            warn(context, &text);
        }
    }

    /// Without --public it is for others to publish the set, in time.
    pub(super) fn tell_to_publish(&self, context: &mut Context<'_>, plan: &Plan) {
        let is_publishable = published(self.set, self.now).is_ok();
        if self.arguments.public.is_some() || plan.is_empty() || !is_publishable {
            return;
        }
        if plan.revocation.is_some() {
            warn(
                context,
                "the published set is not written without --public: take the revoked key out of it now",
            );
            return;
        }
        let latest = self.now.plus(self.policy.margin);
        let text = format!(
            "without --public nothing is published: publish the public halves of these keys by {latest} ({}), or consumers may not know the next one in time",
            latest.relative_to(self.now)
        );
        tell(context, &text);
    }

    /// The command that withdraws a key and brings another, as it can be typed.
    fn revocation_of(&self, index: usize) -> String {
        let path = |path: &Path, other| typed(&path.display().to_string(), other);
        let entry = self.set.entries().get(index);
        let kid = entry.and_then(|entry| {
            let thumbprint = || entry.jwk().and_then(Jwk::thumbprint);
            entry.kid().map(str::to_owned).or_else(thumbprint)
        });
        let public = self.arguments.public.as_deref();
        let public = public.map(|public| format!(" --public {}", path(public, "PUBLIC")));
        format!(
            "`jwks rotate {}{} --revoke={} --reason superseded`",
            path(&self.arguments.file, "FILE"),
            public.unwrap_or_default(),
            typed(&kid.unwrap_or_default(), "KID"),
        )
    }
}
