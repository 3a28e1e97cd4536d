//! A token whose key the cached set lacks: the issuer may have added it since.

use std::path::Path;

use serde_json::{Value, json};

use crate::fixtures::{fetch, metadata, public_key, public_set, token, token_from, verify};
use crate::support::server::{Answer, Server, in_turn};
use crate::support::{Jwks, Run, scratch};

fn kept(body: String) -> Answer {
    Answer::body(body).header("Cache-Control", "max-age=300")
}

/// The set before the key that signs was in it.
fn old_set() -> String {
    let mut old = public_key();
    old["kid"] = json!("old");
    json!({"keys": [old]}).to_string()
}

/// A server that adds the key after the first answer.
fn rotating() -> Server {
    Server::http(in_turn([kept(old_set()), kept(public_set())]))
}

fn verified(server: &Server, cache: &Path) -> Run {
    let url = server.url("/jwks.json");
    let jwks = verify(&token_from("x")).args(["--jwks", &url]);
    jwks.cache(cache).run()
}

fn unknown(server: &Server, cache: &Path) -> Run {
    let url = server.url("/jwks.json");
    let jwks = verify(&token(&json!({"kid": "nobody"}), &json!({})));
    jwks.args(["--jwks", &url]).cache(cache).run()
}

#[test]
fn a_key_that_the_cached_set_lacks_is_fetched() {
    let server = rotating();
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    let run = verified(&server, folder.path());
    run.succeeds();
    assert!(
        run.stderr.contains("asking their server again"),
        "{}",
        run.stderr
    );
    assert_eq!(server.targets().len(), 2);
    // And from then on it is in the cache.
    verified(&server, folder.path()).succeeds();
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn tokens_with_unknown_keys_cause_one_request_in_half_a_minute() {
    let server = Server::http(|_| kept(public_set()));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    for _ in 0..4 {
        unknown(&server, folder.path()).fails(1, "unknown-kid");
    }
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn processes_side_by_side_ask_once_together() {
    let server = Server::http(|_| kept(public_set()));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| unknown(&server, folder.path()).fails(1, "unknown-kid").took);
        }
    });
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn a_set_that_has_just_been_fetched_is_not_fetched_again() {
    let server = Server::http(|_| kept(public_set()));
    let folder = scratch();
    unknown(&server, folder.path()).fails(1, "unknown-kid");
    assert_eq!(server.targets().len(), 1);
    let url = server.url("/jwks.json");
    let run = verify(&token(&json!({"kid": "nobody"}), &json!({})))
        .args(["--jwks", &url, "--no-cache"])
        .run();
    run.fails(1, "unknown-kid");
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn offline_no_key_is_fetched() {
    let server = rotating();
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    let run = verify(&token_from("x"))
        .args(["--jwks", &server.url("/jwks.json"), "--offline"])
        .cache(folder.path())
        .run();
    run.fails(1, "unknown-kid");
    assert_eq!(server.targets().len(), 1);
}

/// Nobody knows then whether the token is bad.
#[test]
fn a_server_that_cannot_be_asked_again_leaves_the_question_open() {
    let server = Server::http(in_turn([kept(old_set()), Answer::status(503)]));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    verified(&server, folder.path()).fails(4, "http-server-fault");
}

#[test]
fn an_issuer_is_asked_again_by_its_metadata() {
    let set = in_turn([kept(old_set()), kept(public_set())]);
    let server = Server::http(move |request| match request.target.as_str() {
        "/keys" => set(request),
        _ => {
            let origin = request.origin();
            kept(metadata(&origin, &format!("{origin}/keys")))
        }
    });
    let folder = scratch();
    let issuer = server.origin();
    fetch(&issuer).cache(folder.path()).run().succeeds();
    let verified = || {
        let jwks = verify(&token_from(&issuer)).args(["--issuer", &issuer]);
        jwks.cache(folder.path()).run()
    };
    verified().succeeds();
    assert_eq!(server.targets().len(), 4);
    verified().succeeds();
    assert_eq!(server.targets().len(), 4);
}

#[test]
fn a_batch_judges_every_such_token_by_the_newer_keys_whatever_the_threads() {
    let good = token_from("x");
    let bad = token(&json!({"kid": "nobody"}), &json!({}));
    let log = [&good, &bad, &good, &bad].map(|token| format!("{token}\n"));
    let log = log.concat().repeat(50);
    let batch = |jobs: &str| {
        let server = rotating();
        let folder = scratch();
        fetch(server.url("/jwks.json"))
            .cache(folder.path())
            .run()
            .succeeds();
        let run = Jwks::new("verify")
            .args([
                "--batch",
                "--jobs",
                jobs,
                "--jwks",
                &server.url("/jwks.json"),
            ])
            .stdin(log.clone())
            .cache(folder.path())
            .run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        assert_eq!(server.targets().len(), 2);
        assert!(
            run.stderr.contains("asking their server again"),
            "{}",
            run.stderr
        );
        run.text().to_owned()
    };
    let records = batch("1");
    assert_eq!(records, batch("7"));
    for (number, line) in records.lines().enumerate() {
        let record: Value = serde_json::from_str(line).expect("a record");
        assert_eq!(record["valid"], number % 2 == 0, "{record}");
    }
}

#[test]
fn a_batch_goes_on_when_the_server_cannot_be_asked_again() {
    let server = Server::http(in_turn([kept(old_set()), Answer::status(503)]));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    let run = Jwks::new("verify")
        .args([
            "--batch",
            "--retries",
            "0",
            "--jwks",
            &server.url("/jwks.json"),
        ])
        .stdin(format!("{}\n", token_from("x")))
        .cache(folder.path())
        .run();
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.text().contains("unknown-kid"), "{}", run.text());
    assert!(
        run.stderr.contains("could not be fetched again"),
        "{}",
        run.stderr
    );
    assert_eq!(server.targets().len(), 2);
}
