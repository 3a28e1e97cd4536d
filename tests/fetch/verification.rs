//! `verify` with keys from the network: which it takes, and which it never asks for.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::fixtures::{private_key, private_member, public_set, token, token_from, verify};
use crate::support::server::{Answer, Server};

const SHARED_SECRET: &[u8] = b"a secret of more than 32 bytes for all";

fn symmetric_token() -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!("{}.{}", part(r#"{"alg":"HS256","kid":"one"}"#), part("{}"));
    let key = hmac::Key::new(hmac::HMAC_SHA256, SHARED_SECRET);
    let tag = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[test]
fn a_symmetric_key_from_the_network_verifies_nothing() {
    let k = URL_SAFE_NO_PAD.encode(SHARED_SECRET);
    let set = json!({"keys": [{"kty": "oct", "kid": "one", "alg": "HS256", "k": k}]}).to_string();
    let own = set.clone();
    let server = Server::http(move |_| Answer::body(set.clone()));
    let run = verify(&symmetric_token())
        .args(["--jwks", &server.url("/jwks.json")])
        .run();
    run.fails(1, "symmetric-key-published");
    assert!(!run.stderr.contains(&k), "{}", run.stderr);
    // The same key of one's own does, so the token is not what was wrong.
    let run = verify(&symmetric_token())
        .args(["--jwks", "-"])
        .stdin(own)
        .run();
    run.succeeds();
}

#[test]
fn a_private_key_from_the_network_is_not_repeated() {
    let server = Server::http(|_| Answer::body(json!({"keys": [private_key()]}).to_string()));
    let run = verify(&token_from("x"))
        .args(["--jwks", &server.url("/jwks.json"), "--explain"])
        .run();
    assert!(!run.stderr.contains(&private_member()), "{}", run.stderr);
    assert!(!run.text().contains(&private_member()), "{}", run.text());
}

#[test]
fn what_a_token_points_to_is_never_asked() {
    let trap = Server::http(|_| Answer::body(public_set()));
    for name in ["jku", "x5u"] {
        let header = json!({ name: trap.url("/trap") });
        let claims = json!({"iss": trap.origin(), "exp": 4_102_444_800_u32});
        let good = token(&header, &claims);
        let server = Server::http(|_| Answer::body(public_set()));
        verify(&good)
            .args(["--jwks", &server.url("/jwks.json")])
            .run()
            .succeeds();
        let empty = Server::http(|_| Answer::body("{\"keys\":[]}"));
        let run = verify(&good)
            .args(["--jwks", &empty.url("/jwks.json")])
            .run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        verify(&good)
            .args(["--jwks", "-"])
            .stdin(public_set())
            .run()
            .succeeds();
        assert_eq!(server.targets(), ["/jwks.json"]);
        assert_eq!(empty.targets(), ["/jwks.json"]);
    }
    assert_eq!(trap.connections(), 0);
}

#[test]
fn what_a_token_points_to_on_the_server_of_the_keys_is_not_asked_either() {
    let server = Server::http(|_| Answer::body(public_set()));
    let header = json!({"jku": server.url("/trap"), "x5u": server.url("/trap")});
    let token = token(&header, &json!({"iss": server.url("/trap")}));
    verify(&token)
        .args(["--jwks", &server.url("/jwks.json")])
        .run()
        .succeeds();
    assert_eq!(server.targets(), ["/jwks.json"]);
}

#[test]
fn a_token_of_another_key_is_rejected_and_not_taken_for_a_fault_of_the_network() {
    let server = Server::http(|_| Answer::body(public_set()));
    let mut token = token_from("x");
    token.replace_range(token.len() - 10..token.len() - 6, "AAAA");
    let run = verify(&token)
        .args(["--jwks", &server.url("/jwks.json")])
        .run();
    run.fails(1, "signature-invalid");
}

#[test]
fn a_kid_that_the_set_lacks_is_a_rejection() {
    let server = Server::http(|_| Answer::body(public_set()));
    let other = token(&json!({"kid": "two"}), &json!({}));
    let run = verify(&other)
        .args(["--jwks", &server.url("/jwks.json")])
        .run();
    run.fails(1, "unknown-kid");
}

#[test]
fn failures_of_the_network_are_reported_as_json_when_asked() {
    let server = Server::http(|_| Answer::status(503));
    let run = verify(&token_from("x"))
        .args(["--jwks", &server.url("/jwks.json"), "--format", "json"])
        .run();
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    let report: serde_json::Value = serde_json::from_str(run.text()).unwrap();
    assert_eq!(report["schema"], "jwks.error/1");
    assert!(run.has_code(report["code"].as_str().unwrap()), "{report}");
}
