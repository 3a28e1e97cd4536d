//! Times and durations as people and servers write them.

use std::time::Duration;

use jiff::{SpanRelativeTo, Timestamp, civil};

use super::{LAST_SECOND, NumericDate};
use crate::core::bad_value::BadValue;
use crate::core::detect::quoted_source;

/// Reads a DURATION: `90s`, `15m`, `2 weeks`, `P90D`; a bare number is seconds. Days have 24 hours.
///
/// # Errors
/// What is wrong, and what would be right.
pub fn parse_duration(text: &str) -> Result<Duration, BadValue> {
    let trimmed = text.trim();
    if let Ok(seconds) = trimmed.parse::<u64>() {
        return Ok(Duration::from_secs(seconds));
    }
    let lower = trimmed.to_lowercase();
    let is_upper = lower != trimmed && lower.parse::<jiff::Span>().is_ok();
    let shown = || quoted_source(text);
    let wrong = || {
        let wrong = BadValue::new(format!("{} is not a duration", shown()));
        if is_upper {
            wrong.advice(format!("write its units in lower case, as {lower}"))
        } else {
            wrong.advice(
                "write it like 90s, 15m, 12h, 7d, \"2 weeks\" or P90D (a bare number is seconds)",
            )
        }
    };
    let span: jiff::Span = trimmed.parse().map_err(|_| wrong())?;
    let signed = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| {
            BadValue::new(format!(
                "{} counts in months or years, whose length varies",
                shown()
            ))
            .advice(format!("write it in days, like {}d", days(&span)))
        })?;
    Duration::try_from(signed)
        .map_err(|_| BadValue::new(format!("{} is negative, and a duration cannot be", shown())))
}

/// About as many days as there are in a span with years and months.
fn days(span: &jiff::Span) -> i64 {
    let years = i64::from(span.get_years());
    let months = i64::from(span.get_months());
    years * 365 + months * 30 + i64::from(span.get_weeks()) * 7 + i64::from(span.get_days())
}

/// Reads a TIME: RFC 3339, Unix seconds, `now`, or relative to `now` (`+15m`, `-2h`, `1h`).
///
/// # Errors
/// What is wrong, and what would be right.
pub fn parse_time(text: &str, now: NumericDate) -> Result<NumericDate, BadValue> {
    let trimmed = text.trim();
    let shown = || quoted_source(text);
    if trimmed == "now" {
        return Ok(now);
    }
    if let Ok(seconds) = trimmed.parse::<i64>()
        && !trimmed.starts_with('+')
    {
        let date = NumericDate::from_seconds(seconds);
        if seconds > LAST_SECOND {
            let meant = seconds / 1_000;
            return Err(BadValue::new(format!("{} lies {date}", shown()))
                .advice(format!("write {meant} where it counts milliseconds")));
        }
        return Ok(date);
    }
    if let Some(date) = parse_timestamp(trimmed) {
        return Ok(date);
    }
    let relative = match trimmed.strip_prefix('-') {
        Some(rest) => parse_duration(rest).map(|duration| now.minus(duration)),
        None => parse_duration(trimmed.strip_prefix('+').unwrap_or(trimmed))
            .map(|duration| now.plus(duration)),
    };
    relative.map_err(|_| match without_zone(trimmed) {
        Some(meant) => BadValue::new(format!(
            "{} is not a time, for it lacks a time of day or a zone",
            shown()
        ))
        .advice(format!("write {meant}Z where UTC is meant")),
        None => BadValue::new(format!("{} is not a time", shown()))
            .advice("write it like 2030-01-31T12:00:00Z, 1700000000, +15m, -2h or now"),
    })
}

/// Reads a time as RFC 3339 has it, with its zone.
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<NumericDate> {
    match text.parse::<Timestamp>() {
        Ok(timestamp) => Some(NumericDate::from_nanoseconds(timestamp.as_nanosecond())),
        Err(_) => last_day(text),
    }
}

