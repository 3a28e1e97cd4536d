//! Sets that serve what nobody should see: it is named, left out, and the answer is no.

use std::fs;

use serde_json::{Value, json};

use super::fixtures::{fetch, private_key, private_member, public_key};
use crate::support::server::{Answer, Server};
use crate::support::{Run, scratch};

const CODE: &str = "private-key-in-public-set";

/// Every member that holds a secret (RFC 7518 §6, RFC 9964), but for `k`.
const MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

fn fetched(body: impl Into<String>) -> Run {
    let body = body.into();
    let server = Server::http(move |_| Answer::body(body.clone()));
    fetch(server.url("/jwks.json")).run()
}

/// The run ended with 1 and the code, and `secret` is on neither stream.
#[track_caller]
fn keeps(run: &Run, secret: &str) {
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.has_code(CODE), "{}", run.stderr);
    assert!(!run.text().contains(secret), "{}", run.text());
    assert!(!run.stderr.contains(secret), "{}", run.stderr);
}

/// What could be octets of a key: a word under the name of a member of another key type is no secret.
const OCTETS: &str = "SECRETSECRETSECRETSECRET";

/// The words of the lines that carry the code.
fn words(run: &Run) -> Vec<&str> {
    run.stderr
        .lines()
        .filter(|line| line.starts_with(&format!("error[{CODE}]")))
        .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()))
        .collect()
}

#[test]
fn a_private_key_is_printed_without_its_private_member() {
    let run = fetched(json!({"keys": [private_key()]}).to_string());
    keeps(&run, &private_member());
    let set: Value = serde_json::from_str(run.text()).unwrap();
    assert_eq!(set, json!({"keys": [public_key()]}));
    assert!(words(&run).contains(&"one"), "{}", run.stderr);
    assert!(words(&run).contains(&"d"), "{}", run.stderr);
}

#[test]
fn every_private_member_is_named_and_left_out() {
    let mut key = json!({"kty": "RSA", "kid": "leaky", "n": "AQAB", "e": "AQAB", "vendor": 1.50});
    for name in MEMBERS {
        key[name] = json!(OCTETS);
    }
    let run = fetched(json!({"keys": [key, public_key()], "issuer": "x"}).to_string());
    keeps(&run, "SECRET");
    let set: Value = serde_json::from_str(run.text()).unwrap();
    let expected = json!({"kty": "RSA", "kid": "leaky", "n": "AQAB", "e": "AQAB", "vendor": 1.50});
    assert_eq!(
        set,
        json!({"keys": [expected, public_key()], "issuer": "x"})
    );
    for name in MEMBERS.iter().chain(&["leaky"]) {
        assert!(words(&run).contains(name), "no {name} in: {}", run.stderr);
    }
    assert!(!words(&run).contains(&"one"), "{}", run.stderr);
}

#[test]
fn each_private_member_alone_is_enough() {
    for name in MEMBERS {
        let mut key = public_key();
        key[name] = json!(OCTETS);
        let run = fetched(json!({"keys": [key]}).to_string());
        keeps(&run, "SECRET");
        assert!(words(&run).contains(&name), "no {name} in: {}", run.stderr);
    }
}

#[test]
fn members_in_disguise_are_left_out_too() {
    let x = &public_key()["x"];
    for members in [
        r#""\u0064":"SECRET""#,
        r#""d":"SECRET","d":"SECRET""#,
        r#""d":["SECRET"]"#,
        r#""d":null,"d":"SECRET""#,
    ] {
        let key = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"one","x":{x},{members}}}"#);
        keeps(&fetched(format!(r#"{{"keys":[{key}]}}"#)), "SECRET");
    }
}

#[test]
fn keys_that_cannot_be_read_keep_their_secrets_too() {
    for key in [
        r#"{"d":"SECRETSECRETSECRETSECRET"}"#,
        r#"{"kty":"XYZ","d":"SECRET"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","d":"SECRET"}"#,
        r#"{"kty":["RSA"],"p":"SECRET"}"#,
    ] {
        keeps(&fetched(format!(r#"{{"keys":[{key}]}}"#)), "SECRET");
    }
}

#[test]
fn a_private_member_beside_the_keys_is_left_out() {
    let body = r#"{"kty":"OKP","crv":"Ed25519","d":"SECRET","keys":[]}"#;
    keeps(&fetched(body), "SECRET");
}

#[test]
fn nothing_of_a_symmetric_key_is_printed() {
    let symmetric = json!({"kty": "oct", "kid": "shared", "k": "U0VDUkVU", "note": "SECRET"});
    let run = fetched(json!({"keys": [symmetric, public_key()]}).to_string());
    keeps(&run, "U0VDUkVU");
    let set: Value = serde_json::from_str(run.text()).unwrap();
    assert_eq!(set, json!({"keys": [public_key()]}));
    assert!(words(&run).contains(&"shared"), "{}", run.stderr);
    assert!(words(&run).contains(&"k"), "{}", run.stderr);
}

#[test]
fn a_file_gets_the_set_without_the_secrets() {
    let server = Server::http(|_| Answer::body(json!({"keys": [private_key()]}).to_string()));
    let folder = scratch();
    let file = folder.path().join("jwks.json");
    let run = fetch(server.url("/jwks.json")).arg("-o").arg(&file).run();
    keeps(&run, &private_member());
    let written: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(written, json!({"keys": [public_key()]}));
}

#[test]
fn one_key_is_printed_without_its_private_member() {
    let server = Server::http(|_| Answer::body(json!({"keys": [private_key()]}).to_string()));
    let run = fetch(server.url("/jwks.json")).args(["--kid", "one"]).run();
    keeps(&run, &private_member());
    let key: Value = serde_json::from_str(run.text()).unwrap();
    assert_eq!(key, public_key());
}

#[test]
fn one_symmetric_key_is_not_printed() {
    let server =
        Server::http(|_| Answer::body(r#"{"keys":[{"kty":"oct","kid":"one","k":"U0VDUkVU"}]}"#));
    let run = fetch(server.url("/jwks.json")).args(["--kid", "one"]).run();
    keeps(&run, "U0VDUkVU");
    assert_eq!(run.text(), "");
}

#[test]
fn one_bad_set_of_several_is_a_no() {
    let server = Server::http(|request| match request.target.as_str() {
        "/bad" => Answer::body(json!({"keys": [private_key()]}).to_string()),
        _ => Answer::body(json!({"keys": [public_key()]}).to_string()),
    });
    let run = fetch(server.url("/bad")).arg(server.url("/good")).run();
    keeps(&run, &private_member());
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn an_ordinary_word_under_such_a_name_is_no_secret() {
    let mut key = public_key();
    key["p"] = json!("production");
    key["k"] = Value::Null;
    let body = format!("{}\n", json!({"keys": [key]}));
    assert_eq!(fetched(body.clone()).succeeds().text(), body);
}
