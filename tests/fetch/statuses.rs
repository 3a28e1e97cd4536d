//! Statuses: which are answers, which are asked again, and how often.

use std::time::Duration;

use super::fixtures::{fetch, public_set, token_from, verify};
use crate::support::server::{Answer, Server, in_turn};
use crate::support::{Jwks, Run};

/// `jwks fetch` with so many retries.
fn retrying(url: &str, retries: &str) -> Run {
    Jwks::new("fetch").args([url, "--retries", retries]).run()
}

fn busy(status: u16) -> Answer {
    Answer::status(status).header("Retry-After", "0")
}

/// How often the set itself was asked for: some statuses make its address be tried as an issuer's.
fn asked_for_the_set(server: &Server) -> usize {
    let targets = server.targets().into_iter();
    targets.filter(|target| target == "/jwks.json").count()
}

#[test]
fn statuses_that_do_not_pass_are_asked_once() {
    for status in [400, 401, 403, 404, 405, 410, 418] {
        let server = Server::http(move |_| Answer::status(status));
        retrying(&server.url("/jwks.json"), "2").yields_nothing(4);
        assert_eq!(asked_for_the_set(&server), 1);
    }
}

#[test]
fn each_kind_of_refusal_has_its_code_and_sentence() {
    for (status, code, words) in [
        (401, "http-forbidden", "does not answer everyone"),
        (403, "http-forbidden", "--header"),
        (404, "http-not-found", "nothing"),
        (410, "http-not-found", "issuer"),
        (406, "http-not-acceptable", "form"),
        (429, "http-too-many-requests", "too often"),
        (500, "http-server-fault", "fault"),
        (418, "http-status", "418"),
    ] {
        let server = Server::http(move |_| Answer::status(status));
        let url = server.url("/jwks.json");
        let run = fetch(&url).run();
        run.fails(4, code);
        assert!(run.stderr.contains(words), "{}", run.stderr);
        let run = verify(&token_from("x")).args(["--jwks", &url]).run();
        run.fails(4, code);
    }
}

#[test]
fn the_time_that_a_server_names_is_repeated() {
    for when in ["3600", "Thu, 31 Dec 2099 23:59:59 GMT"] {
        let server = Server::http(move |_| Answer::status(429).header("Retry-After", when));
        let run = retrying(&server.url("/jwks.json"), "2");
        run.fails(4, "http-too-many-requests");
        assert!(run.stderr.contains(when), "{}", run.stderr);
        assert_eq!(server.targets().len(), 1);
    }
}

#[test]
fn too_many_requests_is_asked_again_after_the_time_that_the_server_names() {
    let server = Server::http(in_turn([
        Answer::status(429).header("Retry-After", "1"),
        Answer::body(public_set()),
    ]));
    let run = retrying(&server.url("/jwks.json"), "1");
    assert_eq!(run.succeeds().text(), public_set());
    assert_eq!(server.targets().len(), 2);
    assert!(run.took >= Duration::from_secs(1), "{:?}", run.took);
}

#[test]
fn faults_of_the_server_are_asked_again() {
    for status in [500, 502, 503, 504] {
        let server = Server::http(in_turn([busy(status), Answer::body(public_set())]));
        let run = retrying(&server.url("/jwks.json"), "2");
        assert_eq!(run.succeeds().text(), public_set());
        assert_eq!(server.targets().len(), 2);
    }
}

#[test]
fn without_a_named_time_a_retry_waits_a_little() {
    let server = Server::http(in_turn([Answer::status(500), Answer::body(public_set())]));
    let run = retrying(&server.url("/jwks.json"), "1");
    run.succeeds();
    assert!(run.took >= Duration::from_millis(100), "{:?}", run.took);
}

#[test]
fn a_server_that_stays_busy_or_broken_is_given_up() {
    for (status, code) in [
        (429, "http-too-many-requests"),
        (500, "http-server-fault"),
        (503, "http-server-fault"),
    ] {
        for (retries, requests) in [("0", 1), ("1", 2), ("3", 4)] {
            let server = Server::http(move |_| busy(status));
            let run = retrying(&server.url("/jwks.json"), retries);
            run.fails(4, code);
            assert_eq!(server.targets().len(), requests);
        }
    }
}

#[test]
fn verify_asks_again_as_fetch_does() {
    let server = Server::http(in_turn([busy(503), Answer::body(public_set())]));
    let run = Jwks::new("verify")
        .arg(token_from("x"))
        .args(["--jwks", &server.url("/jwks.json"), "--retries", "1"])
        .run();
    run.succeeds();
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn many_retries_are_no_bug() {
    let server = Server::http(|_| busy(503));
    let run = retrying(&server.url("/jwks.json"), "80");
    run.yields_nothing(4);
    assert_eq!(asked_for_the_set(&server), 81);
}

#[test]
fn a_server_that_wants_more_time_than_there_is_is_reported_at_once() {
    for seconds in ["3600", &u64::MAX.to_string()] {
        let seconds = seconds.to_owned();
        let server = Server::http(move |_| Answer::status(429).header("Retry-After", &seconds));
        let run = retrying(&server.url("/jwks.json"), "5");
        run.yields_nothing(4);
        assert_eq!(asked_for_the_set(&server), 1);
        assert!(run.took < Duration::from_secs(5), "{:?}", run.took);
    }
}

/// RFC 9110 §10.2.3: the time may be a date.
#[test]
fn a_date_at_which_to_come_back_is_honoured() {
    let server = Server::http(|_| {
        Answer::status(503).header("Retry-After", "Thu, 31 Dec 2099 23:59:59 GMT")
    });
    retrying(&server.url("/jwks.json"), "1").yields_nothing(4);
    assert_eq!(asked_for_the_set(&server), 1);
}

#[test]
fn a_server_that_is_picky_about_types_is_satisfied() {
    let server = Server::http(|request| {
        let accept = request.header("accept").unwrap_or_default();
        let types: Vec<&str> = accept.split([',', ';']).map(str::trim).collect();
        if types.contains(&"application/jwk-set+json") && types.contains(&"application/json") {
            Answer::body(public_set()).header("Content-Type", "application/jwk-set+json")
        } else {
            Answer::status(406)
        }
    });
    fetch(server.url("/openid/v1/jwks")).run().succeeds();
}

#[test]
fn not_modified_is_no_answer_to_what_was_asked() {
    let server = Server::http(|_| Answer::status(304).header("ETag", "\"1\""));
    fetch(server.url("/jwks.json")).run().yields_nothing(4);
    assert_eq!(server.requests()[0].header("if-none-match"), None);
}

#[test]
fn a_set_under_a_status_of_failure_is_not_taken() {
    for status in [403, 404, 500] {
        let server = Server::http(move |_| Answer::body(public_set()).with_status(status));
        fetch(server.url("/jwks.json")).run().yields_nothing(4);
        assert_eq!(asked_for_the_set(&server), 1);
    }
}
