//! The advisory lock on the directory of a file, and who holds it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{directory_of, unreadable};
use crate::context::Lock;
use crate::core::detect::quoted_path;
use crate::core::time::words;
use crate::error::{CommandError, Exit};

/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits for the lock under which `target`, which the user calls `path`, is changed.
pub(super) fn take(
    path: &Path,
    target: &Path,
    patience: Duration,
) -> Result<Box<dyn Lock>, CommandError> {
    let file = lockable(target).map_err(|error| unreadable(path, error))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Box::new(FileLock { _file: file })),
            Err(TryLockError::Error(error)) => return Err(failed(path, error)),
            Err(TryLockError::WouldBlock) if started.elapsed() >= patience => {
                return Err(locked(path, &file, patience));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

pub(super) fn failed(path: &Path, error: io::Error) -> CommandError {
    let message = format!("cannot lock the directory of {}", quoted_path(path));
    CommandError::new("file-unreadable", Exit::File, message).cause(error)
}

fn locked(path: &Path, file: &File, patience: Duration) -> CommandError {
    let who = holder(file).unwrap_or_else(|| "another process".to_owned());
    let message = format!(
        "{who} has locked the directory of {}, and {} were not enough to wait",
        quoted_path(path),
        words(patience)
    );
    CommandError::new("locked", Exit::File, message)
        .hint("is another rotation running, or did one hang? --lock-timeout waits longer")
}

/// The lock goes when the file or directory is closed, also by the end of the process, however it ends:
/// none is left behind.
struct FileLock {
    _file: File,
}

impl Lock for FileLock {}

#[cfg(unix)]
fn lockable(target: &Path) -> io::Result<File> {
    File::open(directory_of(target))
}

/// Where a directory cannot be opened as a file, one beside the target must do, which stays there. The
/// target itself would not: elsewhere a lock keeps others from reading, and an open file from being replaced.
#[cfg(not(unix))]
fn lockable(target: &Path) -> io::Result<File> {
    let beside = directory_of(target).join(".jwks.lock");
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    options.open(beside)
}

/// The process of this machine that holds the lock, as the kernel tells it. Nothing is written down by
/// whoever takes a lock: a note outlives its writer, and would accuse the wrong one.
#[cfg(target_os = "linux")]
fn holder(file: &File) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let metadata = file.metadata().ok()?;
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let device = metadata.dev();
    // The device number of Linux: 12 bits of major above 8 of minor, and the rest of both above these.
    let major = ((device >> 8) & 0xfff) | ((device >> 32) & !0xfff);
    let minor = (device & 0xff) | ((device >> 12) & !0xff);
    let place = format!("{major:02x}:{minor:02x}:{}", metadata.ino());
    let process = process_of(&locks, &place)?;
    let name = std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(format!("process {process} ({})", name.trim_end()))
}

#[cfg(not(target_os = "linux"))]
fn holder(_file: &File) -> Option<String> {
    None
}

/// The process that holds a lock of its own on `place`, in the words of /proc/locks. Process 0 is one
/// that cannot be seen from here.
#[cfg(any(target_os = "linux", test))]
fn process_of(locks: &str, place: &str) -> Option<u32> {
    locks.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let is_flock = fields.next()? == "FLOCK";
        let process: u32 = fields.nth(2)?.parse().ok()?;
        let is_here = fields.next()? == place;
        (is_flock && is_here && process != 0).then_some(process)
    })
}

#[cfg(test)]
mod tests {
    use super::process_of;

    #[test]
    fn the_holder_is_the_one_that_the_kernel_names_for_this_place() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 08:01:77 0 EOF\n\
            2: FLOCK  ADVISORY  WRITE 12 08:01:78 0 EOF\n\
            3: FLOCK  ADVISORY  WRITE 0 08:01:79 0 EOF\n\
            3: -> FLOCK  ADVISORY  WRITE 13 08:01:80 0 EOF\n\
            4: FLOCK  ADVISORY  WRITE 14 08:01:77 0 EOF\n";
        assert_eq!(process_of(locks, "08:01:77"), Some(14));
        assert_eq!(process_of(locks, "08:01:78"), Some(12));
        for place in ["08:01:79", "08:01:80", "08:02:78"] {
            assert_eq!(process_of(locks, place), None, "{place}");
        }
    }
}
