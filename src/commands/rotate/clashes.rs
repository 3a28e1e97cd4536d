//! Different keys with one kid, which consumers cannot tell apart.

use super::Rotation;
use crate::commands::published_set::listed;
use crate::commands::warn;
use crate::context::Context;
use crate::core::detect::quoted_path;
use crate::core::failure::quoted;
use crate::core::jwks::Entry;
use crate::core::lifecycle::{Clash, Roster, clashes};
use crate::error::{CommandError, Exit};

impl Rotation<'_> {
    /// Refuses to publish a key beside another of its kid from which nothing tells it apart: many consumers
    /// take the first, and would refuse valid tokens of the other from then on. Where all of them are
    /// published already, or use and algorithm tell them apart, it goes on: they leave at their times, and
    /// the next key has a name of its own. A withdrawal cannot wait for names.
    pub(super) fn require_told_apart(
        &self,
        context: &mut Context<'_>,
        roster: &Roster,
    ) -> Result<(), CommandError> {
        for clash in clashes(roster, self.now) {
            let what = sentence(&clash);
            let goes_on = self.arguments.force || self.arguments.revoke.is_some();
            if clash.is_alike && !goes_on && !self.were_published(&clash) {
                let name = quoted_path(&self.arguments.file);
                let message = format!("cannot rotate {name}: {what}, and nothing tells them apart");
                return Err(CommandError::new("kid-duplicate", Exit::No, message).hint(
                    "give the one that has signed nothing yet another kid; --force publishes them as they are",
                ));
            }
            let text =
                format!("{what}: consumers that go by it may refuse valid tokens of one of them");
            warn(context, &text);
        }
        Ok(())
    }

    fn were_published(&self, clash: &Clash) -> bool {
        let entries = self.set.entries();
        let before = self.published_before.as_ref();
        clash.keys.iter().all(|&index| {
            let jwk = entries.get(index).and_then(Entry::usable);
            jwk.is_some_and(|jwk| before.is_some_and(|before| before.holds(jwk)))
        })
    }
}

fn sentence(clash: &Clash) -> String {
    let places: Vec<String> = clash
        .keys
        .iter()
        .map(|index| (index + 1).to_string())
        .collect();
    format!(
        "keys {} are different and have one kid, {}",
        listed(&places),
        quoted(&clash.kid)
    )
}
