//! What is kept between runs: a directory of files that nobody but their owner can read or write.
//!
//! A file is written whole under another name and then renamed, so that processes side by side see one
//! answer or the other. What is not exactly as this module leaves it (a link, someone else's file, a
//! directory that others may write to) is passed over, and no fault of the disk is one of the command.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the files of the cache are touched"
)]

mod directory;
mod place;
mod trust;

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use super::clock;
use super::files::remove_leftovers;
use crate::context::{Cache, Claim, Outcome};
use crate::core::engine::sha256;
use crate::core::hexadecimal;
use crate::core::refetch::is_within;
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
use directory::{is_private_directory, make_private, open_own};

/// Most files that are kept.
const MOST_FILES: usize = 512;
/// Most bytes that are kept.
const MOST_BYTES: u64 = 64 << 20;
/// Longest answer that is kept, in bytes.
const LONGEST_ENTRY: usize = 16 << 20;
/// How late the use of a file is noted at most: reading is to stay cheap.
const TOUCHED: Duration = Duration::from_secs(60);
/// The end of the name of an answer, and of the time at which one was last asked for out of turn.
const ANSWER: &str = "answer";
const CLAIM: &str = "claim";
/// Digits before that: a hash.
const NAME_LENGTH: usize = 64;
/// Start and end of the name of an answer that is being written: one of those that are removed as
/// leftovers, and no other command's.
const TEMPORARY: (&str, &str) = (".jwks-cache-", ".tmp");
/// Most bytes of a claim that are read.
const LONGEST_CLAIM: u64 = 64;
/// The outcomes of a claim.
const PENDING: &str = "pending";
const ANSWERED: &str = "answered";
const FAILED: &str = "failed";

/// The cache of this user on this machine.
pub struct RealCache {
    /// None where the environment names no place for it.
    directory: Option<PathBuf>,
    /// Whom the platform trusts: what one authority has vouched for is nothing to a caller who trusts
    /// another. None where nobody can tell, and nothing is kept.
    trust: LazyLock<Option<Vec<u8>>>,
}

impl RealCache {
    /// The cache at the place that the environment names.
    #[must_use]
    pub fn of_the_environment() -> Self {
        Self {
            directory: place::directory(),
            trust: LazyLock::new(trust::of_the_environment),
        }
    }

    /// The file of `name`, in a directory that is safe to use.
    fn file(&self, name: &str, kind: &str) -> Option<PathBuf> {
        let directory = self.directory.as_deref()?;
        let trust = self.trust.as_deref()?;
        let name = sha256(&[trust, b"\0", name.as_bytes()].concat());
        let file = directory.join(format!("{}.{kind}", hexadecimal::encode(&name)));
        is_private_directory(directory).then_some(file)
    }

    fn try_write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        if let Some(directory) = &self.directory {
            make_private(directory)?;
        }
        let Some((file, directory)) = self
            .file(name, ANSWER)
            .and_then(|file| Some((file.clone(), file.parent()?.to_owned())))
        else {
            return Ok(());
        };
        if bytes.len() > LONGEST_ENTRY {
            return fs::remove_file(file);
        }
        let (start, end) = TEMPORARY;
        let mut temporary = tempfile::Builder::new()
            .prefix(start)
            .suffix(end)
            .tempfile_in(&directory)?;
        temporary.write_all(bytes)?;
        // Not synced: half an answer after a power cut is recognized, and fetched again.
        temporary.persist(file).map_err(io::Error::from)?;
        keep_within_bounds(&directory)
    }

    /// The file of the claim on `name`. What stands in its place and is none is put away.
    fn open_claim(&self, name: &str) -> io::Result<File> {
        if let Some(directory) = &self.directory {
            make_private(directory)?;
        }
        let path = self.file(name, CLAIM).ok_or(io::ErrorKind::NotFound)?;
        open_own(&path, true).or_else(|_| {
            fs::remove_file(&path).or_else(|_| fs::remove_dir(&path))?;
            open_own(&path, true)
        })
    }

    /// [`Cache::claim`]; the error says that processes cannot let each other know.
    fn try_claim(&self, name: &str, now: NumericDate, interval: Duration) -> io::Result<Claim> {
        let file = self.open_claim(name)?;
        // Whoever holds the lock is being told yes in this instant.
        if is_locked(&file) {
            return Ok(Claim::Refused(Outcome::Pending));
        }
        match read_claim(&file)? {
            Some((last, outcome)) if is_within(last, now, interval) => Ok(Claim::Refused(outcome)),
            _ => {
                write_claim(&file, now, Outcome::Pending)?;
                Ok(Claim::Granted)
            }
        }
    }

    fn try_settle(&self, name: &str, outcome: Outcome) -> io::Result<()> {
        let file = self.open_claim(name)?;
        // It is written all the same where someone has the lock, who may keep it for ever.
        let _ = file.try_lock();
        let time = read_claim(&file)?.map_or_else(clock::now, |(time, _)| time);
        write_claim(&file, time, outcome)
    }
}

