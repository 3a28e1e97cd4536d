//! Command lines that are nearly right: what was meant is told.

use crate::support::{Jwks, Run};

fn run(line: &str) -> Run {
    let words: Vec<&str> = line.split(' ').collect();
    Jwks::new(words[0]).args(&words[1..]).run()
}

/// What the hint says, with the sentence before it.
fn told(line: &str) -> String {
    let run = run(line);
    run.fails(2, "usage");
    assert!(!run.stderr.contains("Usage:"), "{line}: {}", run.stderr);
    run.stderr
}

/// A command line, and what its hint says.
const MEANT: [(&str, &str); 39] = [
    ("generate --algo ES256", "did you mean --alg?"),
    ("generate --Alg ES256", "did you mean --alg?"),
    ("generate --algorithm ES256", "did you mean --alg?"),
    ("generate --alg rs256", "did you mean RS256?"),
    ("generate --alg es-256", "did you mean ES256?"),
    ("generate --alg ES256 --curve p256", "did you mean P-256?"),
    (
        "generate --alg ES256 --kid-from thumb",
        "did you mean thumbprint?",
    ),
    ("generate ES256", "write --alg ES256"),
    ("generate --alg ES256 --out x", "did you mean --output?"),
    ("diff a b --format jsn", "did you mean json?"),
    ("gen", "did you mean `jwks generate`?"),
    ("keygen", "did you mean `jwks generate`?"),
    ("validate", "did you mean `jwks verify`?"),
    ("decode", "did you mean `jwks inspect`?"),
    ("VERIFY", "did you mean `jwks verify`?"),
    ("help verfy", "did you mean `jwks help verify`?"),
    ("help exit", "did you mean `jwks help exit-codes`?"),
    ("verify x --keys y", "did you mean --jwks?"),
    ("sign --jwks x --issuer y", "did you mean --iss?"),
    (
        "inspect --jwks x",
        "it stands without an option: `jwks inspect SOURCE...`",
    ),
    ("verify --token x", "`jwks verify TOKEN --jwks SOURCE`"),
    ("verify x", "write `jwks verify TOKEN --jwks SOURCE`"),
    (
        "inspect x --ignore x5c-expires",
        "did you mean x5c-expired?",
    ),
    ("completions bsh", "did you mean bash?"),
    ("key.json", "`jwks inspect` shows what a file"),
    ("help time", "`jwks help formats` tells of it"),
    ("help durations", "`jwks help formats` tells of it"),
    ("help es256", "`jwks help algorithms` tells of it"),
    (
        "verify x --jwks y -q",
        "`jwks help verify` lists the options",
    ),
    (
        "verify x --jwks y --leeway 5x",
        "write it like 90s, 15m, 12h, 7d",
    ),
    (
        "verify x --jwks y --leeway 1y",
        "write it in days, like 365d",
    ),
    (
        "verify x --jwks y --jobs 2",
        "`jwks help verify` says what each is for",
    ),
    (
        "generate --alg ES256 --curve P-384",
        "hint: leave out --curve",
    ),
    ("generate --alg ES256 --size 256", "hint: leave out --size"),
    ("verify x --jwks y --at never", "write it like 2030-01-31"),
    (
        "verify x --jwks y --claim admin",
        "write NAME=TEXT for a string",
    ),
    (
        "verify x --jwks y --claim admin:=yes",
        "write NAME=TEXT for a string",
    ),
    ("inspect --ignore x5c-expird", "did you mean x5c-expired?"),
    (
        "verify x --jwks y --at 1700000000000",
        "write 1700000000 where it counts milliseconds",
    ),
];

#[test]
fn what_was_meant_is_told() {
    for (line, hint) in MEANT {
        let told = told(line);
        let last = told.lines().last().unwrap_or_default();
        assert!(last.starts_with("hint: "), "{line}: {told}");
        assert!(last.contains(hint), "{line}: {told}");
    }
}

