//! The forms in which `inspect` tells programs what it has found, each read by a reader that somebody
//! else wrote or that keeps to the grammar of the program it is for. What they must say is what the
//! report for programs says, which has tests of its own.

mod examples;
mod fingerprints;
mod github;
mod gitlab;
mod hostile;
mod junit;
mod sarif;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::support::place::{AT, Place};
use crate::support::repository::cases;
use crate::support::{Jwks, Run};

/// Fewer documents than this mean that some were lost.
const LEAST_DOCUMENTS: usize = 200;

/// Two keys with findings of every severity.
const MIXED: &str = r#"{"keys": [
  {"kid": "a", "kty": "EC", "crv": "P-256", "use": "sig",
   "x": "M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54",
   "y": "331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8"},
  {"kid": "ä", "kty": "RSA", "use": "sig", "alg": "RS256",
   "n": "AQAB", "e": "AQAB"}
]}
"#;

/// What a rule says of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    source: String,
    rule: String,
    severity: String,
    /// First line and column, last line and the column after the last.
    place: [u64; 4],
}

impl Told {
    fn of(finding: &Value) -> Self {
        let number = |name: &str| finding[name].as_u64().expect("a number");
        Self {
            source: text(&finding["source"]),
            rule: text(&finding["code"]),
            severity: text(&finding["severity"]),
            place: ["line", "column", "end_line", "end_column"].map(number),
        }
    }

    /// A number for the severity, the worst first.
    fn rank(&self) -> usize {
        ["error", "warning", "info"]
            .iter()
            .position(|severity| *severity == self.severity)
            .expect("a severity")
    }
}

/// A run of `inspect` in the folder.
fn inspect(folder: &Path, format: &str, arguments: &[&str]) -> Run {
    Jwks::new("inspect")
        .folder(folder)
        .args(["--at", AT, "--format", format])
        .args(arguments)
        .run()
}

/// The findings as the report for programs tells them.
fn told(folder: &Path, arguments: &[&str]) -> Vec<Told> {
    let run = inspect(folder, "json", arguments);
    let report = parsed(&run);
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().map(Told::of).collect()
}

#[track_caller]
fn parsed(run: &Run) -> Value {
    serde_json::from_slice(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

/// A folder in which the document stands as `jwks.json`.
fn place(document: &str) -> Place {
    let place = Place::new();
    place.write("jwks.json", document);
    place
}

/// A folder with every document of tests/lint that breaks a rule, and the names of the files.
fn faulty() -> (Place, Vec<String>) {
    #[derive(Deserialize)]
    struct Case {
        fails: String,
    }

    let place = Place::new();
    for path in cases("tests/lint") {
        let case = fs::read_to_string(&path).expect("a case can be read");
        let case: Case = toml::from_str(&case).expect("a case is TOML");
        let name = path.file_stem().expect("a name").to_string_lossy();
        place.write(&format!("{name}.json"), case.fails);
    }
    let names = place.names();
    assert!(names.len() >= LEAST_DOCUMENTS, "only {}", names.len());
    (place, names)
}

/// The arguments that name every file and apply every rule that needs no server.
fn all(names: &[String]) -> Vec<&str> {
    let names = names.iter().map(String::as_str);
    std::iter::once("--published").chain(names).collect()
}
