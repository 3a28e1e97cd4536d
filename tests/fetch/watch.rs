//! `--watch`: an event for what happens, and nothing for what does not.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::fixtures::{fetch, private_key, private_member, public_key, public_set};
use crate::support::repository::validator;
use crate::support::scratch;
use crate::support::server::{Answer, Server, Step, in_turn};

/// How often the server is asked.
const OFTEN: &str = "40ms";
/// What lasts longer hangs.
const PATIENCE: Duration = Duration::from_secs(20);

fn set(keys: &[&Value]) -> Answer {
    Answer::body(json!({"keys": keys}).to_string())
}

fn named(kid: &str) -> Value {
    let mut key = public_key();
    key["kid"] = json!(kid);
    key
}

fn other_material(kid: &str) -> Value {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": x})
}

/// A run that watches, and its events as they come.
struct Watch {
    child: Child,
    events: Receiver<String>,
    errors: Receiver<String>,
    _home: TempDir,
}

impl Watch {
    fn of(urls: &[String], options: &[&str]) -> Self {
        let home = scratch();
        let mut child = Command::new(env!("CARGO_BIN_EXE_jwks"))
            .env_clear()
            .env("JWKS_CACHE_DIR", home.path().join("cache"))
            .arg("fetch")
            .args(urls)
            .args(["--watch", OFTEN, "--retries", "0", "--timeout", "5s"])
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let events = lines(child.stdout.take().expect("a pipe"));
        let errors = lines(child.stderr.take().expect("a pipe"));
        Self {
            child,
            events,
            errors,
            _home: home,
        }
    }

    /// The next event, which keeps to the schema.
    #[track_caller]
    fn event(&self) -> Value {
        let line = self.events.recv_timeout(PATIENCE).expect("an event");
        assert!(line.ends_with('\n'), "{line}");
        let event: Value = serde_json::from_str(&line).expect("JSON");
        let problems: Vec<String> = validator("fetch.event")
            .iter_errors(&event)
            .map(|error| error.to_string())
            .collect();
        assert!(problems.is_empty(), "{problems:?}\n{event:#}");
        event
    }

    /// The next event is this one, of the key `kid`.
    #[track_caller]
    fn tells(&self, event: &str, kid: &str) -> Value {
        let found = self.event();
        assert_eq!(
            (&found["event"], &found["kid"]),
            (&json!(event), &json!(kid))
        );
        found
    }

    /// Ctrl-C, and the end.
    #[track_caller]
    fn interrupted(mut self) -> (Vec<String>, Vec<String>) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.expect("kill runs").success());
        let status = self.ended();
        assert_eq!(status, Some(130));
        (self.events.iter().collect(), self.errors.iter().collect())
    }

    #[track_caller]
    fn ended(&mut self) -> Option<i32> {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it is waited for") {
                return status.code();
            }
            assert!(started.elapsed() < PATIENCE, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut line = String::new();
            match pipe.read_line(&mut line) {
                Ok(1..) if sender.send(line).is_ok() => {}
                _ => return,
            }
        }
    });
    receiver
}

#[test]
fn a_rotation_is_seen_step_by_step() {
    let (old, new) = (public_key(), other_material("two"));
    let mut dated = new.clone();
    dated["use"] = json!("sig");
    let server = Server::http(in_turn([
        set(&[&old]),
        set(&[&old]),
        set(&[&new, &old]),
        set(&[&old, &new]),
        set(&[&old, &dated]),
        set(&[&dated]),
    ]));
    let url = server.url("/jwks.json");
    let watch = Watch::of(std::slice::from_ref(&url), &[]);
    let first = watch.tells("appeared", "one");
    assert_eq!(
        (&first["initial"], &first["url"]),
        (&json!(true), &json!(url))
    );
    let second = watch.tells("appeared", "two");
    assert_eq!(second["initial"], Value::Null);
    let changed = watch.tells("changed", "two");
    assert_eq!(changed["members"], json!(["use"]));
    assert_eq!(changed["thumbprint"], second["thumbprint"]);
    let gone = watch.tells("gone", "one");
    assert_eq!(gone["thumbprint"], first["thumbprint"]);
    let (events, errors) = watch.interrupted();
    assert_eq!(events, [""; 0]);
    assert_eq!(errors, [""; 0]);
}

#[test]
fn another_key_under_the_same_kid_is_a_change() {
    let (old, new) = (public_key(), other_material("one"));
    let server = Server::http(in_turn([set(&[&old]), set(&[&new])]));
    let watch = Watch::of(&[server.url("/jwks.json")], &[]);
    let first = watch.tells("appeared", "one");
    let changed = watch.tells("changed", "one");
    assert_eq!(changed["previous_thumbprint"], first["thumbprint"]);
    assert_ne!(changed["thumbprint"], first["thumbprint"]);
    watch.interrupted();
}

#[test]
fn a_fault_is_told_once_and_so_is_its_end() {
    let server = Server::http(in_turn([
        set(&[&named("a")]),
        Answer::status(503),
        Answer::status(503),
        Answer::body("<html>"),
        Answer::script([Step::Cut]),
        set(&[&named("a"), &other_material("b")]),
    ]));
    let watch = Watch::of(&[server.url("/t?p=1")], &[]);
    watch.tells("appeared", "a");
    for code in ["http-server-fault", "document-html", "network-http"] {
        let fault = watch.event();
        assert_eq!(
            (&fault["event"], &fault["code"]),
            (&json!("fault"), &json!(code))
        );
    }
    let recovered = watch.event();
    assert_eq!(recovered["event"], "recovered");
    assert_eq!(recovered["failures"], 4);
    watch.tells("appeared", "b");
    watch.interrupted();
}

