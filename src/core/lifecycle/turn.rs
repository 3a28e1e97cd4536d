//! What one call does: what must be made good, then what was asked for, in the order of the files.

use super::{NumericDate, Plan, Repair, Roster, RotationPolicy, Seen, Stage, repair};

/// What a call does, also when it refuses what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn<R> {
    /// All changes.
    pub plan: Plan,
    /// Those among them that were not asked for.
    pub repair: Repair,
    /// Why nothing else is done.
    pub refusal: Option<R>,
}

/// What may be put off to make good what is late.
#[derive(Clone, Copy)]
pub enum Haste<'h> {
    /// A takeover that consumers could not know in time.
    Rotation,
    /// The same where the key at a place is not withdrawn: whoever withdraws one cannot wait for another
    /// of its lineage.
    Withdrawal(&'h dyn Fn(usize) -> bool),
}

/// Makes good what is late, as far as it is known what consumers could see, and plans on that what `ask`
/// says.
pub fn turn<R>(
    roster: &Roster,
    policy: &RotationPolicy,
    (haste, seen): (Haste<'_>, Option<Seen<'_>>),
    now: NumericDate,
    ask: impl FnOnce(&Roster) -> Result<Plan, R>,
) -> Turn<R> {
    let repair = repair(roster, policy, (haste, seen), now);
    // What is planned rests on what is made good first.
    let mended = roster.after(&repair.plan, Stage::Done, &[]);
    let (plan, refusal) = match ask(&mended) {
        Ok(plan) => (plan.after(repair.plan.clone()), None),
        Err(refusal) => (repair.plan.clone(), Some(refusal)),
    };
    Turn {
        plan,
        repair,
        refusal,
    }
}

/// One of the files that a call writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The private file, as it is at a stage.
    Private(Stage),
    /// The published set, as it is when all is done.
    Published,
}

/// The files in the order in which a call writes them, with or without a published set; see [`Stage`].
#[must_use]
pub fn steps(publishes: bool) -> &'static [Step] {
    const DONE: Step = Step::Private(Stage::Done);
    if publishes {
        &[Step::Private(Stage::Prepared), Step::Published, DONE]
    } else {
        &[DONE]
    }
}
