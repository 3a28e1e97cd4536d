//! What a server answers: the metadata of an issuer, and dates in headers.

#![no_main]

use jwks_cli::core::discovery::jwks_uri;
use jwks_cli::core::time::parse_http_date;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &[u8]| {
    let _ = jwks_uri(answer, &["https://issuer.example"]);
    if let Ok(text) = std::str::from_utf8(answer) {
        let _ = parse_http_date(text);
    }
});
