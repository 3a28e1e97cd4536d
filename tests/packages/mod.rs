//! What packages, releases and pipelines say in more than one place is the same everywhere. That they work is
//! for tests/packages/run, which has the tools for it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::support::repository::root;

/// Files that hold scripts for the runners of GitHub Actions.
const ACTIONS: [&str; 3] = [
    "action.yml",
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
];

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("a file of the checkout")
}

fn table(path: &str) -> Table {
    text(path).parse().expect("TOML")
}

fn package() -> Table {
    table("Cargo.toml")["package"]
        .as_table()
        .expect("a table")
        .clone()
}

/// What follows `start`, up to white space, at each place where it stands.
fn after(text: &str, start: &str) -> Vec<String> {
    let words = text.split(start).skip(1);
    words
        .map(|rest| rest.split_whitespace().next().unwrap_or("").to_owned())
        .collect()
}

/// The targets that the release workflow builds.
fn built() -> BTreeSet<String> {
    let targets = after(&text(".github/workflows/release.yml"), "- target: ");
    assert!(targets.len() >= 5, "only {targets:?}");
    targets.into_iter().collect()
}

/// Files and folders of the checkout that an asset takes: one path, or all of a folder that end alike.
fn sources(pattern: &str) -> BTreeSet<PathBuf> {
    let pattern = pattern.replace("target/packaging/man/*.1.gz", "man/*.1");
    let Some((folder, end)) = pattern.split_once('*') else {
        return BTreeSet::from([PathBuf::from(pattern)]);
    };
    let entries = fs::read_dir(root().join(folder)).expect("a folder of the checkout");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(end))
        .map(|name| Path::new(folder).join(name))
        .collect()
}

/// All that the assets of a package take of the checkout.
fn packed(format: &str) -> BTreeSet<PathBuf> {
    let package = package();
    let assets = package["metadata"][format]["assets"]
        .as_array()
        .expect("assets");
    assets
        .iter()
        .map(|asset| asset.get(0).or_else(|| asset.get("source")))
        .flat_map(|source| sources(source.and_then(Value::as_str).expect("a source")))
        .collect()
}

#[test]
fn both_packages_hold_the_same_and_all_that_a_system_has_a_place_for() {
    let packed_for_debian = packed("deb");
    assert_eq!(packed_for_debian, packed("generate-rpm"));
    let mut expected = sources("man/*.1");
    expected.extend(sources("docs/*.md"));
    expected.extend(
        [
            "README.md",
            "CHANGELOG.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "target/packaging/THIRD-PARTY-LICENSES",
            "target/release/jwks",
            "completions/_jwks",
            "completions/jwks.bash",
            "completions/jwks.fish",
        ]
        .map(PathBuf::from),
    );
    assert_eq!(packed_for_debian, expected);
}

#[test]
fn what_is_built_is_what_others_look_for() {
    let built = built();
    let deny = table("deny.toml");
    let looked_at = deny["graph"]["targets"].as_array().expect("targets");
    let looked_at: BTreeSet<String> = looked_at
        .iter()
        .map(|target| target.as_str().expect("a target").to_owned())
        .collect();
    assert_eq!(built, looked_at, "deny.toml");
    let installed: BTreeSet<String> = after(&text("action.yml"), " target=").into_iter().collect();
    assert_eq!(built, installed, "action.yml");
}

#[test]
fn binstall_knows_no_owner_and_takes_zip_for_windows_alone() {
    let package = package();
    let binstall = package["metadata"]["binstall"].as_table().expect("a table");
    let url = binstall["pkg-url"].as_str().expect("a template");
    assert!(url.starts_with("{ repo }/"), "{url}");
    assert_eq!(binstall["pkg-fmt"].as_str(), Some("tgz"));
    let overrides = binstall["overrides"].as_table().expect("a table");
    let windows: BTreeSet<String> = built()
        .into_iter()
        .filter(|target| target.contains("-windows-"))
        .collect();
    assert_eq!(windows, overrides.keys().cloned().collect());
    for (target, differs) in overrides {
        assert_eq!(differs["pkg-fmt"].as_str(), Some("zip"), "{target}");
    }
}

/// Lines of a YAML file that are part of a script: what stands after `run:`, and below it indented further.
fn scripts(text: &str) -> Vec<&str> {
    let mut inside = None;
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        if inside.is_some_and(|depth| indent > depth) {
            lines.push(line);
            continue;
        }
        let key = line.trim_start().trim_start_matches("- ");
        inside = key.starts_with("run:").then_some(line.len() - key.len());
        if inside.is_some() {
            lines.push(line);
        }
    }
    lines
}

#[test]
fn no_script_holds_an_expression() {
    for path in ACTIONS {
        let text = text(path);
        let scripts = scripts(&text);
        assert!(!scripts.is_empty(), "{path}");
        for line in scripts {
            assert!(!line.contains("${{"), "{path}: {line}");
        }
    }
    let evil = "steps:\n  - run: |\n      echo\n\n      ${{ inputs.x }}\n    env:\n      X: ${{ inputs.x }}\n";
    assert_eq!(
        scripts(evil),
        ["  - run: |", "      echo", "      ${{ inputs.x }}"]
    );
}

#[test]
fn releases_and_tests_have_the_same_cargo_deny() {
    let of_releases = after(&text(".github/workflows/release.yml"), "cargo-deny@");
    let of_tests = after(&text("tests/packages/requirements.txt"), "cargo-deny==");
    assert_eq!(of_releases, of_tests);
    assert_eq!(of_tests.len(), 1);
}

#[test]
fn the_copyright_file_has_the_licence_that_the_checkout_has() {
    let of_packages = text("packaging/copyright").replace("\n .\n", "\n\n");
    let of_packages: Vec<&str> = of_packages.lines().map(str::trim).collect();
    for line in text("LICENSE-MIT").lines().skip(4) {
        assert!(of_packages.contains(&line.trim()), "{line}");
    }
    let holder = text("LICENSE-MIT");
    let holder = holder
        .lines()
        .find_map(|line| line.strip_prefix("Copyright (c) "))
        .expect("a holder");
    assert!(
        of_packages.contains(&format!("Copyright: {holder}").as_str()),
        "{holder}"
    );
}
