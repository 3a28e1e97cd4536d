//! URLs that lead somewhere else, and servers that cannot be asked or trusted.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use serde_json::json;

use super::issuer::{self, token};
use super::story::{mistake, then};
use crate::support::Jwks;
use crate::support::place::Place;
use crate::support::server::{Answer, Request, Server};
use crate::support::tls::{Authority, LOOPBACK, self_signed_with_pem};

/// What an issuer serves: its metadata, its keys, and a page for people.
fn answer(request: &Request) -> Answer {
    let origin = request.origin();
    match request.target.as_str() {
        "/" => Answer::body("<!doctype html><title>Welcome</title>"),
        "/keys" => Answer::body(issuer::set()),
        "/login" => Answer::body("<!DOCTYPE html><title>Log in</title>"),
        "/.well-known/openid-configuration" | "/metadata" => {
            let keys = format!("{origin}/keys");
            Answer::body(json!({"issuer": origin, "jwks_uri": keys}).to_string())
        }
        _ => Answer::status(404),
    }
}

fn fetch(url: &str) -> Jwks {
    Jwks::new("fetch").arg(url).args(["--retries", "0"])
}

/// `jwks verify` of a token of the issuer at `origin`.
fn verify(origin: &str, options: [&str; 2]) -> Jwks {
    let token = token(&json!({}), &json!({"iss": origin, "exp": 1_800_000_900}));
    let run = Place::jwks("verify").arg(token).args(options);
    run.args(["--retries", "0"])
}

#[test]
fn the_url_of_the_issuer_is_given_for_that_of_its_keys() {
    let server = Server::http(answer);
    for path in ["", "/.well-known/openid-configuration"] {
        then(verify(&server.origin(), ["--jwks", &server.url(path)]));
    }
}

#[test]
fn the_url_of_the_keys_is_given_for_that_of_the_issuer() {
    let server = Server::http(answer);
    let run = verify(&server.origin(), ["--issuer", &server.url("/keys")]);
    let hint = mistake(run).says(4, "discovery-failed").naming("--iss");
    let option = hint.word("--jwks=");
    let (jwks, url) = option.split_once('=').expect("a value");
    then(verify(&server.origin(), [jwks, url]));
}

#[test]
fn the_issuer_is_named_with_its_well_known_path() {
    let server = Server::http(answer);
    let url = server.url("/.well-known/openid-configuration");
    let run = verify(&server.origin(), ["--issuer", &url]);
    let hint = mistake(run).says(4, "discovery-failed");
    then(verify(&server.origin(), ["--issuer", &hint.word("http")]));
}

#[test]
fn the_issuer_is_named_with_a_slash() {
    let server = Server::http(answer);
    let run = verify(&server.origin(), ["--issuer", &server.url("/")]);
    let hint = mistake(run).says(4, "discovery-issuer-mismatch");
    then(verify(&server.origin(), ["--issuer", &hint.quoted()[0]]));
}

#[test]
fn the_token_is_of_another_issuer_than_its_keys() {
    let (one, other) = (Server::http(answer), Server::http(answer));
    let run = verify(&other.origin(), ["--issuer", &one.origin()]);
    let hint = mistake(run).says(1, "issuer-mismatch");
    let option = hint.word("--issuer=");
    let (issuer, url) = option.split_once('=').expect("a value");
    then(verify(&other.origin(), [issuer, url]));
}

#[test]
fn the_well_known_path_stands_there_twice() {
    let server = Server::http(answer);
    let well_known = "/.well-known/openid-configuration";
    let twice = server.url(&format!("{well_known}{well_known}"));
    let hint = mistake(fetch(&twice)).says(4, "http-not-found");
    then(fetch(&hint.word("http")));
}

#[test]
fn metadata_is_given_for_keys() {
    let server = Server::http(answer);
    let place = Place::new();
    let text = json!({"issuer": server.origin(), "jwks_uri": server.url("/keys")}).to_string();
    let file = place.write("metadata.json", text);
    for metadata in [file.to_str().expect("a name"), &server.url("/metadata")] {
        let run = verify(&server.origin(), ["--jwks", metadata]);
        let hint = mistake(run).says(3, "not-a-jwks");
        then(verify(&server.origin(), ["--jwks", &hint.quoted()[0]]));
    }
}

#[test]
fn a_login_page_comes_in_the_place_of_keys() {
    let server = Server::http(answer);
    let run = verify(&server.origin(), ["--jwks", &server.url("/login")]);
    mistake(run)
        .says(3, "document-html")
        .naming("login")
        .naming("issuer");
    then(verify(&server.origin(), ["--jwks", &server.url("/keys")]));
}

#[test]
fn a_url_begins_with_http() {
    for run in [
        fetch("http://issuer.invalid/jwks.json"),
        verify("x", ["--jwks", "http://issuer.invalid/jwks.json"]),
        verify("x", ["--issuer", "http://issuer.invalid"]),
    ] {
        let hint = mistake(run).says(4, "http-not-https");
        // Nobody is asked to do without TLS who is not told what that means.
        let hint = hint.naming("--allow-http").naming("keys of their own");
        assert_eq!(hint.word("https:"), "https://");
    }
}

#[test]
fn the_server_has_a_certificate_of_its_own() {
    let place = Place::new();
    let authority = Authority::new();
    let (config, pem) = self_signed_with_pem(&LOOPBACK);
    let by_authority = authority.vouch_for(&LOOPBACK);
    let cases: [(Arc<ServerConfig>, PathBuf); 2] = [
        (by_authority, place.write("authority.pem", authority.pem())),
        (config, place.write("server.pem", pem)),
    ];
    for (tls, file) in cases {
        let server = Server::https(tls, answer);
        let url = server.url("/keys");
        let hint = mistake(fetch(&url)).says(4, "network-tls-issuer");
        then(fetch(&url).arg(hint.word("--cacert")).arg(file));
    }
}

#[test]
fn the_server_is_not_running() {
    // Nobody listens there.
    mistake(fetch("http://127.0.0.1:1/keys"))
        .says(4, "network-connect")
        .naming("running");
    let server = Server::http(answer);
    then(fetch(&server.url("/keys")));
}

#[test]
fn the_name_of_the_server_is_mistyped() {
    let run = fetch("https://no-such-host.invalid/jwks.json");
    let run = run.env("RES_OPTIONS", "timeout:1 attempts:1");
    mistake(run).says(4, "network-dns").naming("spelled");
}

#[test]
fn a_file_is_to_be_fetched() {
    let place = Place::new();
    let set = place.write("set.json", issuer::set());
    let run = fetch("set.json").folder(place.path(""));
    let hint = mistake(run).says(2, "usage");
    then(hint.jwks(&[("FILE", &set)]));
    let hint = mistake(fetch("issuer.invalid/keys")).says(2, "usage");
    assert_eq!(hint.word("https:"), "https://issuer.invalid/keys");
    mistake(fetch("me:s3cret@issuer.invalid/keys"))
        .says(2, "usage")
        .not_naming("s3cret");
}
