//! Keys in PEM, DER, PKCS #12 and OpenSSH's forms, without and with a passphrase.

#![no_main]

use jwks_cli::core::export::{Structure, der};
use jwks_cli::core::import::{Foreign, Style};
use jwks_cli::core::jwks::JwkSet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    let Some(foreign) = Foreign::recognize(document) else {
        return;
    };
    let _ = foreign.description();
    for passphrase in [None, Some(&b"abc"[..])] {
        let Ok(imported) = foreign.read(passphrase) else {
            continue;
        };
        let style = Style {
            is_named: true,
            has_certificates: true,
        };
        let text = imported.to_jwks(style);
        let set = JwkSet::read(text.as_bytes()).unwrap_or_else(|fault| panic!("{}", fault.failure));
        assert_eq!(set.entries().len(), imported.keys.len());
        for key in &imported.keys {
            // What was read is written and read as the same key.
            let Ok(encoded) = der(&key.material, Structure::Pkcs8) else {
                continue;
            };
            let again = Foreign::recognize(&encoded.der).map(|foreign| foreign.read(None));
            let Some(Ok(again)) = again else {
                panic!("what was written is not read");
            };
            assert!(again.keys[0].material.public() == key.material.public());
        }
    }
});
