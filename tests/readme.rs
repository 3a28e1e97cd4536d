//! The shell blocks of README.md run as they stand there. Those that start with cargo are left to
//! the continuous integration, which runs them on a machine of its own.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "tests drive the binary from outside"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Fewer blocks than this mean that the reading of the README went wrong.
const LEAST_BLOCKS: usize = 3;

#[test]
fn every_shell_block_of_the_readme_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let blocks: Vec<&str> = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .filter(|block| !block.starts_with("cargo "))
        .collect();
    assert!(blocks.len() >= LEAST_BLOCKS, "only {} blocks", blocks.len());
    let scratch = tempfile::tempdir().expect("a scratch folder");
    fs::create_dir(scratch.path().join("examples")).expect("a folder for the examples");
    for name in ["jwks.json", "token.jwt", "tokens.txt"] {
        let example = Path::new("examples").join(name);
        fs::copy(root.join(&example), scratch.path().join(&example)).expect("an example");
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_jwks"));
    let programs = binary.parent().expect("the folder of the binary");
    for block in blocks {
        let output = Command::new("/bin/sh")
            .args(["-euc", block])
            .current_dir(scratch.path())
            .env_clear()
            .env("PATH", programs)
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{block}\n{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("error"), "{block}\n{said}");
    }
}
