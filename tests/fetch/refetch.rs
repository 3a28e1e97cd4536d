//! A token whose key the cached set lacks: the issuer may have added it since.

use std::path::PathBuf;
use std::{fs, iter, thread};

use serde_json::{Value, json};
use tempfile::TempDir;

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

/// A token of a key that no set has.
fn unknown_token() -> String {
    token(&json!({"kid": "nobody"}), &json!({}))
}

/// A server of a set, and the cache of those who ask it.
struct Source {
    server: Server,
    cache: TempDir,
}

impl Source {
    /// Nobody has asked it yet.
    fn new(answers: impl Into<Vec<Answer>>) -> Self {
        let answers: Vec<Answer> = answers.into();
        Self {
            server: Server::http(in_turn(answers)),
            cache: scratch(),
        }
    }

    /// The first answer is in the cache.
    fn fetched(answers: impl Into<Vec<Answer>>) -> Self {
        let source = Self::new(answers);
        let call = fetch(source.url()).cache(source.cache.path());
        call.run().succeeds();
        source
    }

    /// The first answer, which is in the cache, lacks the key that signs; the second has it.
    fn rotated() -> Self {
        Self::fetched([kept(old_set()), kept(public_set())])
    }

    /// The set in the cache is all that there is.
    fn unchanged() -> Self {
        Self::fetched([kept(public_set())])
    }

    fn url(&self) -> String {
        self.server.url("/jwks.json")
    }

    /// How often it was asked.
    fn requests(&self) -> usize {
        self.server.targets().len()
    }

    fn verify(&self, token: &str, options: &[&str]) -> Run {
        let call = verify(token).args(["--jwks", &self.url()]).args(options);
        call.cache(self.cache.path()).run()
    }

    /// The verdict on a token of the key that signs.
    fn verified(&self) -> Run {
        self.verify(&token_from("x"), &[])
    }

    /// The verdict on a token of a key that no set has.
    fn unknown(&self) -> Run {
        self.verify(&unknown_token(), &[])
    }

    /// `verify --batch` of these tokens, one a line.
    fn batch(&self, options: &[&str], tokens: &[String]) -> Run {
        Jwks::new("verify")
            .args(["--batch", "--retries", "0", "--jwks", &self.url()])
            .args(options)
            .stdin(tokens.join("\n"))
            .cache(self.cache.path())
            .run()
    }

    /// The claims of processes to be the one that asks.
    fn claims(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.cache.path()).into_iter().flatten();
        let paths = entries.flatten().map(|entry| entry.path());
        paths
            .filter(|path| path.extension().is_some_and(|own| own == "claim"))
            .collect()
    }
}

#[track_caller]
fn says(run: &Run, text: &str) {
    assert!(run.stderr.contains(text), "{}", run.stderr);
}

#[test]
fn a_key_that_the_cached_set_lacks_is_fetched() {
    let source = Source::rotated();
    let run = source.verified();
    says(run.succeeds(), "asking their server again");
    assert_eq!(source.requests(), 2);
    // And from then on it is in the cache.
    source.verified().succeeds();
    assert_eq!(source.requests(), 2);
}

#[test]
fn tokens_with_unknown_keys_cause_one_request_in_half_a_minute() {
    let source = Source::unchanged();
    for _ in 0..4 {
        source.unknown().fails(1, "unknown-kid");
    }
    assert_eq!(source.requests(), 2);
}

#[test]
fn processes_side_by_side_ask_once_together() {
    let source = Source::unchanged();
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| source.unknown().fails(1, "unknown-kid").took);
        }
    });
    assert_eq!(source.requests(), 2);
}

#[test]
fn a_set_that_has_just_been_fetched_is_not_fetched_again() {
    let source = Source::new([kept(public_set())]);
    source.unknown().fails(1, "unknown-kid");
    assert_eq!(source.requests(), 1);
    let run = source.verify(&unknown_token(), &["--no-cache"]);
    run.fails(1, "unknown-kid");
    assert_eq!(source.requests(), 2);
}

#[test]
fn offline_no_key_is_fetched() {
    let source = Source::rotated();
    let run = source.verify(&token_from("x"), &["--offline"]);
    run.fails(1, "unknown-kid");
    assert_eq!(source.requests(), 1);
}

