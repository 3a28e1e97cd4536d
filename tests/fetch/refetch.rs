//! A token whose key the cached set lacks: the issuer may have added it since.

use std::path::Path;

use serde_json::{Value, json};

use super::fixtures::{fetch, metadata, public_key, public_set, token, token_from, verify};
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

/// `verify --batch` of these tokens, one a line.
fn batch(server: &Server, cache: &Path, tokens: &[String]) -> Run {
    let url = server.url("/jwks.json");
    Jwks::new("verify")
        .args(["--batch", "--retries", "0", "--jwks", &url])
        .stdin(tokens.join("\n"))
        .cache(cache)
        .run()
}

/// The first code of each record; none of a valid token.
fn codes(run: &Run) -> Vec<Option<String>> {
    let code = |line| {
        let record: Value = serde_json::from_str(line).expect("a record");
        record["code"].as_str().map(str::to_owned)
    };
    run.text().lines().map(code).collect()
}

#[test]
fn a_batch_does_not_judge_by_a_server_that_cannot_be_asked_again() {
    let server = Server::http(in_turn([kept(old_set()), Answer::status(503)]));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    let tokens = [token_from("x"), "bad".to_owned(), token_from("x")];
    let run = batch(&server, folder.path(), &tokens);
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    let codes = codes(&run);
    assert_eq!(codes[0].as_deref(), Some("keys-unavailable"));
    assert_eq!(codes[1].as_deref(), Some("token-parts"));
    assert_eq!(codes[2].as_deref(), Some("keys-unavailable"));
    assert!(run.text().contains("unknown-kid"), "{}", run.text());
    assert!(
        run.stderr.contains("could not be fetched again"),
        "{}",
        run.stderr
    );
    assert_eq!(server.targets().len(), 2);
}

/// Whatever the tokens are is not what was found out.
#[test]
fn success_whatever_the_tokens_are_is_none_without_keys() {
    let server = Server::http(in_turn([kept(old_set()), Answer::status(503)]));
    let folder = scratch();
    let url = server.url("/jwks.json");
    fetch(&url).cache(folder.path()).run().succeeds();
    let summary = folder.path().join("summary.json");
    let run = Jwks::new("verify")
        .args(["--batch", "--exit-zero", "--retries", "0", "--jwks", &url])
        .arg("--summary")
        .arg(&summary)
        .stdin(token_from("x"))
        .cache(folder.path())
        .run();
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    assert!(
        run.stderr.contains("error[keys-unavailable]"),
        "{}",
        run.stderr
    );
    let merged = Jwks::new("verify")
        .args(["--exit-zero", "--merge-summaries"])
        .arg(&summary)
        .run();
    assert_eq!(merged.exit, Some(1), "{}", merged.stderr);
}

#[test]
fn a_batch_judges_by_no_key_that_it_has_seen_gone() {
    let mut other = public_key();
    other["kid"] = json!("two");
    let newer = json!({"keys": [other]}).to_string();
    let server = Server::http(in_turn([kept(public_set()), kept(newer)]));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    let old = token_from("x");
    let new = token(&json!({"kid": "two"}), &json!({}));
    let run = batch(
        &server,
        folder.path(),
        &[old.clone(), new.clone(), old, new],
    );
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    let unknown = Some("unknown-kid".to_owned());
    assert_eq!(codes(&run), [None, None, unknown, None]);
    assert_eq!(server.targets().len(), 2);
}

/// Nobody has checked the token: that is not for others to call it bad.
#[test]
fn whoever_comes_too_soon_after_a_fault_cannot_tell_either() {
    let server = Server::http(in_turn([
        kept(old_set()),
        Answer::status(503),
        kept(public_set()),
    ]));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    verified(&server, folder.path()).fails(4, "http-server-fault");
    verified(&server, folder.path()).fails(4, "keys-unavailable");
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn processes_side_by_side_have_the_newer_keys_of_the_one_that_asks() {
    let server = rotating();
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                verified(&server, folder.path()).succeeds();
            });
        }
    });
    assert_eq!(server.targets().len(), 2);
}

/// The names of the files in a cache that end so.
fn files(cache: &Path, end: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(cache).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|own| own == end))
        .collect()
}

#[test]
fn bad_tokens_cause_no_requests_where_processes_cannot_take_turns() {
    let server = Server::http(|_| kept(public_set()));
    let folder = scratch();
    fetch(server.url("/jwks.json"))
        .cache(folder.path())
        .run()
        .succeeds();
    unknown(&server, folder.path()).fails(1, "unknown-kid");
    for claim in files(folder.path(), "claim") {
        std::fs::remove_file(&claim).expect("a claim");
        std::fs::create_dir_all(claim.join("in the way")).expect("a directory");
    }
    for _ in 0..3 {
        unknown(&server, folder.path()).fails(4, "keys-unavailable");
    }
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn without_the_cache_nothing_is_claimed() {
    let server = Server::http(|_| kept(public_set()));
    let folder = scratch();
    let url = server.url("/jwks.json");
    verify(&token(&json!({"kid": "nobody"}), &json!({})))
        .args(["--jwks", &url, "--no-cache"])
        .cache(folder.path())
        .run()
        .fails(1, "unknown-kid");
    assert!(files(folder.path(), "claim").is_empty());
}
