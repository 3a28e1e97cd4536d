//! Directories, and several sources at once.

use std::fs;

use super::fixtures::{BAD_CODES, BAD_SET, GOOD_SET, codes, inspect, inspect_json, report};
use crate::support::scratch;

fn names(report: &serde_json::Value) -> Vec<String> {
    let sources = report["sources"].as_array().expect("sources");
    sources
        .iter()
        .map(|source| source["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn what_is_meant_for_keys_is_taken_from_a_directory_in_the_order_of_names() {
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    fs::create_dir_all(path("nested/.hidden")).expect("folders");
    fs::write(path("b.json"), GOOD_SET).expect("a file");
    fs::write(path("a.jwks"), BAD_SET).expect("a file");
    fs::write(path("nested/c"), GOOD_SET).expect("a file");
    fs::write(path("nested/.hidden/d.json"), BAD_SET).expect("a file");
    fs::write(path(".e.json"), BAD_SET).expect("a file");
    fs::write(path("package.json"), r#"{"name":"x"}"#).expect("a file");
    fs::write(path("notes.txt"), "nothing to see").expect("a file");
    fs::write(path("empty"), "").expect("a file");
    let run = inspect_json().arg(place.path()).run();
    assert_eq!(run.exit, Some(0), "{run:?}");
    let report = report(&run);
    let expected: Vec<String> = ["a.jwks", "b.json", "nested/c"]
        .iter()
        .map(|name| path(name).to_string_lossy().into_owned())
        .collect();
    assert_eq!(names(&report), expected);
    assert_eq!(codes(&report), BAD_CODES);
    assert!(run.stderr.contains("3 of 6 files"), "{}", run.stderr);
}

#[test]
fn a_broken_set_in_a_directory_is_not_passed_over() {
    let place = scratch();
    fs::write(place.path().join("jwks.json"), "{\"keys\": [").expect("a file");
    fs::write(place.path().join("other.json"), "{\"keys\": {}}").expect("a file");
    let run = inspect_json()
        .arg(place.path())
        .args(["--fail-on", "error"])
        .run();
    assert_eq!(run.exit, Some(1), "{run:?}");
    assert_eq!(codes(&report(&run)), ["not-a-jwks", "keys-not-array"]);
}

#[test]
fn a_file_that_is_named_as_a_key_set_is_not_passed_over_whatever_is_in_it() {
    let set = format!("\u{feff}{GOOD_SET}");
    let wide: Vec<u8> = GOOD_SET.bytes().flat_map(|byte| [byte, 0]).collect();
    for (name, text) in [
        ("jwks.json", &b""[..]),
        ("jwks.json", b"<!doctype html><title>404</title>"),
        ("sa-JWKS.json", b"[1, 2]"),
        ("x.jwk", b"{}"),
        ("x.jwks", set.as_bytes()),
        ("jwks.json", &wide),
        ("jwks.json", b"// mine\n{\"keys\": []}"),
        ("jwks-prod.json", b""),
        ("jwks", b"<!doctype html>"),
    ] {
        let place = scratch();
        let path = |name: &str| place.path().join(name);
        fs::write(path("good.json"), GOOD_SET).expect("a file");
        fs::write(path(name), text).expect("a file");
        let arguments = ["--published", "--fail-on", "error"];
        let alone = inspect().arg(path(name)).args(arguments).run();
        let run = inspect().arg(place.path()).args(arguments).run();
        assert_ne!(alone.exit, Some(0), "{name} {text:?} {alone:?}");
        assert_eq!(run.exit, alone.exit, "{name} {text:?} {run:?}");
    }
}

#[test]
fn what_a_server_has_at_well_known_paths_is_looked_at() {
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    fs::create_dir(path(".well-known")).expect("a folder");
    fs::write(path("good.json"), GOOD_SET).expect("a file");
    fs::write(path(".well-known/jwks.json"), BAD_SET).expect("a file");
    let run = inspect_json().arg(place.path()).run();
    assert_eq!(codes(&report(&run)), BAD_CODES);
}

#[cfg(unix)]
#[test]
fn links_to_files_are_followed_and_links_to_directories_are_not() {
    use std::os::unix::fs::symlink;
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    fs::create_dir(path("sets")).expect("a folder");
    fs::write(path("outside"), GOOD_SET).expect("a file");
    symlink(path("outside"), path("sets/link")).expect("a link");
    symlink(path("sets"), path("sets/circle")).expect("a link");
    symlink(path("nowhere"), path("sets/dangling")).expect("a link");
    symlink(path("sets"), path("alias")).expect("a link");
    for start in ["sets", "alias"] {
        let run = inspect_json().arg(path(start)).run();
        // The dangling one could have been a key set.
        assert_eq!(run.exit, Some(3), "{run:?}");
        assert_eq!(names(&report(&run)).len(), 1);
    }
}

#[test]
fn a_directory_without_keys_says_so() {
    let place = scratch();
    fs::write(place.path().join("readme.txt"), "hello").expect("a file");
    let run = inspect().arg(place.path()).run();
    run.fails(3, "no-keys-found");
}

#[test]
fn ordinary_files_that_start_like_json_are_passed_over() {
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    fs::write(path("README.md"), "[![Build](x)](y)\n# Keys").expect("a file");
    fs::write(path("Cargo.toml"), "[package]\nname = \"x\"\n").expect("a file");
    fs::write(path("tsconfig.json"), "{\n  // strict\n  \"a\": 1\n}").expect("a file");
    fs::write(path("logo.bin"), vec![7; 5 << 20]).expect("a file");
    fs::write(path("set.json"), GOOD_SET).expect("a file");
    let run = inspect_json()
        .arg(place.path())
        .args(["--published", "--fail-on", "info"])
        .run();
    run.succeeds();
    assert_eq!(names(&report(&run)).len(), 1);
    assert!(run.stderr.contains("4 of 5 files"), "{}", run.stderr);
}

#[test]
fn a_key_set_that_is_too_long_is_not_passed_over() {
    let place = scratch();
    let long = format!("{}{}", GOOD_SET, " ".repeat(5 << 20));
    fs::write(place.path().join("set.json"), long).expect("a file");
    let run = inspect().arg(place.path()).run();
    run.fails(3, "input-too-large");
}

#[test]
fn private_keys_in_any_form_are_found_where_all_is_published() {
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    let private = r#"{"kty":"oct","k":"mgH-MzPEfRCIW-IJ10F0LsDn4CKyVbX_AAECAwQFBgc"}"#;
    fs::write(path("jwks.json"), GOOD_SET).expect("a file");
    fs::write(path("backup.json"), format!("{{\"current\":{private}}}")).expect("a file");
    let pem = "-----BEGIN EC PRIVATE KEY-----\nMA==\n-----END EC PRIVATE KEY-----\n";
    fs::write(path("key.pem"), pem).expect("a file");
    fs::write(path("marked.json"), format!("\u{feff}{private}")).expect("a file");
    fs::write(path("main.go"), format!("var key = `{private}`")).expect("a file");
    let published = ["--published", "--fail-on", "error"];
    let run = inspect_json().arg(place.path()).args(published).run();
    assert_eq!(run.exit, Some(1), "{run:?}");
    let codes = codes(&report(&run));
    let exposed = codes.iter().filter(|code| *code == "private-member");
    assert_eq!(exposed.count(), 4, "{codes:?}");
    // In a directory of its owner they are at home.
    inspect().arg(place.path()).run().succeeds();
}

#[cfg(unix)]
#[test]
fn what_cannot_be_looked_into_is_told_and_hides_nothing() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    let deep = "d/".repeat(70);
    fs::create_dir_all(path(&deep)).expect("folders");
    fs::write(path(&deep).join("set.json"), BAD_SET).expect("a file");
    fs::write(path("set.json"), GOOD_SET).expect("a file");
    symlink(path("nowhere"), path("dangling.json")).expect("a link");
    symlink(path("d"), path("link")).expect("a link");
    let locked = path("s\u{1b}[31m\nerror[fake]: x");
    fs::create_dir(&locked).expect("a folder");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).expect("the mode is set");
    let run = inspect_json().arg(place.path()).run();
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(
        run.has_code("directory-too-deep") && run.has_code("file-not-found"),
        "{run:?}"
    );
    assert!(
        run.stderr.contains("links to directories"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
    assert!(
        !run.stderr
            .lines()
            .any(|line| line.starts_with("error[fake]")),
        "{}",
        run.stderr
    );
    let report = report(&run);
    assert_eq!(names(&report).len(), 1);
    assert!(
        report["errors"]
            .as_array()
            .is_some_and(|errors| errors.len() >= 2)
    );
}

#[test]
fn several_sources_are_reported_in_the_order_given() {
    let place = scratch();
    let path = |name: &str| place.path().join(name);
    fs::write(path("one"), BAD_SET).expect("a file");
    fs::write(path("two"), GOOD_SET).expect("a file");
    let run = inspect_json()
        .arg(path("two"))
        .arg("-")
        .arg(path("one"))
        .stdin(GOOD_SET)
        .run();
    let names = names(&report(&run));
    assert!(names[0].ends_with("two") && names[1] == "standard input" && names[2].ends_with("one"));
}
