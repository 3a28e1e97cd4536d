//! Where a connection goes, and with which headers.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use super::fixtures::{fetch, public_set, token_from, verify};
use crate::support::scratch;
use crate::support::server::{Answer, Server};

#[test]
fn plain_http_is_allowed_on_loopback() {
    let server = Server::http(|_| Answer::body(public_set()));
    let named = format!("http://localhost:{}/jwks.json", server.address().port());
    for url in [server.url("/jwks.json"), named] {
        assert_eq!(fetch(url).run().succeeds().text(), public_set());
    }
}

#[test]
fn plain_http_to_another_host_is_refused_before_connecting() {
    for host in [
        "192.0.2.1",
        "0.0.0.0",
        "localhost.example",
        "127.0.0.1.example",
        "[2001:db8::1]",
    ] {
        for path in ["/", "/jwks.json"] {
            let run = fetch(format!("http://{host}{path}")).run();
            run.fails(4, "http-not-https");
            assert!(run.took < Duration::from_secs(5), "{:?}", run.took);
        }
    }
    let run = verify(&token_from("x"))
        .args(["--jwks", "http://192.0.2.1/jwks.json"])
        .run();
    run.fails(4, "http-not-https");
}

#[test]
fn what_is_no_web_address_is_wrong_usage() {
    for url in [
        "ftp://issuer.example/",
        "file:///etc/passwd",
        "jwks.json",
        "https://",
    ] {
        let run = fetch(url).run();
        run.fails(2, "usage");
        assert!(run.stderr.contains(&format!("\"{url}\"")), "{}", run.stderr);
    }
}

#[test]
fn a_user_name_or_password_in_the_address_is_refused_and_not_repeated() {
    for url in [
        "https://user@issuer.example/jwks.json",
        "https://user:s3cret@issuer.example/jwks.json",
        "https://:s3cret@issuer.example/jwks.json",
        "https://user:s3cret@issuer.example/.well-known/openid-configuration",
    ] {
        let run = fetch(url).run();
        run.fails(2, "usage");
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
}

#[test]
fn a_password_in_an_issuer_is_refused_and_not_repeated() {
    let server = Server::http(|_| Answer::status(404));
    let issuer = format!("http://user:s3cret@{}", server.address());
    let by_fetch = fetch(&issuer).run();
    let by_verify = verify(&token_from(&issuer))
        .args(["--issuer", &issuer])
        .run();
    for run in [by_fetch, by_verify] {
        run.fails(2, "usage");
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_password_in_what_is_no_address_is_not_repeated() {
    let run = fetch("https://user:s3cret@issuer example/jwks.json").run();
    run.fails(2, "usage");
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

#[test]
fn a_refused_connection_is_told() {
    // Bound and dropped: nobody listens there any more.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    fetch(format!("http://{address}/jwks.json"))
        .run()
        .fails(4, "network-connect");
    fetch(format!("https://{address}"))
        .run()
        .fails(4, "network-connect");
    let run = verify(&token_from("x"))
        .args(["--jwks", &format!("http://{address}/jwks.json")])
        .run();
    run.fails(4, "network-connect");
}

#[test]
fn a_host_without_address_is_told() {
    let run = fetch("http://no-such-host.invalid/jwks.json")
        .arg("--allow-http")
        .env("RES_OPTIONS", "timeout:1 attempts:1")
        .run();
    run.fails(4, "network-dns");
}

#[test]
fn headers_arrive_from_the_command_line_and_from_files() {
    let server = Server::http(|_| Answer::body(public_set()));
    let folder = scratch();
    let file = folder.path().join("token");
    fs::write(&file, "Bearer s3cret\r\n").unwrap();
    let run = fetch(server.url("/jwks.json"))
        .args(["--header", "X-Tenant: a:b"])
        .arg("--header")
        .arg(format!("Authorization: @{}", file.display()))
        .run();
    run.succeeds();
    let request = &server.requests()[0];
    assert_eq!(request.method, "GET");
    assert_eq!(request.header("x-tenant").as_deref(), Some("a:b"));
    assert_eq!(
        request.header("authorization").as_deref(),
        Some("Bearer s3cret")
    );
    assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
}

/// RFC 9110 §5.3: several of one name are one list, in their order.
#[test]
fn a_header_given_twice_arrives_twice() {
    let server = Server::http(|_| Answer::body(public_set()));
    let run = fetch(server.url("/jwks.json"))
        .args(["--header", "X-Twice: 1", "--header", "X-Twice: 2"])
        .run();
    run.succeeds();
    let twice = server.requests()[0].header("x-twice");
    assert_eq!(twice.as_deref(), Some("1, 2"));
}

#[test]
fn headers_go_with_each_step_to_the_same_issuer() {
    let server = Server::http(|request| match request.target.as_str() {
        "/keys" => Answer::body(public_set()),
        _ => {
            let origin = request.origin();
            Answer::body(super::fixtures::metadata(
                &origin,
                &format!("{origin}/keys"),
            ))
        }
    });
    let run = fetch(server.origin())
        .args(["--header", "X-Tenant: a"])
        .run();
    run.succeeds();
    assert_eq!(server.requests().len(), 2);
    for request in server.requests() {
        assert_eq!(request.header("x-tenant").as_deref(), Some("a"));
    }
}

#[test]
fn headers_that_http_does_not_allow_are_wrong_usage() {
    let server = Server::http(|_| Answer::body(public_set()));
    let folder = scratch();
    let file = folder.path().join("value");
    fs::write(&file, "s3cret\nX-Smuggled: 1\n").unwrap();
    let from_file = format!("X-Value: @{}", file.display());
    for header in ["bad name: 1", "X-Value: a\u{7f}", &from_file] {
        let run = fetch(server.url("/jwks.json"))
            .args(["--header", header])
            .run();
        run.fails(2, "usage");
        assert!(!run.stderr.contains("s3cret"), "{}", run.stderr);
    }
    let run = fetch(server.url("/jwks.json"))
        .args(["--header", "X-Value: @/no/such/file"])
        .run();
    run.fails(3, "file-not-found");
    assert_eq!(server.connections(), 0);
}

#[test]
fn requests_say_what_they_are_and_what_they_take() {
    let server = Server::http(|_| Answer::body(public_set()));
    fetch(server.url("/jwks.json")).run().succeeds();
    let request = &server.requests()[0];
    let agent = request.header("user-agent").unwrap_or_default();
    assert!(agent.starts_with("jwks/"), "{agent}");
    // What cannot be decoded must not be asked for.
    assert_eq!(request.header("accept-encoding"), None);
    assert_eq!(request.header("cookie"), None);
    assert_eq!(request.header("referer"), None);
}

#[test]
fn the_longest_time_limit_is_no_bug() {
    let server = Server::http(|_| Answer::body(public_set()));
    let run = fetch(server.url("/jwks.json"))
        .args(["--timeout", &u64::MAX.to_string()])
        .run();
    run.succeeds();
}
