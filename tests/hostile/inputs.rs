//! Files that are not there, are no files, or cannot be read.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::support::Run;
use crate::support::place::Place;

/// Every command that reads a file, on `path`.
fn readers(place: &Place, path: &Path) -> Vec<(&'static str, Run)> {
    let (key, token) = (place.path("key.json"), place.path("token"));
    let sign = |option: &str| Place::jwks("sign").arg(option).arg(path);
    let verify = Place::jwks("verify");
    let keyed = || Place::jwks("verify").arg("--jwks").arg(&key);
    vec![
        ("inspect", Place::jwks("inspect").arg(path).run()),
        ("rotate", Place::jwks("rotate").arg(path).run()),
        ("sign --jwks", sign("--jwks").run()),
        (
            "sign --claims",
            sign("--claims").arg("--jwks").arg(&key).run(),
        ),
        (
            "verify --jwks",
            verify.arg(&token).arg("--jwks").arg(path).run(),
        ),
        ("verify TOKEN", keyed().arg(path).run()),
        (
            "verify --detached",
            keyed().arg(&token).arg("--detached").arg(path).run(),
        ),
    ]
}

#[track_caller]
fn all_fail(place: &Place, path: &Path, code: &str) {
    for (name, run) in readers(place, path) {
        assert_eq!(run.exit, Some(3), "{name}: {}", run.stderr);
        assert!(run.has_code(code), "{name}: {}", run.stderr);
        assert_eq!(run.text(), "", "{name}");
    }
}

#[test]
fn a_missing_file_is_told() {
    let place = Place::with_key();
    all_fail(&place, &place.path("missing"), "file-not-found");
    all_fail(&place, &place.path("no/such/folder"), "file-not-found");
    let dangling = place.path("dangling");
    symlink(place.path("missing"), &dangling).expect("a link");
    all_fail(&place, &dangling, "file-not-found");
}

#[test]
fn a_directory_is_told() {
    let place = Place::with_key();
    for path in [place.path(""), PathBuf::from("/etc")] {
        // Which is a source like any other for `inspect`.
        for (name, run) in readers(&place, &path) {
            if name != "inspect" {
                run.fails(3, "is-a-directory");
            }
        }
    }
}

#[test]
fn a_path_through_a_file_a_loop_of_links_and_an_endless_name_are_told() {
    let place = Place::with_key();
    all_fail(&place, &place.path("key.json/x"), "file-unreadable");
    let around = place.path("loop");
    symlink(&around, &around).expect("a link");
    all_fail(&place, &around, "file-unreadable");
    all_fail(&place, &place.path("n".repeat(300)), "file-unreadable");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_fails_while_it_is_read_is_told() {
    let place = Place::with_key();
    all_fail(&place, Path::new("/proc/self/mem"), "file-unreadable");
}

#[test]
fn a_file_that_others_own_is_told() {
    let place = Place::with_key();
    let path = place.write("locked", "{}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("the mode is set");
    if fs::read(&path).is_ok() {
        return; // Root reads everything.
    }
    all_fail(&place, &path, "file-unreadable");
}

#[test]
fn an_empty_file_is_told_whatever_it_is_read_for() {
    let place = Place::with_key();
    let empty = PathBuf::from("/dev/null");
    let codes = [
        // What is to be replaced is looked at before it is opened.
        ("rotate", 3, "not-a-regular-file"),
        ("sign --jwks", 3, "document-empty"),
        ("sign --claims", 3, "claims-malformed"),
        ("verify --jwks", 3, "document-empty"),
        ("verify TOKEN", 1, "token-empty"),
    ];
    let runs = readers(&place, &empty);
    for (name, exit, code) in codes {
        let (_, run) = runs
            .iter()
            .find(|(own, _)| *own == name)
            .expect("a run of that name");
        run.fails(exit, code);
    }
    // For `inspect` that is a finding, and so its result.
    let (_, inspected) = &runs[0];
    assert_eq!(inspected.exit, Some(3));
    assert!(inspected.text().contains("error[not-a-jwks]: "));
}

#[test]
fn in_json_a_failure_to_read_has_its_code_too() {
    let place = Place::with_key();
    for command in ["inspect", "rotate"] {
        let run = Place::jwks(command)
            .args(["--format", "json"])
            .arg(place.path("missing"))
            .run();
        assert_eq!(run.exit, Some(3), "{command}");
        let report: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
        assert_eq!(report["schema"], "jwks.error/1", "{command}");
        assert_eq!(report["code"], "file-not-found", "{command}");
    }
}