/// A claim as it lies on disk: its time in seconds, and what came of it.
fn read_claim(mut file: &File) -> io::Result<Option<(NumericDate, Outcome)>> {
    let mut text = String::new();
    file.rewind()?;
    // What is no text is no claim, and is written over.
    if file.take(LONGEST_CLAIM).read_to_string(&mut text).is_err() {
        return Ok(None);
    }
    let (seconds, outcome) = text
        .trim()
        .split_once(' ')
        .unwrap_or((text.trim(), ANSWERED));
    let outcome = match outcome {
        PENDING => Outcome::Pending,
        FAILED => Outcome::Failed,
        _ => Outcome::Answered,
    };
    let time = seconds.parse().map(NumericDate::from_seconds);
    Ok(time.ok().map(|time| (time, outcome)))
}

/// Writes before it cuts: where the disk is full, the place that a claim has is enough for the next.
fn write_claim(mut file: &File, time: NumericDate, outcome: Outcome) -> io::Result<()> {
    let outcome = match outcome {
        Outcome::Pending => PENDING,
        Outcome::Answered => ANSWERED,
        Outcome::Failed => FAILED,
    };
    let text = format!("{} {outcome}\n", time.seconds());
    file.rewind()?;
    file.write_all(text.as_bytes())?;
    file.set_len(text.len() as u64)
}

/// True when somebody else has the lock. A file system that has no locks lets everyone through.
fn is_locked(file: &File) -> bool {
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

impl Cache for RealCache {
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let file = open_own(&self.file(name, ANSWER)?, false).ok()?;
        let metadata = file.metadata().ok()?;
        let length = usize::try_from(metadata.len()).ok()?;
        if length > LONGEST_ENTRY {
            return None;
        }
        let mut bytes = Vec::with_capacity(length);
        (&file)
            .take(LONGEST_ENTRY as u64)
            .read_to_end(&mut bytes)
            .ok()?;
        let used = metadata.modified().ok().and_then(|at| at.elapsed().ok());
        if used.is_none_or(|ago| ago > TOUCHED) {
            // What was used last goes last.
            let _ = file.set_modified(SystemTime::now());
        }
        Some(bytes)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let _ = self.try_write(name, bytes);
    }

    fn remove(&self, name: &str) {
        if let Some(file) = self.file(name, ANSWER) {
            let _ = fs::remove_file(file);
        }
    }

    fn claim(&self, name: &str, interval: Duration) -> Claim {
        let claim = self.try_claim(name, clock::now(), interval);
        claim.unwrap_or(Claim::Unshared)
    }

    fn settle(&self, name: &str, outcome: Outcome) {
        let _ = self.try_settle(name, outcome);
    }

    fn clear(&self) -> Result<usize, CommandError> {
        let Some(directory) = &self.directory else {
            return Ok(0);
        };
        if fs::symlink_metadata(directory).is_err() {
            return Ok(0);
        }
        let unusable = |problem: &str| {
            let shown = crate::core::detect::quoted_path(directory);
            let message = format!("the cache directory {shown} {problem}");
            CommandError::new("cache-unusable", Exit::File, message)
        };
        if !is_private_directory(directory) {
            let problem = "is a link, belongs to someone else, or can be written to by others";
            return Err(unusable(problem).hint("name another one with JWKS_CACHE_DIR"));
        }
        let mut count = 0;
        let files = ours(directory).map_err(|error| unusable("cannot be read").cause(error))?;
        for file in files {
            match fs::remove_file(&file.path) {
                Ok(()) if file.kind == Kind::Answer => count += 1,
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(unusable("cannot be emptied").cause(error));
                }
                _ => {}
            }
        }
        Ok(count)
    }

    fn now(&self) -> NumericDate {
        clock::now()
    }
}

/// What a file of this module holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Answer,
    Claim,
    /// An answer that is being written, or that a process that was killed has left.
    Temporary,
}

impl Kind {
    /// What a file of that name holds; none when this module gives no such names.
    fn by_name(name: &str) -> Option<Self> {
        let (start, end) = TEMPORARY;
        if name.starts_with(start) && name.ends_with(end) {
            return Some(Self::Temporary);
        }
        let (stem, end) = name.split_once('.')?;
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_own = stem.len() == NAME_LENGTH && stem.bytes().all(is_digit);
        match end {
            ANSWER if is_own => Some(Self::Answer),
            CLAIM if is_own => Some(Self::Claim),
            _ => None,
        }
    }
}

/// A file that this module has made.
struct OwnFile {
    path: PathBuf,
    kind: Kind,
    length: u64,
    used: SystemTime,
}

fn ours(directory: &Path) -> io::Result<Vec<OwnFile>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)?.flatten() {
        let kind = entry.file_name().to_str().and_then(Kind::by_name);
        let (Some(kind), Ok(metadata)) = (kind, entry.metadata()) else {
            continue;
        };
        if metadata.is_file() {
            files.push(OwnFile {
                path: entry.path(),
                kind,
                length: metadata.len(),
                used: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            });
        }
    }
    Ok(files)
}

/// Removes what was used longest ago until the rest is within bounds, and what processes that were
/// killed have left.
fn keep_within_bounds(directory: &Path) -> io::Result<()> {
    remove_leftovers(directory);
    let mut files = ours(directory)?;
    files.sort_by_key(|file| std::cmp::Reverse(file.used));
    let mut bytes = 0_u64;
    for (place, file) in files.iter().enumerate() {
        bytes = bytes.saturating_add(file.length);
        if place >= MOST_FILES || bytes > MOST_BYTES {
            let _ = fs::remove_file(&file.path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
