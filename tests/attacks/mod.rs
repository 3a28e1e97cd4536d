//! What someone has tried who wanted a lost key, a leak, a hang or a wrong verdict, and got it once.

mod published;
mod rotation;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::repository::root;
use crate::support::{Jwks, Run};

const AT: [&str; 2] = ["--at", "2026-11-01T00:30:00Z"];
const DAY_LATER: [&str; 2] = ["--at", "2026-11-02T00:30:00Z"];

fn data(name: &str) -> PathBuf {
    root().join("tests/cmd/data").join(name)
}

/// A copy of a data file in a folder of the test's own.
fn copied(folder: &Path, name: &str, from: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(data(from), &path).unwrap();
    path
}

fn written(folder: &Path, name: &str, content: &Value) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content.to_string()).unwrap();
    path
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn rotate(file: &Path, public: &Path) -> Run {
    Jwks::new("rotate")
        .arg(file)
        .arg("--public")
        .arg(public)
        .args(AT)
        .run()
}
