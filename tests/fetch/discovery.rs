//! From an issuer to its keys (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).

use serde_json::json;

use super::fixtures::{fetch, metadata, public_set, token, token_from, verify};
use crate::support::Run;
use crate::support::server::{Answer, Request, Server};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// Serves the metadata of the issuer at `issuer_path` at one place, and the set at `/keys`.
fn issuer(issuer_path: &'static str, place: String) -> Server {
    Server::http(move |request| match &request.target {
        target if *target == place => {
            let origin = request.origin();
            let issuer = format!("{origin}{issuer_path}");
            Answer::body(metadata(&issuer, &format!("{origin}/keys")))
        }
        target if target == "/keys" => Answer::body(public_set()),
        _ => Answer::status(404),
    })
}

/// Serves what `document` says as metadata wherever it is sought, and the set at `/keys`.
fn tells(document: impl Fn(&Request) -> String + Send + Sync + 'static) -> Server {
    Server::http(move |request| match request.target.as_str() {
        "/keys" => Answer::body(public_set()),
        _ => Answer::body(document(request)),
    })
}

/// Each of `places` is told in a note of its own, in that order.
#[track_caller]
fn tells_the_way(run: &Run, server: &Server, places: &[&str]) {
    let notes: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("note: discovery: "))
        .collect();
    assert_eq!(notes.len(), places.len(), "{}", run.stderr);
    for (note, place) in notes.iter().zip(places) {
        assert!(
            note.contains(&format!("\"{}\"", server.url(place))),
            "{note}"
        );
    }
}

#[test]
fn an_issuer_without_path_is_found_where_openid_puts_it() {
    let server = issuer("", OPENID.to_owned());
    let run = fetch(server.origin()).run();
    assert_eq!(run.succeeds().text(), public_set());
    assert_eq!(server.targets(), [OPENID, "/keys"]);
    tells_the_way(&run, &server, &[OPENID]);
    assert!(run.stderr.contains(&server.url("/keys")), "{}", run.stderr);
}

#[test]
fn an_issuer_without_path_is_found_where_oauth_puts_it() {
    let server = issuer("", OAUTH.to_owned());
    let run = fetch(server.origin()).run();
    run.succeeds();
    assert_eq!(server.targets(), [OPENID, OAUTH, "/keys"]);
    tells_the_way(&run, &server, &[OPENID, OAUTH]);
}

#[test]
fn an_issuer_with_a_path_is_sought_at_each_place_in_order() {
    let places = [
        format!("/tenant/a{OPENID}"),
        format!("{OAUTH}/tenant/a"),
        format!("{OPENID}/tenant/a"),
    ];
    for (last, place) in places.iter().enumerate() {
        let server = issuer("/tenant/a", place.clone());
        let url = server.url("/tenant/a");
        let run = verify(&token_from(&url)).args(["--issuer", &url]).run();
        run.succeeds();
        let sought: Vec<&str> = places[..=last].iter().map(String::as_str).collect();
        assert_eq!(server.targets(), [&sought[..], &["/keys"]].concat());
        tells_the_way(&run, &server, &sought);
    }
}

#[test]
fn what_is_no_set_is_tried_as_an_issuer() {
    let server = issuer("/tenant", format!("/tenant{OPENID}"));
    let run = fetch(server.url("/tenant")).run();
    assert_eq!(run.succeeds().text(), public_set());
    let openid = format!("/tenant{OPENID}");
    assert_eq!(server.targets(), ["/tenant", openid.as_str(), "/keys"]);
}

#[test]
fn an_issuer_may_be_given_to_jwks() {
    let server = issuer("", OPENID.to_owned());
    let run = verify(&token_from("x"))
        .args(["--jwks", &server.origin()])
        .run();
    run.succeeds();
    assert_eq!(server.targets(), [OPENID, "/keys"]);
}

#[test]
fn the_address_of_metadata_leads_to_its_keys() {
    for (issuer_path, place) in [
        ("", OPENID.to_owned()),
        ("", OAUTH.to_owned()),
        ("/tenant", format!("/tenant{OPENID}")),
        ("/tenant", format!("{OAUTH}/tenant")),
        ("/tenant", format!("{OPENID}/tenant")),
    ] {
        let server = issuer(issuer_path, place.clone());
        fetch(server.url(&place)).run().succeeds();
        assert_eq!(server.targets(), [place.as_str(), "/keys"]);
    }
}

/// OpenID Connect Discovery 1.0 §4.1: the slash at the end is taken off before the address is made,
/// so the address does not tell whether there was one.
#[test]
fn the_address_of_metadata_may_be_that_of_an_issuer_with_a_slash_at_its_end() {
    for (issuer_path, place) in [
        ("/", OPENID.to_owned()),
        ("/tenant/", format!("/tenant{OPENID}")),
    ] {
        let server = issuer(issuer_path, place.clone());
        fetch(server.url(&place)).run().succeeds();
    }
}

