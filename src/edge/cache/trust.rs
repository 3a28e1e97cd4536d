//! Whom a caller trusts who has named authorities of his own in the environment, told by what the files hold:
//! what lies in a file of the same name tomorrow, or in another folder, may be someone else's.
//!
//! The store of the platform itself is one for everyone on it.

#[cfg(all(unix, not(target_vendor = "apple")))]
use std::{ffi::OsStr, fs, io::Read, path::Path};

#[cfg(all(unix, not(target_vendor = "apple")))]
use crate::core::engine::{Sha256, sha256};

/// Longest file of authorities that is read; a longer one is as good as none that can be told.
#[cfg(all(unix, not(target_vendor = "apple")))]
const LONGEST: u64 = 64 << 20;

/// What tells the authorities of the environment from any others, empty where it names none; none where they
/// cannot be read without being used up. Nothing is parsed: this happens before each answer from the cache.
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(super) fn of_the_environment() -> Option<Vec<u8>> {
    let file = std::env::var_os("SSL_CERT_FILE");
    let directories = std::env::var_os("SSL_CERT_DIR");
    if file.is_none() && directories.is_none() {
        return Some(Vec::new());
    }
    let file = file.map(|file| of_file(Path::new(&file)));
    let file = file.unwrap_or_else(|| Some(Vec::new()))?;
    let directories = directories.map_or_else(Vec::new, |names| of_directories(&names));
    Some(sha256(&[file, directories].concat()).to_vec())
}

/// The hash of a file, empty when there is none; none of what is no file: a pipe would have nothing left for the
/// one who verifies, who reads the same.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn of_file(path: &Path) -> Option<Vec<u8>> {
    let Ok(metadata) = fs::metadata(path) else {
        return Some(Vec::new());
    };
    if !metadata.is_file() || metadata.len() > LONGEST {
        return None;
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(LONGEST).read_to_end(&mut bytes).ok()?;
    Some(sha256(&bytes).to_vec())
}

/// The hash of what the files in directories are called, how long they are, and when they were written: they may
/// be hundreds.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn of_directories(names: &OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;
    let mut hash = Sha256::new();
    for directory in std::env::split_paths(names) {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries
            .map(|entry| (entry.file_name(), entry.path()))
            .collect();
        files.sort_unstable();
        for (name, path) in files {
            hash.update(name.as_bytes());
            if let Ok(metadata) = fs::metadata(path) {
                let (seconds, nanoseconds) = (metadata.mtime(), metadata.mtime_nsec());
                let (length, inode) = (metadata.len(), metadata.ino());
                let facts = format!("\0{seconds} {nanoseconds} {length} {inode}\0");
                hash.update(facts.as_bytes());
            }
        }
        hash.update(b"\0\0");
    }
    hash.finish().to_vec()
}

/// The system verifies by itself, and the environment changes nothing about it.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(super) fn of_the_environment() -> Option<Vec<u8>> {
    Some(Vec::new())
}