/// A time in the last two days that RFC 3339 can write: the library's timestamps end before them, so that
/// every zone has them.
fn last_day(text: &str) -> Option<NumericDate> {
    if !text.starts_with("9999-12-3") {
        return None;
    }
    let (plain, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(plain) => (plain, 0),
        None => {
            let (plain, zone) = text.split_at_checked(text.len().checked_sub("+00:00".len())?)?;
            (plain, offset(zone)?)
        }
    };
    // With a time of day, which a date of the library need not have.
    let time = plain.parse::<civil::DateTime>().ok()?;
    let epoch = civil::date(1970, 1, 1).at(0, 0, 0, 0);
    let since = time.duration_since(epoch).as_nanos();
    let date = NumericDate::from_nanoseconds(since - i128::from(offset) * 1_000_000_000);
    (plain.contains(['T', 't', ' ']) && date.seconds() <= LAST_SECOND).then_some(date)
}

/// The seconds of a zone such as `+01:00`.
fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| text.parse::<u8>().ok().map(i64::from);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// A date, with a time of day or without, that does not say in which zone.
fn without_zone(text: &str) -> Option<civil::DateTime> {
    let shape = |byte: u8| byte.is_ascii_digit() || b"-:. T".contains(&byte);
    text.parse().ok().filter(|_| text.bytes().all(shape))
}

/// Reads the date of an HTTP header (RFC 9110 §5.6.7); none when it is none, such as `0`.
#[must_use]
pub fn parse_http_date(text: &str) -> Option<NumericDate> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let timestamp = parser.parse_timestamp(text.trim()).ok()?;
    Some(NumericDate::from_nanoseconds(timestamp.as_nanosecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_durations_in_many_ways() {
        for (text, seconds) in [
            ("90s", 90),
            ("90", 90),
            ("15m", 900),
            ("12h", 43_200),
            ("7d", 604_800),
            ("2 weeks", 1_209_600),
            ("P90D", 7_776_000),
            ("1h 30m", 5_400),
            ("0", 0),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_secs(seconds)),
                "{text}"
            );
        }
        for text in [
            "",
            "soon",
            "-5m",
            "1 month",
            "P1Y",
            "1e9",
            "5 parsecs",
            "99999999999999999999",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn people_write_times_in_many_ways() {
        let now = NumericDate::from_seconds(1_700_000_000);
        for (text, seconds) in [
            ("now", 1_700_000_000),
            ("+15m", 1_700_000_900),
            ("1h", 1_700_003_600),
            ("-2h", 1_699_992_800),
            ("1300819380", 1_300_819_380),
            ("-5", -5),
            ("2030-01-31T12:00:00Z", 1_896_091_200),
            ("2030-01-31T13:00:00+01:00", 1_896_091_200),
            ("9999-12-30T23:00:00Z", LAST_SECOND - 89_999),
            ("9999-12-31T00:00:00Z", LAST_SECOND - 86_399),
            ("9999-12-31T23:59:59Z", LAST_SECOND),
            ("9999-12-31t23:59:59z", LAST_SECOND),
            ("9999-12-31T22:59:59-01:00", LAST_SECOND),
            ("9999-12-31T01:00:00+01:00", LAST_SECOND - 86_399),
        ] {
            assert_eq!(
                parse_time(text, now),
                Ok(NumericDate::from_seconds(seconds)),
                "{text}"
            );
        }
        let beyond = [
            "9999-12-31T24:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "9999-12-31T23:59:59",
            "9999-12-3",
            "9999-12-31+01:00",
            "9999-12-31T01:00:00+99:00",
            "9999-12-31T01:00:00+0\u{e4}:0",
            "9999-12-31",
            "9999-12-31Z",
            "10000-01-01T00:00:00Z",
        ];
        let others = ["", "tomorrow", "2030-01-31", "+", "--5m", "+-5m"];
        for text in beyond.into_iter().chain(others) {
            assert!(parse_time(text, now).is_err(), "{text}");
        }
        let advice = |text| parse_time(text, now).unwrap_err().advice.unwrap();
        for (text, meant) in [
            ("2030-01-31", "2030-01-31T00:00:00Z"),
            ("2030-01-31 12:00", "2030-01-31T12:00:00Z"),
            ("2030-01-31T12:00:01", "2030-01-31T12:00:01Z"),
        ] {
            assert!(advice(text).contains(meant), "{text}");
        }
        assert!(!advice("2030-31-01").contains("UTC"));
        let milliseconds = advice("1700000000000");
        assert!(milliseconds.contains("write 1700000000 "), "{milliseconds}");
        assert!(parse_time("253402300799", now).is_ok(), "the year 9999");
    }
}
