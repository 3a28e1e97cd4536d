//! Runs the binary over the vectors in `tests/vectors`: one file, one token or key, one answer.
//!
//! `verify/*.toml` give a key document, a token and the exact failure codes, in the order of the
//! report. `keys/*.toml` give a key and either its thumbprint or codes that `inspect` must find.
//! Members that this file does not know are errors, so that a misspelled one cannot pass unseen.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fs, thread};

use jwks_cli::core::jwks::JwkSet;
use jwks_cli::core::{base64url, thumbprint};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::support::repository::cases;

/// How many files there are at least: a folder without files must not look like success.
const VERIFY_VECTORS: usize = 251;
const KEY_VECTORS: usize = 44;

#[test]
fn every_token_gets_its_verdict() {
    run_all("verify", VERIFY_VECTORS, verify_vector);
}

#[test]
fn every_key_gets_its_thumbprint_or_findings() {
    run_all("keys", KEY_VECTORS, key_vector);
}

/// Runs the binary in a folder of its own for one vector; an error is what it did otherwise.
type Run = fn(&Path, Fields) -> Result<(), String>;

fn run_all(folder: &str, minimum: usize, run: Run) {
    let files = cases(&format!("tests/vectors/{folder}"));
    let count = files.len();
    assert!(count >= minimum, "{count} vectors, fewer than {minimum}");
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let complaints: Vec<String> = thread::scope(|scope| {
        let chunks = files.chunks(count.div_ceil(workers));
        let workers: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || complaints(chunk, run)))
            .collect();
        let ended = workers.into_iter().map(thread::ScopedJoinHandle::join);
        ended.flat_map(|found| found.expect("a worker")).collect()
    });
    let (wrong, list) = (complaints.len(), complaints.join("\n"));
    assert!(wrong == 0, "{wrong} of {count} in {folder}:\n{list}");
}

fn complaints(files: &[PathBuf], run: Run) -> Vec<String> {
    let one = |file: &PathBuf| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let error = Fields::read(file)
            .and_then(|fields| run(directory.path(), fields))
            .err()?;
        Some(format!("{}: {error}", file.display()))
    };
    files.iter().filter_map(one).collect()
}

fn verify_vector(directory: &Path, mut fields: Fields) -> Result<(), String> {
    let token = match fields.optional::<String>("token_hex")? {
        Some(hex) => from_hex(&hex)?,
        None => fields.take::<String>("token")?.into_bytes(),
    };
    let mut arguments = vec![file(directory, "token", &token), "--jwks".to_owned()];
    let keys: String = fields.take("keys")?;
    arguments.push(file(directory, "keys", keys.as_bytes()));
    arguments.extend(fields.take::<Vec<String>>("args")?);
    if let Some(content) = fields.optional::<String>("detached")? {
        let content = file(directory, "content", content.as_bytes());
        arguments.extend(["--detached".to_owned(), content]);
    }
    let status: i32 = fields.take("status")?;
    let codes: Vec<String> = fields.take("codes")?;
    let payload: Option<String> = fields.optional("payload")?;
    fields.finish()?;

    let output = jwks("verify", &arguments, &["--format", "json"]);
    let found = json!({
        "status": output.status.code(),
        "schema": reported(&output, "schema")?,
        "valid": reported(&output, "valid")?,
        "codes": reported_codes(&output, "failures")?,
    });
    let (schema, valid) = ("jwks.verify/1", codes.is_empty());
    let expected = json!({"status": status, "schema": schema, "valid": valid, "codes": codes});
    same(&found, &expected)?;
    let Some(payload) = payload else {
        return Ok(());
    };
    let plain = jwks("verify", &arguments, &[]);
    let printed = String::from_utf8_lossy(&plain.stdout);
    let found = json!({"status": plain.status.code(), "printed": printed});
    same(&found, &json!({"status": status, "printed": payload}))
}

