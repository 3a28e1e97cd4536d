//! The cache: when an answer of it is used, when the server is asked, and what is said of that.

use std::path::Path;

use crate::fixtures::{
    Authority, LOOPBACK, fetch, metadata, private_key, private_member, public_set, token_from,
    verify,
};
use crate::support::server::{Answer, Server, in_turn};
use crate::support::{Jwks, Run, scratch};
use serde_json::json;

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

fn set() -> Answer {
    Answer::body(public_set())
}

fn controlled(control: &str) -> Answer {
    set().header("Cache-Control", control)
}

/// `jwks fetch` of the set of `server`, with the cache in `folder`.
fn fetched(server: &Server, folder: &Path) -> Jwks {
    fetch(server.url("/jwks.json")).cache(folder)
}

/// `jwks verify` by the set of `server`, with the cache in `folder`.
fn verified(server: &Server, folder: &Path) -> Jwks {
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
fn a_server_that_has_allowed_it_is_stood_in_for_while_it_fails() {
    let control = "max-age=0, stale-if-error=600";
    for status in [500, 502, 503, 504] {
        let server = Server::http(in_turn([controlled(control), Answer::status(status)]));
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        for run in [
            fetched(&server, folder.path()).run(),
            verified(&server, folder.path()).run(),
        ] {
            run.succeeds();
            assert!(run.stderr.contains("stale-if-error"), "{}", run.stderr);
            assert!(run.stderr.starts_with("warning: "), "{}", run.stderr);
        }
    }
    let server = Server::http(move |_| controlled(control));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let url = server.url("/jwks.json");
    drop(server);
    let run = fetch(&url).cache(folder.path()).run();
    assert_eq!(run.succeeds().text(), public_set());
    assert!(run.stderr.contains("stale-if-error"), "{}", run.stderr);
}

#[test]
fn a_server_that_has_not_allowed_it_is_not_stood_in_for() {
    for control in [
        "max-age=0",
        "max-age=0, stale-if-error=8",
        "max-age=0, stale-if-error=600, must-revalidate",
        "no-cache, stale-if-error=600",
        "no-store, stale-if-error=600",
    ] {
        let first = controlled(control).header("Age", "9");
        let server = Server::http(in_turn([first, Answer::status(503)]));
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        let run = fetched(&server, folder.path()).run();
        run.fails(4, "http-server-fault");
        let run = verified(&server, folder.path()).run();
        run.fails(4, "http-server-fault");
    }
}

/// Only what says nothing but that there is no answer is one of those errors.
#[test]
fn an_answer_that_is_wrong_is_not_stood_in_for() {
    let control = "max-age=0, stale-if-error=600";
    for (second, exit, code) in [
        (Answer::status(404), 4, "http-not-found"),
        (Answer::status(403), 4, "http-forbidden"),
        (Answer::body("[1]"), 3, "not-a-jwks"),
        (
            Answer::redirect("ftp://127.0.0.1/"),
            4,
            "http-redirect-not-https",
        ),
        (
            set().header("Content-Encoding", "gzip"),
            4,
            "http-content-encoding",
        ),
    ] {
        let server = Server::http(in_turn([controlled(control), second]));
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        fetched(&server, folder.path()).run().fails(exit, code);
        verified(&server, folder.path()).run().fails(exit, code);
    }
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
fn offline_nobody_is_asked() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    let run = fetched(&server, folder.path()).arg("--offline").run();
    run.fails(4, "not-in-cache");
    let run = verified(&server, folder.path()).arg("--offline").run();
    run.fails(4, "not-in-cache");
    assert_eq!(server.connections(), 0);
    fetched(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path()).arg("--offline").run();
    assert!(run.succeeds().stderr.contains(" old, "), "{}", run.stderr);
    let run = verified(&server, folder.path()).arg("--offline").run();
    run.succeeds();
    assert_eq!(server.targets().len(), 1);
}

#[test]
fn offline_an_answer_does_not_outlive_its_time_either() {
    for (control, outcome) in [
        ("max-age=0", Some("stale-in-cache")),
        ("max-age=0, stale-if-error=600", None),
    ] {
        let server = Server::http(move |_| controlled(control));
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        for run in [
            fetched(&server, folder.path()).arg("--offline").run(),
            verified(&server, folder.path()).arg("--offline").run(),
        ] {
            match outcome {
                Some(code) => drop(run.fails(4, code)),
                None => {
                    assert!(
                        run.succeeds().stderr.contains("--offline"),
                        "{}",
                        run.stderr
                    );
                }
            }
        }
        assert_eq!(server.targets().len(), 1);
    }
}

#[test]
fn offline_goes_with_nothing_that_asks() {
    let server = Server::http(|_| set());
    for options in [&["--no-cache"][..], &["--header", "A: b"]] {
        let run = fetch(server.url("/")).arg("--offline").args(options).run();
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn what_credentials_get_is_for_nobody_else() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    let with = || fetched(&server, folder.path()).args(["--header", "Authorization: a"]);
    with().run().succeeds();
    with().run().succeeds();
    fetched(&server, folder.path()).run().succeeds();
    with().run().succeeds();
    assert_eq!(server.targets().len(), 4);
}

#[test]
fn urls_that_differ_in_their_query_have_their_own_answers() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    for query in ["?p=a", "?p=b", "", "?p=a"] {
        let url = server.url(&format!("/jwks.json{query}"));
        fetch(url).cache(folder.path()).run().succeeds();
    }
    assert_eq!(server.targets().len(), 3);
}

#[test]
fn what_one_caller_accepts_is_not_given_to_one_who_would_not() {
    let authority = Authority::new();
    let server = Server::https(authority.vouch_for(&LOOPBACK), |_| {
        controlled("max-age=300")
    });
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).expect("a file");
    let cache = folder.path().join("cache");
    let url = server.url("/jwks.json");
    let trusting = || fetch(&url).cache(&cache).arg("--cacert").arg(&file);
    trusting().run().succeeds();
    trusting().run().succeeds();
    assert_eq!(server.targets().len(), 1);
    fetch(&url)
        .cache(&cache)
        .run()
        .fails(4, "network-tls-issuer");
    let offline = fetch(&url).cache(&cache).arg("--offline").run();
    offline.fails(4, "not-in-cache");
    // The authorities of the platform, as the environment names them.
    let by_platform = fetch(&url).cache(&cache).env("SSL_CERT_FILE", &file).run();
    if cfg!(target_os = "linux") {
        by_platform.succeeds();
        fetch(&url)
            .cache(&cache)
            .run()
            .fails(4, "network-tls-issuer");
    }
}

