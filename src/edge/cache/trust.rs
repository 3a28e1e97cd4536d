//! Whom a caller trusts who has named authorities of his own in the environment, as a hash of the certificates
//! themselves: what lies in a file of the same name tomorrow, or in another folder, may be someone else's.
//!
//! The store of the platform itself is one for everyone on it. To read it would take longer than all the rest
//! of an answer from the cache.

/// What tells the authorities of the environment from any others, empty where it names none; none where they
/// cannot be read without being used up.
#[cfg(all(unix, not(target_vendor = "apple")))]
pub(super) fn of_the_platform() -> Option<Vec<u8>> {
    use crate::core::engine::sha256;

    let names_none = |name| std::env::var_os(name).is_none();
    if names_none("SSL_CERT_FILE") && names_none("SSL_CERT_DIR") {
        return Some(Vec::new());
    }
    // A pipe would have nothing left for the one who verifies, who reads the same file.
    let file = std::env::var_os("SSL_CERT_FILE");
    let metadata = file.and_then(|file| std::fs::metadata(file).ok());
    if metadata.is_some_and(|metadata| !metadata.is_file()) {
        return None;
    }
    let certificates = rustls_native_certs::load_native_certs().certs;
    let mut hashes: Vec<_> = certificates.iter().map(|it| sha256(it)).collect();
    hashes.sort_unstable();
    Some(sha256(&hashes.concat()).to_vec())
}

/// The system verifies by itself, and the environment changes nothing about it.
#[cfg(not(all(unix, not(target_vendor = "apple"))))]
pub(super) fn of_the_platform() -> Option<Vec<u8>> {
    Some(Vec::new())
}
