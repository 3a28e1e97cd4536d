//! A token in a batch gets the verdict that it gets alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, thread};

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::batch;
use super::keys::{broken, place, valid};
use super::records::{code, records};
use crate::support::Jwks;
use crate::support::place::{AT, Place};
use crate::support::repository::cases;

/// How many vectors there are at least: a folder without files must not look like success.
const VECTORS: usize = 240;

/// The name of a vector, and its token.
type Vector = (String, Vec<u8>);

/// The vectors that share keys and options.
struct Group {
    keys: String,
    options: Vec<String>,
    tokens: Vec<Vector>,
}

/// The vectors in `tests/vectors/verify` that can stand on a line: without content beside the token,
/// and without a line break in it.
fn groups() -> Vec<Group> {
    let mut groups: BTreeMap<(String, Vec<String>), Vec<Vector>> = BTreeMap::new();
    for path in cases("tests/vectors/verify") {
        let text = fs::read_to_string(&path).expect("a vector");
        let vector: toml::Table = toml::from_str(&text).expect("TOML");
        let text = |name: &str| vector.get(name).and_then(toml::Value::as_str);
        let token = match text("token_hex") {
            Some(hex) => from_hex(hex),
            None => text("token").expect("a token").as_bytes().to_vec(),
        };
        let line = token.strip_suffix(b"\n").unwrap_or(&token);
        if vector.contains_key("detached") || line.contains(&b'\n') {
            continue;
        }
        let options = vector["args"].as_array().expect("options").iter();
        let options = options.map(|option| option.as_str().expect("text").to_owned());
        let keys = text("keys").expect("keys").to_owned();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let group = groups.entry((keys, options.collect())).or_default();
        group.push((name, token));
    }
    groups
        .into_iter()
        .map(|((keys, options), mut tokens)| {
            // What ends with a return that is part of it can only be the last line.
            tokens.sort_by_key(|(name, token)| (token.ends_with(b"\r"), name.clone()));
            Group {
                keys,
                options,
                tokens,
            }
        })
        .collect()
}

fn from_hex(hex: &str) -> Vec<u8> {
    let octet = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
    (0..hex.len()).step_by(2).map(octet).collect()
}

/// Whether the token is valid, and every reason why not, as `verify -` tells it.
fn alone(keys: &Path, options: &[String], token: &[u8]) -> Value {
    let run = Jwks::new("verify")
        .args(["-", "--format", "json", "--jwks"])
        .arg(keys)
        .args(options)
        .stdin(token)
        .run();
    // A claim like 1e400 is no number to every reader: what is not asked for stays raw.
    let report: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let read = |name: &str| -> Value { serde_json::from_str(report[name].get()).expect("JSON") };
    let failures = read("failures");
    let failures = failures.as_array().expect("an array").iter();
    let codes: Vec<&Value> = failures.map(|failure| &failure["code"]).collect();
    json!({"valid": read("valid"), "codes": codes})
}

/// What a record says of the same.
fn in_batch(record: &Value) -> Value {
    let codes = record.get("codes").cloned().unwrap_or_else(|| json!([]));
    assert_eq!(code(record), codes[0].as_str(), "{record}");
    json!({"valid": record["valid"], "codes": codes})
}

/// Judges the tokens of a group in one batch, forward and backward, so that each one follows others.
fn complaints(group: &Group) -> Vec<String> {
    let place = Place::new();
    let keys = place.write("keys.json", &group.keys);
    let all: Vec<&Vector> = group.tokens.iter().collect();
    let repeated = all.iter().copied().rev();
    let repeated = repeated.filter(|(_, token)| !token.ends_with(b"\r"));
    let order: Vec<&Vector> = repeated.chain(all.iter().copied()).collect();
    let mut input = Vec::new();
    for (index, (_, token)) in order.iter().enumerate() {
        input.extend_from_slice(token);
        if index + 1 < order.len() && !token.ends_with(b"\n") {
            input.push(b'\n');
        }
    }
    let run = Jwks::new("verify")
        .args(["--batch", "--jwks"])
        .arg(&keys)
        .args(&group.options)
        .stdin(input)
        .run();
    let records = records(&run.stdout);
    assert_eq!(records.len(), order.len(), "{}", run.stderr);
    let expected: BTreeMap<&str, Value> = all
        .iter()
        .map(|(name, token)| (name.as_str(), alone(&keys, &group.options, token)))
        .collect();
    order
        .iter()
        .zip(&records)
        .filter(|((name, _), record)| expected[name.as_str()] != in_batch(record))
        .map(|((name, _), record)| format!("{name}: {} and {record}", expected[name.as_str()]))
        .collect()
}

#[test]
fn every_vector_gets_the_verdict_in_a_batch_that_it_gets_alone() {
    let groups = groups();
    let count: usize = groups.iter().map(|group| group.tokens.len()).sum();
    assert!(count >= VECTORS, "{count} vectors, fewer than {VECTORS}");
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<String> = thread::scope(|scope| {
        let chunks = groups.chunks(groups.len().div_ceil(workers));
        let workers: Vec<_> = chunks
            .map(|chunk| scope.spawn(|| chunk.iter().flat_map(complaints).collect::<Vec<_>>()))
            .collect();
        let ended = workers.into_iter().map(thread::ScopedJoinHandle::join);
        ended.flat_map(|found| found.expect("a worker")).collect()
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn broken_lines_get_the_verdict_in_a_batch_that_they_get_alone() {
    let place = place();
    let keys = place.path("keys.json");
    let at = ["--at".to_owned(), AT.to_owned()];
    let lines: Vec<Vec<u8>> = broken().into_iter().map(|(line, _)| line).collect();
    let run = batch(&place).stdin(lines.join(&b'\n')).run();
    for (record, line) in records(&run.stdout).iter().zip(&lines) {
        assert_eq!(in_batch(record), alone(&keys, &at, line), "{line:?}");
    }
}

#[test]
fn what_is_demanded_is_demanded_of_every_line() {
    let place = place();
    let good = super::keys::one().sign(r#"{"iss":"x","aud":["api"],"exp":2000000000,"a":1}"#);
    let input = format!("{good}\n{}\n{good}\n", valid());
    for (options, expected) in [
        (&["--iss=x"][..], "claim-missing"),
        (&["--aud=api"], "claim-missing"),
        (&["--require=a"], "claim-missing"),
        (&["--claim=a:=1"], "claim-missing"),
    ] {
        let run = batch(&place).args(options).stdin(&*input).run();
        let records = records(&run.stdout);
        let found: Vec<Option<&str>> = records.iter().map(code).collect();
        assert_eq!(found, [None, Some(expected), None], "{options:?}");
    }
    let none = batch(&place).arg("--alg=ES256").stdin(&*input).run();
    assert!(
        records(&none.stdout)
            .iter()
            .all(|record| code(record) == Some("alg-not-allowed"))
    );
    let content = super::keys::one().sign("no claims");
    let input = format!("{content}\n{}\n", valid());
    let signature = batch(&place).arg("--signature-only").stdin(input).run();
    assert_eq!(records(&signature.succeeds().stdout).len(), 2);
}
