//! What someone has tried who wanted a lost key, a leak, a hang or a wrong verdict, and got it once.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests drive the binary from outside"
)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::server::{Answer, Server};
use support::{Jwks, Run, scratch};

const AT: [&str; 2] = ["--at", "2026-11-01T00:30:00Z"];
const DAY_LATER: [&str; 2] = ["--at", "2026-11-02T00:30:00Z"];

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cmd/data")
        .join(name)
}

/// A copy of a data file in a folder of the test's own.
fn copied(folder: &Path, name: &str, from: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(data(from), &path).unwrap();
    path
}

fn written(folder: &Path, name: &str, content: &Value) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content.to_string()).unwrap();
    path
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn rotate(file: &Path, public: &Path) -> Run {
    Jwks::new("rotate")
        .arg(file)
        .arg("--public")
        .arg(public)
        .args(AT)
        .run()
}

#[test]
fn a_rotation_never_publishes_over_private_keys() {
    let folder = scratch();
    let place = folder.path();
    let file = copied(place, "key.json", "ed25519.json");
    let other = copied(place, "other.json", "es256.json");
    let before = (fs::read(&file).unwrap(), fs::read(&other).unwrap());
    let link = place.join("link.json");
    std::os::unix::fs::symlink("key.json", &link).unwrap();
    rotate(&file, &place.join(".").join("key.json")).fails(2, "usage");
    rotate(&file, &link).fails(2, "usage");
    rotate(&file, &other).fails(3, "not-a-published-set");
    assert_eq!(
        before,
        (fs::read(&file).unwrap(), fs::read(&other).unwrap())
    );
    let run = Jwks::new("generate")
        .args(["--alg", "ES256", "--force", "-o"])
        .arg(place.join(".").join("key.json"))
        .arg("-p")
        .arg(&file)
        .run();
    run.fails(2, "usage");
    assert_eq!(fs::read(&file).unwrap(), before.0);
}

