//! `kid` (RFC 7517 §4.5).

use std::collections::HashMap;

use crate::core::base64url;
use crate::core::engine;
use crate::core::failure::quoted;
use crate::core::json::RawObject;
use crate::core::key::Material;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Key, Peer, Set};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "kid-duplicate",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "two keys have the same kid",
        reason: "some consumers take the first key of that name, some the last, some refuse the set",
        source: "RFC 7517 section 4.5",
        fix: "give each key a kid of its own",
        checks: &[Check::Set(duplicate)],
    },
    Rule {
        id: "kid-missing",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a key among several has no kid",
        reason: "consumers have to try every key, and many refuse to",
        source: "RFC 7517 section 4.5",
        fix: "give each key a kid, for example its thumbprint",
        checks: &[Check::Set(missing)],
    },
    Rule {
        id: "kid-confusable",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a kid is easily taken for another",
        reason: "a kid is compared byte by byte, and logs, shells and databases change case and white space",
        source: "RFC 7517 section 4.5",
        fix: "write kids in printable ASCII characters without white space, and let no two differ by case alone",
        checks: &[Check::Key(unusual), Check::Set(confusable)],
    },
    Rule {
        id: "kid-injection-chars",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "a kid has characters with which attackers write",
        reason: "consumers have put kids into file names and SQL: quotes, \"..\" and NUL lead elsewhere there",
        source: "RFC 8725 section 3.10",
        fix: "name the key with letters, digits, - and _",
        checks: &[Check::Key(injection)],
    },
    Rule {
        id: "kid-thumbprint-mismatch",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "a kid looks like a thumbprint and is not this key's",
        reason: "a kid that was copied with its key and not computed again names the wrong key",
        source: "RFC 7638 section 3",
        fix: "compute the kid anew, if it is meant to be the thumbprint",
        checks: &[Check::Key(thumbprint_mismatch)],
    },
];

fn duplicate(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let mut seen: HashMap<&str, Vec<&Peer<'_>>> = HashMap::new();
    for peer in &set.keys {
        let (Some(kid), Some(span)) = (peer.entry.kid(), &peer.kid_span) else {
            continue;
        };
        let earlier = seen.entry(kid).or_default();
        if let Some(first) = earlier.first() {
            // Where type, alg and use are equal too, nothing is left to choose by.
            let is_same = earlier.iter().any(|other| {
                ["kty", "alg", "use"]
                    .iter()
                    .all(|name| raw(peer, name) == raw(other, name))
            });
            let message = format!(
                "the kid {} is that of key {} too",
                quoted(kid),
                first.owner.index + 1
            );
            let finding = reporter
                .key(&peer.owner, span.clone(), message)
                .about("kid")
                .shared(kid);
            if !is_same {
                finding.severity(Severity::Warning);
            }
        }
        // The first few tell the rest apart; a thousand of one name must not be compared in pairs.
        if earlier.len() < 8 {
            earlier.push(peer);
        }
    }
}

fn raw<'p>(peer: &'p Peer<'_>, name: &str) -> Option<&'p str> {
    RawObject::get(peer.entry.members(), name)
}

fn missing(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if set.keys.len() < 2 {
        return;
    }
    let nameless =
        |peer: &&Peer<'_>| peer.kid_span.is_none() && peer.entry.members().names().next().is_some();
    for peer in set.keys.iter().filter(nameless) {
        let message = format!(
            "the key has no kid, and the set has {} keys",
            set.keys.len()
        );
        reporter.key(&peer.owner, peer.span.clone(), message);
    }
}

fn unusual(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some(kid) = key.text("kid") else { return };
    let problem = if kid.is_empty() {
        "is empty"
    } else if kid.chars().any(char::is_control) {
        "has control characters"
    } else if !kid.is_ascii() {
        "has characters that are not ASCII"
    } else if kid.trim() != kid {
        "starts or ends with white space"
    } else {
        return;
    };
    key.report(
        reporter,
        "kid",
        format!("the kid {} {problem}", quoted(kid)),
    );
}

fn confusable(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let mut seen: HashMap<String, &Peer<'_>> = HashMap::new();
    for peer in &set.keys {
        let (Some(kid), Some(span)) = (peer.entry.kid(), &peer.kid_span) else {
            continue;
        };
        let bare: String = kid
            .chars()
            .filter(|character| !character.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect();
        let first = seen.entry(bare.clone()).or_insert(peer);
        let other = first.entry.kid().unwrap_or_default();
        if other != kid {
            let message = format!(
                "the kid {} differs from {} by case or white space alone",
                quoted(kid),
                quoted(other)
            );
            reporter
                .key(&peer.owner, span.clone(), message)
                .about("kid")
                .shared(bare);
        }
    }
}

fn injection(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let Some(kid) = key.text("kid") else { return };
    let found = if kid.contains('\0') {
        "NUL"
    } else if kid.contains("..") {
        "\"..\""
    } else if kid.contains(['"', '\'', '`']) {
        "a quotation mark"
    } else {
        return;
    };
    key.report(
        reporter,
        "kid",
        format!("the kid {} has {found} in it", quoted(kid)),
    );
}

fn thumbprint_mismatch(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let (Some(kid), Some(jwk)) = (key.text("kid"), key.jwk()) else {
        return;
    };
    let has_shape = base64url::decode(kid).is_ok_and(|octets| octets.len() == 32);
    let Some(thumbprint) = jwk.thumbprint().filter(|_| has_shape) else {
        return;
    };
    if kid != thumbprint && key.text("x5t#S256") != Some(kid) && !is_spki_hash(kid, jwk.material())
    {
        key.report(
            reporter,
            "kid",
            format!(
                "the kid has the shape of a SHA-256 thumbprint, and this key's is {thumbprint}"
            ),
        );
    }
}

/// Kubernetes and Keycloak name a key by the SHA-256 of its SubjectPublicKeyInfo.
fn is_spki_hash(kid: &str, material: &Material) -> bool {
    material
        .public()
        .and_then(|public| engine::subject_public_key_info(public).ok())
        .is_some_and(|der| base64url::encode(&engine::sha256(&der)) == kid)
}
