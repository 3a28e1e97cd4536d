//! One token at a time and in words, or one after the other and in codes: the verdict is the same.

use std::time::Duration;

use jwks_cli::core::alg;
use jwks_cli::core::base64url;
use jwks_cli::core::check::Codes;
use jwks_cli::core::claims::{Expectations, ExpectedValue};
use jwks_cli::core::failure::Code;
use jwks_cli::core::time::NumericDate;
use jwks_cli::core::verify::{Content, Judge, Policy, verify};
use proptest::prelude::*;

use super::cases;
use super::documents::{changed, changes};
use super::tokens::signed;

/// Policies that differ in what they demand.
fn policies() -> Vec<Policy> {
    let row = |name: &str| alg::by_name(name).expect("an algorithm");
    let demanding = Expectations {
        issuer: Some("https://issuer.example".to_owned()),
        issuer_names_keys: false,
        audiences: vec!["api".to_owned(), "other".to_owned()],
        subject: Some("alice".to_owned()),
        required: vec!["jti".to_owned(), "exp".to_owned()],
        values: vec![
            ("sub".to_owned(), ExpectedValue::Text("alice".to_owned())),
            (
                "n".to_owned(),
                ExpectedValue::Json("[1, {\"a\": 2}]".to_owned()),
            ),
        ],
        max_age: Some(Duration::from_secs(60)),
        leeway: Duration::from_secs(5),
    };
    vec![
        Policy::default(),
        Policy {
            algorithms: vec![row("ES256"), row("HS256")],
            typ: Some("at+jwt".to_owned()),
            expectations: demanding,
            ..Policy::default()
        },
        Policy {
            content: Content::Octets,
            keys_are_published: true,
            token_limit: 400,
            ..Policy::default()
        },
        Policy {
            content: Content::Detached(b"{}".to_vec()),
            ..Policy::default()
        },
    ]
}

/// Headers that are right, wrong in one way or another, or no headers.
fn header() -> impl Strategy<Value = String> {
    let parameter = prop_oneof![
        "\"alg\":\"(HS256|ES256|EdDSA|none|RS256|A128KW|x)\"",
        "\"kid\":(\"(HS256|ES256|es256|x)\"|5)",
        "\"typ\":\"(at\\+jwt|application/AT\\+JWT|JWT)\"",
        "\"(crit|b64|jwk|jku)\":(\\[\"b64\"\\]|\\[\\]|false|true|\"x\")",
        "\"cty\":\"JWT\"",
    ];
    let object = prop::collection::vec(parameter, 0..5)
        .prop_map(|members| format!("{{{}}}", members.join(",")));
    prop_oneof![8 => object, 1 => super::trees::json()]
}

fn claims() -> impl Strategy<Value = String> {
    let claim = prop_oneof![
        "\"(exp|nbf|iat)\":(1800000000|1799999990|1.8e9|-5|\"5\"|null|1e999)",
        "\"(iss|sub|jti)\":(\"(https://issuer.example|https://issuer.example/|alice|ALICE|a\\\\u0000)\"|7)",
        "\"aud\":(\"api\"|\\[\"x\",\"other\"\\]|\\[\"x\",1\\]|\\[\\]|\"x\")",
        "\"n\":(\\[1.0,\\{\"a\":2\\}\\]|\\[1\\]|\\{\"a\":1,\"a\":1\\})",
    ];
    let object =
        prop::collection::vec(claim, 0..6).prop_map(|members| format!("{{{}}}", members.join(",")));
    prop_oneof![8 => object, 1 => super::trees::json(), 1 => any::<String>()]
}

/// A token out of a header and claims, whose signature nobody made.
fn made() -> impl Strategy<Value = Vec<u8>> {
    let signature = prop::collection::vec(any::<u8>(), 0..70);
    (header(), claims(), signature).prop_map(|(header, claims, signature)| {
        let parts = [header.as_bytes(), claims.as_bytes(), &signature];
        parts.map(base64url::encode).join(".").into_bytes()
    })
}

fn token() -> impl Strategy<Value = Vec<u8>> {
    let count = signed().tokens.len();
    prop_oneof![
        2 => (0..count).prop_map(|index| signed().tokens[index].clone().into_bytes()),
        3 => (0..count, changes())
            .prop_map(|(index, changes)| changed(signed().tokens[index].as_bytes(), &changes)),
        4 => made(),
        2 => (made(), changes()).prop_map(|(token, changes)| changed(&token, &changes)),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn both_ways_of_judging_agree_and_tokens_before_change_nothing(
        tokens in prop::collection::vec(token(), 1..12),
    ) {
        let now = NumericDate::from_seconds(1_800_000_000);
        let set = &signed().set;
        for policy in policies() {
            let mut judge = Judge::<Codes>::new(set, &policy, now);
            // Twice, so that every header is met again.
            for token in tokens.iter().chain(&tokens) {
                let alone = verify(token, set, &policy, now);
                let codes: Vec<Code> = alone.checks.failures().map(|failure| failure.code).collect();
                let judgement = judge.judge(token);
                prop_assert_eq!(judgement.steps.all(), codes.as_slice());
                prop_assert_eq!(judgement.verified.is_some(), codes.is_empty());
                let in_words = alone.verified.as_ref();
                let in_codes = judgement.verified.as_ref();
                prop_assert_eq!(
                    in_codes.map(|verified| (verified.payload(), verified.kid(), verified.expires())),
                    in_words.map(|verified| (verified.payload(), verified.kid(), verified.expires()))
                );
            }
        }
    }
}
