//! How a key is written: its members, their names and their base64url.

use crate::core::base64url;
use crate::core::failure::{Code, quoted};
use crate::core::json::string_span;
use crate::core::key_reading::base64url_fault;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::Key;

/// The members that are registered for JWKs (RFC 7517 §8.1, RFC 7518 §7.4, RFC 8037 §5, RFC 9964,
/// OpenID Federation 1.0, Web Cryptography API).
const REGISTERED: [&str; 29] = [
    "kty", "use", "key_ops", "alg", "kid", "x5u", "x5c", "x5t", "x5t#S256", "crv", "x", "y", "d",
    "n", "e", "p", "q", "dp", "dq", "qi", "oth", "k", "pub", "priv", "iat", "nbf", "exp",
    "revoked", "ext",
];

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "malformed-key",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "a member that the key needs is missing, or one is of the wrong type",
        reason: "consumers pass the key over, and some refuse the whole set",
        source: "RFC 7517 section 4, RFC 7518 section 6",
        fix: "write the key again from its source",
        checks: &[Check::Told(Code::MalformedKey)],
    },
    Rule {
        id: "unknown-kty",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the key type is not registered",
        reason: "consumers pass the key over",
        source: "RFC 7517 sections 4.1 and 5",
        fix: "use RSA, EC, OKP, AKP or oct, spelled so",
        checks: &[Check::Told(Code::UnknownKty)],
    },
    Rule {
        id: "unknown-crv",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the curve is not registered",
        reason: "consumers pass the key over",
        source: "RFC 7518 section 6.2.1.1, RFC 8037 section 2",
        fix: "use a registered curve such as P-256 or Ed25519, spelled so",
        checks: &[Check::Told(Code::UnknownCrv)],
    },
    Rule {
        id: "unsupported-key",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the key is of a form that nothing supports",
        reason: "an RSA key with more than two primes cannot be used by any common library",
        source: "RFC 7518 section 6.3.2.7",
        fix: "replace the key by one of two primes",
        checks: &[Check::Told(Code::UnsupportedKey)],
    },
    Rule {
        id: "case-variant-member",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a member is spelled like a registered one in another case",
        reason: "names are compared byte by byte, so consumers do not see the member",
        source: "RFC 7517 section 4",
        fix: "spell the member as it is registered",
        checks: &[Check::Key(case_variant)],
    },
    Rule {
        id: "b64-padding",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "a value is base64url with padding",
        reason: "strict readers refuse it, and the key has a second spelling",
        source: "RFC 7515 section 2",
        fix: "remove the \"=\" at the end",
        checks: &[Check::Told(Code::Base64Padding), Check::Key(padded_hash)],
    },
    Rule {
        id: "b64-alphabet",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "a value has characters that base64url does not have",
        reason: "readers refuse it, or skip the character and read another key",
        source: "RFC 7515 section 2",
        fix: "write base64url: - for + and _ for /, without padding, white space and line breaks",
        checks: &[Check::Told(Code::Base64Alphabet), Check::Key(foreign_hash)],
    },
    Rule {
        id: "b64-trailing-bits",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the unused bits at the end of a base64url value are not zero",
        reason: "strict readers refuse it, and the key has a second spelling",
        source: "RFC 4648 section 3.5",
        fix: "encode the value again",
        checks: &[
            Check::Told(Code::Base64TrailingBits),
            Check::Key(loose_hash),
        ],
    },
    Rule {
        id: "uint-leading-zero",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a number starts with a zero byte",
        reason: "thumbprints differ with it, and strict readers refuse it",
        source: "RFC 7518 section 2 (Base64urlUInt)",
        fix: "leave the zero byte out: it is the sign byte of another format",
        checks: &[Check::Key(leading_zero)],
    },
];

fn case_variant(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    for member in key.object.members() {
        let name = member.name();
        let meant = REGISTERED.iter().find(|own| own.eq_ignore_ascii_case(name));
        if let Some(meant) = meant.filter(|own| **own != name) {
            let span = string_span(key.document, member.name_offset());
            let message = format!("the member {} is spelled {}", quoted(meant), quoted(name));
            reporter.key(key.owner, span, message).about(name);
        }
    }
}

fn leading_zero(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key.text("kty") != Some("RSA") {
        return;
    }
    for name in ["n", "e"] {
        let octets = key.text(name).and_then(|text| base64url::decode(text).ok());
        if octets.is_some_and(|octets| octets.len() > 1 && octets[0] == 0) {
            key.report(
                reporter,
                name,
                format!("\"{name}\" starts with a zero byte"),
            );
        }
    }
}

/// The hashes of certificates are base64url, too, and no part of the key: its reader passes them over.
fn hash_fault(code: Code, key: &Key<'_>, reporter: &mut Reporter<'_>) {
    for name in ["x5t", "x5t#S256"] {
        let fault = key
            .member(name)
            .and_then(|node| base64url_fault(node, name));
        if let Some(fault) = fault.filter(|fault| fault.failure.code == code) {
            let finding = key.report(reporter, name, fault.failure.message);
            finding.hint = fault.failure.hint;
        }
    }
}

fn padded_hash(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    hash_fault(Code::Base64Padding, key, reporter);
}

fn foreign_hash(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    hash_fault(Code::Base64Alphabet, key, reporter);
}

fn loose_hash(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    hash_fault(Code::Base64TrailingBits, key, reporter);
}
