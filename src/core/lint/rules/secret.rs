//! Symmetric keys (RFC 7518 §6.4).

use crate::core::failure::Code;
use crate::core::key::Material;
use crate::core::lint::finding::Reporter;
use crate::core::lint::known::is_documented_secret;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::Key;

/// Longest pattern that is looked for, in bytes: to look for longer ones takes quadratic time.
const LONGEST_PERIOD: usize = 64;
/// Said of words, and of random bytes that are written in hexadecimal, too.
const TEXT: &str = "the secret is text, which random bytes are not";

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "oct-short",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the secret is shorter than the hash of its algorithm",
        reason: "a secret that short is found by trying, from a single token",
        source: "RFC 7518 section 3.2",
        fix: "replace the secret by random bytes, as many as the hash has",
        checks: &[Check::Told(Code::OctShort)],
    },
    Rule {
        id: "oct-low-entropy",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the secret does not look like random bytes",
        reason: "words and patterns are found by trying, from a single token, at billions a second",
        source: "RFC 8725 section 3.5, RFC 2104 section 3",
        fix: "replace the secret by random bytes: jwks generate --alg HS256",
        checks: &[Check::Key(low_entropy)],
    },
];

fn low_entropy(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some(Material::Symmetric(secret)) = key.jwk().map(crate::core::jwk::Jwk::material) else {
        return;
    };
    let secret = secret.expose();
    if let Some(problem) = weakness(secret) {
        let finding = key.report(reporter, "k", problem);
        if problem == TEXT {
            finding.hint(
                "if it spells random bytes in hexadecimal or base64, write those bytes as k; else replace the secret: jwks generate --alg HS256",
            );
        }
    }
}

/// What gives the secret away. The secret itself is not told, nor how long a pattern in it is.
fn weakness(secret: &[u8]) -> Option<&'static str> {
    if is_documented_secret(secret) {
        Some("the secret is one that public documentation uses in its examples")
    } else if is_text(secret) {
        Some(TEXT)
    } else if repeats(secret) {
        Some("the secret repeats itself")
    } else if counts(secret) {
        Some("the bytes of the secret count up or down")
    } else {
        None
    }
}

/// True when the secret is made of what people type or what a program prints, as random bytes never are.
fn is_text(secret: &[u8]) -> bool {
    let is_of_text = |character: char| !character.is_control() || character.is_whitespace();
    std::str::from_utf8(secret).is_ok_and(|text| text.chars().all(is_of_text))
}

/// True when the secret is the same few bytes again and again, the last time perhaps cut.
fn repeats(secret: &[u8]) -> bool {
    (1..=LONGEST_PERIOD.min(secret.len() / 2))
        .any(|period| secret[period..] == secret[..secret.len() - period])
}

fn counts(secret: &[u8]) -> bool {
    let mut steps = secret.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
    let Some(first) = steps.next() else {
        return false;
    };
    secret.len() > 2 && steps.all(|step| step == first)
}

#[cfg(test)]
mod tests {
    use super::{TEXT, weakness};

    #[test]
    fn patterns_are_told_from_random_bytes() {
        let random = [
            0x9a, 0x01, 0xfe, 0x33, 0x33, 0xc4, 0x7d, 0x10, 0x88, 0x5b, 0xe2, 0x09, 0xd7, 0x41,
        ];
        assert_eq!(weakness(&random), None);
        assert!(weakness(&random.repeat(2)).is_some());
        assert!(weakness(&random.repeat(3)[..30]).is_some());
        assert!(weakness(&[0; 32]).is_some());
        assert!(weakness(&(0..32).collect::<Vec<u8>>()).is_some());
        assert!(weakness(b"correct horse battery staple").is_some());
        assert!(weakness(b"secret").is_some());
        assert_eq!(weakness("Schlüssel zum Glück\r\n".as_bytes()), Some(TEXT));
        assert_eq!(weakness(b"5a7f3c\n"), Some(TEXT));
        assert_eq!(weakness(b"5a7f3c\x01"), None);
    }
}
