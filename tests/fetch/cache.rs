//! The cache: when an answer of it is used, when the server is asked, and what is said of that.

use std::path::Path;

use super::fixtures::{fetch, metadata, public_set, token_from, verify};
use crate::support::server::{Answer, Server, in_turn};
use crate::support::{Jwks, Run, scratch};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

pub(crate) fn set() -> Answer {
    Answer::body(public_set())
}

pub(crate) fn controlled(control: &str) -> Answer {
    set().header("Cache-Control", control)
}

/// `jwks fetch` of the set of `server`, with the cache in `folder`.
pub(crate) fn fetched(server: &Server, folder: &Path) -> Jwks {
    fetch(server.url("/jwks.json")).cache(folder)
}

/// `jwks verify` by the set of `server`, with the cache in `folder`.
pub(crate) fn verified(server: &Server, folder: &Path) -> Jwks {
    let jwks = verify(&token_from("x")).cache(folder);
    jwks.args(["--jwks", &server.url("/jwks.json")])
}

/// Two runs in a row find the answers, the second asks so often as is said.
#[track_caller]
fn asks(answer: Answer, requests: usize) -> Run {
    let server = Server::http(move |_| answer.clone());
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path()).run();
    assert_eq!(run.succeeds().text(), public_set());
    assert_eq!(server.targets().len(), 1 + requests, "{}", run.stderr);
    run
}

#[test]
fn an_answer_is_used_again_while_it_holds_and_that_is_told() {
    let run = asks(controlled("max-age=300"), 0);
    assert!(run.stderr.contains("from the cache"), "{}", run.stderr);
    // What does not say how long it holds, does so for ten minutes.
    let run = asks(set(), 0);
    assert!(run.stderr.contains("holds for"), "{}", run.stderr);
    asks(controlled("private, max-age=300"), 0);
    asks(controlled("max-age=300").header("Age", "200"), 0);
}

#[test]
fn the_server_is_asked_when_the_time_is_over() {
    asks(controlled("max-age=300").header("Age", "300"), 1);
    asks(controlled("max-age=0"), 1);
    asks(controlled("no-cache"), 1);
    asks(controlled("no-store"), 1);
    asks(controlled("No-Store, Max-Age=300"), 1);
    asks(set().header("Expires", "0"), 1);
    asks(set().header("Age", "600"), 1);
    asks(controlled("max-age=300").with_status(206), 1);
    let past = "Sun, 06 Nov 1994 08:49:37 GMT";
    let later = "Sun, 06 Nov 1994 09:49:37 GMT";
    asks(set().header("Date", past).header("Expires", later), 1);
    asks(controlled("max-age=300").header("Date", past), 1);
    asks(controlled("max-age=300,\tno-cache"), 1);
    asks(controlled("max-age=300").header("Vary", "Accept, *"), 1);
    let twice = controlled("max-age=300").header("Age", "1");
    asks(twice.header("Age", "700"), 1);
    let future = "Fri, 31 Dec 9999 23:59:59 GMT";
    asks(set().header("Expires", future).header("Expires", "0"), 1);
}

/// What a server allows counts by the clock, whatever time a token is judged by.
#[test]
fn the_time_to_go_by_is_none_of_the_cache() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let at = |time| verified(&server, folder.path()).args(["--at", time]).run();
    at("2099-12-31T00:00:00Z").succeeds();
    at("2100-01-02T00:00:00Z").fails(1, "expired");
    assert_eq!(server.targets().len(), 1);
}

#[test]
fn the_commands_share_what_one_of_them_has_fetched() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    verified(&server, folder.path()).run().succeeds();
    let url = server.url("/jwks.json");
    let inspected = Jwks::new("inspect").arg(&url).cache(folder.path()).run();
    inspected.succeeds();
    let other = Jwks::new("diff").args([&url, &url]).cache(folder.path());
    other.run().succeeds();
    assert_eq!(server.targets(), ["/jwks.json"]);
}

#[test]
fn an_answer_of_the_cache_is_confirmed_by_its_tag_or_date() {
    for (header, request_header, value) in [
        ("ETag", "if-none-match", "\"v1\""),
        ("ETag", "if-none-match", "W/\"v1\""),
        (
            "Last-Modified",
            "if-modified-since",
            "Sun, 06 Nov 1994 08:49:37 GMT",
        ),
    ] {
        let server = Server::http(move |request| {
            if request.header(request_header).as_deref() == Some(value) {
                let confirmed = Answer::status(304).header(header, value);
                confirmed.header("Cache-Control", "max-age=300")
            } else {
                controlled("max-age=0").header(header, value)
            }
        });
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        let run = fetched(&server, folder.path()).run();
        assert_eq!(run.succeeds().text(), public_set());
        assert!(run.stderr.contains("confirmed"), "{}", run.stderr);
        assert!(run.stderr.contains("no key has changed"), "{}", run.stderr);
        // The confirmation says how long it holds from now on.
        fetched(&server, folder.path()).run().succeeds();
        assert_eq!(server.targets().len(), 2);
    }
}

