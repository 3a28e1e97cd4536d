//! The examples of every page run as they stand there, but that the issuer is a local server.

use std::fs;
use std::path::Path;

use super::fixtures::Workshop;
use super::{COMMANDS, page, part};

/// An example: what is said of it, and its lines.
struct Example {
    sentence: String,
    lines: Vec<String>,
}

impl Example {
    fn all_of(page: &str) -> Vec<Self> {
        let mut examples: Vec<Self> = Vec::new();
        let mut is_new = true;
        for line in part(page, "Examples:") {
            match (line.strip_prefix("    "), examples.last_mut()) {
                _ if line.is_empty() => is_new = true,
                (Some(command), Some(example)) => example.lines.push(command.to_owned()),
                (None, Some(example)) if !is_new => {
                    example.sentence = format!("{} {}", example.sentence, line.trim());
                }
                _ => {
                    is_new = false;
                    examples.push(Self {
                        sentence: line.trim().to_owned(),
                        lines: Vec::new(),
                    });
                }
            }
        }
        examples
    }

    /// The exit code that the sentence names; else success is meant.
    fn exit(&self) -> i32 {
        self.sentence
            .split_once("(exit code ")
            .and_then(|(_, rest)| rest.split_once(')'))
            .map_or(0, |(code, _)| code.parse().expect("an exit code"))
    }
}

/// Shells that are on no machine of ours, whose lines /bin/sh does not understand.
const OTHER_SHELLS: [&str; 2] = ["PowerShell:", "nushell:"];

/// Removes what an example makes anew.
fn make_room(line: &str, folder: &Path) {
    let words: Vec<&str> = line.split_whitespace().collect();
    for pair in words.windows(2) {
        let makes = pair[0] == "-o" || (pair[0] == "-p" && line.contains("jwks generate"));
        if makes {
            let _ = fs::remove_file(folder.join(pair[1]));
        }
    }
}

#[cfg(unix)]
#[test]
fn every_example_runs_and_ends_as_it_says() {
    const LEAST: usize = 3;
    let workshop = Workshop::new();
    for subject in COMMANDS.into_iter().chain([""]) {
        let examples = Example::all_of(&page(subject, 80));
        let count: usize = examples.iter().map(|example| example.lines.len()).sum();
        assert!(count >= LEAST, "{subject}: {count} examples");
        for example in examples {
            assert!(example.sentence.ends_with(':'), "{}", example.sentence);
            assert!(!example.lines.is_empty(), "{}", example.sentence);
            if OTHER_SHELLS.contains(&example.sentence.as_str()) {
                continue;
            }
            let place = workshop.copy();
            for line in &example.lines {
                make_room(line, place.path());
                let output = workshop.run(line, place.path());
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(example.exit()), "{line}\n{said}");
                assert!(!said.contains("not found"), "{line}\n{said}");
                if example.exit() == 0 {
                    assert!(!said.contains("error["), "{line}\n{said}");
                }
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn the_script_of_the_exit_codes_tells_them_apart() {
    let workshop = Workshop::new();
    let text = page("exit-codes", 80);
    let lines = part(&text, "In scripts:").into_iter();
    let script: Vec<&str> = lines.filter_map(|line| line.strip_prefix("    ")).collect();
    let script = script.join("\n");
    let place = workshop.copy();
    let said = |script: &str| workshop.run(script, place.path()).stdout;
    assert_eq!(said(&script), b"good\n");
    let other = script.replace("--jwks jwks.json", "--jwks old.json");
    assert_eq!(said(&other), b"bad: refuse it\n");
    let gone = script.replace("--jwks jwks.json", "--jwks gone.json");
    assert_eq!(said(&gone), b"our own fault: call someone\n");
}

#[cfg(unix)]
#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let workshop = Workshop::new();
    let place = workshop.copy();
    for line in [
        "jwks help verify",
        "jwks verify --help",
        "jwks help",
        "jwks help formats",
    ] {
        let output = workshop.run(&format!("{line} | head -n 1"), place.path());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
        assert_eq!(
            output.stdout.iter().filter(|&&byte| byte == b'\n').count(),
            1
        );
    }
}
