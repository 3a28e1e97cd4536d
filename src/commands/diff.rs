//! `jwks diff`.

use super::source::{self, Location};
use super::tell;
use crate::cli::DiffArgs;
use crate::context::Context;
use crate::core::diff::{changes, differing_members};
use crate::core::failure::quoted_list;
use crate::error::{CommandError, Exit};

/// Most members of a set that a note lists.
const MEMBERS_SHOWN: usize = 8;

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
    let members = differing_members(&old, &new);
    if !members.is_empty() {
        let list = quoted_list(&members, MEMBERS_SHOWN);
        let note = format!("the sets differ in {list}, which are no keys and do not count");
        tell(context, &note);
    }
    super::show_difference(context, arguments.format, &old, &new, &changes)?;
    Ok(if changes.is_empty() {
        Exit::Success
    } else {
        Exit::No
    })
}
