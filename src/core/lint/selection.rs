//! Rules that alone are asked for.

use std::str::FromStr;

use super::ignore::named;
use super::rule::{Rule, Scope};
use super::rules::{ARITHMETIC_SKIPPED, UNREAD_SUFFICE};
use super::{Ignore, rules};
use crate::core::bad_value::BadValue;

/// A rule whose findings are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Only(&'static Rule);

impl FromStr for Only {
    type Err = BadValue;

    /// Reads `RULE`.
    fn from_str(text: &str) -> Result<Self, BadValue> {
        match text.split_once('=') {
            Some((id, _)) if rules().any(|rule| rule.id == id) => {
                Err(BadValue::new("a kid has no place here")
                    .advice("--ignore RULE=KID leaves out one key"))
            }
            _ => named(text).map(Self),
        }
    }
}

/// What is asked of documents: some of the rules, or all of them when none is named.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selection<'o>(&'o [Only]);

impl<'o> Selection<'o> {
    /// These rules alone; all when there are none.
    #[must_use]
    pub fn of(only: &'o [Only]) -> Self {
        Self(only)
    }

    /// True when the findings of `rule` are asked for.
    #[must_use]
    pub fn has(self, rule: &Rule) -> bool {
        self.0.is_empty() || self.0.iter().any(|only| only.0.id == rule.id)
    }

    /// True when `rule` has to look: whether something was left out, only those know that would have
    /// looked at it.
    pub(super) fn looks(self, rule: &Rule) -> bool {
        self.has(rule) || self.has(&ARITHMETIC_SKIPPED)
    }

    /// True when documents and keys that cannot be read leave nothing open of what is asked. Where
    /// something is left open, the reason is told as if it had been asked for: silence would pass for
    /// a good answer.
    #[must_use]
    pub fn needs_nothing_read(self) -> bool {
        let mut asked = self.0.iter().map(|only| only.0.id);
        let [told_by, ..] = UNREAD_SUFFICE;
        asked.clone().any(|id| id == told_by) && asked.all(|id| UNREAD_SUFFICE.contains(&id))
    }

    /// A rule that is asked for and looks at no document of a scope that `is_there`.
    pub fn out_of_scope(self, is_there: impl Fn(Scope) -> bool) -> Option<&'static Rule> {
        let mut rules = self.0.iter().map(|only| only.0);
        rules.find(|rule| !is_there(rule.scope))
    }

    /// A rule that is asked for, and of which nothing is to be seen all the same.
    #[must_use]
    pub fn contradicted(self, ignored: &[Ignore]) -> Option<&'static Rule> {
        let mut rules = self.0.iter().map(|only| only.0);
        rules.find(|rule| ignored.iter().any(|ignore| ignore.silences(rule)))
    }
}
