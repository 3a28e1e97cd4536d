//! Where a set goes: whole or one key, to standard output or to a file.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::fixtures::{fetch, private_key, private_member, public_key, public_set};
use crate::support::scratch;
use crate::support::server::{Answer, Server};

fn serves(body: String) -> Server {
    Server::http(move |_| Answer::body(body.clone()))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn facts_go_to_standard_error() {
    let server = Server::http(|_| {
        Answer::body(public_set())
            .header("Content-Type", "application/jwk-set+json")
            .header("Cache-Control", "max-age=300")
            .header("ETag", "\"v1\"")
    });
    let run = fetch(server.url("/jwks.json")).run();
    assert_eq!(run.succeeds().text(), public_set());
    for fact in [
        "200",
        "application/jwk-set+json",
        "max-age=300",
        "\"v1\"",
        "1 key",
    ] {
        assert!(run.stderr.contains(fact), "no {fact} in: {}", run.stderr);
    }
}

#[test]
fn one_key_is_printed_by_its_kid() {
    let mut other = public_key();
    other["kid"] = json!("two");
    let server = serves(json!({"keys": [other, public_key()]}).to_string());
    let url = server.url("/jwks.json");
    let run = fetch(&url).args(["--kid", "one"]).run();
    let key: Value = serde_json::from_str(run.succeeds().text()).unwrap();
    assert_eq!(key, public_key());
    assert!(run.text().ends_with("}\n"));
    for kid in ["ONE", "on", "three", ""] {
        fetch(&url)
            .args(["--kid", kid])
            .run()
            .fails(1, "unknown-kid");
    }
}

#[test]
fn a_kid_that_several_keys_share_names_none() {
    let server = serves(json!({"keys": [public_key(), public_key()]}).to_string());
    let run = fetch(server.url("/jwks.json")).args(["--kid", "one"]).run();
    run.fails(1, "ambiguous-kid");
}

#[test]
fn the_set_goes_to_a_file_instead_of_standard_output() {
    let server = serves(public_set());
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    let run = fetch(server.url("/jwks.json")).arg("-o").arg(&file).run();
    assert_eq!(run.succeeds().text(), "");
    assert_eq!(fs::read_to_string(&file).unwrap(), public_set());
    assert_eq!(names(folder.path()), ["jwks.json"]);
}

#[cfg(unix)]
#[test]
fn a_public_set_is_a_file_for_everyone() {
    use crate::support::place::mode;
    let server = serves(public_set());
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    let plain = folder.path().join("plain");
    fs::write(&plain, "").unwrap();
    let run = fetch(server.url("/jwks.json")).arg("-o").arg(&file).run();
    run.succeeds();
    assert_eq!(mode(&file), mode(&plain));
}

#[test]
fn a_file_that_exists_is_replaced_only_when_asked() {
    let server = serves(public_set());
    let url = server.url("/jwks.json");
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    fs::write(&file, "precious").unwrap();
    fetch(&url)
        .arg("-o")
        .arg(&file)
        .run()
        .fails(3, "file-exists");
    assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
    fetch(&url)
        .arg("--force")
        .arg("-o")
        .arg(&file)
        .run()
        .succeeds();
    assert_eq!(fs::read_to_string(&file).unwrap(), public_set());
    assert_eq!(names(folder.path()), ["jwks.json"]);
}

#[test]
fn a_fetch_that_fails_leaves_the_file_alone() {
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    for answer in [Answer::status(503), Answer::body("[1]")] {
        let server = Server::http(move |_| answer.clone());
        fs::write(&file, "precious").unwrap();
        let run = fetch(server.url("/jwks.json"))
            .arg("--force")
            .arg("-o")
            .arg(&file)
            .run();
        assert_ne!(run.exit, Some(0));
        assert_eq!(fs::read_to_string(&file).unwrap(), "precious");
        assert_eq!(names(folder.path()), ["jwks.json"]);
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_and_what_it_points_to_is_replaced() {
    let server = serves(public_set());
    let folder = scratch();
    let (file, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink("real", &link).unwrap();
    let run = fetch(server.url("/jwks.json"))
        .arg("--force")
        .arg("-o")
        .arg(&link)
        .run();
    run.succeeds();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap(), public_set());
}

#[test]
fn a_place_where_nothing_can_be_written_is_told() {
    let server = serves(public_set());
    let folder = scratch();
    let missing = folder.path().join("missing").join("jwks.json");
    for (path, code) in [
        (folder.path(), "is-a-directory"),
        (&missing, "file-unwritable"),
    ] {
        let run = fetch(server.url("/jwks.json"))
            .arg("--force")
            .arg("-o")
            .arg(path)
            .run();
        run.fails(3, code);
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_normalized_set_does_not_depend_on_the_order_of_its_server() {
    let mut other = public_key();
    other["kid"] = json!("a");
    let key = public_key();
    let (x, n) = (&key["x"], "1.50");
    let one = format!(r#"{{"z":{n},"keys":[{key},{other}]}}"#, key = public_key());
    let two = format!(
        r#"{{"keys":[{other}, {{"x":{x},"use":"sig","kty":"OKP","kid":"one","crv":"Ed25519","alg":"EdDSA"}}],"z":{n}}}"#
    );
    let normalized = |body: String| {
        let server = serves(body);
        let run = fetch(server.url("/jwks.json")).arg("--normalize").run();
        run.succeeds().text().to_owned()
    };
    let text = normalized(one);
    assert_eq!(text, normalized(two));
    assert!(text.contains("1.50"), "{text}");
    let set: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(set["keys"], json!([other, public_key()]));
}

#[test]
fn a_normalized_set_keeps_no_secrets() {
    let server = serves(json!({"keys": [private_key()]}).to_string());
    let run = fetch(server.url("/jwks.json")).arg("--normalize").run();
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(!run.text().contains(&private_member()), "{}", run.text());
}

#[test]
fn the_difference_to_another_set_is_printed_in_the_place_of_the_set() {
    let mut old = public_key();
    old["alg"] = json!("Ed25519");
    let server = serves(public_set());
    let run = |before: Value, options: &[&str]| {
        fetch(server.url("/jwks.json"))
            .args(["--diff", "-"])
            .args(options)
            .stdin(before.to_string())
            .run()
    };
    let same = run(json!({"keys": [public_key()]}), &[]);
    assert_eq!(same.succeeds().text(), "");
    let changed = run(json!({"keys": [old]}), &[]);
    assert_eq!(changed.exit, Some(1), "{}", changed.stderr);
    assert!(
        changed.text().starts_with("~ key \"one\""),
        "{}",
        changed.text()
    );
    let report = run(json!({"keys": []}), &["--format", "json"]);
    assert_eq!(report.exit, Some(1), "{}", report.stderr);
    let report: Value = serde_json::from_str(report.text()).unwrap();
    assert_eq!(report["schema"], "jwks.diff/1");
    assert_eq!(report["changes"][0]["change"], "added");
}

#[test]
fn the_set_goes_to_its_file_beside_the_difference() {
    let server = serves(public_set());
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    let run = fetch(server.url("/jwks.json"))
        .args(["--diff", "-", "-o"])
        .arg(&file)
        .stdin("{\"keys\":[]}")
        .run();
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.text().starts_with("+ "), "{}", run.text());
    assert_eq!(fs::read_to_string(&file).unwrap(), public_set());
}

#[test]
fn one_file_takes_one_set() {
    let server = serves(public_set());
    let run = fetch(server.url("/a"))
        .arg(server.url("/b"))
        .args(["-o", "jwks.json"])
        .run();
    run.fails(2, "usage");
    let run = fetch(server.url("/a"))
        .arg(server.url("/b"))
        .args(["--diff", "-"])
        .run();
    run.fails(2, "usage");
    assert_eq!(server.connections(), 0);
}

/// A value for which the colon was forgotten is a secret all the same.
#[test]
fn what_is_no_header_is_refused_and_not_repeated() {
    let server = Server::http(|_| Answer::body(public_set()));
    for header in ["Authorization Bearer hunter2", ": hunter2", "hunter2"] {
        let run = fetch(server.url("/jwks.json"))
            .args(["--header", header])
            .run();
        run.fails(2, "usage");
        assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    }
}

#[test]
fn very_many_members_are_normalized_in_no_time() {
    let mut key = public_key();
    for number in 0..100_000 {
        key[format!("member {number}")] = number.into();
    }
    let body = json!({"keys": [key]}).to_string();
    let server = Server::http(move |_| Answer::body(body.clone()));
    let run = fetch(server.url("/jwks.json")).arg("--normalize").run();
    assert!(run.succeeds().text().contains("member 99999"));
}
