//! `jwks rotate`.

mod clashes;
mod follow_up;
mod keys;
mod revocation;
mod told;
mod unusable;
mod view;

use zeroize::Zeroizing;

use crate::cli::{ReportFormat, RotateArgs};
use crate::commands::private_file::PrivateFile;
use crate::commands::published_set::{Place, PublishedBefore, Strangers, published_before};
use crate::commands::{missing, tell};
use crate::context::Context;
use crate::core::detect::quoted_path;
use crate::core::json::{RawObject, array, compact};
use crate::core::jwk::PrivateJwk;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::lifecycle::{
    Haste, Plan, Refusal, Repair, Request, Roster, RotationPolicy, Seen, Stage, Step, Turn, apply,
    plan, steps, turn,
};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
use crate::output::paint::Paint;
use crate::output::rotation::{Outcome, RotationView};
use crate::output::table::Screen;

/// Starts a rotation, or withdraws a key.
///
/// # Errors
/// The file cannot be read or written, or the rotation is refused.
pub fn run(arguments: &RotateArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    context.time(arguments.at.as_deref())?;
    let seen = match &arguments.revoke {
        Some(kid) => revocation::confirm(arguments, kid, context)?,
        None => None,
    };
    // Held until the end: nobody else changes the files between reading and writing.
    let _lock = context
        .files
        .lock(&arguments.file, arguments.lock_timeout)
        .map_err(|error| missing::explained(context, &arguments.file, error))?;
    // A pipe would be waited for, and everybody else for the lock.
    context.files.require_regular(&arguments.file)?;
    let (mut file, set) = match seen {
        Some(seen) => PrivateFile::read_again(seen, context, &arguments.passphrase)?,
        None => PrivateFile::read(context, &arguments.file, &arguments.passphrase)?,
    };
    // The times count from here: a lock or a passphrase may have taken long to come by.
    let now = context.time_by_now(arguments.at.as_deref())?;
    let now = NumericDate::from_seconds(now.seconds());
    if arguments.backup {
        file.back_up_at(now);
    }
    if arguments.revoke.is_none() {
        unusable::require_fit(&set, &arguments.file)?;
    }
    unusable::warn_of_unusable_keys(context, &set);
    let published_before = match &arguments.public {
        None => None,
        Some(public) => {
            let place = Place {
                private: &arguments.file,
                public,
                is_written: !arguments.dry_run,
                strangers: strangers(arguments),
            };
            Some(published_before(&place, context, &set, now)?)
        }
    };
    if !arguments.dry_run {
        context.files.require_writable(&arguments.file)?;
    }
    let mut rotation = Rotation {
        arguments,
        file,
        set: &set,
        policy: RotationPolicy {
            cache_ttl: arguments.cache_ttl,
            token_lifetime: arguments.token_lifetime,
            margin: arguments.margin,
        },
        published_before,
        now,
    };
    rotation.run(context)
}

/// A rotation goes over keys that only the published set has where it knows others of that set.
fn strangers(arguments: &RotateArgs) -> Strangers {
    if arguments.force {
        return Strangers::Go;
    }
    Strangers::GoAmongKnown(if arguments.every.is_some() {
        "name the published set of this private file with --public; where this is an old one of it, move it \
         away: the same command writes it anew"
    } else {
        "name the published set of this private file with --public; where this is an old one of it, \
         the same command with --force replaces it"
    })
}

struct Rotation<'r> {
    arguments: &'r RotateArgs,
    file: PrivateFile<'r>,
    set: &'r JwkSet,
    policy: RotationPolicy,
    published_before: Option<PublishedBefore<'r>>,
    now: NumericDate,
}