#[test]
fn a_confirmation_of_another_answer_is_none() {
    let server = Server::http(|request| match request.header("if-none-match") {
        Some(_) => Answer::status(304).header("ETag", "\"v2\""),
        None => controlled("max-age=0").header("ETag", "\"v1\""),
    });
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path()).run();
    assert_eq!(run.succeeds().text(), public_set());
    assert_eq!(server.targets().len(), 3);
}

/// Another server may use the same tags for other things.
#[test]
fn a_tag_goes_to_the_url_that_it_came_from_and_to_no_other() {
    let answers = || controlled("max-age=0").header("ETag", "\"v1\"");
    let (old, new) = (
        Server::http(move |_| answers()),
        Server::http(move |_| answers()),
    );
    let (to_old, to_new) = (old.url("/old.json"), new.url("/new.json"));
    let server = Server::http(in_turn([
        Answer::redirect(&to_old),
        Answer::redirect(&to_new),
    ]));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    fetched(&server, folder.path()).run().succeeds();
    assert_eq!(new.targets(), ["/new.json"]);
    assert_eq!(new.requests()[0].header("if-none-match"), None);
    assert_eq!(server.requests()[1].header("if-none-match"), None);
}

#[test]
fn a_redirect_that_does_not_last_is_asked_for_again() {
    for (status, control, requests) in [
        (302, "", 2),
        (302, "max-age=60", 1),
        (301, "", 1),
        (308, "no-store", 2),
    ] {
        let target = Server::http(|_| controlled("max-age=300"));
        let location = target.url("/keys");
        let server = Server::http(move |_| {
            let redirect = Answer::status(status).header("Location", &location);
            if control.is_empty() {
                redirect
            } else {
                redirect.header("Cache-Control", control)
            }
        });
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        fetched(&server, folder.path()).run().succeeds();
        assert_eq!(server.targets().len(), requests, "{status} {control}");
    }
}

#[test]
fn changes_since_the_cached_copy_are_told() {
    let server = Server::http(in_turn([
        Answer::body("{\"keys\":[]}").header("Cache-Control", "max-age=0"),
        controlled("max-age=300"),
    ]));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path()).run();
    run.succeeds();
    assert!(
        run.stderr.contains("changes since the cached copy"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("\n+ key \"one\""), "{}", run.stderr);
}

#[test]
fn without_a_cache_every_run_asks_and_leaves_nothing() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    let cache = folder.path().join("cache");
    for _ in 0..2 {
        fetched(&server, &cache).arg("--no-cache").run().succeeds();
    }
    assert_eq!(server.targets().len(), 2);
    assert!(!cache.exists());
    fetched(&server, &cache).run().succeeds();
    fetched(&server, &cache).arg("--no-cache").run().succeeds();
    assert_eq!(server.targets().len(), 4);
}

#[test]
fn an_answer_that_is_too_old_for_the_caller_is_not_used() {
    let server = Server::http(|_| controlled("max-age=600").header("Age", "100"));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    fetched(&server, folder.path())
        .args(["--max-age", "9m"])
        .run()
        .succeeds();
    assert_eq!(server.targets().len(), 1);
    for age in ["90s", "0"] {
        fetched(&server, folder.path())
            .args(["--max-age", age])
            .run()
            .succeeds();
    }
    assert_eq!(server.targets().len(), 3);
}

#[test]
fn discovery_is_kept_with_all_its_steps() {
    for place in [
        format!("/t{OPENID}"),
        format!("{OAUTH}/t"),
        format!("{OPENID}/t"),
    ] {
        let server = Server::http(move |request| match &request.target {
            target if *target == place => {
                let origin = request.origin();
                let metadata = metadata(&format!("{origin}/t"), &format!("{origin}/keys"));
                Answer::body(metadata).header("Cache-Control", "max-age=300")
            }
            target if target == "/keys" => controlled("max-age=300"),
            _ => Answer::status(404),
        });
        let folder = scratch();
        let url = server.url("/t");
        fetch(&url).cache(folder.path()).run().succeeds();
        let count = server.targets().len();
        let run = fetch(&url).cache(folder.path()).run();
        run.succeeds();
        assert!(run.stderr.contains("(from the cache)"), "{}", run.stderr);
        let issued = verify(&token_from(&url)).args(["--issuer", &url]);
        issued.cache(folder.path()).run().succeeds();
        let offline = fetch(&url).arg("--offline").cache(folder.path());
        offline.run().succeeds();
        assert_eq!(server.targets().len(), count);
    }
}

#[test]
fn what_is_no_set_is_asked_for_again() {
    for (first, exit) in [
        (Answer::body("<html>"), 3),
        (Answer::body("{\"keys\":{}}"), 3),
        (Answer::status(404), 4),
    ] {
        let first = first.header("Cache-Control", "max-age=300");
        let server = Server::http(move |request| {
            if request.target == "/jwks.json" {
                first.clone()
            } else {
                Answer::status(404).header("Cache-Control", "max-age=300")
            }
        });
        let folder = scratch();
        for _ in 0..2 {
            fetched(&server, folder.path()).run().yields_nothing(exit);
        }
        let asked = server.targets().into_iter();
        assert_eq!(asked.filter(|target| target == "/jwks.json").count(), 2);
    }
}
