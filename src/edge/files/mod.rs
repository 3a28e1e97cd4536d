//! Files: read with a limit, written whole or not at all, locked across processes.

#![expect(clippy::disallowed_methods, reason = "this is where files are touched")]

mod lock;
mod replace;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::directory;
use crate::context::{Audience, Existing, Files, Input, InputStream, Listing, Lock};
use crate::core::detect::quoted_path;
use crate::error::{CommandError, Exit};
pub(super) use replace::remove_leftovers;
use replace::{Fault, replace, temporary_in};

/// The file system of this machine.
pub struct RealFiles;

impl Files for RealFiles {
    fn read(&self, path: &Path, limit: usize) -> Result<Input, CommandError> {
        let file = open(path)?;
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        read_limited(file, length, limit).map_err(|error| unreadable(path, error))
    }

    fn list(&self, path: &Path) -> Option<Listing> {
        directory::list(path)
    }

    fn siblings(&self, path: &Path) -> Vec<String> {
        directory::names(directory_of(path))
    }

    fn read_standard_input(&self, limit: usize) -> Result<Input, CommandError> {
        read_limited(io::stdin().lock(), 0, limit).map_err(|error| {
            CommandError::new("file-unreadable", Exit::File, "cannot read standard input")
                .cause(error)
        })
    }

    fn stream(&self, path: &Path) -> Result<InputStream, CommandError> {
        let file = open(path)?;
        let metadata = file.metadata().ok().filter(fs::Metadata::is_file);
        Ok(InputStream {
            length: metadata.map(|metadata| metadata.len()),
            reader: Box::new(file),
        })
    }

    fn stream_standard_input(&self) -> InputStream {
        InputStream {
            reader: Box::new(io::stdin()),
            length: None,
        }
    }

    fn standard_output(&self) -> Box<dyn Write + Send> {
        Box::new(io::stdout())
    }

    fn same_target(&self, one: &Path, other: &Path) -> bool {
        match (real_target(one), real_target(other)) {
            (Some(one), Some(other)) => one == other || same_file(&one, &other),
            // What cannot be resolved cannot be written either.
            _ => one == other,
        }
    }

    fn exists(&self, path: &Path) -> bool {
        // A dangling symlink counts: writing through it would create its target.
        fs::symlink_metadata(path).is_ok()
    }

    fn is_regular(&self, path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
    }

    fn require_regular(&self, path: &Path) -> Result<(), CommandError> {
        let target = target_of(path).map_err(|error| unwritable(path, error))?;
        require_regular(path, &target)
    }

    fn require_writable(&self, path: &Path) -> Result<(), CommandError> {
        let target = target_of(path).map_err(|error| unwritable(path, error))?;
        require_regular(path, &target)?;
        match fs::symlink_metadata(&target) {
            // A name that is too long, for one, says so here.
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(unwritable(path, error));
            }
            _ => {}
        }
        // Goes again at once; that it could be made is what was asked.
        temporary_in(directory_of(&target))
            .map(drop)
            .map_err(|error| unwritable(path, error))
    }

    fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        audience: Audience,
        existing: Existing<'_>,
    ) -> Result<(), CommandError> {
        let target = target_of(path).map_err(|error| unwritable(path, error))?;
        require_regular(path, &target)?;
        replace(&target, bytes, audience, existing).map_err(|fault| match fault {
            Fault::Exists => CommandError::file_exists(&quoted_path(path)),
            Fault::Changed => {
                let message = format!(
                    "{} was changed by someone else meanwhile, and is left as it is now",
                    quoted_path(path)
                );
                CommandError::new("file-changed", Exit::File, message)
                    .hint("look at the change, then run the command again")
            }
            Fault::NotYours => {
                let message = format!(
                    "{} belongs to another user or group, who would lose it",
                    quoted_path(path)
                );
                CommandError::new("file-not-yours", Exit::File, message)
                    .hint("run this as the user who owns the file")
            }
            Fault::Io(error) => unwritable(path, error),
        })
    }

    fn lock(&self, path: &Path, patience: Duration) -> Result<Box<dyn Lock>, CommandError> {
        let target = target_of(path).map_err(|error| lock::failed(path, error))?;
        let lock = lock::take(path, &target, patience)?;
        remove_leftovers(directory_of(&target));
        Ok(lock)
    }
}

