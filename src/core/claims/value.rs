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
    // The command line has read it before; what cannot be read equals nothing.
    match (read_strict(expected.as_bytes()), part.node()) {
        (Ok(wanted), Some(node)) => wanted.equals(&node),
        _ => false,
    }
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

/// The values of `aud`.
pub(super) enum Audiences<'a> {
    One([Text<'a>; 1]),
    List(Vec<Text<'a>>),
}

impl<'a> Audiences<'a> {
    pub(super) fn all(&self) -> &[Text<'a>] {
        match self {
            Self::One(one) => one,
            Self::List(list) => list,
        }
    }
}

/// RFC 7519 §4.1.3: one string, or an array of nothing but strings.
pub(super) fn audiences(part: Part<'_>) -> Result<Audiences<'_>, Failure> {
    if part.is_string() {
        return Ok(Audiences::One([identifier("aud", part)?]));
    }
    let Some(elements) = part.elements() else {
        let problem = format!("is {}, not a string or an array of strings", part.kind());
        return Err(invalid("aud", &problem));
    };
    let list = elements.into_iter().map(|element| {
        if element.is_string() {
            identifier("aud", element)
        } else {
            let problem = format!("has {} among its strings", element.kind());
            Err(invalid("aud", &problem))
        }
    });
    list.collect::<Result<_, _>>().map(Audiences::List)
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