impl Rotation<'_> {
    fn run(&mut self, context: &mut Context<'_>) -> Result<Exit, CommandError> {
        let roster = Roster::of(self.set);
        self.tell_of_implausible_dates(context, &roster);
        self.require_told_apart(context, &roster)?;
        if let Some(kid) = &self.arguments.revoke {
            let is_meant = |index| revocation::is_meant(self.set, kid, index);
            let turn = self.turn(&roster, Haste::Withdrawal(&is_meant), |roster| {
                let arguments = self.arguments;
                revocation::planned(arguments, kid, self.set, roster, &self.policy, self.now)
            });
            return match turn.refusal {
                None => self.carry_out(context, &turn.plan, &turn.repair),
                Some(error) => Err(error),
            };
        }
        let request = Request {
            every: self.arguments.every,
            force: self.arguments.force,
            standby: self.arguments.standby,
            algorithm: self.arguments.algorithm,
            active: self.arguments.active.as_deref(),
        };
        let turn = self.turn(&roster, Haste::Rotation, |roster| {
            plan(roster, &self.policy, &request, self.now)
        });
        match turn.refusal {
            None => {
                self.tell_of_rivals(context, &roster);
                self.carry_out(context, &turn.plan, &turn.repair)
            }
            Some(refusal) => Err(self.refuse(context, &refusal, &turn.repair)),
        }
    }

    /// What was asked for, and what must be made good as far as the published set tells.
    fn turn<R>(
        &self,
        roster: &Roster,
        haste: Haste<'_>,
        ask: impl FnOnce(&Roster) -> Result<Plan, R>,
    ) -> Turn<R> {
        let entries = self.set.entries();
        let was_published = |index: usize| {
            let jwk = entries.get(index).and_then(Entry::usable);
            let before = self.published_before.as_ref();
            jwk.is_some_and(|jwk| before.is_some_and(|before| before.holds(jwk)))
        };
        let before = self.published_before.as_ref();
        let seen = self.arguments.public.as_ref().map(|_| Seen {
            holds: &was_published,
            is_found: before.is_some_and(PublishedBefore::is_found),
        });
        turn(roster, &self.policy, (haste, seen), self.now, ask)
    }

    /// Writes what `plan` changes, unless this is a dry run, and shows it.
    fn carry_out(
        &mut self,
        context: &mut Context<'_>,
        plan: &Plan,
        repair: &Repair,
    ) -> Result<Exit, CommandError> {
        let is_dry = self.arguments.dry_run;
        let new_keys = if is_dry {
            Vec::new()
        } else {
            keys::new_keys(self.set, plan, self.now)?
        };
        if !is_dry {
            self.write(context, plan, &new_keys)?;
        }
        let mut shown = self.view(plan, &new_keys);
        self.tell_of_repair(context, plan, repair);
        self.tell_of_unpublished_keys(context, plan, &new_keys);
        self.tell_to_publish(context, plan);
        if self.arguments.revoke.is_some() && plan.revocation.is_none() {
            shown.outcome = Outcome::RevokedBefore;
        }
        self.show(context, &shown).map_err(|error| {
            if self.arguments.dry_run || plan.is_empty() {
                return error;
            }
            let what = match plan.revocation {
                Some(_) => "revocation",
                None => "rotation",
            };
            error.hint(format!("the {what} was made, and its files are written"))
        })
    }

    fn refuse(
        &mut self,
        context: &mut Context<'_>,
        refusal: &Refusal,
        repair: &Repair,
    ) -> CommandError {
        let error = |code, exit| {
            let name = quoted_path(&self.arguments.file);
            let reason = refusal.sentence(|index| self.label(index));
            let message = format!("cannot rotate {name}: {reason}");
            CommandError::new(code, exit, message)
        };
        match refusal {
            Refusal::UnderWay { activates, .. } => {
                let refused = error("rotation-under-way", Exit::No).hint(self.way_on(*activates));
                match self.heal(context, repair) {
                    Err(error) => error,
                    Ok(()) => refused,
                }
            }
            Refusal::PublicKeys(_) => error("public-key", Exit::File)
                .hint("rotate the private file, and let --public write the published one"),
            Refusal::NothingToRotate => error("nothing-to-rotate", Exit::File)
                .hint("`jwks generate --alg ES256 --into FILE` makes a key in it"),
            Refusal::NothingActive => error("no-active-key", Exit::No)
                .hint("the nbf of the key that is to sign must lie in the past"),
            Refusal::NotCandidate(_) => error("not-a-candidate", Exit::No)
                .hint("`jwks inspect` shows the keys and their states"),
            Refusal::SeveralGroups(_) | Refusal::NoGroup(_) | Refusal::TooFar => {
                error("usage", Exit::Usage)
            }
        }
    }

    /// Makes good what an earlier call, which stopped before it published or had other times, has left
    /// undone.
    fn heal(&mut self, context: &mut Context<'_>, repair: &Repair) -> Result<(), CommandError> {
        if !self.arguments.dry_run {
            self.write(context, &repair.plan, &[])?;
        }
        self.tell_of_repair(context, &repair.plan, repair);
        self.tell_of_unpublished_keys(context, &repair.plan, &[]);
        for (index, leaves) in repair.plan.prolonged() {
            let text = format!("{} stays until {leaves}", self.label(index));
            tell(context, &text);
        }
        Ok(())
    }

    fn label(&self, index: usize) -> String {
        let entry = self.set.entries().get(index);
        entry.map_or_else(String::new, Entry::label)
    }

    /// Writes the files, in the order of the plan. All contents are made before anything is written, so
    /// that nothing is left half done that could have been known to fail.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        plan: &Plan,
        new_keys: &[PrivateJwk],
    ) -> Result<(), CommandError> {
        let publishes = self.arguments.public.is_some();
        if plan.is_empty() {
            return self.publish(context, self.set);
        }
        let of = |stage| {
            let keys = apply(self.set, plan, new_keys, stage);
            self.file.with_keys(self.set, &keys)
        };
        let (prepared, done) = (of(Stage::Prepared)?, of(Stage::Done)?);
        if let Some(before) = &self.published_before {
            before.text(&done.1, self.now)?;
        }
        // A stage that changes no key leaves the file as it is, white space and all.
        let mut current = members(self.set);
        for step in steps(publishes) {
            let (text, set) = match step {
                Step::Published => {
                    self.publish(context, &done.1)?;
                    continue;
                }
                Step::Private(Stage::Prepared) => &prepared,
                Step::Private(Stage::Done) => &done,
            };
            let next = members(set);
            if next != current {
                self.file.write(context, text)?;
                current = next;
            }
        }
        Ok(())
    }

    /// Writes the published set of `set` when one is asked for and it differs from what is there.
    fn publish(&self, context: &mut Context<'_>, set: &JwkSet) -> Result<(), CommandError> {
        match &self.published_before {
            Some(before) if !self.arguments.dry_run => {
                before.write(context, &before.text(set, self.now)?)
            }
            _ => Ok(()),
        }
    }

    fn show(&self, context: &mut Context<'_>, view: &RotationView) -> Result<Exit, CommandError> {
        match self.arguments.report_format() {
            ReportFormat::Json => context.report(view.report().as_bytes())?,
            ReportFormat::Text => {
                let paint = Paint::new(context.stdout.color);
                let text = view.text(self.now, Screen::of(&context.stdout), paint);
                context.show(&text)?;
            }
        }
        Ok(Exit::Success)
    }
}

/// The keys of a set as text.
fn members(set: &JwkSet) -> Zeroizing<String> {
    let keys = set.entries().iter().map(|entry| entry.members().clone());
    let keys: Vec<RawObject> = keys.collect();
    compact(&array(&keys))
}
