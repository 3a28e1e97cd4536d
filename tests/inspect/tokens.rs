//! Tokens: everything that can be said without a key, and that nothing was checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::fixtures::{inspect, inspect_json, report};

fn token(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!(
        "{}.{}.{}",
        part(header),
        part(claims),
        URL_SAFE_NO_PAD.encode([7; 64])
    )
}

fn claims() -> Value {
    json!({"iss": "https://issuer.example/tenant", "aud": "api", "iat": 1_800_000_000, "exp": 1_800_003_600})
}

/// The codes of the remarks on a token with these parts.
fn remarks(header: &Value, claims: &Value) -> Vec<String> {
    let run = inspect_json().arg("-").stdin(token(header, claims)).run();
    let report = report(run.succeeds());
    let remarks = report["tokens"][0]["remarks"].as_array().expect("remarks");
    remarks
        .iter()
        .map(|remark| remark["code"].as_str().expect("a code").to_owned())
        .collect()
}

#[test]
fn remarks_tell_what_is_odd_about_a_token() {
    let good = json!({"alg": "ES256", "kid": "a", "typ": "at+jwt"});
    assert_eq!(remarks(&good, &claims()), Vec::<String>::new());
    let with = |name: &str, value: Value| {
        let mut header = good.clone();
        header[name] = value;
        header
    };
    for (header, code) in [
        (with("alg", json!("none")), "alg-none"),
        (with("alg", json!("NONE")), "alg-none"),
        (with("alg", json!("HS256")), "alg-symmetric"),
        (with("alg", json!("EdDSA")), "alg-deprecated"),
        (with("alg", json!("ES257")), "alg-unknown"),
        (with("alg", json!(7)), "header-invalid"),
        (
            with("jku", json!("https://evil.example")),
            "key-pointer-ignored",
        ),
        (with("jwk", json!({"kty": "oct"})), "key-pointer-ignored"),
        (with("cty", json!("JWT")), "nested-token"),
        (
            with("jwk", json!({"d": "c2VjcmV0c2VjcmV0"})),
            "private-key-in-token",
        ),
        (
            with("kid", json!("-----BEGIN PRIVATE KEY-----")),
            "private-key-in-token",
        ),
        (with("crit", json!([])), "crit-invalid"),
    ] {
        assert!(
            remarks(&header, &claims()).contains(&code.to_owned()),
            "{code}: {header}"
        );
    }
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        claims
    };
    for (claims, code) in [
        (with("exp", json!(1_700_000_000)), "expired"),
        (with("nbf", json!(1_900_000_000)), "not-yet-valid"),
        (with("exp", json!("soon")), "claim-invalid"),
        (with("exp", json!(1_900_000_000)), "lifetime-long"),
    ] {
        assert!(
            remarks(&good, &claims).contains(&code.to_owned()),
            "{code}: {claims}"
        );
    }
    assert_eq!(
        remarks(&good, &json!({})),
        ["exp-missing", "iss-missing", "aud-missing"]
    );
    assert_eq!(remarks(&good, &json!([])), ["claims-malformed"]);
    let long = with("note", json!("x".repeat(9_000)));
    assert_eq!(remarks(&good, &long), ["token-long"]);
}

#[test]
fn how_to_check_it_is_told_and_nothing_is_fetched() {
    let next_step = |header: Value, claims: Value| {
        let run = inspect_json().arg("-").stdin(token(&header, &claims)).run();
        report(run.succeeds())["tokens"][0]["next_step"]
            .as_str()
            .expect("a step")
            .to_owned()
    };
    let es256 = || json!({"alg": "ES256", "kid": "a"});
    let step = next_step(es256(), claims());
    assert!(
        step.contains("https://issuer.example/tenant/.well-known/openid-configuration"),
        "{step}"
    );
    assert!(
        step.contains("--issuer") && step.contains("\"a\""),
        "{step}"
    );
    let step = next_step(es256(), json!({"iss": "joe"}));
    assert!(
        step.contains("--jwks") && !step.contains("well-known"),
        "{step}"
    );
    let step = next_step(json!({"alg": "HS256"}), claims());
    assert!(
        step.contains("secret") && !step.contains("--issuer"),
        "{step}"
    );
    let step = next_step(json!({"alg": "none"}), claims());
    assert!(step.contains("cannot be checked"), "{step}");
}

