//! Keys that a passphrase protects. The work on the passphrase is left out: it is bounded, and long.

#![no_main]

use jwks_cli::core::encrypted_keys::EncryptedKeys;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    if let Err(fault) = EncryptedKeys::read(document) {
        assert!(!fault.to_string().is_empty());
    }
});
