//! Certificates of a key: `x5c`, `x5t`, `x5t#S256`, `x5u` (RFC 7517 §4.6 to §4.9).

use std::ops::Range;

use crate::core::base64url;
use crate::core::certificate_chain::{Link, MOST_LINKS};
use crate::core::engine::x509::Certificate;
use crate::core::failure::quoted;
use crate::core::hexadecimal;
use crate::core::lint::budget;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::Key;

/// What checking a signature of a certificate costs at most, as bits of an exponentiation.
const SIGNATURE_BITS: usize = 2048;
const SHA1_BYTES: usize = 20;
const SHA256_BYTES: usize = 32;

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "x5c-encoding",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "x5c is no array of certificates in standard base64",
        reason: "consumers that look at certificates refuse the key",
        source: "RFC 7517 section 4.7",
        fix: "write each certificate as the base64 (not base64url) of its DER, on one line",
        checks: &[Check::Key(encoding)],
    },
    Rule {
        id: "x5c-empty",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "x5c is an empty array",
        reason: "some consumers ask for the first certificate and fail",
        source: "RFC 7517 section 4.7",
        fix: "remove x5c, or put the certificate of the key into it",
        checks: &[Check::Key(empty)],
    },
    Rule {
        id: "x5c-key-mismatch",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the first certificate is that of another key",
        reason: "consumers that take the key from the certificate verify with another key than the rest",
        source: "RFC 7517 section 4.7",
        fix: "put the certificate of this key first, or remove x5c",
        checks: &[Check::Key(key_mismatch)],
    },
    Rule {
        id: "x5c-chain-order",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "a certificate does not certify the one before it",
        reason: "consumers that build the chain in the order of x5c refuse it",
        source: "RFC 7517 section 4.7",
        fix: "order the certificates from the key's own to that of the root, each certified by the next",
        checks: &[Check::Key(chain_order)],
    },
    Rule {
        id: "x5c-expired",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a certificate has expired",
        reason: "consumers that look at certificates refuse the key",
        source: "RFC 7517 section 4.7, RFC 5280 section 4.1.2.5",
        fix: "have the certificate renewed, or remove x5c",
        checks: &[Check::Key(expired)],
    },
    Rule {
        id: "x5c-not-yet-valid",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a certificate is not valid yet",
        reason: "consumers that look at certificates refuse the key",
        source: "RFC 7517 section 4.7, RFC 5280 section 4.1.2.5",
        fix: "wait for the date before the key signs, or have the certificate issued again",
        checks: &[Check::Key(not_yet_valid)],
    },
    Rule {
        id: "x5t-mismatch",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "x5t or x5t#S256 is not the hash of the certificate",
        reason: "consumers that look keys up by the certificate's hash do not find this one",
        source: "RFC 7517 sections 4.8 and 4.9",
        fix: "write the base64url of the hash of the DER: SHA-1 for x5t, SHA-256 for x5t#S256",
        checks: &[Check::Key(hash_mismatch)],
    },
    Rule {
        id: "x5u-insecure",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "x5u is no https URL",
        reason: "anyone on the way can put in a certificate of his own",
        source: "RFC 7517 section 4.6",
        fix: "use an https URL, or remove x5u, which hardly any consumer follows",
        checks: &[Check::Key(insecure_url)],
    },
];

/// Reports something about the certificate of `x5c` at `span`.
fn report(key: &Key<'_>, reporter: &mut Reporter<'_>, span: &Range<usize>, message: String) {
    reporter.key(key.owner, span.clone(), message).about("x5c");
}

fn encoding(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some(node) = key.member("x5c") else {
        return;
    };
    match node.as_array() {
        None => {
            let message = format!("x5c is {}, not an array", node.kind());
            key.report(reporter, "x5c", message);
        }
        Some(elements) if elements.len() > MOST_LINKS => {
            let message = format!(
                "x5c has {} elements, of which the first {MOST_LINKS} are looked at",
                elements.len()
            );
            key.report(reporter, "x5c", message);
        }
        Some(_) => {}
    }
    for (place, link) in key.chain().iter().enumerate() {
        if let Err(problem) = &link.certificate {
            let message = format!("certificate {} of x5c {problem}", place + 1);
            report(key, reporter, &link.span, message);
        }
    }
}

fn empty(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let elements = key.member("x5c").and_then(|node| node.as_array());
    if elements.is_some_and(<[_]>::is_empty) {
        key.report(reporter, "x5c", "x5c is an empty array");
    }
}

fn own_certificate<'k>(key: &'k Key<'_>) -> Option<(&'k Link, &'k Certificate)> {
    let link = key.chain().first()?;
    Some((link, link.certificate.as_ref().ok()?))
}

fn key_mismatch(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let (Some(jwk), Some((link, certificate))) = (key.jwk(), own_certificate(key)) else {
        return;
    };
    if certificate.certifies(jwk.material().public()) == Some(false) {
        let message = format!(
            "the first certificate of x5c, for {}, is that of another key",
            quoted(&certificate.subject())
        );
        report(key, reporter, &link.span, message);
    }
}

