//! Single claims: their types, and what is said of them.

use std::time::Duration;

use crate::core::check::Recorder;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::{Part, Text, read_strict};
use crate::core::time::NumericDate;

/// The date of a claim; what is no number is reported.
pub(super) fn typed_date<R: Recorder>(
    name: &str,
    part: Option<Part<'_>>,
    record: &mut R,
) -> Option<NumericDate> {
    let Some(part) = part else {
        record.skip(name, "not in the token");
        return None;
    };
    let Some(number) = part.as_number() else {
        record.fail(name, Code::ClaimInvalid, |_| {
            invalid(name, &format!("is {}, not a number", part.kind()))
                .hint("RFC 7519 section 2: a NumericDate is a JSON number of seconds")
        });
        return None;
    };
    Some(NumericDate::from_json_number(number))
}

/// Checks a claim that is a string, and that it is the one expected; the code is for when it is not.
pub(super) fn check_string<R: Recorder>(
    name: &str,
    part: Option<Part<'_>>,
    (code, expected): (Code, Option<&str>),
    record: &mut R,
) {
    let Some(part) = part else {
        match expected {
            None => record.skip(name, "not in the token"),
            Some(_) => record.fail(name, Code::ClaimMissing, |_| missing(name)),
        }
        return;
    };
    let value = match identifier(name, part) {
        Ok(value) => value,
        Err(failure) => return record.refuse(name, failure),
    };
    let value = value.as_str();
    match expected {
        Some(expected) if expected != value => record.fail(name, code, |code| {
            let message = format!("\"{name}\" is {}, not {}", quoted(value), quoted(expected));
            near_miss(Failure::new(code, message).member(name), value, expected)
        }),
        _ => record.pass(name, || quoted(value)),
    }
}

pub(super) fn same_json(expected: &str, part: Part<'_>) -> bool {
    /// White space and escapes make a value longer than an equal one, within reason.
    const GREATEST_GROWTH: usize = 16;
    const ALWAYS_COMPARED: usize = 16 * 1024;
    // The command line has read it before; what cannot be read equals nothing.
    let Ok(wanted) = read_strict(expected.as_bytes()) else {
        return false;
    };
    let is_comparable = part.raw().len() / GREATEST_GROWTH <= expected.len().max(ALWAYS_COMPARED);
    wanted.kind() == part.kind()
        && is_comparable
        && part.node().is_some_and(|node| wanted.equals(&node))
}

pub(super) fn missing(name: &str) -> Failure {
    Failure::new(
        Code::ClaimMissing,
        format!("the claim {} is missing", quoted(name)),
    )
    .member(name)
}

fn invalid(name: &str, problem: &str) -> Failure {
    Failure::new(Code::ClaimInvalid, format!("\"{name}\" {problem}")).member(name)
}

fn identifier<'a>(name: &str, part: Part<'a>) -> Result<Text<'a>, Failure> {
    match part.as_str() {
        // In JSON a NUL stands as an escape alone, and few strings have any.
        Some(text) if text.has_escapes() && text.as_str().contains('\0') => {
            Err(invalid(name, "contains a NUL character"))
        }
        Some(text) => Ok(text),
        None => Err(invalid(name, &format!("is {}, not a string", part.kind()))),
    }
}

/// Shows the values of `aud` to `visit`. RFC 7519 §4.1.3: one string, or an array of nothing but strings.
pub(super) fn audiences(part: Part<'_>, mut visit: impl FnMut(&str)) -> Result<(), Failure> {
    if part.is_string() {
        visit(identifier("aud", part)?.as_str());
        return Ok(());
    }
    let mut result = Ok(());
    let listed = part.each_element(|element| {
        result = if element.is_string() {
            identifier("aud", element).map(|audience| visit(audience.as_str()))
        } else {
            let problem = format!("has {} among its strings", element.kind());
            Err(invalid("aud", &problem))
        };
        result.is_ok()
    });
    match listed {
        Some(()) => result,
        None => {
            let problem = format!("is {}, not a string or an array of strings", part.kind());
            Err(invalid("aud", &problem))
        }
    }
}

/// The audiences as a message shows them.
pub(super) fn shown_audiences(part: Part<'_>) -> String {
    let mut shown = Vec::new();
    let _ = audiences(part, |audience| shown.push(quoted(audience)));
    shown.join(", ")
}

/// The audience, when there is no other.
pub(super) fn only_audience(part: Part<'_>) -> Option<String> {
    let mut all = Vec::new();
    let _ = audiences(part, |audience| all.push(audience.to_owned()));
    all.pop().filter(|_| all.is_empty())
}

pub(super) fn shown_value(part: Part<'_>) -> String {
    match part.as_str() {
        Some(text) => quoted(text.as_str()),
        None if matches!(part.kind(), "an array" | "an object") => part.kind().to_owned(),
        None => part.raw().to_owned(),
    }
}

/// The mistakes that are made again and again: a slash at the end, case.
pub(super) fn near_miss(failure: Failure, value: &str, expected: &str) -> Failure {
    if value.trim_end_matches('/') == expected.trim_end_matches('/') {
        failure.hint("they differ only in a slash at the end, and both are compared to the letter")
    } else if value.eq_ignore_ascii_case(expected) {
        failure.hint("they differ only in case, and both are compared to the letter")
    } else {
        failure
    }
}

/// A failure by minutes is more often a wrong clock than a wrong token.
pub(super) fn clock_hint(failure: Failure, distance: Duration) -> Failure {
    const CLOCK_ERROR: Duration = Duration::from_secs(300);
    if distance <= CLOCK_ERROR {
        failure.hint(
            "so short a time may be a difference of clocks: compare them, or allow it with --leeway",
        )
    } else {
        failure
    }
}
