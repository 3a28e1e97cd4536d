//! `jwks diff`.

use super::source::{self, Location};
use crate::cli::DiffArgs;
use crate::context::Context;
use crate::core::diff::changes;
use crate::error::{CommandError, Exit};

/// Tells what changed between two sets.
///
/// # Errors
/// One of them cannot be read; that they differ is no error but [`Exit::No`].
pub fn run(arguments: &DiffArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    source::require_one_reader(&[
        source::is_standard_input(&arguments.old),
        source::is_standard_input(&arguments.new),
    ])?;
    let old = source::read(context, &Location::of(&arguments.old), &arguments.network)?;
    let old = source::keys(&old)?;
    let new = source::read(context, &Location::of(&arguments.new), &arguments.network)?;
    let new = source::keys(&new)?;
    let changes = changes(&old, &new);
    super::show_difference(context, arguments.format, &old, &new, &changes)?;
    Ok(if changes.is_empty() {
        Exit::Success
    } else {
        Exit::No
    })
}
