//! Times and durations: NumericDate (RFC 7519 §2), what people type, and what they read.
//!
//! Nothing here looks at a clock: "now" is always an argument.

mod typed;
mod words;

use std::cmp::Ordering;
use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, civil};

use super::json::Decimal;
pub use typed::{parse_duration, parse_http_date, parse_time, parse_timestamp};
pub use words::{rounded, typed as typed_duration, words};

const NANOSECONDS_PER_SECOND: i128 = 1_000_000_000;
/// Times are kept within ±10¹⁹ s, about 300 thousand million years; what lies beyond is as good as there.
const FARTHEST_NANOSECONDS: i128 = 10_i128.pow(28);
/// The end of the year 9999, in seconds since 1970: the last time that RFC 3339 can write.
const LAST_SECOND: i64 = 253_402_300_799;

/// A NumericDate: a time in seconds since 1970-01-01T00:00:00Z, kept to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    nanoseconds: i128,
}

impl NumericDate {
    /// The time `seconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_nanoseconds(i128::from(seconds) * NANOSECONDS_PER_SECOND)
    }

    /// The time `nanoseconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_nanoseconds(nanoseconds: i128) -> Self {
        Self {
            nanoseconds: nanoseconds.clamp(-FARTHEST_NANOSECONDS, FARTHEST_NANOSECONDS),
        }
    }

    /// The time that a JSON number says, exact to the nanosecond, however it is spelled. A time too
    /// far away to be held becomes the farthest one.
    #[must_use]
    pub fn from_json_number(text: &str) -> Self {
        // Nearly every date is a plain integer.
        if let Ok(seconds) = text.parse() {
            return Self::from_seconds(seconds);
        }
        let number = Decimal::of(text);
        // The value is 0.DIGITS × 10^magnitude seconds, so so many digits make nanoseconds.
        let places = number.magnitude.saturating_add(9);
        let nanoseconds = match usize::try_from(places) {
            _ if number.digits.is_empty() => 0,
            Err(_) => 0,
            Ok(places) if places > 28 => FARTHEST_NANOSECONDS,
            Ok(places) => (0..places).fold(0_i128, |value, place| {
                let digit = number
                    .digits
                    .as_bytes()
                    .get(place)
                    .map_or(0, |byte| byte - b'0');
                value * 10 + i128::from(digit)
            }),
        };
        Self::from_nanoseconds(if number.negative {
            -nanoseconds
        } else {
            nanoseconds
        })
    }

    /// Whole seconds since 1970, towards the past.
    #[must_use]
    pub fn seconds(self) -> i64 {
        let seconds = self.nanoseconds.div_euclid(NANOSECONDS_PER_SECOND);
        i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
    }

    /// The time `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self::from_nanoseconds(self.nanoseconds.saturating_add(nanoseconds(duration)))
    }

    /// The time `duration` earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self::from_nanoseconds(self.nanoseconds.saturating_sub(nanoseconds(duration)))
    }

    /// How long after `earlier` this is; zero when it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let nanoseconds = (self.nanoseconds - earlier.nanoseconds).max(0);
        let seconds = nanoseconds / NANOSECONDS_PER_SECOND;
        let rest = nanoseconds % NANOSECONDS_PER_SECOND;
        Duration::new(
            u64::try_from(seconds).unwrap_or(u64::MAX),
            u32::try_from(rest).unwrap_or(0),
        )
    }

    /// The distance from `now` in words: `in 3 h 12 min`, `2 d ago`, `6.9 years ago`, `just now`, `now`.
    #[must_use]
    pub fn relative_to(self, now: Self) -> String {
        const SECOND: Duration = Duration::from_secs(1);
        match self.cmp(&now) {
            Ordering::Greater => format!("in {}", rounded(self.since(now))),
            Ordering::Less if now.since(self) < SECOND => "just now".to_owned(),
            Ordering::Less => format!("{} ago", rounded(now.since(self))),
            Ordering::Equal => "now".to_owned(),
        }
    }
}

