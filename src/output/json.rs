//! The frame of every JSON report.

use crate::core::failure::{Failure, is_unprintable};
use crate::core::json::{RawObject, compact, pretty};
use serde_json::{Value, json};

/// A report that names its schema.
#[must_use]
pub fn object(schema: &str) -> RawObject {
    let mut report = RawObject::new();
    report.set_string("schema", schema);
    report
}

/// The report as text, with a line break at its end. It may be shown on a terminal as it is.
#[must_use]
pub fn text(report: &RawObject) -> String {
    format!("{}\n", for_terminal(&report.to_json()))
}

/// A failure with its code, sentence, hint and member.
#[must_use]
pub fn failure(failure: &Failure) -> Value {
    let mut value = json!({"code": failure.code.as_str(), "message": failure.message});
    if let Some(hint) = &failure.hint {
        value["hint"] = Value::from(hint.as_str());
    }
    if let Some(member) = &failure.member {
        value["member"] = Value::from(member.as_str());
    }
    value
}

/// JSON laid out for a terminal: characters that could steer it are written as escapes, which
/// changes the spelling of strings and not their value.
#[must_use]
pub fn for_terminal(json: &str) -> String {
    escaped(&pretty(json), |character| {
        is_unprintable(character) && character != '\n'
    })
}

/// JSON on one line that may be shown on a terminal too.
#[must_use]
pub fn on_one_line(json: &str) -> String {
    escaped(&compact(json), is_unprintable)
}

/// The text with escapes for the characters that are `odd`.
fn escaped(text: &str, odd: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find(&odd) {
        shown.push_str(&rest[..place]);
        let mut characters = rest[place..].chars();
        let mut units = [0_u16; 2];
        for character in characters.by_ref().take(1) {
            for unit in character.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        }
        rest = characters.as_str();
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::for_terminal;

    #[test]
    fn a_terminal_gets_escapes_for_what_could_steer_it() {
        assert_eq!(
            for_terminal("{\"a\":\"\u{9b}31m\u{202e}\u{e0001}ü\"}"),
            "{\n  \"a\": \"\\u009b31m\\u202e\\udb40\\udc01ü\"\n}"
        );
    }
}
