//! What the documents name is there: files, headings, tests, codes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::document::{Document, documents, require_none};
use crate::support::repository::root;

/// Names in the form of a code that others have given: programs, packages, words of HTTP, inputs of an action.
const NAMES_OF_OTHERS: [&str; 6] = [
    "fail-on",
    "fast-jwt",
    "jwt-cli",
    "libssl-dev",
    "pkg-config",
    "stale-if-error",
];

/// Endings of files of the repository.
const ENDINGS: [&str; 5] = [".rs", ".md", ".toml", ".py", ".dict"];

#[test]
fn every_link_leads_somewhere() {
    let documents = documents();
    let links = documents.iter().flat_map(|document| {
        links(document)
            .into_iter()
            .map(move |target| (document, target))
    });
    let dead = links.filter(|(document, target)| !leads_somewhere(&documents, document, target));
    let complaints = dead.map(|(document, target)| format!("{}: {target}", document.name));
    require_none(&complaints.collect::<Vec<_>>());
}

/// The targets of links that lead to files.
fn links(document: &Document) -> Vec<String> {
    let prose = document.prose();
    let targets = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let is_elsewhere = |target: &&str| target.starts_with("https://");
    targets
        .filter(|target| !is_elsewhere(target))
        .map(str::to_owned)
        .collect()
}

/// True of a file that is there, and of a heading in one of the documents.
fn leads_somewhere(documents: &[Document], document: &Document, target: &str) -> bool {
    let (file, anchor) = match target.split_once('#') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (target, None),
    };
    let path = resolved(document, file);
    let has_heading = |anchor: &str| {
        let mut others = documents
            .iter()
            .filter(|other| Path::new(&other.name) == path);
        others.any(|other| other.anchors().iter().any(|heading| heading == anchor))
    };
    root().join(&path).exists() && anchor.is_none_or(has_heading)
}

/// The path from the root of what a document calls so.
fn resolved(document: &Document, file: &str) -> PathBuf {
    let own = Path::new(&document.name);
    if file.is_empty() {
        return own.to_owned();
    }
    let mut path = own.parent().expect("the folder of a document").to_owned();
    for component in Path::new(file).components() {
        match component {
            Component::ParentDir => assert!(path.pop(), "{}: {file} leads outside", document.name),
            other => path.push(other),
        }
    }
    path
}

#[test]
fn every_path_in_backticks_exists() {
    let is_there = |code: &str| {
        let path = code.split_whitespace().next().unwrap_or_default();
        !is_path(path) || root().join(path.trim_end_matches('/')).exists()
    };
    require_none(&complaints(is_there));
}

/// What stands in backticks and does not pass, with its document.
fn complaints(passes: impl Fn(&str) -> bool) -> Vec<String> {
    let mut complaints = BTreeSet::new();
    for document in documents() {
        let failed = document
            .inline_code()
            .into_iter()
            .filter(|code| !passes(code));
        complaints.extend(failed.map(|code| format!("{}: {code}", document.name)));
    }
    complaints.into_iter().collect()
}

/// True of a path from the root of the repository, and of what looks like a file of it.
fn is_path(code: &str) -> bool {
    let Some((first, _)) = code.split_once('/') else {
        return false;
    };
    let is_of_the_root = !first.is_empty() && root().join(first).is_dir();
    let is_outside =
        code.contains("://") || code.starts_with(['/', '~', '$', '@']) || first == ".git";
    let is_file = ENDINGS.iter().any(|ending| code.ends_with(ending));
    !is_outside && (is_of_the_root || is_file)
}

#[test]
fn every_test_that_is_named_exists_where_it_is_said_to_be() {
    let mut complaints = Vec::new();
    for document in documents() {
        for paragraph in document.paragraphs() {
            let mut place = "tests".to_owned();
            for code in paragraph {
                if is_path(&code) {
                    place = code;
                } else if is_test(&code) && !texts(&place).iter().any(|text| has_test(text, &code))
                {
                    complaints.push(format!("{}: {place}: {code}", document.name));
                }
            }
        }
    }
    require_none(&complaints);
}

fn is_test(code: &str) -> bool {
    let is_spelled = code
        .bytes()
        .all(|byte| byte == b'_' || byte.is_ascii_lowercase());
    is_spelled && code.matches('_').count() > 2
}

fn has_test(text: &str, name: &str) -> bool {
    text.contains(&format!("fn {name}()"))
}

#[test]
fn every_code_and_rule_that_is_named_exists() {
    let sources = texts("src");
    let is_there = |code: &str| {
        let quoted = format!("\"{code}\"");
        !is_code(code) || sources.iter().any(|text| text.contains(&quoted))
    };
    require_none(&complaints(is_there));
}

fn is_code(code: &str) -> bool {
    let is_spelled = |byte: u8| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word = code.starts_with(|first: char| first.is_ascii_lowercase());
    is_word
        && code.contains('-')
        && code.bytes().all(is_spelled)
        && !NAMES_OF_OTHERS.contains(&code)
}

/// The Rust files at a path from the root.
fn texts(path: &str) -> Vec<String> {
    let entries = walkdir::WalkDir::new(root().join(path)).into_iter();
    let paths = entries.map(|entry| entry.expect("a file of the repository").into_path());
    let sources = paths.filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    sources
        .map(|path| fs::read_to_string(path).expect("a source"))
        .collect()
}
