//! Where the environment wants the cache to be.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

fn set(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// An absolute path of the environment; a relative one would be another place in each folder.
fn absolute(name: &str) -> Option<PathBuf> {
    set(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

/// `JWKS_CACHE_DIR`, or the place that the platform has for such things.
pub(super) fn directory() -> Option<PathBuf> {
    match set("JWKS_CACHE_DIR") {
        Some(path) => {
            let path = std::path::absolute(Path::new(&path)).ok()?;
            // A separator at the end would lead through a link.
            Some(path.components().collect())
        }
        None => Some(of_the_platform()?.join("jwks")),
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
fn of_the_platform() -> Option<PathBuf> {
    absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))
}

#[cfg(target_os = "macos")]
fn of_the_platform() -> Option<PathBuf> {
    absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join("Library/Caches")))
}

#[cfg(windows)]
fn of_the_platform() -> Option<PathBuf> {
    absolute("LOCALAPPDATA")
}
