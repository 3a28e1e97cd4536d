//! The records of a batch (`jwks.verify.record/1`), and its summary for people and as
//! `jwks.verify.summary/1`.
//!
//! A record is one line, written for each line of the input, so it is put together by hand and not
//! from JSON values. It may be shown on a terminal as it is.

use std::collections::BTreeMap;

use super::json::{object, on_one_line, text};
use super::paint::Paint;
use crate::core::batch::{Record, Tally};
use crate::core::failure::printable;
use crate::core::json::quote;

/// Schema of the summary.
pub const SUMMARY_SCHEMA: &str = "jwks.verify.summary/1";

/// Adds the record and its line break to `output`.
pub fn push_record(output: &mut Vec<u8>, record: &Record<'_>, with_claims: bool) {
    output.extend_from_slice(b"{\"schema\":\"jwks.verify.record/1\",\"line\":");
    output.extend_from_slice(itoa::Buffer::new().format(record.line).as_bytes());
    if let Some(id) = record.id {
        output.extend_from_slice(b",\"id\":");
        push_string(output, id);
    }
    output.extend_from_slice(b",\"sha256\":\"");
    push_hex(output, &record.sha256);
    output.extend_from_slice(if record.is_valid() {
        b"\",\"valid\":true"
    } else {
        b"\",\"valid\":false"
    });
    if let Some(first) = record.codes.first() {
        output.extend_from_slice(b",\"code\":");
        push_string(output, first.as_str());
        output.extend_from_slice(b",\"codes\":[");
        for (index, code) in record.codes.iter().enumerate() {
            if index > 0 {
                output.push(b',');
            }
            push_string(output, code.as_str());
        }
        output.push(b']');
    }
    if let Some(algorithm) = record.algorithm {
        output.extend_from_slice(b",\"alg\":");
        push_string(output, algorithm);
    }
    if let Some(kid) = record.kid {
        output.extend_from_slice(b",\"kid\":");
        push_string(output, kid);
    }
    if let Some(claims) = record.claims.filter(|_| with_claims) {
        output.extend_from_slice(b",\"claims\":");
        // They have been read as JSON, so they are UTF-8.
        let claims = String::from_utf8_lossy(claims);
        output.extend_from_slice(on_one_line(&claims).as_bytes());
    }
    output.extend_from_slice(b"}\n");
}

fn push_string(output: &mut Vec<u8>, text: &str) {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        output.push(b'"');
        output.extend_from_slice(text.as_bytes());
        output.push(b'"');
    } else {
        output.extend_from_slice(on_one_line(&quote(text)).as_bytes());
    }
}

fn push_hex(output: &mut Vec<u8>, hash: &[u8; 32]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = [0; 64];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(hash) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 0x0f)];
    }
    output.extend_from_slice(&hex);
}

/// How far a batch is, in a few words.
#[must_use]
pub fn progress(tally: &Tally) -> String {
    format!("{}, {} invalid", lines(tally.lines), tally.invalid())
}

fn lines(count: u64) -> String {
    let noun = if count == 1 { "line" } else { "lines" };
    format!("{count} {noun}")
}

/// The summary for people: the counts, then the reasons, the most frequent first.
#[must_use]
pub fn summary_lines(tally: &Tally, is_complete: bool, paint: Paint) -> Vec<String> {
    let valid = format!("{} valid", tally.valid);
    let invalid = format!("{} invalid", tally.invalid());
    let counted = lines(tally.lines);
    let mut lines = vec![format!(
        "{} {}: {}, {}",
        if is_complete {
            paint.strong("summary:")
        } else {
            paint.warning("summary so far:")
        },
        counted,
        if tally.valid > 0 {
            paint.good(&valid)
        } else {
            valid
        },
        if tally.invalid() > 0 {
            paint.bad(&invalid)
        } else {
            invalid
        },
    )];
    let mut codes: Vec<(&String, &u64)> = tally.codes.iter().collect();
    codes.sort_by_key(|&(code, count)| (std::cmp::Reverse(*count), code));
    let widest = codes.iter().map(|(code, _)| code.len()).max().unwrap_or(0);
    for (code, count) in codes {
        lines.push(format!("  {:<widest$}  {count}", printable(code)));
    }
    lines
}

/// The summary `jwks.verify.summary/1`.
#[must_use]
pub fn summary(tally: &Tally, is_complete: bool) -> String {
    let mut report = object(SUMMARY_SCHEMA);
    report.set_raw("complete", is_complete.to_string());
    report.set_raw("lines", tally.lines.to_string());
    report.set_raw("valid", tally.valid.to_string());
    report.set_raw("invalid", tally.invalid().to_string());
    report.set_raw("codes", counts(&tally.codes));
    report.set_raw("algorithms", counts(&tally.algorithms));
    report.set_raw("keys", counts(&tally.keys));
    text(&report)
}

fn counts(counts: &BTreeMap<String, u64>) -> String {
    let members: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{}:{count}", quote(name)))
        .collect();
    format!("{{{}}}", members.join(","))
}
