//! Tokens, arguments and names that somebody chose with care.

use serde_json::{Value, json};

use super::{AT, data, read, written};
use crate::support::{Jwks, scratch};

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
