//! Keys of the private file that cannot be used: refused or told, never touched.

use std::path::Path;

use crate::commands::warn;
use crate::context::Context;
use crate::core::detect::quoted_path;
use crate::core::jwks::JwkSet;
use crate::core::lifecycle::{Roster, unfitness};
use crate::error::{CommandError, Exit};

/// Refuses to guess from when on a key signs, or to take one out of the published set for a slip of
/// the pen. A withdrawal cannot wait for that.
pub(super) fn require_fit(set: &JwkSet, path: &Path) -> Result<(), CommandError> {
    let roster = Roster::of(set);
    let mut live = set.entries().iter();
    let unfit = live.find_map(|entry| {
        let failure = unfitness(entry).filter(|_| !roster.is_revoked(entry.index()))?;
        Some((entry.label(), failure))
    });
    match unfit {
        None => Ok(()),
        Some((label, failure)) => {
            let context = format!("cannot rotate {}: {label}", quoted_path(path));
            Err(CommandError::from_failure(Exit::File, context, &failure))
        }
    }
}

/// A key that cannot be used stays in the file as it is and is not published, which its owner may
/// not expect.
pub(super) fn warn_of_unusable_keys(context: &mut Context<'_>, set: &JwkSet) {
    for entry in set.entries().iter().filter(|entry| !entry.is_revoked()) {
        let fault = entry.faults().first().map(|fault| fault.failure.clone());
        if let Some(failure) = fault.or_else(|| unfitness(entry)) {
            let text = format!(
                "{} is left as it is and not published: {failure}",
                entry.label()
            );
            warn(context, &text);
        }
    }
}
