//! The binary driven from outside: each file in tests/cmd is one call, with everything that it
//! prints and leaves behind.
//!
//! Fields: `comment`, `args`, `stdin`, `copy` (file names from tests/cmd/data), `files` (name and
//! content), `env`, `status`, `stdout`, `stderr`, `after` (file names and what they hold
//! afterwards) and `absent` (names that must not exist afterwards). Outputs are compared to the
//! byte; a field of another name is an error.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

use crate::support::repository::{cases, root};

/// Fewer cases than this mean that some were lost.
const LEAST_CASES: usize = 30;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    comment: String,
    args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    copy: Vec<String>,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    status: i32,
    #[serde(default)]
    stdout: String,
    #[serde(default)]
    stderr: String,
    #[serde(default)]
    after: BTreeMap<String, String>,
    #[serde(default)]
    absent: Vec<String>,
}

#[test]
fn every_call_prints_and_leaves_what_its_file_says() {
    let paths = cases("tests/cmd");
    let data = root().join("tests/cmd/data");
    assert!(paths.len() >= LEAST_CASES, "only {} cases", paths.len());
    let mut report = String::new();
    for path in &paths {
        let text = fs::read_to_string(path).expect("a case can be read");
        let case: Case = match toml::from_str(&text) {
            Ok(case) => case,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        let problems = problems(&case, &data);
        if !problems.is_empty() {
            writeln!(
                report,
                "\n{} ({})\n{problems}",
                path.display(),
                case.comment
            )
            .expect("a string takes everything");
        }
    }
    assert!(report.is_empty(), "{report}");
}

fn problems(case: &Case, data: &Path) -> String {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let place = scratch.path();
    for name in &case.copy {
        fs::copy(data.join(name), place.join(name)).expect("a data file can be copied");
    }
    for (name, content) in &case.files {
        fs::write(place.join(name), content).expect("a file can be written");
    }
    let output = run(case, place);
    let mut problems = String::new();
    compare(&mut problems, "stdout", &case.stdout, &output.stdout);
    compare(&mut problems, "stderr", &case.stderr, &output.stderr);
    if output.status.code() != Some(case.status) {
        problems += &format!("status {:?}, not {}\n", output.status.code(), case.status);
    }
    for (name, content) in &case.after {
        match fs::read(place.join(name)) {
            Ok(found) => compare(&mut problems, name, content, &found),
            Err(error) => problems += &format!("{name}: {error}\n"),
        }
    }
    for name in &case.absent {
        if place.join(name).exists() {
            problems += &format!("{name} exists\n");
        }
    }
    problems
}

fn run(case: &Case, place: &Path) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jwks"))
        .args(&case.args)
        .current_dir(place)
        .env_clear()
        .envs(&case.env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A call that does not read its input closes the pipe, which is its right.
    let _ = stdin.write_all(case.stdin.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the binary ends")
}

fn compare(problems: &mut String, what: &str, expected: &str, found: &[u8]) {
    let found = String::from_utf8_lossy(found);
    if expected != found {
        *problems += &format!("--- {what} expected\n{expected}\n--- {what} found\n{found}\n");
    }
}
