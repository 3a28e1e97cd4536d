//! The files of a directory.

#![expect(clippy::disallowed_methods, reason = "this is where files are touched")]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::files::unreadable;
use crate::context::Listing;
use crate::core::detect::quoted_path;
use crate::error::{CommandError, Exit};

/// Deepest directory that is looked into.
const DEEPEST: usize = 64;
/// Most files of a directory; more are hardly meant.
const MOST_FILES: usize = 100_000;

/// See [`crate::context::Files::list`].
pub(super) fn list(path: &Path) -> Option<Listing> {
    // The link that the caller named is followed, those within are not.
    fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
    let mut listing = Listing::default();
    let entries = WalkDir::new(path)
        .max_depth(DEEPEST)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry));
    for entry in entries {
        match entry {
            Ok(entry) => sort(&mut listing, entry),
            Err(error) => {
                let place = error.path().unwrap_or(path).to_owned();
                let cause = error
                    .into_io_error()
                    .unwrap_or_else(|| ErrorKind::Other.into());
                let problem = unreadable(&place, cause);
                listing.problems.push((place, problem));
            }
        }
        if listing.files.len() > MOST_FILES {
            let message = format!("{} has more than {MOST_FILES} files", quoted_path(path));
            let problem = CommandError::new("too-many-files", Exit::File, message)
                .hint("name a directory that holds key sets");
            listing.problems.push((path.to_owned(), problem));
            break;
        }
    }
    Some(listing)
}

/// The names in a directory, those that can be shown; see [`crate::context::Files::siblings`].
pub(super) fn names(path: &Path) -> Vec<String> {
    /// More is read by nobody.
    const MOST_NAMES: usize = 1_000;
    let entries = fs::read_dir(path).into_iter().flatten();
    let mut names: Vec<String> = entries
        .take(MOST_NAMES)
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

/// Puts an entry where it belongs; what a link leads to is looked at, and not what is in there.
fn sort(listing: &mut Listing, entry: DirEntry) {
    let (is_link, is_deepest) = (entry.path_is_symlink(), entry.depth() == DEEPEST);
    let kind = entry.file_type();
    let path = entry.into_path();
    if kind.is_file() {
        listing.files.push(path);
    } else if is_link {
        match fs::metadata(&path) {
            Ok(target) if target.is_file() => listing.files.push(path),
            Ok(target) if target.is_dir() => listing.links.push(path),
            Ok(_) => {}
            Err(error) => {
                let problem = unreadable(&path, error);
                listing.problems.push((path, problem));
            }
        }
    } else if kind.is_dir() && is_deepest {
        let message = format!("{} lies too deep to be looked into", quoted_path(&path));
        let problem = CommandError::new("directory-too-deep", Exit::File, message);
        listing.problems.push((path, problem));
    }
}

/// Names with a dot in front, but for the place of what a web server serves at fixed paths (RFC 8615), where
/// key sets are.
fn is_hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") && name != b".well-known"
}
