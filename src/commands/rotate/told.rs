//! What a person should know of a rotation beside its report: the same in a dry run as in a real one.

use std::path::Path;

use super::Rotation;
use crate::commands::published_set::{MOST_LISTED, PublishedBefore, listed};
use crate::commands::{tell, warn};
use crate::context::Context;
use crate::core::failure::quoted;
use crate::core::jwk::{Jwk, PrivateJwk};
use crate::core::jwks::Entry;
use crate::core::lifecycle::{
    DateMember, DatedKey, Group, Implausible, Plan, Repair, Roster, Stage, State, implausible,
    published, rivals,
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

    /// Keys that are in use once `plan` is carried out although nobody could know them.
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
        let (mut signing, mut encrypting) = (Vec::new(), Vec::new());
        for (index, state) in after.states(self.now).into_iter().enumerate() {
            let jwk = entries.get(index).and_then(Entry::usable);
            let is_known = jwk.is_some_and(|jwk| before.holds(jwk));
            if state != State::Active || is_known || !self.is_missed(before, plan, index) {
                continue;
            }
            let label = match &after.keys()[index].kid {
                _ if index < entries.len() => self.label(index),
                Some(kid) => format!("key {}", quoted(kid)),
                None => "a new key".to_owned(),
            };
            let group = after.keys()[index].group.as_ref();
            if group.is_some_and(Group::encrypts) {
                encrypting.push(label);
            } else {
                signing.push(label);
            }
        }
        for (labels, use_already, until_fetched) in [
            (signing, "signs", "consumers refuse its tokens"),
            (encrypting, "is in use", "nobody can encrypt to it"),
        ] {
            warn_of_unpublished(context, before, &labels, (use_already, until_fetched));
        }
    }

    /// True for the place of an active key whose absence from the published set is worth a word. Where no
    /// published set was found at all it may be the first one, unless the dates say that the key has been
    /// in use.
    fn is_missed(&self, before: &PublishedBefore<'_>, plan: &Plan, index: usize) -> bool {
        let entry = self.set.entries().get(index);
        before.is_found()
            || !plan.keeps_takeover(index)
            || entry.is_none_or(|entry| {
                let key = DatedKey::of(entry);
                key.has_been_in_use(&self.policy, self.now)
            })
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
        let entry = self.set.entries().get(index);
        let kid = entry.and_then(|entry| {
            let thumbprint = || entry.jwk().and_then(Jwk::thumbprint);
            entry.kid().map(str::to_owned).or_else(thumbprint)
        });
        format!(
            "`{} --revoke={} --reason superseded`",
            self.command(),
            typed(&kid.unwrap_or_default(), "KID"),
        )
    }

    /// The command for these files, as it can be typed.
    pub(super) fn command(&self) -> String {
        let path = |path: &Path, other| typed(&path.display().to_string(), other);
        let public = self.arguments.public.as_deref();
        let public = public.map(|public| format!(" --public {}", path(public, "PUBLIC")));
        format!(
            "jwks rotate {}{}",
            path(&self.arguments.file, "FILE"),
            public.unwrap_or_default()
        )
    }
}

/// Says what becomes of keys that are in use and that consumers could not find in the published set: they
/// are used so, and so it is until consumers fetch the set again.
fn warn_of_unpublished(
    context: &mut Context<'_>,
    before: &PublishedBefore<'_>,
    labels: &[String],
    (use_already, until_fetched): (&str, &str),
) {
    const UNTIL: &str = "until they fetch the set again";
    if before.is_found() {
        for label in labels {
            let text = format!(
                "{label} {use_already} already and was not published until now: {until_fetched} {UNTIL}"
            );
            warn(context, &text);
        }
    } else if !labels.is_empty() {
        let text = format!(
            "no keys were published in {} before, and {} {use_already} already: if consumers read another file, name that one with --public; else {until_fetched} {UNTIL}",
            before.name(),
            listed(labels),
        );
        warn(context, &text);
    }
}
