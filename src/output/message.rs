//! Errors, hints and notes, each on lines of its own.

use serde_json::Value;

use super::json::object;
use super::paint::Paint;
use crate::core::exposure::text_holds_secret;
use crate::error::CommandError;

/// `error[code]: sentence`, and a `hint:` line when there is a next step.
#[must_use]
pub fn error(error: &CommandError, paint: Paint) -> String {
    let mut text = format!(
        "{}{}",
        paint.bad(&format!("error[{}]: ", error.code)),
        sentence(error)
    );
    if let Some(hint) = &error.hint {
        text.push('\n');
        text.push_str(&hint_line(hint, paint));
    }
    text
}

/// The error as the JSON report `jwks.error/1`.
#[must_use]
pub fn error_json(error: &CommandError) -> String {
    let mut report = object("jwks.error/1");
    for (name, text) in facts(error) {
        report.set_string(name, &text);
    }
    super::json::text(&report)
}

/// The error as a part of another report.
#[must_use]
pub fn error_value(error: &CommandError) -> Value {
    let facts = facts(error).into_iter();
    facts
        .map(|(name, text)| (name.to_owned(), Value::from(text)))
        .collect()
}

/// What is wrong. A private key that was given where something else belongs is not repeated.
fn sentence(error: &CommandError) -> String {
    let text = error.to_string();
    if text_holds_secret(&text) {
        "a private key was given where it does not belong: it is not repeated".to_owned()
    } else {
        text
    }
}

fn facts(error: &CommandError) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("code", error.code.to_owned()),
        ("message", sentence(error)),
    ];
    facts.extend(error.hint.clone().map(|hint| ("hint", hint)));
    facts
}

/// A `hint:` line.
#[must_use]
pub fn hint_line(hint: &str, paint: Paint) -> String {
    format!("{}{hint}", paint.strong("hint: "))
}

/// A `note:` line.
#[must_use]
pub fn note(text: &str, paint: Paint) -> String {
    format!("{}{text}", paint.faint("note: "))
}

/// A `warning:` line.
#[must_use]
pub fn warning(text: &str, paint: Paint) -> String {
    format!("{}{text}", paint.warning("warning: "))
}
