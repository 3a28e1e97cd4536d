//! `jwks help`.

use crate::cli::{HelpArgs, page};
use crate::context::Context;
use crate::error::{CommandError, Exit};
use crate::output::help;

/// Prints the page of a command or a topic, or that of the program.
///
/// # Errors
/// Standard output cannot be written to; that nobody reads on is no error.
pub fn run(arguments: &HelpArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let page = page(arguments.subject.as_deref(), context.stdout.width)
        .ok_or_else(|| CommandError::usage("there is no such command or topic"))?;
    context.report(help::page(&page, context.stdout.color).as_bytes())?;
    Ok(Exit::Success)
}
