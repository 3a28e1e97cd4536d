//! Writing a file whole or not at all: a temporary file, its owner and mode, the renaming.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::directory_of;
use crate::context::{Audience, Existing};

/// A temporary file this old belongs to no process that still writes it.
const LEFTOVER_AGE: Duration = Duration::from_secs(3_600);
const TEMPORARY_PREFIX: &str = ".jwks-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// Why a file was not replaced.
pub(super) enum Fault {
    /// There is one, and nobody said that it may go.
    Exists,
    /// It is not what it was when it was read.
    Changed,
    /// Its owner or its group could not read it afterwards.
    NotYours,
    /// The file system.
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Puts a file with these bytes in the place of `target`, whole or not at all.
pub(super) fn replace(
    target: &Path,
    bytes: &[u8],
    audience: Audience,
    existing: Existing<'_>,
) -> Result<(), Fault> {
    let directory = directory_of(target);
    let mut temporary = temporary_in(directory)?;
    temporary.write_all(bytes)?;
    set_audience(temporary.as_file(), audience, target)?;
    temporary.as_file().sync_all()?;
    match existing {
        Existing::Refuse => {
            temporary
                .persist_noclobber(target)
                .map_err(|fault| match fault.error.kind() {
                    io::ErrorKind::AlreadyExists => Fault::Exists,
                    _ => Fault::Io(fault.error),
                })?;
        }
        Existing::Replace => {
            temporary.persist(target).map_err(io::Error::from)?;
        }
        Existing::Unchanged(expected) => {
            // As late as can be: between this and the renaming nobody's work is lost but that of
            // someone who writes in the very same instant.
            if !holds(target, expected)? {
                return Err(Fault::Changed);
            }
            temporary.persist(target).map_err(io::Error::from)?;
        }
    }
    Ok(sync_directory(directory)?)
}

/// True when the file holds these bytes and no others.
fn holds(target: &Path, expected: &[u8]) -> io::Result<bool> {
    let file = match File::open(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    let mut found = Zeroizing::new(Vec::with_capacity(expected.len() + 1));
    file.take(expected.len() as u64 + 1)
        .read_to_end(&mut found)?;
    Ok(*found == expected)
}

/// A new file, for its owner alone, that goes unless it is given a name.
pub(super) fn temporary_in(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .tempfile_in(directory)
}

/// Removes what processes that were killed have left in the directory: private keys may be in it.
/// What cannot be removed is left to the next call.
pub(in crate::edge) fn remove_leftovers(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX);
        let is_old = || {
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFTOVER_AGE))
        };
        if is_ours && is_old() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(unix)]
fn set_audience(file: &File, audience: Audience, target: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    // The temporary file is born with 0600, or with less where the umask says so.
    let before = fs::metadata(target).ok();
    let mode = match (audience, &before) {
        (Audience::Owner, _) | (Audience::Keepers, None) => 0o600,
        (Audience::Keepers, Some(before)) => before.mode() & 0o640,
        (Audience::Everyone, Some(before)) => before.mode() & 0o777,
        (Audience::Everyone, None) => 0o666 & !umask(target),
    };
    let Some(before) = before.filter(|_| audience != Audience::Owner) else {
        return Ok(file.set_permissions(fs::Permissions::from_mode(mode))?);
    };
    // Only root may give a file away, and others may choose among their own groups.
    let _ = fchown(file, None, Some(before.gid()));
    let _ = fchown(file, Some(before.uid()), None);
    let after = file.metadata()?;
    // Whoever lives from a private file must not lose it; of a published one any owner will do.
    let is_lost = after.uid() != before.uid() || (after.gid() != before.gid() && mode & 0o070 != 0);
    if audience == Audience::Keepers && is_lost {
        return Err(Fault::NotYours);
    }
    Ok(file.set_permissions(fs::Permissions::from_mode(mode))?)
}

/// The bits that the umask takes away, learned from a file made the ordinary way: there is no safe
/// call that tells the umask without changing it for every thread.
#[cfg(unix)]
fn umask(target: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    const CAUTIOUS: u32 = 0o022;
    tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .make_in(directory_of(target), |path| File::create_new(path))
        .and_then(|probe| probe.as_file().metadata())
        .map_or(CAUTIOUS, |metadata| 0o666 & !metadata.mode())
}

#[cfg(not(unix))]
fn set_audience(_file: &File, _audience: Audience, _target: &Path) -> Result<(), Fault> {
    Ok(())
}

#[cfg(unix)]
fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_directory: &Path) -> io::Result<()> {
    Ok(())
}
