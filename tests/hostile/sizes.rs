//! Input that is too long: it is refused, and the reading stops at the limit.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::place::{AT, Place};
use crate::support::{Jwks, Run};

const MEBIBYTE: usize = 1 << 20;

fn verify(place: &Place, token: impl AsRef<std::ffi::OsStr>) -> Jwks {
    Place::jwks("verify")
        .arg(token)
        .arg("--jwks")
        .arg(place.path("key.json"))
}

/// Every command that reads keys, on the keys in `source`.
fn readers(place: &Place, source: &Path) -> Vec<Run> {
    let with = |command: &str| Place::jwks(command).arg(source).run();
    let verify = Place::jwks("verify").arg(place.path("token"));
    vec![
        with("inspect"),
        with("rotate"),
        verify.arg("--jwks").arg(source).run(),
        Place::jwks("sign").arg("--jwks").arg(source).run(),
    ]
}

#[test]
fn a_token_of_ten_megabytes_is_rejected_from_a_file_and_from_standard_input() {
    let place = Place::with_key();
    let plain = "a".repeat(10 * MEBIBYTE);
    let payload = format!("eyJhbGciOiJFUzI1NiJ9.{plain}.AA");
    for token in [plain, payload] {
        let file = place.write("long", &token);
        verify(&place, &file).run().fails(1, "token-too-large");
        verify(&place, "-")
            .stdin(token)
            .run()
            .fails(1, "token-too-large");
        Place::jwks("inspect")
            .arg(&file)
            .run()
            .fails(3, "input-too-large");
    }
}

#[test]
fn a_token_between_the_two_limits_is_too_large_for_inspect_too() {
    let place = Place::new();
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{}.AA", "A".repeat(2 * MEBIBYTE));
    let file = place.write("long", token);
    Place::jwks("inspect")
        .arg(file)
        .run()
        .fails(3, "token-too-large");
}

#[test]
fn a_file_of_a_hundred_megabytes_is_too_large_for_every_command() {
    let place = Place::with_key();
    let path = place.path("large");
    let file = File::create(&path).expect("a file");
    file.set_len(100 * MEBIBYTE as u64)
        .expect("a file with a hole");
    for run in readers(&place, &path) {
        run.fails(3, "input-too-large");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_end_is_too_large_for_every_command() {
    let place = Place::with_key();
    let zero = PathBuf::from("/dev/zero");
    for (run, code) in readers(&place, &zero).into_iter().zip([
        "input-too-large",
        // What is to be replaced is looked at before it is opened.
        "not-a-regular-file",
        "input-too-large",
        "input-too-large",
    ]) {
        run.fails(3, code);
    }
    verify(&place, &zero).run().fails(1, "token-too-large");
    Place::jwks("sign")
        .arg("--jwks")
        .arg(place.path("key.json"))
        .arg("--claims")
        .arg(&zero)
        .run()
        .fails(3, "input-too-large");
}

#[test]
fn reading_standard_input_stops_at_the_limit() {
    let place = Place::with_key();
    let token = place.path("token");
    let calls: [Vec<&str>; 3] = [
        vec!["inspect", "-"],
        vec!["verify", token.to_str().expect("UTF-8"), "--jwks", "-"],
        vec!["sign", "--jwks", "-"],
    ];
    for call in calls {
        let (taken, exit, stderr) = flood(&call);
        assert_eq!(exit, Some(3), "{stderr}");
        assert!(stderr.starts_with("error[input-too-large]: "), "{stderr}");
        assert!(taken < 8 * MEBIBYTE, "{call:?} took {taken} bytes");
    }
}

/// Pours up to 100 MB into standard input: how many were taken, and how it ended.
fn flood(call: &[&str]) -> (usize, Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jwks"))
        .args(call)
        .args(["--at", AT])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let chunk = vec![b' '; 1 << 16];
    let mut taken = 0;
    while taken < 100 * MEBIBYTE && stdin.write_all(&chunk).is_ok() {
        taken += chunk.len();
    }
    drop(stdin);
    let output = child.wait_with_output().expect("the binary ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    (taken, output.status.code(), stderr)
}

#[test]
fn limits_hold_to_the_byte_and_may_be_anything() {
    let place = Place::with_key();
    let token = place.path("token");
    let length = place.read("token").trim_end().len();
    let keys = place.read("key.json").len();
    let greatest = u64::MAX.to_string();
    let run = |option: &str, limit: &str| verify(&place, &token).args([option, limit]).run();
    run("--token-limit", &greatest).succeeds();
    run("--set-limit", &greatest).succeeds();
    run("--token-limit", &length.to_string()).succeeds();
    run("--set-limit", &keys.to_string()).succeeds();
    run("--token-limit", &(length - 1).to_string()).fails(1, "token-too-large");
    run("--token-limit", "0").fails(1, "token-too-large");
    run("--set-limit", &(keys - 1).to_string()).fails(3, "input-too-large");
    run("--set-limit", "0").fails(3, "input-too-large");
    for limit in ["-1", "18446744073709551616", "1e3", ""] {
        assert_eq!(run("--token-limit", limit).exit, Some(2), "{limit:?}");
    }
}
