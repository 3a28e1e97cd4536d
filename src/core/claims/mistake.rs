//! What to do about a claim that fails. A hint never asks for less than the caller asked for without saying
//! what that would mean.

use std::time::Duration;

use crate::core::failure::Failure;
use crate::core::json::Part;
use crate::core::shell::typed;
use crate::core::time::{NumericDate, parse_timestamp};

/// The next step where a claim has another value than the one asked for with `option`.
pub(super) fn by_value(option: &str, value: &str, expected: &str) -> String {
    let asked = format!("{option}={}", typed(value, "VALUE"));
    if let Some(difference) = small_difference(value, expected) {
        return format!("they differ only in {difference}, which counts: the token's is {asked}");
    }
    let (right, this) = match option {
        "--aud" => ("meant for you", "that is your name, too"),
        "--sub" => ("about that subject", "you mean this one"),
        _ => ("of that issuer", "you trust this one, too"),
    };
    format!("get a token {right}; only if {this}: {asked}")
}

/// The mistakes that are made again and again.
fn small_difference(value: &str, expected: &str) -> Option<&'static str> {
    if value.trim_end_matches('/') == expected.trim_end_matches('/') {
        Some("a slash at the end")
    } else if without_scheme(value).is_some_and(|rest| without_scheme(expected) == Some(rest)) {
        Some("http and https")
    } else if value.eq_ignore_ascii_case(expected) {
        Some("case")
    } else {
        None
    }
}

fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
}

/// A failure by minutes is more often a wrong clock than a wrong token.
pub(super) fn clock_hint(failure: Failure, distance: Duration, otherwise: String) -> Failure {
    const CLOCK_ERROR: Duration = Duration::from_secs(300);
    if distance > CLOCK_ERROR {
        return failure.hint(otherwise);
    }
    failure.hint(format!(
        "clocks may differ so much: compare them, or allow it for every token with --leeway={}",
        enough(distance)
    ))
}

/// A leeway that covers the distance, and still does when the command is typed again.
fn enough(distance: Duration) -> String {
    const TYPING: u64 = 5;
    match distance.as_secs() + TYPING {
        seconds @ ..=50 => format!("{}s", seconds.next_multiple_of(10)),
        seconds => format!("{}m", seconds.div_ceil(60)),
    }
}

/// The next step for a token that has expired for good.
pub(super) fn too_late(exp: NumericDate) -> String {
    let before = exp.minus(Duration::from_secs(1)).to_string();
    format!(
        "get a new token; to see whether this one was good before: --at={}",
        typed(&before, "TIME")
    )
}

/// The next step for a token whose time has not come.
pub(super) fn too_early(date: NumericDate) -> String {
    if let Some(meant) = in_milliseconds(date) {
        return format!(
            "it seems to count milliseconds: have the signer write seconds (RFC 7519 section 2), {}",
            meant.seconds()
        );
    }
    let then = date.to_string();
    format!(
        "wait until then; to see whether it will be good: --at={}",
        typed(&then, "TIME")
    )
}

/// The time that was meant, where a date is far too large for seconds and just right for milliseconds.
pub(super) fn in_milliseconds(date: NumericDate) -> Option<NumericDate> {
    // From 2001 to 2286 in milliseconds. As seconds that is beyond the year 9999, which some write for "never".
    const LIKELY: std::ops::Range<i64> = 1_000_000_000_000..10_000_000_000_000;
    // Compared before it is divided: every token of a batch comes through here.
    if date < NumericDate::from_seconds(LIKELY.start) {
        return None;
    }
    let seconds = date.seconds();
    LIKELY
        .contains(&seconds)
        .then(|| NumericDate::from_seconds(seconds / 1_000))
}

/// The next step for a date that is no number.
pub(super) fn unquoted_date(name: &str, part: Part<'_>) -> String {
    let text = part.as_str();
    let meant = text.as_ref().and_then(|text| {
        let seconds = text.as_str().parse().map(NumericDate::from_seconds);
        seconds.ok().or_else(|| parse_timestamp(text.as_str()))
    });
    let rule = "a NumericDate is a JSON number of seconds since 1970 (RFC 7519 section 2)";
    match meant {
        Some(date) => format!(
            "{rule}: have the signer write \"{name}\":{}",
            date.seconds()
        ),
        None => rule.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::time::parse_duration;

    #[test]
    fn a_leeway_covers_the_distance() {
        for seconds in 0..=300 {
            let distance = Duration::from_secs(seconds);
            let leeway = parse_duration(&enough(distance)).unwrap();
            assert!(leeway > distance, "{seconds}");
            assert!(leeway <= distance + Duration::from_secs(65), "{seconds}");
        }
        assert_eq!(enough(Duration::from_secs(3)), "10s");
    }

    #[test]
    fn milliseconds_are_told_from_seconds() {
        let meant = |seconds| in_milliseconds(NumericDate::from_seconds(seconds));
        let date = NumericDate::from_seconds(1_800_000_000);
        assert_eq!(meant(1_800_000_000_000), Some(date));
        for seconds in [1_800_000_000, 253_402_300_799 / 3, i64::MAX, i64::MIN, 0] {
            assert_eq!(meant(seconds), None, "{seconds}");
        }
        // "Never", as some write it: a date of the year 9999 in seconds is no date in milliseconds.
        assert_eq!(meant(253_402_300_799), None);
    }

    #[test]
    fn what_a_token_says_cannot_write_a_command() {
        for value in ["$(id)", "a\"; id", "\u{1b}[31m", "-- x", "a b"] {
            assert!(by_value("--aud", value, "api").ends_with("--aud=VALUE"));
        }
        assert!(by_value("--iss", "a/", "a").ends_with("--iss=a/"));
    }
}
