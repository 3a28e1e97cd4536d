//! Files: read with a limit, written whole or not at all, locked across processes.

#![expect(clippy::disallowed_methods, reason = "this is where files are touched")]

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::context::{Audience, Existing, Files, Lock};
use crate::core::failure::quoted;
use crate::error::{CommandError, Exit};

/// How often a lock is sought anew when the file was replaced while waiting for it.
const LOCK_ATTEMPTS: usize = 100;

/// The file system of this machine.
pub struct RealFiles;

impl Files for RealFiles {
    fn read(&self, path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        let file = open(path)?;
        read_limited(file, limit).map_err(|error| unreadable(path, error))
    }

    fn read_standard_input(&self, limit: usize) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        read_limited(io::stdin().lock(), limit).map_err(|error| {
            CommandError::new("file-unreadable", Exit::File, "cannot read standard input")
                .cause(error)
        })
    }

    fn exists(&self, path: &Path) -> bool {
        // A dangling symlink counts: writing through it would create its target.
        fs::symlink_metadata(path).is_ok()
    }

    fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        audience: Audience,
        existing: Existing,
    ) -> Result<(), CommandError> {
        replace(path, bytes, audience, existing).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists && existing == Existing::Refuse {
                already_exists(path)
            } else {
                CommandError::new(
                    "file-unwritable",
                    Exit::File,
                    format!("cannot write {}", shown(path)),
                )
                .cause(error)
            }
        })
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn Lock>, CommandError> {
        for _ in 0..LOCK_ATTEMPTS {
            let file = open(path)?;
            file.lock().map_err(|error| {
                let message = format!("cannot lock {}", shown(path));
                CommandError::new("file-unreadable", Exit::File, message).cause(error)
            })?;
            // Writers rename a new file into place while they hold the lock on the old one: what
            // was waited for may be gone from the path.
            if is_still_at(&file, path) {
                return Ok(Box::new(FileLock { _file: file }));
            }
        }
        let message = format!(
            "{} is replaced again and again by another process",
            shown(path)
        );
        Err(CommandError::new("file-unreadable", Exit::File, message))
    }
}

/// The lock goes when the file is closed.
struct FileLock {
    _file: File,
}

impl Lock for FileLock {}

/// The error of a file that must not be there.
fn already_exists(path: &Path) -> CommandError {
    CommandError::new(
        "file-exists",
        Exit::File,
        format!("{} exists already", shown(path)),
    )
    .hint("use --force to replace it, or name another file")
}

fn shown(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

fn open(path: &Path) -> Result<File, CommandError> {
    let file = File::open(path).map_err(|error| unreadable(path, error))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => {
            let message = format!("{} is a directory, not a file", shown(path));
            Err(CommandError::new("is-a-directory", Exit::File, message))
        }
        Ok(_) => Ok(file),
        Err(error) => Err(unreadable(path, error)),
    }
}

fn unreadable(path: &Path, error: io::Error) -> CommandError {
    if error.kind() == io::ErrorKind::NotFound {
        CommandError::new(
            "file-not-found",
            Exit::File,
            format!("there is no file {}", shown(path)),
        )
    } else {
        let message = format!("cannot read {}", shown(path));
        CommandError::new("file-unreadable", Exit::File, message).cause(error)
    }
}

fn read_limited(reader: impl Read, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    const CHUNK: usize = 64 * 1024;
    let mut reader = reader.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1));
    let mut bytes = Zeroizing::new(Vec::with_capacity(CHUNK));
    let mut chunk = Zeroizing::new(vec![0; CHUNK]);
    loop {
        let count = match reader.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
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
}

fn replace(path: &Path, bytes: &[u8], audience: Audience, existing: Existing) -> io::Result<()> {
    let target = target_of(path)?;
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if target.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let mut temporary = tempfile::Builder::new()
        .prefix(".jwks-")
        .suffix(".tmp")
        .tempfile_in(directory)?;
    temporary.write_all(bytes)?;
    set_mode(temporary.as_file(), audience, &target)?;
    temporary.as_file().sync_all()?;
    match existing {
        Existing::Refuse => temporary.persist_noclobber(&target)?,
        Existing::Replace => temporary.persist(&target)?,
    };
    sync_directory(directory)
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
fn set_mode(file: &File, audience: Audience, target: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    // The temporary file is born with 0600, which is what a secret keeps.
    if audience == Audience::Everyone {
        let mode = match fs::metadata(target) {
            Ok(metadata) => metadata.mode() & 0o777,
            Err(_) => 0o666 & !umask(target),
        };
        file.set_permissions(fs::Permissions::from_mode(mode))?;
    }
    Ok(())
}

/// The bits that the umask takes away, learned from a file made the ordinary way: there is no safe
/// call that tells the umask without changing it for every thread.
#[cfg(unix)]
fn umask(target: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    const CAUTIOUS: u32 = 0o022;
    let Some(directory) = target.parent() else {
        return CAUTIOUS;
    };
    let directory = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
    tempfile::Builder::new()
        .prefix(".jwks-")
        .make_in(directory, |path| File::create_new(path))
        .and_then(|probe| probe.as_file().metadata())
        .map_or(CAUTIOUS, |metadata| 0o666 & !metadata.mode())
}

#[cfg(not(unix))]
fn set_mode(_file: &File, _audience: Audience, _target: &Path) -> io::Result<()> {
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

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(own), Ok(current)) => own.dev() == current.dev() && own.ino() == current.ino(),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_at(_file: &File, _path: &Path) -> bool {
    true
}
