//! Findings that somebody has looked at and does not want to see again.

use std::str::FromStr;

use super::finding::Finding;
use super::{Rule, rule, rules};
use crate::core::bad_value::BadValue;
use crate::core::spelling::nearest;

/// A rule whose findings are left out, everywhere or on one key alone.
#[derive(Debug, Clone)]
pub struct Ignore {
    rule: &'static Rule,
    kid: Option<String>,
}

impl Ignore {
    /// True when `finding` is to be left out.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        let is_kid = |kid: &String| {
            finding
                .key
                .as_ref()
                .is_some_and(|key| key.kid.as_ref() == Some(kid))
        };
        finding.rule.id == self.rule.id && self.kid.as_ref().is_none_or(is_kid)
    }

    /// True when nothing that `rule` finds is to be seen, on whatever key.
    #[must_use]
    pub fn silences(&self, rule: &Rule) -> bool {
        self.kid.is_none() && self.rule.id == rule.id
    }
}

impl FromStr for Ignore {
    type Err = BadValue;

    /// Reads `RULE` or `RULE=KID`.
    fn from_str(text: &str) -> Result<Self, BadValue> {
        let (id, kid) = match text.split_once('=') {
            Some((id, kid)) => (id, Some(kid.to_owned())),
            None => (text, None),
        };
        named(id).map(|rule| Self { rule, kid })
    }
}

/// The rule that the command line names.
///
/// # Errors
/// There is none; the nearest, if one is near.
pub(super) fn named(id: &str) -> Result<&'static Rule, BadValue> {
    rule(id).ok_or_else(|| {
        let near = nearest(id, rules().map(|rule| rule.id));
        BadValue::new("there is no such rule").advice(match near {
            Some(near) => format!("did you mean {near}?"),
            None => "--rules lists them".to_owned(),
        })
    })
}
