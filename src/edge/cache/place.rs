//! Where the environment wants the cache to be.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What names the authorities of the platform where these are files.
const TRUST: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

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
        Some(path) => std::path::absolute(Path::new(&path)).ok(),
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

/// Whom the platform trusts, as far as the environment says so.
pub(super) fn trust() -> Vec<u8> {
    let values = TRUST.iter().map(|name| set(name).unwrap_or_default());
    let values: Vec<Vec<u8>> = values.map(OsString::into_encoded_bytes).collect();
    values.join(&0)
}