#[test]
fn nothing_is_rotated_when_it_cannot_be_published() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let before = fs::read(&file).unwrap();
    let pipe = folder.path().join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    rotate(&file, &pipe).fails(3, "not-a-regular-file");
    rotate(&file, folder.path()).fails(3, "is-a-directory");
    rotate(&file, &folder.path().join("missing/jwks.json")).fails(3, "file-unwritable");
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_dangling_link_is_published_through() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("target.json", &link).unwrap();
    rotate(&file, &link).succeeds();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        read(&folder.path().join("target.json"))["keys"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_key_that_is_published_late_takes_over_late() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let public = folder.path().join("jwks.json");
    Jwks::new("rotate").arg(&file).args(AT).run().succeeds();
    let first = read(&file)["keys"][1]["nbf"].as_i64().unwrap();
    let late = Jwks::new("rotate")
        .arg(&file)
        .arg("--public")
        .arg(&public)
        .args(DAY_LATER)
        .run();
    late.fails(1, "rotation-under-way");
    assert!(late.stderr.contains("warning: "), "{}", late.stderr);
    let keys = read(&file);
    assert_eq!(keys["keys"][1]["nbf"], first + 86_400);
    assert_eq!(keys["keys"][0]["exp"], first + 86_400 + 90_000);
    // Published now, so the next call leaves everything as it is.
    let before = fs::read(&file).unwrap();
    Jwks::new("rotate")
        .arg(&file)
        .arg("--public")
        .arg(&public)
        .args(["--at", "2026-11-02T01:30:00Z"])
        .run()
        .fails(1, "rotation-under-way");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_rotated_file_can_always_be_read_again() {
    let folder = scratch();
    let mut key = read(&data("ed25519.json"));
    let deep = (0..62).fold(json!(1), |inner, _| json!([inner]));
    key["x-deep"] = deep.clone();
    let file = written(folder.path(), "deep.json", &key);
    let before = fs::read(&file).unwrap();
    let run = Jwks::new("rotate").arg(&file).args(AT).run();
    run.yields_nothing(3);
    assert_eq!(fs::read(&file).unwrap(), before);
    // Laid out with its indentation this would be 60 times as long.
    let wide = (0..58).fold(json!(vec![0; 60_000]), |inner, _| json!([inner]));
    key["x-deep"] = wide;
    let file = written(folder.path(), "wide.json", &key);
    Jwks::new("rotate").arg(&file).args(AT).run().succeeds();
    assert_eq!(read(&file)["keys"].as_array().unwrap().len(), 2);
    Jwks::new("sign")
        .arg("--jwks")
        .arg(&file)
        .args(AT)
        .run()
        .succeeds();
}

#[test]
fn secrets_under_other_names_are_not_published() {
    let folder = scratch();
    let mut key = read(&data("ed25519.json"));
    key["D"] = key["d"].clone();
    key["x-pem"] = json!("-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n");
    key["x-old"] = json!([{"kty": "oct", "k": "c2VjcmV0"}]);
    key["x-note"] = json!("kept");
    let file = written(folder.path(), "key.json", &key);
    let public = folder.path().join("jwks.json");
    rotate(&file, &public).succeeds();
    let published = fs::read_to_string(&public).unwrap();
    assert!(published.contains("x-note"));
    for secret in ["\"D\"", "\"d\"", "PRIVATE", "c2VjcmV0"] {
        assert!(!published.contains(secret), "{published}");
    }
}

#[test]
fn help_among_other_arguments_is_no_verdict() {
    for help in ["--help", "-h"] {
        let run = Jwks::new("verify")
            .arg(help)
            .arg("--jwks")
            .arg(data("ed25519-public.json"))
            .run();
        run.yields_nothing(2);
        Jwks::new("verify").arg(help).run().succeeds();
    }
}

#[test]
fn names_that_a_stranger_made_long_are_shown_without_harm() {
    let claims = |count: usize, longest: usize| {
        let mut object = serde_json::Map::new();
        object.insert("x".repeat(longest), json!(1));
        for index in 0..count {
            object.insert(format!("m{index}"), json!(0));
        }
        Value::Object(object).to_string()
    };
    for payload in [claims(0, 70_000), claims(20_000, 60_000)] {
        let run = Jwks::new("sign")
            .arg("--jwks")
            .arg(data("ed25519.json"))
            .args(["--claims", "-"])
            .stdin(payload)
            .run();
        let token = run.succeeds().text().to_owned();
        let shown = Jwks::new("inspect").arg("-").stdin(token.clone()).run();
        assert!(shown.succeeds().stdout.len() < 10 * token.len());
    }
    Jwks::new("verify")
        .args(["e30.e30.AA", "--explain", "--require", &"a".repeat(70_000)])
        .arg("--jwks")
        .arg(data("ed25519-public.json"))
        .run()
        .yields_nothing(1);
}

#[test]
fn huge_numbers_and_names_in_keys_cost_no_time() {
    let folder = scratch();
    let long = "A".repeat(26_667) + "E";
    let huge = json!({"kty": "RSA", "n": format!("v{long}"), "e": "AQAB", "d": format!("f{long}")});
    let mut named = read(&data("ed25519-public.json"))["keys"][0].clone();
    named["kid"] = json!("k".repeat(200_000));
    for (name, content) in [("huge.json", huge), ("named.json", named)] {
        let run = Jwks::new("inspect")
            .arg(written(folder.path(), name, &content))
            .run();
        run.succeeds();
        // Minutes once, and milliseconds now, also on a slow machine.
        assert!(run.took.as_secs() < 20, "{name}: {:?}", run.took);
    }
}

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
fn the_hash_of_a_secret_is_not_shown() {
    let run = Jwks::new("inspect")
        .arg(data("hs256.json"))
        .args(["--format", "json"])
        .run();
    let report: Value = serde_json::from_str(run.succeeds().text()).unwrap();
    assert_eq!(report["keys"][0]["thumbprint"], Value::Null);
}

#[test]
fn a_lone_short_secret_signs_by_force_alone() {
    let folder = scratch();
    let key = json!({"kty": "oct", "alg": "HS256", "k": "c2VjcmV0"});
    let file = written(folder.path(), "weak.json", &key);
    Jwks::new("sign")
        .arg("--jwks")
        .arg(&file)
        .run()
        .fails(1, "oct-short");
    Jwks::new("sign")
        .arg("--jwks")
        .arg(&file)
        .arg("--force")
        .run()
        .succeeds();
}

#[test]
fn a_missing_token_file_is_no_bad_token() {
    let keys = data("ed25519-public.json");
    let verify = |token: &str| {
        Jwks::new("verify")
            .arg(token)
            .arg("--jwks")
            .arg(&keys)
            .run()
    };
    verify("missing.jwt").fails(3, "file-not-found");
    verify("no-token").yields_nothing(1);
}

#[test]
fn a_claim_that_says_nothing_is_missing() {
    let run = Jwks::new("sign")
        .arg("--jwks")
        .arg(data("ed25519.json"))
        .args(["--claim", "scope:=null"])
        .args(AT)
        .run();
    let token = run.succeeds().text().to_owned();
    Jwks::new("verify")
        .args(["-", "--require", "scope", "--jwks"])
        .arg(data("ed25519-public.json"))
        .args(AT)
        .stdin(token)
        .run()
        .fails(1, "claim-missing");
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

#[test]
fn honest_keys_with_empty_members_verify() {
    let folder = scratch();
    let mut key = read(&data("rs256-public.json"))["keys"][0].clone();
    for name in ["d", "p", "q", "k"] {
        key[name] = Value::Null;
    }
    key["oth"] = json!([]);
    let file = written(folder.path(), "null.json", &json!({"keys": [key]}));
    let run = Jwks::new("sign")
        .arg("--jwks")
        .arg(data("rs256.json"))
        .args(AT)
        .run();
    let token = run.succeeds().text().to_owned();
    Jwks::new("verify")
        .args(["-", "--jwks"])
        .arg(file)
        .args(AT)
        .stdin(token)
        .run()
        .succeeds();
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

#[test]
fn files_that_hide_private_keys_are_not_published_over() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    for content in [
        json!({"keys": [], "privateKey": "-----BEGIN PRIVATE KEY-----\nMA=="}),
        json!({"keys": [{"kid": "old", "private": {"kty": "EC", "d": "x"}}]}),
        json!({"keys": ["-----BEGIN PRIVATE KEY-----\nMA=="]}),
        json!({"keys": ["something"]}),
    ] {
        let public = written(folder.path(), "public.json", &content);
        rotate(&file, &public).fails(3, "not-a-published-set");
        assert_eq!(read(&public), content);
    }
}

#[test]
fn a_takeover_is_put_off_once() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let public = folder.path().join("jwks.json");
    let at = |time: &str| {
        let _ = fs::remove_file(&public);
        let call = Jwks::new("rotate").arg(&file).arg("--public").arg(&public);
        call.args(["--at", time]).run()
    };
    at("2026-11-01T00:30:00Z").succeeds();
    at("2026-11-01T12:30:00Z").fails(1, "rotation-under-way");
    let put_off = read(&file)["keys"][1]["nbf"].clone();
    at("2026-11-02T00:30:00Z").fails(1, "rotation-under-way");
    assert_eq!(read(&file)["keys"][1]["nbf"], put_off);
}

#[test]
fn a_broken_token_is_not_taken_for_a_path_and_not_repeated() {
    for token in ["eyJhbGciOiJFUzI1NiJ9+/=.e30.AA", "Bearer abc/def.e30.AA"] {
        let run = Jwks::new("verify")
            .arg(token)
            .arg("--jwks")
            .arg(data("ed25519-public.json"))
            .run();
        run.fails(1, "token-character");
        assert!(!run.stderr.contains("e30.AA"), "{}", run.stderr);
    }
}
