//! Errors, hints and notes, each on lines of its own.

use super::json::object;
use super::paint::Paint;
use crate::error::CommandError;

/// `error[code]: sentence`, and a `hint:` line when there is a next step.
#[must_use]
pub fn error(error: &CommandError, paint: Paint) -> String {
    let mut text = format!(
        "{}{}",
        paint.bad(&format!("error[{}]: ", error.code)),
        error
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
    report.set_string("code", error.code);
    report.set_string("message", &error.to_string());
    if let Some(hint) = &error.hint {
        report.set_string("hint", hint);
    }
    super::json::text(&report)
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
