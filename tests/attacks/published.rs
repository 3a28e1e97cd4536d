//! Secrets in what others publish, and what is made of them.

use std::fs;

use jwks_cli::core::base64url;
use serde_json::{Value, json};

use super::{AT, data, read, rotate, written};
use crate::support::server::{Answer, Server};
use crate::support::{Jwks, scratch};

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
    let with = |member: &str, value: Value| {
        let mut changed = private.clone();
        changed[member] = value;
        changed
    };
    let mut nameless = private.clone();
    nameless.as_object_mut().unwrap().remove("kty");
    let mut bodies: Vec<Value> = [
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

/// It was told by the public half beside it alone, or only in the spelling of a JWK.
#[test]
fn a_published_private_half_is_found_beside_any_public_half_and_in_any_spelling() {
    let private = read(&data("ed25519.json"));
    let public = read(&data("ed25519-public.json"))["keys"][0].clone();
    let secret = private["d"].as_str().unwrap();
    let standard = format!("{}=", secret.replace('-', "+").replace('_', "/"));
    let escapes: Vec<String> = secret
        .bytes()
        .map(|byte| format!("\\u{byte:04x}"))
        .collect();
    let escaped = escapes.concat();
    let with = |name: &str, value: Value| {
        let mut key = public.clone();
        key[name] = value;
        key
    };
    let told = format!("the key: {private}, as of May");
    let sets = [
        json!({"keys": [public, {"kty": "OKP", "crv": "Ed25519", "d": secret,
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwaaPJHURpo"}]}),
        json!({"keys": [public, {"kty": "EC", "crv": "P-256", "d": secret,
            "x": "M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54",
            "y": "331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8"}]}),
        json!({"keys": [with("old", json!({"d": "ESCAPED"}))]}),
        json!({"keys": [public], "d": "ESCAPED"}),
        json!({"keys": [with("old", json!({"d": standard}))]}),
        json!({"keys": [with("old", json!({"d": [secret]}))]}),
        json!({"keys": [with("-----BEGIN PRIVATE KEY-----\nMIIB", json!(1))]}),
        json!({"keys": [public], "-----BEGIN PRIVATE KEY-----\nMIIB": 1}),
        json!({"keys": [with("note", json!(told))]}),
        json!({"keys": [public, told]}),
        json!({"keys": [with("backup", json!(base64url::encode(private.to_string().as_bytes())))]}),
        json!({"keys": [with("privateKey", json!(secret))]}),
        json!({"keys": [with("keys", json!([private]))]}),
    ];
    for set in sets {
        let body = set.to_string().replace("ESCAPED", &escaped);
        let leaks = [
            secret,
            &standard,
            &escaped,
            "BEGIN PRIVATE",
            "backup\": \"ey",
        ];
        is_found_and_not_shown(&body, &leaks);
    }
}

/// All commands find the private half in the set, and show nothing of this.
#[track_caller]
fn is_found_and_not_shown(body: &str, leaks: &[&str]) {
    let served = body.to_owned();
    let server = Server::http(move |_| Answer::body(served.clone()));
    let url = server.url("/jwks.json");
    let token = fs::read_to_string(data("token.jwt")).unwrap();
    let verify = Jwks::new("verify").args(["-", "--jwks", &url]).args(AT);
    verify.stdin(token).run().fails(1, "private-member");
    let inspected = Jwks::new("inspect").args(["-", "--published"]).args(AT);
    let inspected = inspected.stdin(body).run();
    assert!(inspected.text().contains("private-member"), "{body}");
    let fetched = Jwks::new("fetch").arg(&url).run();
    assert_eq!(fetched.exit, Some(1), "{body}");
    for run in [inspected, fetched] {
        let shown = run.text();
        let leaks = leaks.iter().any(|secret| shown.contains(secret));
        assert!(!leaks, "{body}\n{shown}");
    }
}

/// It was called exposed, and printed.
#[test]
fn a_private_key_where_a_name_belongs_is_not_repeated() {
    const SECRET: &str = "c2VjcmV0c2VjcmV0c2VjcmV0";
    let folder = scratch();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----");
    let jwk = json!({"kty": "oct", "k": SECRET});
    let public = read(&data("ed25519-public.json"))["keys"][0].clone();
    let mut documents = Vec::new();
    for name in [
        "kid", "alg", "use", "crv", "kty", "x", "x5u", "x5t", "key_ops", "x5c", "nbf",
    ] {
        for value in [
            json!(pem),
            json!(jwk.to_string()),
            jwk.clone(),
            json!([pem]),
        ] {
            let mut key = public.clone();
            key[name] = value;
            documents.push(json!({"keys": [key, public]}).to_string());
        }
    }
    let name = json!(pem).to_string();
    documents.push(format!(
        "{{\"keys\":[{{\"kty\":\"EC\",{name}:1,{name}:2}}]}}"
    ));
    documents.push(format!("{{\"keys\":[],{name}:1,{name}:2}}"));
    documents.push(format!("{{\"keys\":[{jwk}],\"keys\":[]}}"));
    for document in documents {
        let file = folder.path().join("keys.json");
        fs::write(&file, &document).unwrap();
        let inspect = || Jwks::new("inspect").arg("--published").args(AT);
        for run in [
            inspect().arg(&file).run(),
            inspect().arg(&file).arg("--format=json").run(),
            inspect().arg(&file).arg("--format=sarif").run(),
            inspect().arg(&file).arg("--format=junit").run(),
            inspect()
                .arg(data("ed25519-public.json"))
                .arg("--known-keys")
                .arg(&file)
                .run(),
        ] {
            let leaks = run.text().contains(SECRET) || run.stderr.contains(SECRET);
            assert!(!leaks, "{document}\n{}\n{}", run.text(), run.stderr);
        }
    }
    let list = folder.path().join("list.txt");
    fs::write(&list, SECRET).unwrap();
    let run = Jwks::new("inspect").arg(data("ed25519-public.json"));
    let run = run.arg("--known-keys").arg(list).run();
    assert!(run.has_code("known-keys-malformed") && !run.stderr.contains(SECRET));
}

/// It was published in the spelling that other programs give it.
#[test]
fn a_rotation_publishes_no_old_private_half() {
    let folder = scratch();
    let mut key = read(&data("ed25519.json"));
    let secret = key["d"]
        .as_str()
        .unwrap()
        .replace('-', "+")
        .replace('_', "/");
    key["old"] = json!({"d": format!("{secret}=")});
    key["private_key"] = key["d"].clone();
    let file = written(folder.path(), "keys.json", &json!({"keys": [key]}));
    let public = folder.path().join("public.json");
    rotate(&file, &public).succeeds();
    let text = fs::read_to_string(public).unwrap();
    assert!(text.contains("ed-1"), "{text}");
    assert!(
        !text.contains("old") && !text.contains("private_key"),
        "{text}"
    );
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
