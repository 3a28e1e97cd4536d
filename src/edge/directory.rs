//! The files of a directory.

#![expect(clippy::disallowed_methods, reason = "this is where files are touched")]

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::files::unreadable;
use crate::core::detect::quoted_path;
use crate::error::{CommandError, Exit};

/// Deepest directory that is looked into.
const DEEPEST: usize = 64;
/// Most files of a directory; more are hardly meant.
const MOST_FILES: usize = 100_000;

/// See [`crate::context::Files::files_below`].
pub(super) fn files_below(path: &Path) -> Result<Option<Vec<PathBuf>>, CommandError> {
    // The link that the caller named is followed, those within are not.
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {}
        _ => return Ok(None),
    }
    let mut files = Vec::new();
    let entries = WalkDir::new(path)
        .max_depth(DEEPEST)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    for entry in entries {
        let entry = entry.map_err(|error| {
            let place = error.path().unwrap_or(path).to_owned();
            unreadable(&place, error.into())
        })?;
        if is_file(&entry) {
            files.push(entry.into_path());
        }
        if files.len() > MOST_FILES {
            let message = format!("{} has more than {MOST_FILES} files", quoted_path(path));
            return Err(CommandError::new("too-many-files", Exit::File, message)
                .hint("name a directory that holds key sets"));
        }
    }
    Ok(Some(files))
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// True for a regular file and for a link to one: that is how secrets are mounted.
fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_file()
        || (entry.path_is_symlink()
            && fs::metadata(entry.path()).is_ok_and(|found| found.is_file()))
}