fn key_vector(directory: &Path, mut fields: Fields) -> Result<(), String> {
    let text: String = fields.take("key")?;
    let key = file(directory, "key", text.as_bytes());
    let thumbprint: Option<String> = fields.optional("thumbprint")?;
    let codes: Option<Vec<String>> = fields.optional("codes")?;
    fields.finish()?;

    let output = jwks("inspect", &[key], &["--format", "json"]);
    match (thumbprint, codes) {
        (Some(thumbprint), None) => {
            let set = JwkSet::read(text.as_bytes()).map_err(|fault| fault.failure.message)?;
            let entry = set.entries().get(0).ok_or("it has no key")?;
            let jwk = entry.jwk().ok_or("it cannot be read")?;
            let computed = base64url::encode(&thumbprint::sha256(jwk.material()));
            same(&Value::from(computed), &Value::from(thumbprint.as_str()))?;
            // The hash of a secret is computed and not shown.
            let is_secret = jwk.material().public().is_none();
            let shown = (!is_secret).then_some(thumbprint);
            let keys = reported(&output, "keys")?;
            same(&keys[0]["thumbprint"], &Value::from(shown))
        }
        (None, Some(codes)) => {
            let found = reported_codes(&output, "findings")?;
            let missing = codes.iter().find(|code| !found.contains(code));
            missing.map_or(Ok(()), |code| Err(format!("no {code} among {found:?}")))
        }
        _ => Err("it needs either thumbprint or codes".to_owned()),
    }
}

fn jwks(command: &str, arguments: &[String], more: &[&str]) -> Output {
    let mut jwks = Command::new(env!("CARGO_BIN_EXE_jwks"));
    jwks.arg(command).args(arguments).args(more);
    jwks.stdin(Stdio::null()).output().expect("the binary runs")
}

fn file(directory: &Path, name: &str, content: &[u8]) -> String {
    let path = directory.join(name);
    fs::write(&path, content).expect("a file in the temporary directory");
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn from_hex(hex: &str) -> Result<Vec<u8>, String> {
    let octet = |at| u8::from_str_radix(&hex[at..at + 2], 16).map_err(|error| error.to_string());
    (0..hex.len()).step_by(2).map(octet).collect()
}

fn same(found: &Value, expected: &Value) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("\n    expected {expected}\n    found    {found}"))
}

/// A member of a JSON report. The others stay raw: a claim like 1e400 is no number to every reader.
fn reported(output: &Output, name: &str) -> Result<Value, String> {
    let report: Result<HashMap<String, Box<RawValue>>, _> = serde_json::from_slice(&output.stdout);
    let report = report.map_err(|error| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("no report: {error}; {}; {}", output.status, said.trim())
    })?;
    let raw = report.get(name).ok_or(format!("no {name} in the report"))?;
    serde_json::from_str(raw.get()).map_err(|error| error.to_string())
}

fn reported_codes(output: &Output, list: &str) -> Result<Vec<String>, String> {
    let list = reported(output, list)?;
    let entries = list.as_array().ok_or("a list of codes is no array")?;
    let code = |entry: &Value| entry["code"].as_str().map(str::to_owned);
    let codes: Option<Vec<String>> = entries.iter().map(code).collect();
    codes.ok_or("an entry of a list has no code".to_owned())
}

/// The members of a vector that have not been asked for yet.
struct Fields(toml::Table);

impl Fields {
    fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut fields = Self(toml::from_str(&text).map_err(|error| error.to_string())?);
        fields.take::<String>("source")?;
        fields.take::<String>("comment")?;
        Ok(fields)
    }

    fn optional<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        let value = self.0.remove(name).map(toml::Value::try_into).transpose();
        value.map_err(|error| format!("{name}: {error}"))
    }

    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, String> {
        self.optional(name)?.ok_or(format!("{name} is missing"))
    }

    fn finish(self) -> Result<(), String> {
        let left = self.0.keys().next();
        left.map_or(Ok(()), |name| Err(format!("unknown member {name}")))
    }
}
