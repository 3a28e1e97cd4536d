//! Files: read with a limit, written whole or not at all, locked across processes.

#![expect(clippy::disallowed_methods, reason = "this is where files are touched")]

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::directory;
use crate::context::{Audience, Existing, Files, Input, InputStream, Lock};
use crate::core::detect::quoted_path;
use crate::error::{CommandError, Exit};

/// How long a lock is waited for.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
/// Pause between two tries.
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// A temporary file this old belongs to no process that still writes it.
const LEFTOVER_AGE: Duration = Duration::from_secs(3_600);
const TEMPORARY_PREFIX: &str = ".jwks-";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// The file system of this machine.
pub struct RealFiles;

impl Files for RealFiles {
    fn read(&self, path: &Path, limit: usize) -> Result<Input, CommandError> {
        let file = open(path)?;
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        read_limited(file, length, limit).map_err(|error| unreadable(path, error))
    }

    fn files_below(&self, path: &Path) -> Result<Option<Vec<PathBuf>>, CommandError> {
        directory::files_below(path)
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
        existing: Existing,
    ) -> Result<(), CommandError> {
        let target = target_of(path).map_err(|error| unwritable(path, error))?;
        require_regular(path, &target)?;
        replace(&target, bytes, audience, existing).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists && existing == Existing::Refuse {
                CommandError::file_exists(&quoted_path(path))
            } else {
                unwritable(path, error)
            }
        })
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>, CommandError> {
        let failed = |error: io::Error| {
            let message = format!("cannot lock the directory of {}", quoted_path(path));
            CommandError::new("file-unreadable", Exit::File, message).cause(error)
        };
        let target = target_of(path).map_err(failed)?;
        let file = lockable(&target).map_err(|error| unreadable(path, error))?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) if started.elapsed() > LOCK_PATIENCE => {
                    let message = format!(
                        "another process has locked the directory of {}",
                        quoted_path(path)
                    );
                    return Err(CommandError::new("locked", Exit::File, message)
                        .hint("is another rotation running, or did one hang?"));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            }
        }
        remove_leftovers(directory_of(&target));
        Ok(Box::new(FileLock { _file: file }))
    }
}

/// The lock goes when the file or directory is closed.
struct FileLock {
    _file: File,
}

impl Lock for FileLock {}

#[cfg(unix)]
fn lockable(target: &Path) -> io::Result<File> {
    File::open(directory_of(target))
}

/// Where a directory cannot be opened as a file, the lock on the file itself must do.
#[cfg(not(unix))]
fn lockable(target: &Path) -> io::Result<File> {
    File::open(target)
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

fn replace(target: &Path, bytes: &[u8], audience: Audience, existing: Existing) -> io::Result<()> {
    let directory = directory_of(target);
    let mut temporary = temporary_in(directory)?;
    temporary.write_all(bytes)?;
    set_audience(temporary.as_file(), audience, target)?;
    temporary.as_file().sync_all()?;
    match existing {
        Existing::Refuse => temporary.persist_noclobber(target)?,
        Existing::Replace => temporary.persist(target)?,
    };
    sync_directory(directory)
}

fn temporary_in(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(TEMPORARY_PREFIX)
        .suffix(TEMPORARY_SUFFIX)
        .tempfile_in(directory)
}

/// Removes what processes that were killed have left in the directory: private keys may be in it.
/// What cannot be removed is left to the next call.
fn remove_leftovers(directory: &Path) {
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

#[cfg(unix)]
fn set_audience(file: &File, audience: Audience, target: &Path) -> io::Result<()> {
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
        return file.set_permissions(fs::Permissions::from_mode(mode));
    };
    // Only root may give a file away, and others may choose among their own groups: whoever replaces
    // a file owns it then, as with any editor. The bits of a group go to no other group.
    let _ = fchown(file, None, Some(before.gid()));
    let _ = fchown(file, Some(before.uid()), None);
    let same_group = file.metadata()?.gid() == before.gid();
    let mode = match audience {
        Audience::Keepers if !same_group => mode & 0o600,
        _ => mode,
    };
    file.set_permissions(fs::Permissions::from_mode(mode))
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
fn set_audience(_file: &File, _audience: Audience, _target: &Path) -> io::Result<()> {
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
