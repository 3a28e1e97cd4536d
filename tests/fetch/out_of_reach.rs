//! The cache when the server cannot be asked, or must not be.

use super::cache::{controlled, fetched, set, verified};
use super::fixtures::{fetch, public_set};
use crate::support::scratch;
use crate::support::server::{Answer, Server, in_turn};

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

/// What a redirect led to speaks for itself, and not for who no longer redirects.
#[test]
fn the_one_to_whom_a_redirect_led_does_not_stand_in_for_the_one_who_redirected() {
    let target = Server::http(|_| controlled("max-age=0, stale-if-error=600"));
    let to_target = Answer::redirect(&target.url("/keys"));
    let lasting = to_target.clone().header("Cache-Control", "max-age=600");
    for (redirect, is_stood_in_for) in [(to_target, false), (lasting, true)] {
        let server = Server::http(in_turn([redirect, Answer::status(500)]));
        let folder = scratch();
        fetched(&server, folder.path()).run().succeeds();
        let run = verified(&server, folder.path()).run();
        if is_stood_in_for {
            run.succeeds();
        } else {
            run.fails(4, "http-server-fault");
        }
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
            set().header("Content-Encoding", "br"),
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

/// Neither a server that is down nor the lack of one makes a copy younger.
#[test]
fn an_answer_that_is_too_old_for_the_caller_does_not_stand_in() {
    let first = controlled("max-age=600, stale-if-error=600").header("Age", "100");
    let server = Server::http(in_turn([first, Answer::status(503)]));
    let folder = scratch();
    fetched(&server, folder.path()).run().succeeds();
    let of_age = |age, offline: &[&str]| {
        let run = fetched(&server, folder.path()).args(["--max-age", age]);
        run.args(offline).run()
    };
    of_age("90s", &[]).fails(4, "http-server-fault");
    let run = of_age("90s", &["--offline"]);
    run.fails(4, "stale-in-cache");
    assert!(run.stderr.contains("--max-age"), "{}", run.stderr);
    let run = of_age("9m", &["--offline"]);
    assert!(!run.succeeds().stderr.contains("warning"), "{}", run.stderr);
    of_age("9m", &[]).succeeds();
    assert_eq!(server.targets().len(), 2);
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
