//! What a person types: times, durations, and names that may be keys or tokens instead.

#![no_main]

use jwks_cli::core::detect::quoted_source;
use jwks_cli::core::json::{document, read_strict};
use jwks_cli::core::time::{NumericDate, parse_duration, parse_time};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let now = NumericDate::from_seconds(1_800_000_000);
    if let Ok(time) = parse_time(text, now) {
        // What is told of a time is a time, but for years that nobody can write.
        let told = time.to_string();
        assert!(told.contains("the year") || parse_time(&told, now).is_ok(), "{told}");
    }
    let _ = parse_duration(text);
    assert!(!quoted_source(text).contains('\u{1b}'));
    if read_strict(text.as_bytes()).is_ok() {
        let laid_out = document(text);
        assert!(read_strict(laid_out.as_bytes()).is_ok());
    }
});
