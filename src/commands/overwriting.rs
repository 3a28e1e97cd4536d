//! Files that are there already when a command is about to write.

use std::path::Path;

use crate::context::{Context, Existing};
use crate::core::detect::quoted_path;
use crate::error::CommandError;

/// What may be at the place of a file that is to be written, before any work is done: nothing, unless
/// --force or the person at the terminal lets it go.
///
/// # Errors
/// `file-exists`; `interrupted`; what is there is no regular file.
pub(super) fn existing(
    context: &Context<'_>,
    path: &Path,
    force: bool,
) -> Result<Existing<'static>, CommandError> {
    if force {
        return Ok(Existing::Replace);
    }
    if !context.files.exists(path) {
        return Ok(Existing::Refuse);
    }
    let name = quoted_path(path);
    let Some(person) = context.person else {
        return Err(CommandError::file_exists(&name));
    };
    // Nobody is asked about what cannot be replaced.
    context.files.require_regular(path)?;
    if person.agree(&format!("{name} exists already. Replace it?"))? {
        Ok(Existing::Replace)
    } else {
        Err(CommandError::file_exists(&name))
    }
}

/// [`existing`] of a file that may not be asked for at all.
///
/// # Errors
/// As [`existing`].
pub(super) fn target<'p>(
    context: &Context<'_>,
    path: Option<&'p Path>,
    force: bool,
) -> Result<Option<(&'p Path, Existing<'static>)>, CommandError> {
    path.map(|path| Ok((path, existing(context, path, force)?)))
        .transpose()
}
