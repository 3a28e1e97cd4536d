//! One module for each command: from arguments through the core to output. Nothing here decides
//! anything about keys or tokens.

pub mod completions;
pub mod convert;
pub mod diff;
pub mod fetch;
pub mod generate;
pub mod inspect;
mod network;
mod private_file;
mod private_keys;
pub mod rotate;
pub mod sign;
mod source;
pub mod verify;

use crate::context::Context;
use crate::output::message;
use crate::output::paint::Paint;

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
