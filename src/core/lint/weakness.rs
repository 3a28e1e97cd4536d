//! Whether somebody else may be able to sign with a private key, which its owner must hear before signing.

use super::finding::Finding;
use super::rules::rsa;
use super::{Known, Options, Selection, Subject, lint};
use crate::core::detect::Content;
use crate::core::json::Part;
use crate::core::jwks::JwkSet;
use crate::core::time::NumericDate;

/// The rules that tell of a key that is known to others, or can be computed or guessed by them.
const RULES: [&str; 6] = [
    "sample-key",
    "oct-low-entropy",
    rsa::SMALL_FACTOR,
    rsa::PRIME_OR_POWER,
    rsa::ROCA,
    rsa::FERMAT,
];

/// The first thing that the rules have against trusting `key`, a JWK, however well it works; none when they
/// know nothing. A key that cannot be read is not judged.
#[must_use]
pub fn weakness(key: Part<'_>, now: NumericDate) -> Option<Finding> {
    let document = key.raw().as_bytes();
    let content = Content::Keys(JwkSet::read(document).ok()?);
    let subject = Subject {
        name: "",
        document,
        content: &content,
        published: false,
        served: None,
    };
    let options = Options {
        now,
        known: &Known::default(),
        selection: Selection::default(),
        is_thorough: true,
        threads: 1,
    };
    let mut findings = lint(&[subject], &options).into_iter().flatten();
    findings.find(|finding| RULES.contains(&finding.rule.id))
}

#[cfg(test)]
mod tests {
    use super::super::rule;
    use super::*;

    fn weak(key: &str) -> Option<&'static str> {
        let set = JwkSet::read(key.as_bytes()).unwrap();
        let part = set.entries().part(0).unwrap();
        weakness(part, NumericDate::from_seconds(0)).map(|finding| finding.rule.id)
    }

    #[test]
    fn its_rules_are_rules() {
        for id in RULES {
            assert!(rule(id).is_some(), "{id}");
        }
    }

    #[test]
    fn a_key_that_others_have_or_find_is_weak() {
        // 2^2048 - 1, which 3 divides.
        let modulus = format!("{}w", "_".repeat(341));
        let small = format!(r#"{{"kty":"RSA","n":"{modulus}","e":"AQAB"}}"#);
        assert_eq!(weak(&small), Some(rsa::SMALL_FACTOR));
        let guessed = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
        assert_eq!(weak(guessed), Some("oct-low-entropy"));
        // RFC 8037 appendix A.1.
        let printed =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        assert_eq!(weak(printed), Some("sample-key"));
    }

    #[test]
    fn what_other_rules_have_against_a_key_is_no_weakness() {
        let odd = r#"{"kty":"oct","alg":"ES256","use":"x","k":"y5mHZ1S7xA0rYtJ3oQ4uEw2bVn8kLd6cGf9hPqRs0iU"}"#;
        assert_eq!(weak(odd), None);
    }
}
