//! base64url, and texts that are shown or typed.

use jwks_cli::core::base64url::{decode, encode};
use jwks_cli::core::failure::{is_unprintable, printable, quoted};
use jwks_cli::core::time::{NumericDate, parse_duration, parse_time};
use proptest::prelude::*;

use super::cases;

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn every_byte_string_comes_back_from_base64url(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = encode(&bytes);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        prop_assert_eq!(decode(&text).expect("what was encoded").to_vec(), bytes);
    }

    #[test]
    fn a_text_that_is_decoded_is_the_only_spelling_of_its_bytes(
        text in prop_oneof!["[A-Za-z0-9_-]{0,12}", "[A-D_+/= -]{0,6}", any::<String>()],
    ) {
        if let Ok(bytes) = decode(&text) {
            prop_assert_eq!(encode(&bytes), text);
        }
    }

    #[test]
    fn what_is_shown_of_a_text_steers_nothing(text in any::<String>()) {
        prop_assert!(!quoted(&text).chars().any(is_unprintable));
        prop_assert!(!printable(&text).chars().any(is_unprintable));
        prop_assert!(quoted(&text).chars().count() <= 120 * 10 + 3);
    }

    #[test]
    fn no_text_makes_the_readers_of_times_panic(
        text in prop_oneof!["[-+PTYMWDHSymdhs0-9:.Z ]{0,24}", "[+-]?[0-9]{1,40}[smhdw]?", any::<String>()],
        seconds in any::<i64>(),
    ) {
        let now = NumericDate::from_seconds(seconds);
        if let Ok(duration) = parse_duration(&text) {
            let _ = now.plus(duration).minus(duration).relative_to(now);
        }
        if let Ok(time) = parse_time(&text, now) {
            let _ = (time.to_string(), time.relative_to(now), time.since(now), now.since(time));
        }
    }
}
