//! Whom a caller trusts who has named authorities of his own in the environment, told by the files themselves:
//! what lies under the same name tomorrow, or in another folder, may be someone else's.
//!
//! The store of the platform itself is one for everyone on it. Nothing is read, only looked at: this happens
//! before each answer from the cache, and to read hundreds of certificates takes longer than all the rest.

#[cfg(all(unix, not(target_vendor = "apple")))]
use std::{fs::Metadata, path::Path};

/// What tells the authorities of the environment from any others, empty where it names none; none where they
/// cannot be told.
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(super) fn of_the_environment() -> Option<Vec<u8>> {
    let mut facts = Vec::new();
    if let Some(file) = std::env::var_os("SSL_CERT_FILE") {
        match std::fs::metadata(&file) {
            Ok(metadata) if metadata.is_file() => facts.extend(identity(&metadata)),
            // A pipe is another one each time.
            Ok(_) => return None,
            Err(_) => facts.push(b'-'),
        }
    }
    if let Some(directories) = std::env::var_os("SSL_CERT_DIR") {
        for directory in std::env::split_paths(&directories) {
            facts.extend(of_directory(&directory));
        }
    }
    Some(facts)
}

/// A directory, and what is in it. A file that is written over in its place is not seen; those that manage
/// certificates put a new one there.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn of_directory(directory: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    let Ok(metadata) = std::fs::metadata(directory) else {
        return b"-".to_vec();
    };
    let mut facts = identity(&metadata);
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.sort_unstable();
    for name in names {
        facts.extend_from_slice(name.as_bytes());
        facts.push(0);
    }
    facts
}

/// Which file it is, and when anything of it was changed last: that time is the system's, and nobody sets it.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn identity(metadata: &Metadata) -> Vec<u8> {
    use std::os::unix::fs::MetadataExt;
    let (device, inode, length) = (metadata.dev(), metadata.ino(), metadata.len());
    let (seconds, nanoseconds) = (metadata.ctime(), metadata.ctime_nsec());
    format!("{device} {inode} {length} {seconds} {nanoseconds}\0").into_bytes()
}

/// The system verifies by itself, and the environment changes nothing about it.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(super) fn of_the_environment() -> Option<Vec<u8>> {
    Some(Vec::new())
}
