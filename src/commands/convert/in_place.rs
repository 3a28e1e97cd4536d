//! A file that is source and target at once: nothing that stands in it goes.

use super::failed;
use super::sources::Read;
use crate::cli::{ConvertArgs, KeyForm};
use crate::core::detect::quoted_path;
use crate::core::keyring::Keyring;
use crate::error::{CommandError, Exit};

/// Most of what would be lost that is listed.
const MOST_LISTED: usize = 8;

/// Refuses to replace a source by what holds less than it does: `--force` says that a file may go, and not
/// that its keys may.
///
/// # Errors
/// `source-would-lose`; what [`Keyring::lost`] fails for.
pub(super) fn require_whole(
    arguments: &ConvertArgs,
    read: &Read,
    ring: &Keyring,
) -> Result<(), CommandError> {
    let (Some(replaced), Some(output)) = (&read.replaced, &arguments.output) else {
        return Ok(());
    };
    let (_, before) = &read.sets[replaced.place];
    if before.entries().is_empty() {
        return Ok(());
    }
    let form = arguments.to;
    let keeps_certificates = arguments.x5c && form.holds_members();
    let lost = if matches!(form, KeyForm::Thumbprint | KeyForm::SpkiHash) {
        vec!["its keys: a hash holds none".to_owned()]
    } else {
        ring.lost(before, &arguments.without).map_err(failed)?
    };
    let (shown, more) = lost.split_at(lost.len().min(MOST_LISTED));
    let what = if !more.is_empty() {
        format!("{} and {} more", shown.join(", "), more.len())
    } else if !shown.is_empty() {
        shown.join(", ")
    } else if !replaced.is_foreign && !form.holds_members() {
        format!(
            "what is said of its keys, for which {} has no place",
            form.description()
        )
    } else if replaced.has_certificates && !keeps_certificates {
        "its certificates".to_owned()
    } else {
        return Ok(());
    };
    let message = format!("{} is a source, and would lose {what}", quoted_path(output));
    Err(
        CommandError::new("source-would-lose", Exit::File, message)
            .hint("name another file with --output: the source may go when nothing in it is needed any more"),
    )
}
