//! Several sets at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Deserializer, Value, json};

use super::fixtures::{fetch, public_key, public_set};
use crate::support::Jwks;
use crate::support::server::{Answer, Server};
#[cfg(unix)]
use crate::support::terminal::Setting;

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

/// More than may wait for their turn.
#[test]
fn very_many_urls_come_in_their_order() {
    let server = Server::http(|request| {
        let kid = request.target.trim_start_matches('/').to_owned();
        let mut key = public_key();
        key["kid"] = kid.into();
        Answer::body(json!({"keys": [key]}).to_string())
    });
    let urls: Vec<String> = (0..120)
        .map(|number| server.url(&format!("/{number}")))
        .collect();
    let run = fetch(&urls[0]).args(&urls[1..]).run();
    let kids: Vec<String> = Deserializer::from_str(run.succeeds().text())
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
