//! Completions and man pages are what the command line says. After a change of it run
//! `JWKS_UPDATE=1 cargo test --test main generated::` and commit what that writes.

mod manual;
mod page;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use jwks_cli::cli::{Cli, CompletionShell, TOPICS};
use jwks_cli::commands::completions::script;
use jwks_cli::core::lint::rules;
use roff::{Roff, bold, roman};

use crate::support::repository::root;

#[test]
fn completions_are_those_of_the_command_line() {
    let files = [
        ("jwks.bash", CompletionShell::Bash),
        ("_jwks", CompletionShell::Zsh),
        ("jwks.fish", CompletionShell::Fish),
        ("_jwks.ps1", CompletionShell::PowerShell),
        ("jwks.elv", CompletionShell::Elvish),
        ("jwks.nu", CompletionShell::Nushell),
    ];
    let expected = files
        .into_iter()
        .map(|(name, shell)| (name.to_owned(), script(shell).into_bytes()))
        .collect();
    require_folder("completions", &expected);
}

#[test]
fn man_pages_are_those_of_the_command_line() {
    let mut pages = manual::pages(Cli::command());
    let inspect = pages
        .get_mut("jwks-inspect.1")
        .expect("the page of inspect");
    inspect.extend(rules_section().to_roff().into_bytes());
    let program = pages.get_mut("jwks.1").expect("the page of the program");
    for topic in TOPICS {
        program.extend(manual::topic(&topic));
    }
    manual::finish(&mut pages);
    require_folder("man", &pages);
}

/// The table of the lint rules, for the page of `inspect`.
fn rules_section() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["RULES"]);
    for rule in rules() {
        let head = format!(" ({}, {})", rule.severity.name(), rule.scope.description());
        section.control("TP", []);
        section.text([bold(rule.id), roman(head)]);
        section.text([roman(format!(
            "{}. Why: {}. Fix: {}. Source: {}.",
            rule.title, rule.reason, rule.fix, rule.source
        ))]);
    }
    section
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry of the folder"))
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).expect("a file"))
        })
        .collect()
}

fn require_folder(name: &str, expected: &BTreeMap<String, Vec<u8>>) {
    let folder = root().join(name);
    if std::env::var_os("JWKS_UPDATE").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("the folder can be made");
        for (file, content) in expected {
            fs::write(folder.join(file), content).expect("a file can be written");
        }
    }
    let found = contents(&folder);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected), "the files of {name}/");
    for (file, content) in expected {
        assert!(
            found[file] == *content,
            "{name}/{file} is not what the command line says: JWKS_UPDATE=1 writes it anew"
        );
    }
}