/// Nobody knows then whether the token is bad.
#[test]
fn a_server_that_cannot_be_asked_again_leaves_the_question_open() {
    let source = Source::fetched([kept(old_set()), Answer::status(503)]);
    source.verified().fails(4, "http-server-fault");
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
    let pairs = iter::repeat_n([token_from("x"), unknown_token()], 100);
    let tokens: Vec<String> = pairs.flatten().collect();
    let batch = |jobs: &str| {
        let source = Source::rotated();
        let run = source.batch(&["--jobs", jobs], &tokens);
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        assert_eq!(source.requests(), 2);
        says(&run, "asking their server again");
        run.text().to_owned()
    };
    let records = batch("1");
    assert_eq!(records, batch("7"));
    for (number, line) in records.lines().enumerate() {
        let record: Value = serde_json::from_str(line).expect("a record");
        assert_eq!(record["valid"], number % 2 == 0, "{record}");
    }
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
    let source = Source::fetched([kept(old_set()), Answer::status(503)]);
    let tokens = [token_from("x"), "bad".to_owned(), token_from("x")];
    let run = source.batch(&[], &tokens);
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    let codes = codes(&run);
    assert_eq!(codes[0].as_deref(), Some("keys-unavailable"));
    assert_eq!(codes[1].as_deref(), Some("token-parts"));
    assert_eq!(codes[2].as_deref(), Some("keys-unavailable"));
    assert!(run.text().contains("unknown-kid"), "{}", run.text());
    says(&run, "could not be fetched again");
    assert_eq!(source.requests(), 2);
}

/// Whatever the tokens are is not what was found out.
#[test]
fn success_whatever_the_tokens_are_is_none_without_keys() {
    let source = Source::fetched([kept(old_set()), Answer::status(503)]);
    let summary = source.cache.path().join("summary.json");
    let summary = summary.to_str().expect("a path in UTF-8");
    let run = source.batch(&["--exit-zero", "--summary", summary], &[token_from("x")]);
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    says(&run, "error[keys-unavailable]");
    let merged = Jwks::new("verify")
        .args(["--exit-zero", "--merge-summaries", summary])
        .run();
    assert_eq!(merged.exit, Some(1), "{}", merged.stderr);
}

#[test]
fn a_batch_judges_by_no_key_that_it_has_seen_gone() {
    let mut other = public_key();
    other["kid"] = json!("two");
    let newer = json!({"keys": [other]}).to_string();
    let source = Source::fetched([kept(public_set()), kept(newer)]);
    let old = token_from("x");
    let new = token(&json!({"kid": "two"}), &json!({}));
    let run = source.batch(&[], &[old.clone(), new.clone(), old, new]);
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    let unknown = Some("unknown-kid".to_owned());
    assert_eq!(codes(&run), [None, None, unknown, None]);
    assert_eq!(source.requests(), 2);
}

/// Nobody has checked the token: that is not for others to call it bad.
#[test]
fn whoever_comes_too_soon_after_a_fault_cannot_tell_either() {
    let answers = [kept(old_set()), Answer::status(503), kept(public_set())];
    let source = Source::fetched(answers);
    source.verified().fails(4, "http-server-fault");
    source.verified().fails(4, "keys-unavailable");
    assert_eq!(source.requests(), 2);
}

#[test]
fn processes_side_by_side_have_the_newer_keys_of_the_one_that_asks() {
    let source = Source::rotated();
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                source.verified().succeeds();
            });
        }
    });
    assert_eq!(source.requests(), 2);
}

#[test]
fn bad_tokens_cause_no_requests_where_processes_cannot_take_turns() {
    let source = Source::unchanged();
    source.unknown().fails(1, "unknown-kid");
    for claim in source.claims() {
        fs::remove_file(&claim).expect("a claim");
        fs::create_dir_all(claim.join("in the way")).expect("a directory");
    }
    for _ in 0..3 {
        source.unknown().fails(4, "keys-unavailable");
    }
    assert_eq!(source.requests(), 2);
}

#[test]
fn without_the_cache_nothing_is_claimed() {
    let source = Source::new([kept(public_set())]);
    let run = source.verify(&unknown_token(), &["--no-cache"]);
    run.fails(1, "unknown-kid");
    assert!(source.claims().is_empty());
}
