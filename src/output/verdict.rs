//! The verdict on a token: for people, and as `jwks.verify/1`.

use serde_json::{Value, json};

use super::json::{failure, object};
use super::message::{hint_line, note};
use super::paint::Paint;
use super::table::LONGEST_ALIGNED;
use crate::core::base64url;
use crate::core::check::{Check, Outcome};
use crate::core::failure::{printable, quoted};
use crate::core::json::read_strict;
use crate::core::time::NumericDate;
use crate::core::verify::{Verification, Verified};

/// What is said to a person: the verdict, its reasons, the notes.
#[must_use]
pub fn lines(verification: &Verification<'_>, now: NumericDate, paint: Paint) -> Vec<String> {
    let mut lines = match &verification.verified {
        Some(verified) => vec![accepted(verified, now, paint)],
        None => rejected(verification, paint),
    };
    lines.extend(
        verification
            .checks
            .notes()
            .iter()
            .map(|text| note(text, paint)),
    );
    lines
}

fn accepted(verified: &Verified<'_>, now: NumericDate, paint: Paint) -> String {
    let key = match (verified.kid(), verified.thumbprint()) {
        (Some(kid), _) => format!("key {}", quoted(kid)),
        (None, Some(thumbprint)) => format!("the key with thumbprint {thumbprint}"),
        (None, None) => "the secret".to_owned(),
    };
    let lifetime = match verified.expires() {
        Some(exp) if exp > now => format!(", expires {} ({exp})", exp.relative_to(now)),
        Some(exp) => format!(
            ", within the leeway: it expired {} ({exp})",
            exp.relative_to(now)
        ),
        None => ", never expires (no exp)".to_owned(),
    };
    format!(
        "{} {} signature by {key}{}",
        paint.good("valid:"),
        verified.algorithm().name,
        if verified.is_content() {
            String::new()
        } else {
            lifetime
        }
    )
}

fn rejected(verification: &Verification<'_>, paint: Paint) -> Vec<String> {
    let failures: Vec<_> = verification.checks.failures().collect();
    let count = match failures.len() {
        1 => "1 reason".to_owned(),
        count => format!("{count} reasons"),
    };
    let mut lines = vec![format!("{} rejected for {count}", paint.bad("invalid:"))];
    for failure in failures {
        lines.push(format!(
            "  {} {failure}",
            paint.strong(&format!("{}:", failure.code))
        ));
        if let Some(hint) = &failure.hint {
            lines.push(format!("    {}", hint_line(hint, paint)));
        }
    }
    lines
}

/// Each step of the verification on a line.
#[must_use]
pub fn explanation(checks: &[Check], paint: Paint) -> Vec<String> {
    let widest = checks
        .iter()
        .map(|check| printable(&check.name).chars().count())
        .filter(|&width| width <= LONGEST_ALIGNED)
        .max()
        .unwrap_or_default();
    checks
        .iter()
        .map(|check| {
            let (mark, text) = match &check.outcome {
                Outcome::Passed(found) => (paint.good("ok  "), found.clone()),
                Outcome::Failed(failure) => (paint.bad("FAIL"), failure.message.clone()),
                Outcome::Skipped(reason) => (paint.faint("-   "), reason.clone()),
            };
            let name = printable(&check.name);
            format!("{mark}  {name:<widest$}  {text}")
        })
        .collect()
}

/// The report `jwks.verify/1`.
#[must_use]
pub fn report(verification: &Verification<'_>) -> String {
    let failures: Vec<Value> = verification.checks.failures().map(failure).collect();
    let mut report = object("jwks.verify/1");
    report.set_raw("valid", verification.verified.is_some().to_string());
    if let Some(first) = verification.checks.failures().next() {
        report.set_string("code", first.code.as_str());
    }
    if let Some(verified) = &verification.verified {
        report.set_string("alg", verified.algorithm().name);
        let key = json!({"kid": verified.kid(), "thumbprint": verified.thumbprint()});
        report.set_raw("key", key.to_string());
        let payload = verified.payload();
        match std::str::from_utf8(payload) {
            Ok(text) if !verified.is_content() && read_strict(payload).is_ok() => {
                report.set_raw("claims", text);
            }
            _ => report.set_string("payload", &base64url::encode(payload)),
        }
    }
    report.set_raw("failures", Value::from(failures).to_string());
    let checks: Vec<Value> = verification.checks.all().iter().map(check).collect();
    report.set_raw("checks", Value::from(checks).to_string());
    report.set_raw(
        "notes",
        Value::from(verification.checks.notes()).to_string(),
    );
    super::json::text(&report)
}

fn check(check: &Check) -> Value {
    let (outcome, detail) = match &check.outcome {
        Outcome::Passed(found) => ("passed", found.as_str()),
        Outcome::Failed(failure) => ("failed", failure.message.as_str()),
        Outcome::Skipped(reason) => ("skipped", reason.as_str()),
    };
    json!({"name": check.name, "outcome": outcome, "detail": detail})
}
