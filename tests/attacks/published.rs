//! Secrets in what others publish, and what is made of them.

use std::fs;

use serde_json::json;

use crate::support::Jwks;
use crate::support::server::{Answer, Server};
use crate::{AT, data, read};

#[test]
fn a_key_whose_private_half_is_published_proves_nothing() {
    let keys = fs::read(data("ed25519.json")).unwrap();
    let server = Server::http(move |_| Answer::body(keys.clone()));
    let token = fs::read_to_string(data("token.jwt")).unwrap();
    let run = Jwks::new("verify")
        .args(["-", "--jwks", &server.url("/jwks.json")])
        .args(AT)
        .stdin(token)
        .run();
    run.fails(1, "private-member");
}

#[test]
fn a_private_key_inside_another_value_is_not_passed_on() {
    let public = read(&data("ed25519-public.json"))["keys"][0].clone();
    let mut hiding = public.clone();
    hiding["x-old"] = json!({"kty": "EC", "d": "SECRET"});
    for body in [
        json!({"keys": [public, [{"kty": "EC", "d": "SECRET"}]]}),
        json!({"keys": [public, "-----BEGIN PRIVATE KEY-----\nSECRET"]}),
        json!({"keys": [hiding]}),
        json!({"keys": [public], "backup": {"kty": "oct", "k": "SECRET"}}),
    ] {
        let server = Server::http(move |_| Answer::body(body.to_string()));
        let run = Jwks::new("fetch").arg(server.url("/jwks.json")).run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        assert!(run.has_code("private-key-in-public-set"), "{}", run.stderr);
        let text = run.text();
        assert!(!text.contains("SECRET") && text.contains("ed-1"), "{text}");
    }
}

#[test]
fn a_published_private_half_is_found_under_any_name() {
    let token = fs::read_to_string(data("token.jwt")).unwrap();
    let private = read(&data("ed25519.json"));
    let public = read(&data("ed25519-public.json"))["keys"][0].clone();
    let mut stray = private.clone();
    stray["k"] = json!("AA");
    let mut twin = private.clone();
    twin["kid"] = json!("other");
    let mut capital = public.clone();
    capital["D"] = private["d"].clone();
    let mut hidden = public.clone();
    hidden["backup"] = json!(private.to_string());
    for keys in [
        json!([stray]),
        json!([public, twin]),
        json!([capital]),
        json!([hidden]),
    ] {
        let body = json!({"keys": keys}).to_string();
        let server = Server::http(move |_| Answer::body(body.clone()));
        let url = server.url("/jwks.json");
        let verify = Jwks::new("verify").args(["-", "--jwks", &url]).args(AT);
        verify.stdin(token.clone()).run().fails(1, "private-member");
        let fetched = Jwks::new("fetch").arg(&url).run();
        assert_eq!(fetched.exit, Some(1), "{}", fetched.stderr);
        let secret = private["d"].as_str().unwrap();
        assert!(!fetched.text().contains(secret), "{}", fetched.text());
    }
}

/// It was passed over where it stood in a key that cannot be read, or in none.
#[test]
fn a_published_private_half_is_found_in_what_is_no_readable_key() {
    let token = fs::read_to_string(data("token.jwt")).unwrap();
    let private = read(&data("ed25519.json"));
    let public = read(&data("ed25519-public.json"))["keys"][0].clone();
    let with = |member: &str, value: serde_json::Value| {
        let mut changed = private.clone();
        changed[member] = value;
        changed
    };
    let mut nameless = private.clone();
    nameless.as_object_mut().unwrap().remove("kty");
    let mut bodies: Vec<serde_json::Value> = [
        with("use", json!(5)),
        with("kid", json!(5)),
        with("alg", json!(7)),
        with("key_ops", json!(["sign", "sign"])),
        with("x", json!("AA=")),
        with("kty", json!("oct")),
        nameless,
        json!({"kty": "X", "ext": private}),
        json!([private]),
        json!("-----BEGIN PRIVATE KEY-----\nMA=="),
    ]
    .into_iter()
    .map(|other| json!({"keys": [public, other]}))
    .collect();
    bodies.push(json!({"keys": [public], "old": [private]}));
    bodies.push(json!({"keys": [public], "kty": "OKP", "d": private["d"]}));
    for body in bodies {
        let text = body.to_string();
        let server = Server::http(move |_| Answer::body(text.clone()));
        let url = server.url("/jwks.json");
        for batch in [&["-"][..], &["--batch"]] {
            let verify = Jwks::new("verify").args(batch).args(["--jwks", &url]);
            let run = verify.args(AT).stdin(token.clone()).run();
            assert_eq!(run.exit, Some(1), "{body}: {}", run.stderr);
            // As the only reason, or as that of the key beside one that does not fit.
            let is_told = run.stderr.contains("private-member")
                || run
                    .stderr
                    .contains("its private half is, or may be, published")
                || (batch == ["--batch"] && run.stderr.contains("0 valid"));
            assert!(is_told, "{body}: {}", run.stderr);
        }
    }
}

#[test]
fn keys_below_the_place_of_metadata_are_keys() {
    let set = fs::read(data("ed25519-public.json")).unwrap();
    let server = Server::http(move |request| match request.target.as_str() {
        "/.well-known/openid-configuration/jwks" => Answer::body(set.clone()),
        _ => Answer::status(404),
    });
    let url = server.url("/.well-known/openid-configuration/jwks");
    Jwks::new("fetch").arg(url).run().succeeds();
}