#[test]
fn plain_http_from_elsewhere_is_not_served_to_who_wants_https() {
    let proxy = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    let url = "http://keys.example/jwks.json";
    let asks = || {
        fetch(url)
            .cache(folder.path())
            .env("HTTP_PROXY", proxy.origin())
    };
    asks().arg("--allow-http").run().succeeds();
    asks().run().fails(4, "http-not-https");
    asks().arg("--offline").run().yields_nothing(4);
    asks().args(["--offline", "--allow-http"]).run().succeeds();
}

#[test]
fn a_limit_holds_for_answers_of_the_cache_too() {
    let server = Server::http(|_| controlled("max-age=300"));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let run = fetched(&server, folder.path())
        .args(["--set-limit", "10"])
        .run();
    run.fails(4, "body-too-large");
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

#[test]
fn a_secret_that_a_server_lets_slip_is_not_kept() {
    let body = json!({"keys": [private_key()]}).to_string();
    let server =
        Server::http(move |_| Answer::body(body.clone()).header("Cache-Control", "max-age=300"));
    let folder = scratch();
    for _ in 0..2 {
        let run = fetched(&server, folder.path()).run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
    }
    assert_eq!(server.targets().len(), 2);
    for entry in std::fs::read_dir(folder.path()).expect("the folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains(&private_member()), "{text}");
    }
}