#[test]
fn a_slash_at_the_end_of_an_issuer_is_part_of_it() {
    let server = issuer("/", OPENID.to_owned());
    fetch(server.url("/")).run().succeeds();
    let url = server.url("/");
    let run = verify(&token_from(&url)).args(["--issuer", &url]).run();
    run.succeeds();
    fetch(server.origin())
        .run()
        .fails(4, "discovery-issuer-mismatch");
}

#[test]
fn metadata_of_another_issuer_is_refused() {
    for other in ["https://other.example", "http://127.0.0.1", ""] {
        let server = tells(move |request| metadata(other, &format!("{}/keys", request.origin())));
        let url = server.origin();
        fetch(&url).run().fails(4, "discovery-issuer-mismatch");
        let run = verify(&token_from(&url)).args(["--issuer", &url]).run();
        run.fails(4, "discovery-issuer-mismatch");
        let run = fetch(server.url(OPENID)).run();
        run.fails(4, "discovery-issuer-mismatch");
        // Neither another place nor the keys: looking further would help an attacker.
        assert_eq!(server.targets(), [OPENID; 3]);
    }
}

#[test]
fn metadata_without_the_address_of_keys_is_refused() {
    let server = tells(|request| json!({"issuer": request.origin()}).to_string());
    fetch(server.origin()).run().fails(4, "discovery-failed");
    let server = tells(|request| json!({"issuer": request.origin(), "jwks_uri": 1}).to_string());
    fetch(server.origin()).run().fails(4, "discovery-failed");
}

#[test]
fn keys_on_plain_http_elsewhere_are_refused() {
    let server = tells(|request| metadata(&request.origin(), "http://192.0.2.1/keys"));
    fetch(server.origin()).run().fails(4, "http-not-https");
}

/// The address comes from the server: it is its fault, and not that of the command line.
#[test]
fn an_address_of_keys_that_is_none_is_the_fault_of_the_metadata() {
    for uri in [
        "",
        "/keys",
        "keys",
        "file:///etc/passwd",
        "https://user:s3cret@issuer.example/",
    ] {
        let server = tells(move |request| metadata(&request.origin(), uri));
        let run = fetch(server.origin()).run();
        run.yields_nothing(4);
    }
}

#[test]
fn what_is_no_metadata_is_passed_over() {
    for body in [
        "<html>",
        "",
        "{}",
        "[]",
        "{\"issuer\":1}",
        "{\"issuer\":\"a\",\"issuer\":\"b\"}",
    ] {
        let server = Server::http(move |request| match request.target.as_str() {
            OPENID => Answer::body(body),
            OAUTH => {
                let origin = request.origin();
                Answer::body(metadata(&origin, &format!("{origin}/keys")))
            }
            _ => Answer::body(public_set()),
        });
        fetch(server.origin()).run().succeeds();
        assert_eq!(server.targets(), [OPENID, OAUTH, "/keys"]);
    }
}

#[test]
fn an_issuer_without_metadata_is_told() {
    let server = Server::http(|_| Answer::status(404));
    fetch(server.origin()).run().fails(4, "discovery-failed");
    assert_eq!(server.targets(), [OPENID, OAUTH]);
    let url = server.url("/tenant");
    let run = verify(&token_from(&url)).args(["--issuer", &url]).run();
    run.fails(4, "discovery-failed");
}

#[test]
fn metadata_that_leads_to_no_set_is_told() {
    let server = Server::http(|request| match request.target.as_str() {
        "/keys" => Answer::status(500),
        _ => {
            let origin = request.origin();
            Answer::body(metadata(&origin, &format!("{origin}/keys")))
        }
    });
    fetch(server.origin()).run().fails(4, "http-server-fault");
    let server =
        tells(|request| metadata(&request.origin(), &format!("{}{OPENID}", request.origin())));
    fetch(server.origin()).run().fails(3, "not-a-jwks");
}

#[test]
fn verify_with_an_issuer_demands_that_the_token_be_from_it() {
    let server = issuer("", OPENID.to_owned());
    let url = server.origin();
    let run = |token: &str| verify(token).args(["--issuer", &url]).run();
    run(&token_from(&url)).succeeds();
    for other in [format!("{url}/"), url.to_uppercase(), String::new()] {
        run(&token_from(&other)).fails(1, "issuer-mismatch");
    }
    let nobodys = token(&json!({}), &json!({"exp": 4_102_444_800_u32}));
    run(&nobodys).fails(1, "claim-missing");
    let numbered = token(&json!({}), &json!({"iss": 1}));
    run(&numbered).fails(1, "claim-invalid");
}

#[test]
fn an_issuer_has_neither_query_nor_fragment() {
    let server = issuer("", OPENID.to_owned());
    for end in ["?a=b", "#a"] {
        let url = server.url(end);
        let run = verify(&token_from(&url)).args(["--issuer", &url]).run();
        run.fails(2, "usage");
    }
    assert_eq!(server.connections(), 0);
}
