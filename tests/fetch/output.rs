//! Where the sets go: one or several, whole or one key, to standard output or to a file.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::fixtures::{fetch, private_key, private_member, public_key, public_set};
use crate::support::server::{Answer, Server};
#[cfg(unix)]
use crate::support::terminal::Setting;
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
    let mut targets = server.targets();
    targets.sort();
    // The second of the same may find the answer to the first in the cache.
    targets.dedup();
    assert_eq!(targets, ["/a", "/b"]);
}

#[test]
fn one_of_several_that_fails_is_told_and_the_others_are_printed() {
    let server = Server::http(|request| match request.target.as_str() {
        "/bad" => Answer::body("[1]"),
        "/gone" => Answer::status(403),
        _ => Answer::body(public_set()),
    });
    let urls = ["/a", "/bad", "/gone", "/b"].map(|path| server.url(path));
    let run = Jwks::new("fetch").args(urls).run();
    // The first that failed decides.
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    assert!(run.has_code("not-a-jwks"), "{}", run.stderr);
    assert!(run.has_code("http-forbidden"), "{}", run.stderr);
    assert_eq!(run.text(), public_set() + &public_set());
}

/// Each server waits until all have been asked, which they are only at the same time.
#[test]
fn several_are_asked_at_the_same_time() {
    const COUNT: usize = 8;
    let asked = Arc::new(AtomicUsize::new(0));
    let server = Server::http(move |request| {
        asked.fetch_add(1, Ordering::SeqCst);
        let started = Instant::now();
        while asked.load(Ordering::SeqCst) < COUNT {
            if started.elapsed() > Duration::from_secs(8) {
                return Answer::status(500);
            }
            sleep(Duration::from_millis(1));
        }
        Answer::body(format!("{{\"keys\":[],\"at\":\"{}\"}}", request.target))
    });
    let paths: Vec<String> = (0..COUNT).map(|number| format!("/{number}")).collect();
    let run = Jwks::new("fetch")
        .args(paths.iter().map(|path| server.url(path)))
        .args(["--retries", "0"])
        .run();
    let expected = paths
        .iter()
        .map(|path| format!("{{\"keys\":[],\"at\":\"{path}\"}}\n"));
    assert_eq!(run.succeeds().text(), expected.collect::<String>());
}

/// On a terminal; nothing is said where there is none.
#[cfg(unix)]
#[test]
fn several_that_take_their_time_show_how_far_they_are() {
    let server = Server::http(|request| {
        if request.target == "/slow" {
            sleep(Duration::from_millis(1200));
        }
        Answer::body(public_set())
    });
    let shown = |paths: [&str; 2]| {
        let [one, other] = paths.map(|path| server.url(path));
        let call = ["fetch", "--no-cache", &one, &other];
        Setting::new(call).pipe_output().run().finish()
    };
    shown(["/slow", "/quick"]).ends(0).shows("1 of 2 fetched");
    let run = fetch(server.url("/slow")).arg(server.url("/quick")).run();
    assert!(!run.succeeds().stderr.contains("fetched"), "{}", run.stderr);
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

/// More than may wait for their turn.
#[test]
fn very_many_urls_come_in_their_order() {
    let server = Server::http(|request| {
        let kid = request.target.trim_start_matches('/').to_owned();
        let mut key = public_key();
        key["kid"] = kid.into();
        Answer::body(serde_json::json!({"keys": [key]}).to_string())
    });
    let urls: Vec<String> = (0..120)
        .map(|number| server.url(&format!("/{number}")))
        .collect();
    let run = fetch(&urls[0]).args(&urls[1..]).run();
    let kids: Vec<String> = serde_json::Deserializer::from_str(run.succeeds().text())
        .into_iter::<Value>()
        .map(|set| {
            set.expect("JSON")["keys"][0]["kid"]
                .as_str()
                .expect("a kid")
                .to_owned()
        })
        .collect();
    let expected: Vec<String> = (0..120).map(|number| number.to_string()).collect();
    assert_eq!(kids, expected);
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