fn open(path: &Path) -> Result<File, CommandError> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => Err(is_a_directory(path)),
        Ok(_) => Ok(file),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unwritable(path: &Path, error: io::Error) -> CommandError {
    let message = format!("cannot write {}", quoted_path(path));
    let directory = path
        .parent()
        .filter(|parent| parent.components().next().is_some());
    if let Some(directory) = directory.filter(|_| error.kind() == io::ErrorKind::NotFound)
        && !directory.exists()
    {
        let directory = quoted_path(directory);
        let message = format!("{message}: there is no directory {directory}");
        return CommandError::new("file-unwritable", Exit::File, message).hint("make it first");
    }
    // What the library for temporary files wraps around the reason names a file that nobody knows.
    let reason = match error.raw_os_error() {
        Some(_) => error,
        None => io::Error::from(error.kind()),
    };
    CommandError::new("file-unwritable", Exit::File, message).cause(reason)
}

pub(super) fn unreadable(path: &Path, error: io::Error) -> CommandError {
    if error.kind() == io::ErrorKind::NotFound {
        CommandError::new(
            "file-not-found",
            Exit::File,
            format!("there is no file {}", quoted_path(path)),
        )
    } else {
        let message = format!("cannot read {}", quoted_path(path));
        CommandError::new("file-unreadable", Exit::File, message).cause(error)
    }
}

/// Reads at most `limit` bytes of an input that says of itself to have `length`, which may be untrue.
fn read_limited(mut reader: impl Read, length: u64, limit: usize) -> io::Result<Input> {
    const CHUNK: usize = 64 * 1024;
    // One byte more tells whether there is more.
    let most = limit.saturating_add(1);
    let expected =
        usize::try_from(length).map_or(most, |length| most.min(length.saturating_add(1)));
    // No more room than that either: it is wiped at the end, and a short file is read in no time.
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected));
    // There is room for this much: the buffer does not move, and leaves no copy of a secret behind.
    reader
        .by_ref()
        .take(expected as u64)
        .read_to_end(&mut bytes)?;
    let mut chunk = Zeroizing::new(Vec::new());
    while bytes.len() >= expected && bytes.len() < most {
        chunk.resize(CHUNK.min(most - bytes.len()), 0);
        let count = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.capacity() - bytes.len() < count {
            // Grown by hand, so that the outgrown buffer, which may hold secrets, is wiped.
            let mut larger = Zeroizing::new(Vec::with_capacity(bytes.capacity() * 2 + count));
            larger.extend_from_slice(&bytes);
            bytes = larger;
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
    let is_whole = bytes.len() <= limit;
    bytes.truncate(limit);
    Ok(Input::new(bytes, limit, is_whole))
}

/// A device, a pipe or a directory is not replaced by a file, whoever asks.
fn require_regular(path: &Path, target: &Path) -> Result<(), CommandError> {
    match fs::symlink_metadata(target) {
        Ok(metadata) if metadata.is_dir() => Err(is_a_directory(path)),
        Ok(metadata) if !metadata.is_file() => {
            let message = format!("{} is no regular file", quoted_path(path));
            Err(CommandError::new("not-a-regular-file", Exit::File, message))
        }
        _ => Ok(()),
    }
}

fn is_a_directory(path: &Path) -> CommandError {
    let message = format!("{} is a directory, not a file", quoted_path(path));
    CommandError::new("is-a-directory", Exit::File, message)
}

fn directory_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// The target of a path by its real directory, so that two spellings of it are equal.
fn real_target(path: &Path) -> Option<PathBuf> {
    let target = target_of(path).ok()?;
    let directory = fs::canonicalize(directory_of(&target)).ok()?;
    Some(directory.join(target.file_name()?))
}

#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => one.dev() == other.dev() && one.ino() == other.ino(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn same_file(_one: &Path, _other: &Path) -> bool {
    false
}

/// Where a file is really to be written: behind symlinks, also behind one that dangles.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    const LINKS: usize = 40;
    let mut target = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::read_link(&target) {
            Ok(next) => {
                let parent = target.parent().unwrap_or(Path::new(""));
                target = parent.join(next);
            }
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
