//! Single claims: their types, and what is said of them.

use super::mistake::{by_value, in_milliseconds, unquoted_date};
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
                .hint(unquoted_date(name, part))
        });
        return None;
    };
    let date = NumericDate::from_json_number(number);
    if let Some(meant) = in_milliseconds(date) {
        record.note(|| {
            format!(
                "\"{name}\" counts milliseconds, it seems, and is read as seconds: {meant} would be {}",
                meant.seconds()
            )
        });
    }
    Some(date)
}

/// What is asked of a claim that is a string.
pub(super) struct Wanted<'e> {
    /// What it must be, if that is asked.
    pub(super) value: Option<&'e str>,
    /// The option that asks.
    pub(super) option: &'static str,
    /// The failure where it is another.
    pub(super) code: Code,
}

/// Checks a claim that is a string, and that it is the one expected.
pub(super) fn check_string<R: Recorder>(
    name: &str,
    part: Option<Part<'_>>,
    wanted: &Wanted<'_>,
    record: &mut R,
) {
    let expected = wanted.value;
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
        Some(expected) if expected != value => record.fail(name, wanted.code, |code| {
            let message = format!("\"{name}\" is {}, not {}", quoted(value), quoted(expected));
            Failure::new(code, message)
                .member(name)
                .hint(by_value(wanted.option, value, expected))
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

/// The first of the audiences.
pub(super) fn first_audience(part: Part<'_>) -> Option<String> {
    let mut first = None;
    let _ = audiences(part, |audience| {
        first.get_or_insert_with(|| audience.to_owned());
    });
    first
}

pub(super) fn shown_value(part: Part<'_>) -> String {
    match part.as_str() {
        Some(text) => quoted(text.as_str()),
        None if matches!(part.kind(), "an array" | "an object") => part.kind().to_owned(),
        None => part.raw().to_owned(),
    }
}
