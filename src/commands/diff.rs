//! `jwks diff`.

use super::source::{self, Location};
use crate::cli::{DiffArgs, ReportFormat};
use crate::context::Context;
use crate::core::diff::changes;
use crate::error::{CommandError, Exit};
use crate::output::difference::{report, text};
use crate::output::paint::Paint;

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
    let output = match arguments.format {
        ReportFormat::Text => text(&old, &new, &changes, Paint::new(context.stdout.color)),
        ReportFormat::Json => report(&old, &new, &changes),
    };
    context.report(output.as_bytes())?;
    Ok(if changes.is_empty() {
        Exit::Success
    } else {
        Exit::No
    })
}