fn chain_order(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    for (place, pair) in key.chain().windows(2).enumerate() {
        let [
            Link {
                certificate: Ok(certificate),
                ..
            },
            Link {
                certificate: Ok(issuer),
                span,
            },
        ] = pair
        else {
            continue;
        };
        if !key.budget.spend(budget::exponentiation(SIGNATURE_BITS)) {
            return;
        }
        if !certificate.is_certified_by(issuer) {
            let message = format!(
                "certificate {} of x5c, for {}, does not certify the one before it, which {} issued",
                place + 2,
                quoted(&issuer.subject()),
                quoted(&certificate.issuer())
            );
            report(key, reporter, span, message);
        }
    }
}

fn certificates<'k>(key: &'k Key<'_>) -> impl Iterator<Item = (usize, &'k Link, &'k Certificate)> {
    let links = key.chain().iter().enumerate();
    links.filter_map(|(place, link)| Some((place + 1, link, link.certificate.as_ref().ok()?)))
}

fn expired(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let now = key.options.now;
    for (place, link, certificate) in certificates(key) {
        // RFC 5280 §4.1.2.5: the last moment is valid still.
        if let Some(end) = certificate.not_after().filter(|end| *end < now) {
            let message = format!(
                "certificate {place} of x5c, for {}, expired {} ({end})",
                quoted(&certificate.subject()),
                end.relative_to(now)
            );
            report(key, reporter, &link.span, message);
        }
    }
}

fn not_yet_valid(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let now = key.options.now;
    for (place, link, certificate) in certificates(key) {
        if let Some(start) = certificate.not_before().filter(|start| *start > now) {
            let message = format!(
                "certificate {place} of x5c, for {}, is valid {} ({start})",
                quoted(&certificate.subject()),
                start.relative_to(now)
            );
            report(key, reporter, &link.span, message);
        }
    }
}

fn hash_mismatch(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let certificate = own_certificate(key).map(|(_, certificate)| certificate);
    let sha1 = certificate.and_then(Certificate::sha1);
    let sha256 = certificate.map(|certificate| certificate.sha256().to_vec());
    let is_swapped = are_swapped(key, sha1.as_deref(), sha256.as_deref());
    for (name, hash, length, expected) in [
        ("x5t", "SHA-1", SHA1_BYTES, sha1),
        ("x5t#S256", "SHA-256", SHA256_BYTES, sha256),
    ] {
        let Some(node) = key.member(name) else {
            continue;
        };
        let Some(text) = node.as_str() else {
            let message = format!("{name} is {}, not a string", node.kind());
            key.report(reporter, name, message);
            continue;
        };
        let Some(problem) = hash_problem(text, length, expected.as_deref()) else {
            continue;
        };
        let finding = key.report(reporter, name, format!("{name} {problem} {hash} hash"));
        if is_swapped {
            finding.hint("the values of x5t and x5t#S256 are swapped");
        } else if let Some(octets) = from_hex(text, length) {
            let meant = base64url::encode(&octets);
            finding.hint(format!(
                "it is written in hexadecimal: as base64url it is {meant}"
            ));
        } else if let Some(expected) = expected {
            finding.hint(format!("write {}", base64url::encode(&expected)));
        }
    }
}

/// What is wrong with the hash `text`, for a sentence that ends with what it should be.
fn hash_problem(text: &str, length: usize, expected: Option<&[u8]>) -> Option<&'static str> {
    match base64url::decode(text) {
        // A finding of its own says so.
        Err(_) => None,
        Ok(octets) if octets.len() != length => Some(match octets.len() {
            SHA1_BYTES => "has the length of a SHA-1 hash, not that of a",
            SHA256_BYTES => "has the length of a SHA-256 hash, not that of a",
            _ => "has not the length of a",
        }),
        Ok(octets) => expected
            .is_some_and(|expected| octets[..] != *expected)
            .then_some("does not match the first certificate of x5c, whose own it should be: a"),
    }
}

/// True when each of the two hashes stands under the name of the other, as far as one can tell.
fn are_swapped(key: &Key<'_>, sha1: Option<&[u8]>, sha256: Option<&[u8]>) -> bool {
    let holds = |name, length, hash: Option<&[u8]>| {
        let octets = key.text(name).and_then(|text| base64url::decode(text).ok());
        octets.is_some_and(|octets| {
            octets.len() == length && hash.is_none_or(|hash| octets[..] == *hash)
        })
    };
    holds("x5t", SHA256_BYTES, sha256) && holds("x5t#S256", SHA1_BYTES, sha1)
}

/// The octets that `text` spells in hexadecimal, perhaps once more in base64url.
fn from_hex(text: &str, length: usize) -> Option<Vec<u8>> {
    let digits = |text: &[u8]| {
        let bare: Vec<u8> = text.iter().copied().filter(|byte| *byte != b':').collect();
        hexadecimal::decode(&bare).filter(|octets| octets.len() == length)
    };
    digits(text.as_bytes()).or_else(|| digits(&base64url::decode(text).ok()?))
}

fn insecure_url(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some(node) = key.member("x5u") else {
        return;
    };
    let is_https = node
        .as_str()
        .is_some_and(|text| url::Url::parse(text).is_ok_and(|url| url.scheme() == "https"));
    if !is_https {
        let shown = node.as_str().map_or_else(|| node.kind().to_owned(), quoted);
        key.report(reporter, "x5u", format!("x5u is {shown}, not an https URL"));
    }
}
