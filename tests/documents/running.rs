//! The shell blocks of a document run in their order in one folder. Those that start with cargo are
//! left to the continuous integration, which runs them on a machine of its own; those in bash need jq,
//! and run where it is.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::document::{Block, Document, documents, require_none};
use super::fixtures::prepare;
use super::output::alike;
use crate::support::repository::root;

#[test]
fn the_shell_blocks_of_the_documents_run_and_print_what_is_shown() {
    let mut complaints = Vec::new();
    for document in documents() {
        let place = Place::new(&document.name);
        let blocks = document.blocks();
        let mut shown_anew = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            if !runs(block) {
                continue;
            }
            let said = place.run(&document.name, block);
            let shown = blocks
                .get(number + 1)
                .filter(|next| shows(&document, block, next));
            match shown {
                Some(shown) if !alike(&shown.content, &said) => shown_anew.push((shown, said)),
                _ => {}
            }
        }
        complaints.extend(settle(&document, &shown_anew));
    }
    require_none(&complaints);
}

/// True of a block that is run.
fn runs(block: &Block) -> bool {
    match block.language.as_str() {
        "sh" => !block.content.starts_with("cargo "),
        "bash" => block.content.starts_with("jq ") && has_jq(),
        _ => false,
    }
}

fn has_jq() -> bool {
    let mut jq = Command::new("jq");
    let silent = jq
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

/// True of a block of text that nothing but empty lines separates from the one before it.
fn shows(document: &Document, block: &Block, next: &Block) -> bool {
    let between = next.lines.start - block.lines.end;
    let mut lines = document.text.lines().skip(block.lines.end).take(between);
    next.language == "text" && lines.all(|line| line.trim().is_empty())
}

/// Complains of outputs that are not as shown, or writes them into the document when that is asked for.
fn settle(document: &Document, shown_anew: &[(&Block, String)]) -> Vec<String> {
    if env::var_os("JWKS_UPDATE").is_none() {
        let complaints = shown_anew.iter().map(|(shown, said)| {
            let line = shown.lines.start + 1;
            format!(
                "{}:{line}: the output is not as shown (JWKS_UPDATE=1 writes it anew)\n--- shown\n{}--- said\n{said}",
                document.name, shown.content
            )
        });
        return complaints.collect();
    }
    let mut lines: Vec<String> = document.text.lines().map(str::to_owned).collect();
    for (shown, said) in shown_anew.iter().rev() {
        let inner = shown.lines.start + 1..shown.lines.end - 1;
        let indentation = " ".repeat(shown.indentation);
        let said = said
            .lines()
            .map(|line| format!("{indentation}{line}").trim_end().to_owned());
        lines.splice(inner, said);
    }
    let text = lines.join("\n") + "\n";
    fs::write(root().join(&document.name), text).expect("the document is written");
    Vec::new()
}

/// A folder for the blocks of one document, and a home.
struct Place {
    work: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Place {
    fn new(document: &str) -> Self {
        let folder = || tempfile::tempdir().expect("a scratch folder");
        let (work, home) = (folder(), folder());
        prepare(document, work.path());
        Self { work, home }
    }

    /// What the block prints, on both streams.
    fn run(&self, document: &str, block: &Block) -> String {
        let output = Command::new("/bin/sh")
            .args(["-euc", "exec 2>&1; eval \"$1\"", "sh", &block.content])
            .current_dir(self.work.path())
            .env_clear()
            .env("PATH", path())
            .env("HOME", self.home.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output()
            .expect("a shell");
        let said = String::from_utf8(output.stdout).expect("output in UTF-8");
        let line = block.lines.start + 1;
        assert!(
            output.status.success(),
            "{document}:{line}: {}\n{said}",
            block.content
        );
        let has_failed = said.lines().any(|line| line.starts_with("error"));
        assert!(!has_failed, "{document}:{line}: {}\n{said}", block.content);
        said
    }
}

/// The folder of the binary, then those of the system.
fn path() -> OsString {
    let binary = Path::new(env!("CARGO_BIN_EXE_jwks"));
    let own = binary
        .parent()
        .expect("the folder of the binary")
        .to_owned();
    let system = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(own).chain(env::split_paths(&system));
    env::join_paths(folders).expect("folders that can be joined")
}
