//! Redirects: few, never to plain http, and with no credentials for strangers.

use std::fs;

use super::fixtures::{Authority, LOOPBACK, fetch, metadata, public_set};
use crate::support::scratch;
use crate::support::server::{Answer, Server};

/// Redirects `/N` to `/N-1`, and `/0` is the set.
fn countdown() -> Server {
    Server::http(|request| match request.target[1..].parse::<u32>() {
        Ok(0) | Err(_) => Answer::body(public_set()),
        Ok(left) => Answer::redirect(&format!("/{}", left - 1)),
    })
}

#[test]
fn five_redirects_are_followed() {
    let server = countdown();
    let run = fetch(server.url("/5")).run();
    assert_eq!(run.succeeds().text(), public_set());
    assert_eq!(server.targets(), ["/5", "/4", "/3", "/2", "/1", "/0"]);
    assert!(run.stderr.contains(&server.url("/0")), "{}", run.stderr);
}

#[test]
fn a_sixth_redirect_is_refused() {
    let server = countdown();
    fetch(server.url("/6")).run().fails(4, "http-redirect");
    assert_eq!(server.targets().len(), 6);
}

#[test]
fn a_loop_ends() {
    let server = Server::http(|_| Answer::redirect("/again"));
    fetch(server.url("/again")).run().fails(4, "http-redirect");
    assert_eq!(server.targets().len(), 6);
}

#[test]
fn every_kind_of_redirect_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::http(move |request| match request.target.as_str() {
            "/jwks.json" => Answer::body(public_set()),
            _ => Answer::status(status).header("Location", "jwks.json"),
        });
        fetch(server.url("/old")).run().succeeds();
        assert_eq!(server.targets(), ["/old", "/jwks.json"]);
    }
}

#[test]
fn a_redirect_to_nowhere_is_no_answer() {
    let server = Server::http(|_| Answer::status(302));
    fetch(server.url("/jwks.json")).run().yields_nothing(4);
}

#[test]
fn https_never_turns_into_http_not_even_on_loopback() {
    let plain = Server::http(|_| Answer::body(public_set()));
    let target = plain.url("/jwks.json");
    let authority = Authority::new();
    let server = Server::https(authority.vouch_for(&LOOPBACK), move |_| {
        Answer::redirect(&target)
    });
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    run.fails(4, "http-redirect-not-https");
    assert_eq!(plain.connections(), 0);
}

#[test]
fn http_may_turn_into_https() {
    let authority = Authority::new();
    let server = Server::https(authority.vouch_for(&LOOPBACK), |_| {
        Answer::body(public_set())
    });
    let target = server.url("/jwks.json");
    let plain = Server::http(move |_| Answer::redirect(&target));
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    let run = fetch(plain.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    assert_eq!(run.succeeds().text(), public_set());
}

#[test]
fn loopback_does_not_redirect_to_plain_http_elsewhere() {
    let server = Server::http(|_| Answer::redirect("http://192.0.2.1/jwks.json"));
    fetch(server.url("/jwks.json"))
        .run()
        .fails(4, "http-redirect-not-https");
}

#[test]
fn a_redirect_to_another_scheme_is_not_followed() {
    for location in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:,{}",
        "javascript:1",
    ] {
        let server = Server::http(move |_| Answer::redirect(location));
        let run = fetch(server.url("/jwks.json")).run();
        run.yields_nothing(4);
    }
}

#[test]
fn credentials_do_not_follow_a_redirect_to_another_server() {
    let other = Server::http(|_| Answer::body(public_set()));
    let target = other.url("/jwks.json");
    let server = Server::http(move |_| Answer::redirect(&target));
    let run = fetch(server.url("/jwks.json"))
        .args(["--header", "Authorization: Bearer s3cret"])
        .run();
    run.succeeds();
    assert!(server.requests()[0].header("authorization").is_some());
    assert_eq!(other.requests()[0].header("authorization"), None);
}

#[test]
fn credentials_do_not_follow_metadata_to_another_server() {
    let other = Server::http(|_| Answer::body(public_set()));
    let keys = other.url("/keys");
    let server = Server::http(move |request| Answer::body(metadata(&request.origin(), &keys)));
    let run = fetch(server.origin())
        .args(["--header", "Authorization: Bearer s3cret"])
        .run();
    run.succeeds();
    assert!(server.requests()[0].header("authorization").is_some());
    assert_eq!(other.requests()[0].header("authorization"), None);
}
