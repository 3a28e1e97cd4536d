//! The pages of topics: that they are complete.

use std::fs;
use std::path::PathBuf;

use jwks_cli::cli::TOPICS;
use jwks_cli::core::alg::ALGORITHMS;

use super::{page, part};
use crate::support::repository::root;

/// The files under a folder, at any depth.
fn files(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn topics_are_listed_and_fit_the_terminal() {
    let listed = page("", 80);
    for topic in &TOPICS {
        let line = format!("  {:<11}  {}", topic.name, topic.about);
        assert!(part(&listed, "Topics:").contains(&line.as_str()), "{line}");
        for columns in [60, 80] {
            let text = page(topic.name, columns);
            assert!(text.is_ascii(), "{}", topic.name);
            for line in text.lines() {
                assert!(line.len() <= columns, "{}: {line}", topic.name);
                assert_eq!(line, line.trim_end());
            }
        }
    }
}

#[test]
fn the_environment_is_told_as_it_is_looked_at() {
    let told = page("environment", 80);
    let mut count = 0;
    for path in files(root().join("src/edge")) {
        let source = fs::read_to_string(&path).expect("a source file");
        let of_tests = path.ends_with("tests.rs");
        for literal in source.split('"').skip(1).step_by(2) {
            let is_name = literal.len() >= 4
                && literal
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter == '_');
            // Of the build, and what the kernel calls a lock.
            let is_other = literal.starts_with("CARGO_") || literal == "FLOCK";
            if is_name && !of_tests && !is_other {
                count += 1;
                assert!(told.contains(literal), "{literal} in {}", path.display());
            }
        }
    }
    assert!(count >= 10, "only {count} variables are read");
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let codes = part(&page("exit-codes", 80), "Exit codes:").join("\n");
    for code in [0, 1, 2, 3, 4, 130] {
        let start = format!("  {code:<3}  ");
        assert!(codes.lines().any(|line| line.starts_with(&start)), "{code}");
    }
}

#[test]
fn every_report_is_named_with_its_schema() {
    let told = page("formats", 80);
    let is_schema = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    for path in files(root().join("schemas")).into_iter().filter(is_schema) {
        let schema = fs::read_to_string(&path).expect("a schema");
        let schema: serde_json::Value = serde_json::from_str(&schema).expect("JSON");
        // A schema of several records names itself in its parts.
        let stem = path.file_stem().expect("a name").to_string_lossy();
        let own = &schema["properties"]["schema"]["const"];
        let name = match own.as_str() {
            Some(own) => own.to_owned(),
            None => format!("jwks.{stem}/1"),
        };
        assert!(told.contains(&name), "{name}");
    }
}

#[test]
fn every_algorithm_is_named() {
    let told = page("algorithms", 80);
    for row in ALGORITHMS {
        assert!(
            told.split_whitespace().any(|word| word == row.name),
            "{}",
            row.name
        );
    }
}
