//! Directories, and several sources at once.

use std::fs;

use crate::fixtures::{BAD_CODES, BAD_SET, GOOD_SET, codes, inspect, inspect_json, report};
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
        assert_eq!(run.exit, Some(0), "{run:?}");
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
