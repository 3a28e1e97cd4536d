//! One module for each command: from arguments through the core to output. Nothing here decides
//! anything about keys or tokens.

pub mod completions;
pub mod convert;
pub mod diff;
pub mod fetch;
pub mod generate;
pub mod help;
pub mod inspect;
mod missing;
mod network;
mod overwriting;
mod passphrase;
mod private_file;
mod private_keys;
mod published_set;
pub mod rotate;
pub mod sign;
mod source;
pub mod verify;

use crate::cli::ReportFormat;
use crate::context::Context;
use crate::core::diff::Change;
use crate::core::jwks::JwkSet;
use crate::error::CommandError;
use crate::output::paint::Paint;
use crate::output::{difference, message};

/// Prints what has changed between two sets, in the form that was asked for.
fn show_difference(
    context: &mut Context<'_>,
    format: ReportFormat,
    old: &JwkSet,
    new: &JwkSet,
    changes: &[Change],
) -> Result<(), CommandError> {
    match format {
        ReportFormat::Text => {
            let paint = Paint::new(context.stdout.color);
            context.show(&difference::text(old, new, changes, paint))
        }
        ReportFormat::Json => context.report(difference::report(old, new, changes).as_bytes()),
    }
}

/// Says to the person what was done.
fn tell(context: &mut Context<'_>, text: &str) {
    let line = message::note(text, Paint::new(context.stderr.color));
    context.say(&line);
}

/// Says to the person what should be looked at.
fn warn(context: &mut Context<'_>, text: &str) {
    let line = message::warning(text, Paint::new(context.stderr.color));
    context.say(&line);
}