impl fmt::Display for NumericDate {
    /// RFC 3339 in UTC, to the second.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A timestamp of the library ends a day before the year 9999 does, so that every zone has it.
        let epoch = civil::date(1970, 1, 1).at(0, 0, 0, 0);
        match epoch.checked_add(SignedDuration::from_secs(self.seconds())) {
            Ok(time) => write!(formatter, "{time}Z"),
            Err(_) if self.nanoseconds < 0 => formatter.write_str("before the year -9999"),
            Err(_) => formatter.write_str("after the year 9999"),
        }
    }
}

fn nanoseconds(duration: Duration) -> i128 {
    i128::try_from(duration.as_nanos())
        .unwrap_or(FARTHEST_NANOSECONDS)
        .min(FARTHEST_NANOSECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_numbers_are_read_exactly_whatever_their_spelling() {
        let date = |text| NumericDate::from_json_number(text).nanoseconds;
        assert_eq!(date("1300819380"), 1_300_819_380_000_000_000);
        assert_eq!(date("1.300819380e9"), 1_300_819_380_000_000_000);
        assert_eq!(date("13008193800E-1"), 1_300_819_380_000_000_000);
        assert_eq!(date("0.000000001"), 1);
        assert_eq!(date("1.9999999999"), 1_999_999_999);
        assert_eq!(date("0.05e2"), 5_000_000_000);
        assert_eq!(date("-1.5"), -1_500_000_000);
        assert_eq!(date("0"), 0);
        assert_eq!(date("-0.0e7"), 0);
        assert_eq!(date("1e-400"), 0);
        assert_eq!(date("9007199254740993"), 9_007_199_254_740_993_000_000_000);
    }

    #[test]
    fn numbers_of_any_size_neither_panic_nor_wrap() {
        for text in [
            "1e30",
            "1e400",
            "1e99999999999999999999",
            "123456789012345678901234567890",
        ] {
            let date = NumericDate::from_json_number(text);
            assert_eq!(date.nanoseconds, FARTHEST_NANOSECONDS, "{text}");
            assert_eq!(date.plus(Duration::MAX), date);
            assert_eq!(date.seconds(), i64::MAX);
            assert_eq!(date.to_string(), "after the year 9999");
        }
        let past = NumericDate::from_json_number("-1e30");
        assert_eq!(past.minus(Duration::MAX), past);
        assert_eq!(
            NumericDate::from_json_number("1e-99999999999999999999").nanoseconds,
            0
        );
        let _ = NumericDate::from_json_number("1e30").since(past);
    }

    #[test]
    fn distances_are_told_in_two_units() {
        let now = NumericDate::from_seconds(1_000_000);
        let at = |seconds: i64| NumericDate::from_seconds(1_000_000 + seconds).relative_to(now);
        assert_eq!(at(-11_520), "3 h 12 min ago");
        assert_eq!(at(-3_601), "1 h ago");
        assert_eq!(at(45), "in 45 s");
        assert_eq!(at(86_400 * 400 + 7_200), "in 400 d 2 h");
        assert_eq!(at(86_400 * 730), "in 730 d");
        assert_eq!(at(86_400 * 731), "in 2 years");
        assert_eq!(at(-86_400 * 2_521), "6.9 years ago");
        assert_eq!(at(0), "now");
        let moment = Duration::from_millis(300);
        assert_eq!(now.minus(moment).relative_to(now), "just now");
        assert_eq!(now.plus(moment).relative_to(now), "in 300 ms");
        assert_eq!(words(Duration::from_millis(5)), "5 ms");
    }

    #[test]
    fn times_are_shown_in_utc() {
        assert_eq!(
            NumericDate::from_json_number("1300819380.9").to_string(),
            "2011-03-22T18:43:00Z"
        );
        // What certificates have that never expire (RFC 5280 §4.1.2.5).
        let last = NumericDate::from_seconds(LAST_SECOND);
        assert_eq!(last.to_string(), "9999-12-31T23:59:59Z");
        let after = last.plus(Duration::from_secs(1));
        assert_eq!(after.to_string(), "after the year 9999");
        let first = NumericDate::from_seconds(-377_705_116_800);
        assert_eq!(first.to_string(), "-009999-01-01T00:00:00Z");
        let before = first.minus(Duration::from_secs(1));
        assert_eq!(before.to_string(), "before the year -9999");
    }
}
