//! Choosing keys: what is asked for, and what is left out although nobody has said so.

use super::Keyring;
use crate::core::failure::{Code, Failure, quoted, quoted_list};
use crate::core::jwks::{Entry, JwkSet};
use crate::core::lifecycle::{Absence, Roster, State, absences};
use crate::core::time::NumericDate;

/// Most kids that a message lists.
const KIDS_SHOWN: usize = 8;

/// Which keys are kept.
#[derive(Debug, Default)]
pub struct Selection<'s> {
    /// The keys of these kids alone; all when it is empty.
    pub only: &'s [String],
    /// Not the keys of these kids.
    pub without: &'s [String],
    /// Those alone that are active at this time.
    pub active_at: Option<NumericDate>,
    /// What is left out, whoever asks.
    pub withheld: Withheld,
    /// A key of `only` that is withheld is kept, and told.
    pub spares_named: bool,
}

/// What is left out of a selection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Withheld {
    /// Nothing.
    #[default]
    Nothing,
    /// What is revoked.
    Revoked,
    /// What consumers must not see any more at this time.
    Departed(NumericDate),
}

/// What is to be told of a selection.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// The keys that were withheld, each for a sentence that says so.
    pub left_out: Vec<String>,
    /// The keys that are kept because they were named, each with what would have kept them out.
    pub spared: Vec<String>,
}

impl Keyring {
    /// Keeps the keys that are asked for. What a key is follows from all the keys that are there before.
    ///
    /// # Errors
    /// [`Code::UnknownKid`]: a kid that is asked for is not there; [`Code::NoMatchingKey`]: no key is left.
    pub fn select(&mut self, selection: &Selection<'_>) -> Result<Selected, Failure> {
        let set = self.set()?;
        for kid in selection.only.iter().chain(selection.without) {
            if !set.entries().iter().any(|entry| entry.kid() == Some(kid)) {
                return Err(unknown_kid(&set, kid));
            }
        }
        let roster = Roster::of(&set);
        let states = selection.active_at.map(|now| roster.states(now));
        let reasons = reasons(&set, &roster, selection.withheld);
        let mut selected = Selected::default();
        let mut is_kept = |entry: &Entry| {
            let is_named = has_kid(entry, selection.only);
            let is_wanted = (selection.only.is_empty() || is_named)
                && !has_kid(entry, selection.without)
                && states
                    .as_ref()
                    .is_none_or(|states| states[entry.index()] == State::Active);
            let Some(reason) = reasons[entry.index()].as_ref().filter(|_| is_wanted) else {
                return is_wanted;
            };
            let is_spared = is_named && selection.spares_named;
            let label = entry.label();
            if is_spared {
                selected.spared.push(format!("{label} {reason}"));
            } else {
                selected.left_out.push(format!("{label}, which {reason},"));
            }
            is_spared
        };
        let had_keys = !self.is_empty();
        let kept: Vec<bool> = set.entries().iter().map(&mut is_kept).collect();
        let mut kept = kept.into_iter();
        self.keys.retain(|_| kept.next().unwrap_or(false));
        if had_keys && self.is_empty() {
            return Err(nothing_left(selection, &selected));
        }
        Ok(selected)
    }
}

fn has_kid(entry: &Entry, kids: &[String]) -> bool {
    kids.iter().any(|kid| entry.kid() == Some(kid.as_str()))
}

/// What keeps each key out, for a sentence that starts with the key.
fn reasons(set: &JwkSet, roster: &Roster, withheld: Withheld) -> Vec<Option<String>> {
    let absences = match withheld {
        Withheld::Departed(now) => absences(roster, now),
        Withheld::Revoked | Withheld::Nothing => vec![None; roster.keys().len()],
    };
    let reason = |index: usize| {
        if withheld == Withheld::Nothing {
            return None;
        }
        // At any time.
        if roster.is_revoked(index) {
            return Some("is revoked".to_owned());
        }
        let exp = roster.keys()[index].exp;
        match absences[index]? {
            Absence::Revoked => Some("is revoked".to_owned()),
            Absence::Expired => exp.map(|exp| format!("had to go at {exp}")),
            // Where no rotation has dated the other, nobody has said that one succeeds the other.
            Absence::Superseded => exp
                .filter(|_| has_dated_successor(roster, index))
                .map(|_| "is not to be encrypted to any more".to_owned()),
        }
    };
    (0..set.entries().len()).map(reason).collect()
}

/// True when a key of the same kind has been given a time at which it takes over.
fn has_dated_successor(roster: &Roster, index: usize) -> bool {
    let keys = roster.keys();
    let own = &keys[index];
    keys.iter()
        .any(|other| other.group == own.group && other.nbf.is_some() && other.nbf > own.nbf)
}

fn nothing_left(selection: &Selection<'_>, selected: &Selected) -> Failure {
    const HINT: &str = "`jwks inspect` shows the keys and the state of each";
    if !selected.left_out.is_empty() {
        let shown: Vec<&str> = selected
            .left_out
            .iter()
            .take(KIDS_SHOWN)
            .map(String::as_str)
            .collect();
        let message = format!("no key is left, without {}", shown.join(" "));
        let message = message.trim_end_matches(',');
        return Failure::new(Code::NoMatchingKey, message).hint(format!(
            "{HINT}; a form that has no place for \"revoked\" takes what is named with --only all the same"
        ));
    }
    let message = match selection.active_at {
        Some(_) => "no key is active at this time",
        None => "no key is left",
    };
    Failure::new(Code::NoMatchingKey, message).hint(HINT)
}

fn unknown_kid(set: &JwkSet, kid: &str) -> Failure {
    let kids: Vec<&str> = set.entries().iter().filter_map(Entry::kid).collect();
    let failure = Failure::new(
        Code::UnknownKid,
        format!("no key has the kid {}", quoted(kid)),
    );
    if kids.is_empty() {
        failure.hint("no key has a kid at all")
    } else {
        failure.hint(format!("the kids are {}", quoted_list(&kids, KIDS_SHOWN)))
    }
}