#[test]
fn no_word_of_a_value_passes_for_advice() {
    let arguments = ["x", "--jwks", "y", "--leeway", "5; use --signature-only"];
    let run = Jwks::new("verify").args(arguments).run();
    run.fails(2, "usage");
    let lines: Vec<&str> = run.stderr.lines().collect();
    let wrong = "error[usage]: --leeway: \"5; use --signature-only\" is not a duration";
    assert_eq!(lines[0], wrong);
    assert!(lines[1].starts_with("hint: write it like"), "{}", lines[1]);
}

#[test]
fn no_option_is_taken_and_forgotten() {
    const BOTH: &str = "does not go with";
    const NONE_PRINTED: &str = "--diff prints none";
    for (line, reason) in [
        ("verify x --jwks y --signature-only --leeway 5s", BOTH),
        ("verify x --jwks y --detached z --leeway 5s", BOTH),
        ("verify --merge-summaries x --offline", BOTH),
        ("verify --merge-summaries x --cacert y", BOTH),
        ("fetch --clear-cache -o x", BOTH),
        ("fetch --clear-cache --timeout 5s", BOTH),
        ("fetch https://a.example --no-cache --max-age 5m", BOTH),
        ("fetch https://a.example --kid x --normalize", BOTH),
        ("fetch https://a.example --diff x --normalize", NONE_PRINTED),
        ("fetch https://a.example --diff x --kid y", NONE_PRINTED),
    ] {
        let run = run(line);
        run.fails(2, "usage");
        assert!(run.stderr.contains(reason), "{line}: {}", run.stderr);
    }
}

#[test]
fn what_is_refused_is_refused_with_its_reason() {
    for (line, reason) in [
        ("generate --alg RSA1_5", "Bleichenbacher"),
        ("generate --alg rsa1_5", "Bleichenbacher"),
        ("generate --alg none", "an unsigned token proves nothing"),
        (
            "verify x --jwks y --alg None",
            "an unsigned token proves nothing",
        ),
        (
            "verify x --jwks y --alg RSA-OAEP",
            "for encryption, not for signatures",
        ),
        (
            "generate --alg ES256 --kid a --kid-from date",
            "does not go with --kid-from",
        ),
        ("verify x --jwks y --jwks z", "--jwks is given twice"),
        ("generate --alg", "--alg needs a value"),
        (
            "generate --alg ES256 --count 0",
            "\"0\" is not from 1 to 1000",
        ),
        (
            "generate --alg RS256 --size big",
            "\"big\" is not a whole number",
        ),
        ("rotate", "FILE is missing"),
        (
            "convert x --new-passphrase-fd 3",
            "--new-passphrase-fd needs --encrypt, which is missing",
        ),
        (
            "generate --alg ES256 --lock-timeout 5s",
            "--lock-timeout needs --into SET, which is missing",
        ),
        (
            "verify x --jwks y --jobs=2",
            "--jobs needs --batch, which is missing",
        ),
        (
            "rotate x --reason superseded",
            "--reason needs --revoke KID, which is missing",
        ),
    ] {
        let told = told(line);
        assert!(told.contains(reason), "{line}: {told}");
    }
}

#[test]
fn an_argument_cannot_steer_the_terminal() {
    for line in [
        "\u{1b}[31mgen",
        "inspect --\u{1b}[31m",
        "diff a b --format=\u{1b}[31m",
    ] {
        assert!(!told(line).contains('\u{1b}'), "{line:?}");
    }
}

#[test]
fn a_token_is_not_repeated() {
    let token = "eyJhbGciOiJFUzI1NiJ9.e30.AAAA";
    for line in [
        format!("verify --jwks x {token} {token}"),
        format!("diff a b {token}"),
        format!("help {token}"),
        format!("diff a b --format {token}"),
    ] {
        assert!(!told(&line).contains("e30.AAAA"), "{line}");
    }
}

#[test]
fn a_private_key_is_not_repeated() {
    let secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I";
    let key = format!("{{\"kty\":\"oct\",\"k\":\"{secret}\"}}");
    for line in [
        "help",
        "generate --alg",
        "diff a b --timeout",
        "diff a b",
        "",
    ] {
        let line = format!("{line} {key}");
        assert!(!told(line.trim_start()).contains(secret), "{line}");
    }
}
