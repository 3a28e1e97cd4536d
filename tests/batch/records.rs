//! What a batch says: its records, held to their schema, and its summary.

use std::path::Path;
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use jsonschema::Validator;
use serde_json::Value;

use crate::support::repository::validator;

/// How many records are held to the schema, from the first one on.
const HELD: usize = 300;

/// SHA-256 in hexadecimal.
pub(crate) fn hash(octets: &[u8]) -> String {
    let hash = digest(&SHA256, octets);
    let digits = hash.as_ref().iter();
    digits
        .flat_map(|octet| [octet >> 4, octet & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

/// The records, one a line; their numbers count from 1, and they keep the schema.
#[track_caller]
pub(crate) fn records(output: &[u8]) -> Vec<Value> {
    let records: Vec<Value> = texts(output)
        .iter()
        .map(|text| serde_json::from_str(text).expect("a record is JSON"))
        .collect();
    for (index, record) in records.iter().enumerate() {
        assert_eq!(record["line"], index + 1, "{record}");
    }
    for record in records.iter().take(HELD) {
        require_schema(record);
    }
    records
}

/// The records as they are written, without their line breaks.
#[track_caller]
pub(crate) fn texts(output: &[u8]) -> Vec<&str> {
    let text = std::str::from_utf8(output).expect("records are UTF-8");
    if text.is_empty() {
        return Vec::new();
    }
    let lines = text.strip_suffix('\n').expect("the last record is whole");
    lines.split('\n').collect()
}

/// Holds a record or a summary to the schema that it names.
#[track_caller]
pub(crate) fn require_schema(report: &Value) {
    static RECORD: OnceLock<Validator> = OnceLock::new();
    static SUMMARY: OnceLock<Validator> = OnceLock::new();
    let schema = match report["schema"].as_str() {
        Some("jwks.verify.record/1") => RECORD.get_or_init(|| validator("verify.record")),
        Some("jwks.verify.summary/1") => SUMMARY.get_or_init(|| validator("verify.summary")),
        _ => panic!("no schema of a batch: {report}"),
    };
    let problems: Vec<String> = schema
        .iter_errors(report)
        .map(|error| error.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:?}: {report}");
}

/// The first reason of a record; none when it is valid.
pub(crate) fn code(record: &Value) -> Option<&str> {
    let code = record["code"].as_str();
    assert_eq!(record["valid"], code.is_none(), "{record}");
    code
}

/// The summary that these records must come to.
pub(crate) fn summary_of(records: &[Value], is_complete: bool) -> Value {
    let mut summary = serde_json::json!({
        "schema": "jwks.verify.summary/1", "complete": is_complete,
        "lines": records.len(), "valid": 0, "invalid": 0,
        "codes": {}, "algorithms": {}, "keys": {},
    });
    let mut add = |table: &str, name: Option<&str>| {
        let count = match name {
            Some(name) => &mut summary[table][name],
            None => &mut summary[table],
        };
        *count = (count.as_u64().unwrap_or(0) + 1).into();
    };
    for record in records {
        if let Some(code) = code(record) {
            add("invalid", None);
            add("codes", Some(code));
        } else {
            add("valid", None);
            add("algorithms", Some(record["alg"].as_str().unwrap_or("")));
            add("keys", Some(record["kid"].as_str().unwrap_or("")));
        }
    }
    summary
}

/// A summary in a file, held to its schema.
#[track_caller]
pub(crate) fn read_summary(path: &Path) -> Value {
    let text = std::fs::read(path).expect("the summary is there");
    let summary = serde_json::from_slice(&text).expect("the summary is JSON");
    require_schema(&summary);
    summary
}
