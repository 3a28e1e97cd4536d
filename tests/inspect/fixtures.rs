//! Keys, and runs of `inspect`.

use serde_json::Value;

pub(crate) use crate::support::place::{AT, GOOD_SET};
use crate::support::{Jwks, Run};

/// Thumbprint of the first key of [`GOOD_SET`].
pub(crate) const THUMBPRINT: &str = "BCph1Uf6HWmmZNgWoUFC__kserddOsHcF93SYXxzWNc";

/// A set with the findings [`BAD_CODES`], the errors on its first key, the others on its second.
pub(crate) const BAD_SET: &str = r#"{"keys": [
  {"kid": "2026-a", "kty": "EC", "crv": "P-384", "alg": "ES384", "use": "sig",
   "x": "M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54",
   "y": "331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8"},
  {"kid": "it's", "kty": "EC", "crv": "P-256", "use": "sig",
   "x": "hYQ_2SKxZZT3Cu6HbyJp6gGua8JO2QzJ4ejTy0bY7eI",
   "y": "6REcmuxHp-wcX4myYHfgBwPXYZIE8kREW8wWd4YPHlM"}
]}"#;

/// The findings on [`BAD_SET`], in their order.
pub(crate) const BAD_CODES: [&str; 5] = [
    "ec-coord-length",
    "ec-coord-length",
    "alg-missing",
    "no-standby",
    "kid-injection-chars",
];

/// `jwks inspect` at the time of the tests.
pub(crate) fn inspect() -> Jwks {
    Jwks::new("inspect").args(["--at", AT])
}

/// `jwks inspect --format json`.
pub(crate) fn inspect_json() -> Jwks {
    inspect().args(["--format", "json"])
}

/// The report that a run has printed.
#[track_caller]
pub(crate) fn report(run: &Run) -> Value {
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// The rules that the findings of a report are of, in their order.
#[track_caller]
pub(crate) fn codes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|finding| finding["code"].as_str().expect("a code").to_owned())
        .collect()
}
