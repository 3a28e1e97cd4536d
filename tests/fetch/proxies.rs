//! Proxies that the environment names.

use std::fs;
use std::net::TcpListener;

use super::fixtures::{Authority, fetch, public_set};
use crate::support::scratch;
use crate::support::server::{Answer, Server, Step};

fn proxy_that_answers() -> Server {
    Server::http(|_| Answer::body(public_set()))
}

#[test]
fn plain_http_goes_through_its_proxy() {
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let proxy = proxy_that_answers();
        let run = fetch("http://keys.example/jwks.json")
            .arg("--allow-http")
            .env(name, proxy.origin())
            .run();
        assert_eq!(run.succeeds().text(), public_set());
        assert_eq!(proxy.targets(), ["http://keys.example/jwks.json"]);
    }
}

#[test]
fn https_goes_through_a_tunnel_and_the_proxy_sees_no_header() {
    let authority = Authority::new();
    let server = Server::https(authority.vouch_for(&["keys.example"]), |_| {
        Answer::body(public_set())
    });
    let address = server.address();
    let proxy = Server::http(move |_| {
        let established = b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec();
        Answer::script([Step::Send(established), Step::Tunnel(address)])
    });
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    let run = fetch("https://keys.example/jwks.json")
        .args(["--header", "Authorization: Bearer s3cret"])
        .arg("--cacert")
        .arg(file)
        .env("HTTPS_PROXY", proxy.origin())
        .run();
    assert_eq!(run.succeeds().text(), public_set());
    let asked = &proxy.requests()[0];
    assert_eq!(
        (asked.method.as_str(), asked.target.as_str()),
        ("CONNECT", "keys.example:443")
    );
    assert_eq!(asked.header("authorization"), None);
    let arrived = &server.requests()[0];
    assert_eq!(arrived.target, "/jwks.json");
    assert_eq!(
        arrived.header("authorization").as_deref(),
        Some("Bearer s3cret")
    );
}

#[test]
fn a_proxy_cannot_read_along() {
    let impostor = Authority::new();
    let server = Server::https(impostor.vouch_for(&["keys.example"]), |_| {
        Answer::body(public_set())
    });
    let address = server.address();
    let proxy = Server::http(move |_| {
        let established = b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec();
        Answer::script([Step::Send(established), Step::Tunnel(address)])
    });
    let run = fetch("https://keys.example/jwks.json")
        .env("HTTPS_PROXY", proxy.origin())
        .run();
    run.fails(4, "network-tls-issuer");
    assert_eq!(server.targets(), [""; 0]);
}

#[test]
fn no_proxy_names_the_hosts_that_are_reached_directly() {
    for name in ["NO_PROXY", "no_proxy"] {
        let proxy = proxy_that_answers();
        let server = Server::http(|_| Answer::body(public_set()));
        let run = fetch(server.url("/jwks.json"))
            .env("HTTP_PROXY", proxy.origin())
            .env(name, "other.example, 127.0.0.1")
            .run();
        run.succeeds();
        assert_eq!(server.targets(), ["/jwks.json"]);
        assert_eq!(proxy.connections(), 0);
    }
}

/// Plain http is allowed on loopback because nobody is on the way; a proxy is.
#[test]
fn plain_http_to_loopback_never_leaves_through_a_proxy() {
    let proxy = proxy_that_answers();
    let server = Server::http(|_| Answer::body(public_set()));
    fetch(server.url("/jwks.json"))
        .env("HTTP_PROXY", proxy.origin())
        .run();
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_proxy_that_is_not_there_is_not_passed_by() {
    let dead = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = Server::http(|_| Answer::body(public_set()));
    let run = fetch(
        server
            .url("/jwks.json")
            .replace("127.0.0.1", "keys.example"),
    )
    .arg("--allow-http")
    .env("HTTP_PROXY", format!("http://{dead}"))
    .run();
    run.fails(4, "network-proxy");
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_proxy_that_refuses_ends_the_fetch() {
    for status in [403, 407, 502] {
        let proxy = Server::http(move |_| Answer::status(status));
        let run = fetch("https://keys.example/jwks.json")
            .env("HTTPS_PROXY", proxy.origin())
            .run();
        run.fails(4, "network-proxy");
        assert_eq!(proxy.targets(), ["keys.example:443"]);
    }
}

#[test]
fn the_password_of_a_proxy_goes_to_it_alone() {
    let proxy = proxy_that_answers();
    let run = fetch("http://keys.example/jwks.json")
        .arg("--allow-http")
        .env(
            "HTTP_PROXY",
            format!("http://user:s3cret@{}", proxy.address()),
        )
        .run();
    run.succeeds();
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    let asked = &proxy.requests()[0];
    let expected = "Basic dXNlcjpzM2NyZXQ=";
    assert_eq!(
        asked.header("proxy-authorization").as_deref(),
        Some(expected)
    );
    drop(proxy);
    let dead = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let run = fetch("http://keys.example/jwks.json")
        .arg("--allow-http")
        .env("HTTP_PROXY", format!("http://user:s3cret@{dead}"))
        .run();
    run.fails(4, "network-proxy");
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}
