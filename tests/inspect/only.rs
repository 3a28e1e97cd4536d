//! `--only`.

use std::fs;

use serde_json::json;

use super::arithmetic::many_rsa_keys;
use super::fixtures::{BAD_CODES, BAD_SET, GOOD_SET, codes, inspect, inspect_json, report};
use crate::support::{Jwks, scratch};

/// A set in which every key can be read, with the findings `alg-missing`, an info, and
/// `kid-injection-chars`, a warning.
fn readable() -> String {
    let set = GOOD_SET.replacen("2026-a", "it's", 1);
    set.replacen(r#""alg": "ES256", "#, "", 1)
}

fn only(rules: &[&str]) -> Vec<String> {
    let options = rules.iter().map(|rule| format!("--only={rule}"));
    options.collect()
}

#[test]
fn these_rules_alone_are_reported_and_the_keys_are_shown() {
    for (rules, expected) in [
        (vec![], vec!["alg-missing", "kid-injection-chars"]),
        (vec!["alg-missing"], vec!["alg-missing"]),
        (
            vec!["kid-injection-chars", "alg-missing"],
            vec!["alg-missing", "kid-injection-chars"],
        ),
        (vec!["kid-duplicate"], vec![]),
        (vec!["arithmetic-skipped"], vec![]),
    ] {
        let run = inspect_json()
            .arg("-")
            .args(only(&rules))
            .stdin(readable())
            .run();
        let report = report(run.succeeds());
        assert_eq!(codes(&report), expected, "{rules:?}");
        assert_eq!(report["keys"].as_array().map(Vec::len), Some(2));
    }
    let run = inspect()
        .args(["-", "--only", "kid-duplicate"])
        .stdin(readable())
        .run();
    assert!(run.succeeds().text().contains("2026-b"), "{}", run.text());
}

#[test]
fn these_rules_alone_make_it_fail() {
    for (rule, threshold, exit) in [
        ("alg-missing", "info", 1),
        ("alg-missing", "warning", 0),
        ("kid-injection-chars", "warning", 1),
        ("kid-injection-chars", "error", 0),
        ("kid-duplicate", "info", 0),
    ] {
        let run = inspect()
            .args(["-", "--only", rule, "--fail-on", threshold])
            .stdin(readable())
            .run();
        assert_eq!(run.exit, Some(exit), "{rule} {threshold}: {run:?}");
    }
}

#[test]
fn every_form_of_the_report_has_them_alone() {
    for format in ["text", "json", "sarif", "junit", "github", "gitlab"] {
        let run = inspect()
            .args(["-", "--format", format, "--only", "alg-missing"])
            .stdin(readable())
            .run();
        let text = run.succeeds().text();
        assert!(text.contains("alg-missing"), "{format}: {text}");
        // SARIF lists every rule that there is.
        let results = text.split("\"results\"").last().expect("a part");
        assert!(!results.contains("kid-injection-chars"), "{format}: {text}");
    }
    let run = inspect()
        .args(["-", "--format", "junit", "--only", "alg-missing"])
        .stdin(readable())
        .run();
    assert!(run.text().contains("tests=\"1\""), "{}", run.text());
}

#[test]
fn one_key_may_be_left_out_and_not_all_of_them() {
    let only = ["-", "--only", "alg-missing", "--fail-on", "info"];
    let left_out = |ignored: &str| {
        let ignore = ["--ignore", ignored];
        inspect().args(only).args(ignore).stdin(readable()).run()
    };
    left_out("alg-missing=it's").succeeds();
    assert_eq!(left_out("alg-missing=2026-b").exit, Some(1));
    assert_eq!(left_out("kid-injection-chars").exit, Some(1));
    left_out("alg-missing").fails(2, "usage");
}

#[test]
fn a_rule_that_does_not_exist_is_refused_with_the_near_one() {
    for (rule, hint) in [
        ("kid-dupplicate", "did you mean kid-duplicate?"),
        ("everything", "--rules lists them"),
        ("kid-duplicate=2026-a", "--ignore RULE=KID"),
        ("kid-dupplicate=2026-a", "there is no such rule"),
    ] {
        let run = inspect().args(["-", "--only", rule]).run();
        run.fails(2, "usage");
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
}

#[test]
fn a_rule_that_looks_at_no_such_source_is_refused() {
    for (rule, hint) in [
        ("private-member", "add --published"),
        ("http-not-https", "give the URL"),
    ] {
        let run = inspect()
            .args(["-", "--only", "alg-missing", "--only", rule])
            .stdin(GOOD_SET)
            .run();
        run.fails(2, "usage");
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
    let published = ["-", "--published", "--only", "http-not-https"];
    inspect().args(published).run().fails(2, "usage");
}

#[test]
fn what_keeps_a_rule_from_looking_is_told_as_well() {
    // The first key of this set cannot be read.
    let run = inspect_json()
        .args(["-", "--only", "no-standby", "--fail-on", "error"])
        .stdin(BAD_SET)
        .run();
    assert_eq!(run.exit, Some(1), "{run:?}");
    let expected = ["ec-coord-length", "ec-coord-length", "no-standby"];
    assert_eq!(codes(&report(&run)), expected);
    for (document, told) in [
        ("", "not-a-jwks"),
        ("{}", "not-a-jwks"),
        ("{\"keys\": [", "not-a-jwks"),
        ("<html>", "not-a-jwks"),
        ("{\"keys\": {}}", "keys-not-array"),
        ("{\"keys\": [], \"keys\": []}", "dup-json-member"),
    ] {
        let check = |threshold| {
            let options = ["-", "--only", "rsa-small", "--fail-on", threshold];
            inspect_json().args(options).stdin(document).run()
        };
        let run = check("error");
        assert_eq!(run.exit, Some(1), "{document}: {run:?}");
        assert_eq!(codes(&report(&run)), [told], "{document}");
        assert_eq!(check("never").exit, Some(3), "{document}");
    }
    let place = scratch();
    let gone = place.path().join("gone");
    let published = ["--published", "--only", "private-member"];
    let run = inspect().arg(gone).args(published).run();
    run.fails(3, "file-not-found");
}

#[test]
fn numbers_that_are_not_examined_are_told_where_they_are_asked_for() {
    let many = many_rsa_keys(3_000).to_string();
    for (rule, skipped) in [
        ("rsa-fermat", true),
        ("arithmetic-skipped", true),
        ("private-member", false),
        ("kid-missing", false),
    ] {
        let run = inspect_json()
            .args(["-", "--published", "--only", rule])
            .stdin(many.as_str())
            .run();
        let expected: &[&str] = if skipped {
            &["arithmetic-skipped"]
        } else {
            &[]
        };
        assert_eq!(codes(&report(run.succeeds())), expected, "{rule}");
    }
}

const SECRETS: [&str; 4] = [
    "--published",
    "--fail-on=error",
    "--only=private-member",
    "--only=symmetric-key",
];

#[test]
fn secrets_are_looked_for_in_files_of_any_kind() {
    let place = scratch();
    for (name, content) in [
        ("package.json", "{\"name\": \"x\"}"),
        ("broken.json", "{"),
        ("empty.json", ""),
        ("notes.txt", "nothing to see"),
        ("set.json", GOOD_SET),
        ("bad.json", BAD_SET),
    ] {
        fs::write(place.path().join(name), content).expect("a file");
    }
    let files = [
        "package.json",
        "broken.json",
        "empty.json",
        "notes.txt",
        "set.json",
        "bad.json",
    ];
    let run = inspect()
        .folder(place.path())
        .args(SECRETS)
        .args(files)
        .run();
    run.succeeds();
    let note = "no keys and no secrets are in \"package.json\", \"broken.json\", \"empty.json\" and 1 more";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    assert!(!run.text().contains("package.json"), "{}", run.text());
    assert!(run.text().contains("set.json: a JWK Set"), "{}", run.text());
    // A symmetric key that stands in none of them is told as any other secret: by the first rule.
    let alone = ["--published", "--only", "symmetric-key", "package.json"];
    let run = inspect().folder(place.path()).args(alone).run();
    assert_eq!(run.exit, Some(3), "{run:?}");
}

#[test]
fn secrets_of_every_kind_are_found() {
    let secret = r#"{"kty":"oct","k":"mgH-MzPEfRCIW-IJ10F0LsDn4CKyVbX_AAECAwQFBgc"}"#;
    for (document, rule) in [
        (secret.to_owned(), "symmetric-key"),
        (format!("{{\"a\":{secret}}}"), "private-member"),
        (format!("{{\"a\":{secret}"), "private-member"),
        (format!("{{}}\n{secret}"), "private-member"),
        (
            r#"{"kty":"EC","crv":"P-256","d":"AA"}"#.to_owned(),
            "private-member",
        ),
    ] {
        let run = inspect_json()
            .args(SECRETS)
            .arg("-")
            .stdin(document.as_str())
            .run();
        assert_eq!(run.exit, Some(1), "{document}: {run:?}");
        assert_eq!(codes(&report(&run)), [rule], "{document}");
    }
}

#[test]
fn private_keys_under_a_passphrase_are_found() {
    let place = scratch();
    let passphrase = place.path().join("passphrase");
    fs::write(&passphrase, "correct horse battery staple\n").expect("a file");
    for form in ["jwk", "pem", "der"] {
        let run = Jwks::new("generate")
            .args(["--alg", "ES256", "--encrypt", "--to", form, "-o"])
            .arg(place.path().join(form))
            .arg("--passphrase-file")
            .arg(&passphrase)
            .run();
        run.succeeds();
    }
    let jwe = fs::read_to_string(place.path().join("jwk")).expect("a file");
    let parts: Vec<&str> = jwe.trim().split('.').collect();
    let in_json = json!({"protected": parts[0], "encrypted_key": parts[1], "iv": parts[2],
        "ciphertext": parts[3], "tag": parts[4]});
    fs::write(place.path().join("json"), in_json.to_string()).expect("a file");
    for name in ["jwk", "pem", "der", "json"] {
        let run = inspect_json()
            .args(SECRETS)
            .arg(place.path().join(name))
            .run();
        assert_eq!(run.exit, Some(1), "{name}: {run:?}");
        assert_eq!(codes(&report(&run)), ["private-member"], "{name}");
    }
    // In a directory as well, where other files are passed over.
    let run = inspect_json().args(SECRETS).arg(place.path()).run();
    assert_eq!(codes(&report(&run)), ["private-member"; 4], "{run:?}");
    // A token for someone is none.
    let token = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.AA.AA.AA.AA";
    inspect()
        .args(SECRETS)
        .arg("-")
        .stdin(token)
        .run()
        .succeeds();
}

#[test]
fn all_rules_are_asked_for_when_none_is_named() {
    let run = inspect_json().arg("-").stdin(BAD_SET).run();
    assert_eq!(codes(&report(&run)), BAD_CODES);
}
