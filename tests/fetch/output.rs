//! Where the sets go: one or several, whole or one key, to standard output or to a file.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fixtures::{fetch, public_key, public_set};
use crate::support::server::{Answer, Server};
use crate::support::{Jwks, scratch};

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
fn several_sets_are_fetched_and_printed_in_order() {
    let server = Server::http(|request| {
        Answer::body(format!("{{\"keys\":[],\"at\":\"{}\"}}", request.target))
    });
    let run = Jwks::new("fetch")
        .args([server.url("/b"), server.url("/a"), server.url("/b")])
        .run();
    assert_eq!(
        run.succeeds().text(),
        "{\"keys\":[],\"at\":\"/b\"}\n{\"keys\":[],\"at\":\"/a\"}\n{\"keys\":[],\"at\":\"/b\"}\n"
    );
    assert_eq!(server.targets(), ["/b", "/a", "/b"]);
}

#[test]
fn the_first_of_several_that_fails_ends_the_run() {
    let server = Server::http(|request| match request.target.as_str() {
        "/bad" => Answer::body("[1]"),
        _ => Answer::body(public_set()),
    });
    let run = Jwks::new("fetch")
        .args([server.url("/a"), server.url("/bad"), server.url("/b")])
        .run();
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert!(run.has_code("not-a-jwks"), "{}", run.stderr);
    assert_eq!(run.text(), public_set());
    assert_eq!(server.targets(), ["/a", "/bad"]);
}

#[test]
fn each_of_several_has_the_whole_time_limit() {
    let server = Server::http(|_| {
        sleep(Duration::from_millis(350));
        Answer::body(public_set())
    });
    let run = Jwks::new("fetch")
        .args([server.url("/a"), server.url("/b"), server.url("/c")])
        .args(["--timeout", "900ms"])
        .run();
    run.succeeds();
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
    use std::os::unix::fs::PermissionsExt;
    let server = serves(public_set());
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    let plain = folder.path().join("plain");
    fs::write(&plain, "").unwrap();
    let run = fetch(server.url("/jwks.json")).arg("-o").arg(&file).run();
    run.succeeds();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
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
fn one_file_takes_one_set() {
    let server = serves(public_set());
    let run = fetch(server.url("/a"))
        .arg(server.url("/b"))
        .args(["-o", "jwks.json"])
        .run();
    run.fails(2, "usage");
    assert_eq!(server.connections(), 0);
}
