//! What a key is for: `use` and `key_ops` (RFC 7517 §4.2, §4.3).

use crate::core::failure::{Code, quoted, quoted_list};
use crate::core::json::Node;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{ENCRYPTING, Key, Peer, SIGNING, Set};

/// What takes the private half. `deriveKey` and `deriveBits` do, too, and are what agreement is called.
const PRIVATE: [&str; 3] = ["sign", "decrypt", "unwrapKey"];

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "use-keyops-both",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the key has use and key_ops",
        reason: "the two should not stand together: consumers look at one and not at the other",
        source: "RFC 7517 section 4.3",
        fix: "keep use, which every consumer knows, and remove key_ops",
        checks: &[Check::Key(both)],
    },
    Rule {
        id: "use-keyops-conflict",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "use and key_ops contradict each other",
        reason: "what the key may do depends on who reads it",
        source: "RFC 7517 section 4.3",
        fix: "keep the one that is right and remove the other",
        checks: &[Check::Key(conflict)],
    },
    Rule {
        id: "keyops-invalid",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "key_ops is no array of distinct strings",
        reason: "consumers refuse the key",
        source: "RFC 7517 section 4.3",
        fix: "write key_ops as an array, each operation once",
        checks: &[Check::Told(Code::KeyOpsInvalid)],
    },
    Rule {
        id: "keyops-private",
        severity: Severity::Warning,
        scope: Scope::Published,
        title: "a published key names what its private half does",
        reason: "nobody can sign or decrypt with a public key, and importing it fails for that",
        source: "RFC 7517 section 4.3",
        fix: "write verify for sign, encrypt for decrypt, wrapKey for unwrapKey",
        checks: &[Check::Key(private_operations)],
    },
    Rule {
        id: "use-missing-mixed",
        severity: Severity::Error,
        scope: Scope::Published,
        title: "a key has no use in a set for signatures and for encryption",
        reason: "consumers cannot tell which it is for",
        source: "OpenID Connect Discovery 1.0 section 3",
        fix: "add use, sig or enc, to every key of the set",
        checks: &[Check::Set(missing_in_mixed_set)],
    },
    Rule {
        id: "use-nonstandard",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "use is neither sig nor enc",
        reason: "others may be used by agreement (SPIFFE has jwt-svid); consumers outside pass the key over",
        source: "RFC 7517 section 4.2",
        fix: "write sig or enc, unless all consumers know the value",
        checks: &[Check::Key(nonstandard)],
    },
];

fn operations<'k>(key: &Key<'k>) -> Vec<&'k str> {
    key.member("key_ops")
        .and_then(Node::as_strings)
        .unwrap_or_default()
}

fn both(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key.member("use").is_some() && key.member("key_ops").is_some() {
        key.report(reporter, "key_ops", "the key has both use and key_ops");
    }
}

fn conflict(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let (key_use, excluded): (_, &[&str]) = match key.text("use") {
        Some("sig") => ("sig", &ENCRYPTING),
        Some("enc") => ("enc", &SIGNING),
        _ => return,
    };
    let mut contradicting = operations(key);
    contradicting.retain(|operation| excluded.contains(operation));
    if !contradicting.is_empty() {
        let list = quoted_list(&contradicting, ENCRYPTING.len());
        key.report(
            reporter,
            "key_ops",
            format!("use is \"{key_use}\", and key_ops names {list}"),
        );
    }
}

fn private_operations(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let mut private = operations(key);
    private.retain(|operation| PRIVATE.contains(operation));
    if !private.is_empty() {
        let list = quoted_list(&private, PRIVATE.len());
        let message = format!("the published key names {list}, which takes the private half");
        key.report(reporter, "key_ops", message);
    }
}

fn missing_in_mixed_set(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let has = |purpose| {
        set.keys
            .iter()
            .any(|peer| peer.stated_purpose() == Some(purpose))
    };
    if !has("sig") || !has("enc") {
        return;
    }
    let lacks_use = |peer: &&Peer<'_>| {
        peer.jwk()
            .is_some_and(|jwk| jwk.parameters().key_use.is_none())
    };
    for peer in set.keys.iter().filter(lacks_use) {
        let message = "the key has no use, and the set has keys for signatures and for encryption";
        reporter
            .key(&peer.owner, peer.span.clone(), message)
            .about("use");
    }
}

fn nonstandard(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if let Some(other) = key.text("use").filter(|own| !["sig", "enc"].contains(own)) {
        key.report(
            reporter,
            "use",
            format!("use is {}, neither sig nor enc", quoted(other)),
        );
    }
}