#[test]
fn a_command_to_copy_holds_nothing_for_a_shell() {
    for issuer in [
        "https://a.example/$(touch${IFS}x)",
        "https://a.example/`x`",
        "https://a.example/';x'",
    ] {
        let mut claims = claims();
        claims["iss"] = json!(issuer);
        let run = inspect_json()
            .arg("-")
            .stdin(token(&json!({"alg": "ES256"}), &claims))
            .run();
        let report = report(run.succeeds());
        let step = report["tokens"][0]["next_step"].as_str().expect("a step");
        assert!(!step.contains("a.example"), "{step}");
    }
}

#[test]
fn people_are_told_that_nothing_was_checked() {
    let header = json!({"alg": "ES256", "kid": "\u{1b}[31m"});
    let run = inspect().arg(token(&header, &claims())).run();
    let text = run.succeeds().text();
    assert!(text.starts_with("token: a signed token (JWS)"), "{text}");
    assert!(text.contains("signature NOT checked"), "{text}");
    assert!(
        text.contains("(expiration time: 2027-01-15T09:00:00Z, in 1 h)"),
        "{text}"
    );
    assert!(
        text.contains("(issued at: 2027-01-15T08:00:00Z, now)"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_name_of_a_claim_is_no_sentence_of_ours() {
    let claims = json!({"hint: run this": 1, "iss ": "a", "": 2, "https://a.example/roles": 3});
    let shown = inspect()
        .arg("-")
        .stdin(token(&json!({"alg": "ES256"}), &claims))
        .run();
    let shown = shown.succeeds().text();
    for line in [
        "  \"hint: run this\" ",
        "  \"iss \" ",
        "  \"\" ",
        "  https://a.example/roles  3",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn of_an_encrypted_token_the_header_is_shown() {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":"e"}"#);
    let run = inspect()
        .arg("-")
        .stdin(format!("{header}.AA.AA.AA.AA\n"))
        .run();
    let text = run.succeeds().text();
    assert!(text.contains("an encrypted token (JWE)"), "{text}");
    assert!(text.contains("(encryption of the content)"), "{text}");
    let run = inspect_json()
        .arg("-")
        .stdin(format!("{header}.AA.AA.AA.AA"))
        .run();
    let token = report(run.succeeds())["tokens"][0].clone();
    assert_eq!(token["encrypted"], true);
    assert_eq!(token["header"]["enc"], "A256GCM");
}

#[test]
fn a_private_key_in_a_token_is_told_and_not_shown() {
    const SECRET: &str = "c2VjcmV0c2VjcmV0c2VjcmV0";
    let key = json!({"kty": "EC", "crv": "P-256", "d": SECRET});
    let mut header = json!({"alg": "ES256", "jwk": key});
    let mut claims = claims();
    claims["cnf"] = json!({"jwk": key});
    claims["note"] = json!(format!("the key: {key}"));
    claims[key.to_string()] = json!(1);
    for _ in 0..2 {
        let token = token(&header, &claims);
        let shown = inspect().arg("-").stdin(token.clone()).run();
        let json = inspect_json().arg("-").stdin(token).run();
        for run in [&shown, &json] {
            let text = run.succeeds().text();
            assert!(text.contains("private-key-in-token"), "{text}");
            assert!(text.contains("issuer.example"), "{text}");
            assert!(!text.contains(SECRET), "{text}");
        }
        // In the JSON of a key that does not say that it is one, too.
        header = json!({"alg": "ES256", "jwk": {"crv": "P-256", "d": SECRET}});
        claims["cnf"] = json!({"jwk": {"crv": "P-256", "d": SECRET}});
    }
}