/// A copy that stands in for the server would hide what is watched for.
#[test]
fn a_server_that_allows_to_be_stood_in_for_is_still_seen_to_fail() {
    let server = Server::http(in_turn([
        set(&[&named("a")]).header("Cache-Control", "max-age=300, stale-if-error=300"),
        Answer::status(503),
    ]));
    let watch = Watch::of(&[server.url("/jwks.json")], &[]);
    watch.tells("appeared", "a");
    assert_eq!(watch.event()["event"], "fault");
    watch.interrupted();
}

#[test]
fn a_server_that_was_never_there_is_waited_for() {
    let server = Server::http(in_turn([Answer::status(500), set(&[&named("a")])]));
    let watch = Watch::of(&[server.url("/jwks.json")], &[]);
    assert_eq!(watch.event()["event"], "fault");
    assert_eq!(watch.event()["event"], "recovered");
    assert_eq!(watch.tells("appeared", "a")["initial"], true);
    watch.interrupted();
}

#[test]
fn a_server_is_asked_whether_anything_has_changed() {
    let server = Server::http(|request| match request.header("if-none-match") {
        Some(_) => Answer::status(304).header("ETag", "\"1\""),
        None => set(&[&named("a")]).header("ETag", "\"1\""),
    });
    let watch = Watch::of(&[server.url("/jwks.json")], &[]);
    watch.tells("appeared", "a");
    let started = Instant::now();
    while server.requests().len() < 3 && started.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(5));
    }
    assert!(server.requests()[1].header("if-none-match").is_some());
    let (events, _) = watch.interrupted();
    assert_eq!(events, [""; 0]);
}

#[test]
fn a_server_that_names_a_time_is_left_alone() {
    let server = Server::http(in_turn([
        set(&[&named("a")]),
        Answer::status(429).header("Retry-After", "3600"),
    ]));
    let watch = Watch::of(&[server.url("/jwks.json")], &[]);
    watch.tells("appeared", "a");
    assert_eq!(watch.event()["code"], "http-too-many-requests");
    // As long as several pauses would be.
    thread::sleep(Duration::from_millis(400));
    assert_eq!(server.targets().len(), 2);
    watch.interrupted();
}

#[test]
fn several_are_watched_each_for_itself() {
    let slow = Server::http(|_| Answer::script([Step::Stall]));
    let quick = Server::http(in_turn([
        set(&[&named("a")]),
        set(&[&named("a"), &other_material("b")]),
    ]));
    let watch = Watch::of(&[slow.url("/jwks.json"), quick.url("/jwks.json")], &[]);
    watch.tells("appeared", "a");
    watch.tells("appeared", "b");
    // Nobody waits for the slow one at the end either.
    let started = Instant::now();
    watch.interrupted();
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_secret_is_told_once_and_never_shown() {
    let server = Server::http(|_| set(&[&private_key()]));
    let watch = Watch::of(&[server.url("/jwks.json")], &[]);
    watch.tells("appeared", "one");
    let started = Instant::now();
    while server.requests().len() < 3 && started.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(5));
    }
    let (_, errors) = watch.interrupted();
    let errors = errors.concat();
    assert_eq!(
        errors.matches("error[private-key-in-public-set]").count(),
        1,
        "{errors}"
    );
    assert!(!errors.contains(&private_member()), "{errors}");
}

#[test]
fn it_ends_when_nobody_reads() {
    let count = AtomicUsize::new(0);
    ends_without_reader(&Server::http(move |_| {
        let kid = count.fetch_add(1, Ordering::SeqCst).to_string();
        set(&[&named(&kid)])
    }));
    // Also where nothing is written any more, by which it could be seen.
    ends_without_reader(&Server::http(|_| set(&[&named("one")])));
}

fn ends_without_reader(server: &Server) {
    let home = scratch();
    let mut child = Command::new(env!("CARGO_BIN_EXE_jwks"))
        .env_clear()
        .env("JWKS_CACHE_DIR", home.path())
        .args(["fetch", &server.url("/jwks.json"), "--watch", OFTEN])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut line).expect("a line");
    drop(reader);
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("it is waited for") {
            break status;
        }
        if started.elapsed() > PATIENCE {
            let _ = child.kill();
        }
        thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(0));
    let mut errors = String::new();
    let mut stderr = child.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut errors).expect("text");
    assert_eq!(errors, "");
}

#[test]
fn what_cannot_be_watched_is_wrong_usage() {
    let server = Server::http(|_| Answer::body(public_set()));
    let url = server.url("/jwks.json");
    fetch("https://issuer.example/")
        .args(["--watch", "999ms"])
        .run()
        .fails(2, "usage");
    fetch("ftp://127.0.0.1/")
        .args(["--watch", "1s"])
        .run()
        .fails(2, "usage");
    for options in [
        &["--offline"][..],
        &["-o", "x"],
        &["--kid", "x"],
        &["--diff", "-"],
    ] {
        let run = fetch(&url).args(["--watch", "1s"]).args(options).run();
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
    }
    assert_eq!(server.connections(), 0);
}
