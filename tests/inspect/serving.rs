//! Sets at URLs.

use super::fixtures::{GOOD_SET, codes, inspect_json, report};
use crate::support::server::{Answer, Server};

#[test]
fn a_set_is_fetched_once_and_judged_as_published() {
    let server = Server::http(|_| {
        Answer::body(GOOD_SET)
            .header("Content-Type", "application/json")
            .header("Cache-Control", "max-age=600")
    });
    let run = inspect_json().arg(server.url("/keys")).run();
    run.succeeds();
    // On this machine plain http is good to know and nothing worse.
    assert_eq!(codes(&report(&run)), ["http-not-https"]);
    assert_eq!(server.targets(), ["/keys"]);
}

#[test]
fn what_a_server_sends_instead_is_a_finding() {
    for body in [
        "<!DOCTYPE html><html></html>",
        "{\"message\":\"no\"}",
        "{\"keys\":{}}",
    ] {
        let server = Server::http(move |_| Answer::body(body).header("Content-Type", "text/html"));
        let run = inspect_json()
            .arg(server.url("/a/keys?x=1"))
            .args(["--fail-on", "error"])
            .run();
        assert_eq!(run.exit, Some(1), "{run:?}");
        let codes = codes(&report(&run));
        assert!(
            codes.iter().any(|code| code == "http-content-type"),
            "{codes:?}"
        );
        assert!(
            codes
                .iter()
                .any(|code| code == "not-a-jwks" || code == "keys-not-array"),
            "{codes:?}"
        );
    }
}

#[test]
fn a_server_that_does_not_answer_is_an_error_of_the_network() {
    let server = Server::http(|_| Answer::status(404));
    let run = inspect_json()
        .arg(server.url("/keys?x=1"))
        .args(["--fail-on", "error"])
        .run();
    assert_eq!(run.exit, Some(4), "{run:?}");
}

#[test]
fn a_private_key_that_is_no_set_is_given_away_all_the_same() {
    let body = "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n";
    let server = Server::http(move |_| Answer::body(body));
    let run = inspect_json().arg(server.url("/keys?x=1")).run();
    let codes = codes(&report(&run));
    assert!(
        codes.iter().any(|code| code == "private-member"),
        "{codes:?}"
    );
}
