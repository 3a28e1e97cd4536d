//! JSON reports against their schemas, and the key sets of real issuers.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::repository::{root, validator};

/// A token that no set has a key for; its header names the kid "nobody" and RS256.
const FOREIGN_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vYm9keSJ9.e30.AA";

fn jwks(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jwks"))
        .args(arguments)
        .current_dir(root().join("tests/cmd/data"))
        .env_clear()
        .output()
        .expect("the binary starts")
}

fn report(arguments: &[&str]) -> Value {
    let output = jwks(arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?} printed no JSON: {error}: {output:?}"))
}

fn require_schema(name: &str, arguments: &[&str]) {
    require_schema_of(&report(arguments), name, arguments);
}

fn require_schema_of(report: &Value, name: &str, arguments: &[&str]) {
    let validator = validator(name);
    let expected = format!("jwks.{name}/1");
    assert_eq!(report["schema"], expected.as_str(), "{arguments:?}");
    let problems: Vec<String> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        problems.is_empty(),
        "{arguments:?}: {problems:#?}\n{report:#}"
    );
}

#[test]
fn every_report_keeps_its_schema() {
    const AT: [&str; 4] = ["--at", "2026-11-01T00:30:00Z", "--format", "json"];
    for (schema, line) in [
        ("verify", "verify token.jwt --jwks ed25519-public.json"),
        (
            "verify",
            "verify token.jwt --jwks ed25519-public.json --signature-only",
        ),
        (
            "verify",
            "verify token.jwt --jwks ed25519-public.json --aud x --alg RS256",
        ),
        ("verify", "verify token.jwt --jwks es256-public.json"),
        ("verify", "verify a.b --jwks ed25519-public.json"),
        (
            "inspect",
            "inspect ed25519.json rs256-public.json token.jwt",
        ),
        ("inspect", "inspect --published hs256.json under-way.json"),
        ("inspect.rules", "inspect --rules"),
        ("inspect", "inspect no-such-file x5c.json"),
        ("rotate", "rotate ed25519.json --dry-run"),
        ("rotate", "rotate two-active.json --dry-run"),
        ("rotate", "rotate ed25519.json --every 90d"),
        ("rotate", "rotate under-way.json --revoke ed-1 --dry-run"),
        ("diff", "diff ed25519.json ed25519.json"),
        ("diff", "diff two-active.json under-way.json"),
        ("diff", "diff es256-public.json hs256.json"),
        ("error", "verify token.jwt --jwks no-such-file.json"),
        ("error", "inspect no-such-file.json"),
        ("error", "rotate under-way.json --dry-run"),
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let at = if schema == "diff" { &AT[2..] } else { &AT };
        require_schema(schema, &[&arguments, at].concat());
    }
}

#[test]
fn every_record_and_summary_of_a_batch_keeps_its_schema() {
    const AT: [&str; 2] = ["--at", "2026-11-01T00:30:00Z"];
    let place = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| place.path().join(name).to_str().expect("UTF-8").to_owned();
    let (tokens, summary) = (path("tokens"), path("summary.json"));
    let token = fs::read_to_string(root().join("tests/cmd/data/token.jwt")).expect("the token");
    let token = token.trim_end();
    let lines = format!("a\t{token}\nb\t{FOREIGN_TOKEN}\nc\tx\nd\t\n{token}\n");
    fs::write(&tokens, lines).expect("the tokens are written");
    for options in [&["--id-field", "--claims"][..], &["--id-field"], &[]] {
        let arguments = [
            &["verify", "--batch", &tokens][..],
            &["--jwks", "ed25519-public.json"],
            &["--summary", &summary],
            options,
            &AT,
        ]
        .concat();
        let output = jwks(&arguments);
        let text = String::from_utf8(output.stdout).expect("records are UTF-8");
        assert_eq!(text.lines().count(), 5, "{arguments:?}: {text}");
        let has_claims = text.contains("\"claims\":");
        assert_eq!(has_claims, options.contains(&"--claims"), "{text}");
        for line in text.lines() {
            let record = serde_json::from_str(line).expect("a record is JSON");
            require_schema_of(&record, "verify.record", &arguments);
        }
        let written = fs::read(&summary).expect("the summary is written");
        let written = serde_json::from_slice(&written).expect("the summary is JSON");
        require_schema_of(&written, "verify.summary", &arguments);
        let merge = ["verify", "--merge-summaries", &summary, &summary];
        require_schema("verify.summary", &merge);
    }
}

/// Errors in the sets of real issuers, each of which is truly wrong: standard base64 with padding in
/// n; an encryption key that is nothing but a certificate, and hashes of certificates in hexadecimal;
/// P-521 coordinates cut by a zero byte, OKP keys without the required x, and secrets of every kind
/// beside public keys; private keys in examples that are served; and a template whose certificate was
/// never filled in.
const TRUE_ERRORS: [(&str, &str); 11] = [
    ("google-2014.json", "b64-alphabet"),
    ("oidc-server-xmlenc-alg.json", "malformed-key"),
    ("oidc-server-xmlenc-alg.json", "x5t-mismatch"),
    ("libjwt-keyring-27.json", "ec-coord-length"),
    ("libjwt-keyring-27.json", "malformed-key"),
    ("libjwt-keyring-27.json", "private-member"),
    ("libjwt-keyring-27.json", "symmetric-key"),
    ("libjwt-keyring-27.json", "mixed-symmetry"),
    ("jwkset-website.json", "private-member"),
    ("spring-security-2.json", "private-member"),
    ("spiffe-bundle-wit.json", "x5c-encoding"),
];

/// Runs on the folder that JWKS_REAL_SETS names, which holds captured key sets and is no part of the
/// repository.
#[test]
fn sets_of_real_issuers_are_read_without_complaint() {
    let Some(folder) = std::env::var_os("JWKS_REAL_SETS") else {
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("JWKS_REAL_SETS is a folder") {
        let path = entry.expect("an entry of the folder").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let path = path.to_str().expect("a path in UTF-8");
        if name == "index.json" {
            continue;
        }
        count += 1;
        let inspected = report(&["inspect", "--published", path, "--format", "json"]);
        for finding in inspected["findings"].as_array().expect("an array") {
            let code = finding["code"].as_str().expect("a code");
            let is_true = TRUE_ERRORS.contains(&(name.as_str(), code));
            assert!(
                is_true || finding["severity"] != "error",
                "{name}: {finding}"
            );
        }
        let verdict = report(&["verify", FOREIGN_TOKEN, "--jwks", path, "--format", "json"]);
        assert_eq!(verdict["code"], "unknown-kid", "{name}: {verdict}");
    }
    assert!(count >= 30, "only {count} sets");
}
