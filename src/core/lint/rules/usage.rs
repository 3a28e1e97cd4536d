//! What a key is for: `use` and `key_ops` (RFC 7517 §4.2, §4.3).

use crate::core::failure::{Code, quoted, quoted_list};
use crate::core::json::Node;
use crate::core::jwk::Jwk;
use crate::core::key_purpose::{ENCRYPTING, USES, contradicting, operations as registered};
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Key, Peer, Set};
use crate::core::spelling::nearest;

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
        id: "alg-usage-conflict",
        // Published sets have such keys, and those who go by alg alone take them.
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "use or key_ops contradicts alg",
        reason: "what the key is for, its algorithm cannot do: strict consumers use it for nothing",
        source: "RFC 7517 sections 4.2, 4.3 and 4.4",
        fix: "name what the algorithm does, or the algorithm that was meant",
        checks: &[Check::Key(algorithm_conflict)],
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
        id: "keyops-nonstandard",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "key_ops names an operation that is not registered",
        reason: "others may be used by agreement; consumers outside do not know what the key may do",
        source: "RFC 7517 section 4.3",
        fix: "write a registered operation, unless all consumers know this one",
        checks: &[Check::Key(nonstandard_operations)],
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
    let Some(key_use) = key.text("use") else {
        return;
    };
    let contradicting = contradicting(key_use, operations(key));
    if !contradicting.is_empty() {
        let list = quoted_list(&contradicting, ENCRYPTING.len());
        key.report(
            reporter,
            "key_ops",
            format!("use is \"{key_use}\", and key_ops names {list}"),
        );
    }
}

/// Where use and key_ops contradict each other, or alg is none for the key, that is told.
fn algorithm_conflict(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let mut faults = key.entry.faults().iter();
    let is_mismatched = faults.any(|fault| fault.failure.code == Code::AlgKeyMismatch);
    let row = key.jwk().and_then(Jwk::algorithm);
    let Some(row) = row.filter(|_| !is_mismatched) else {
        return;
    };
    let (name, purpose) = (row.name, row.key_use());
    let operations = operations(key);
    match key.text("use").filter(|own| USES.contains(own)) {
        Some(key_use) => {
            if key_use != purpose && contradicting(key_use, operations).is_empty() {
                let message = format!("use is \"{key_use}\", and {name} is for \"{purpose}\"");
                key.report(reporter, "use", message);
            }
        }
        None => {
            let contradicting = contradicting(purpose, operations);
            if !contradicting.is_empty() {
                let list = quoted_list(&contradicting, ENCRYPTING.len());
                let message = format!("key_ops names {list}, and {name} is for \"{purpose}\"");
                key.report(reporter, "key_ops", message);
            }
        }
    }
}

fn nonstandard_operations(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    /// Most that are named.
    const MOST_LISTED: usize = 8;
    /// A longer one is no word, and may be anything.
    const LONGEST: usize = 24;
    let mut unknown = operations(key);
    unknown.retain(|own| registered().all(|known| known != *own));
    if !unknown.is_empty() {
        let message = if unknown.iter().all(|own| own.len() <= LONGEST) {
            let list = quoted_list(&unknown, MOST_LISTED);
            format!("key_ops names {list}, which is not registered")
        } else {
            "key_ops names what is not registered".to_owned()
        };
        let finding = key.report(reporter, "key_ops", message);
        if let Some(meant) = unknown.iter().find_map(|own| nearest(own, registered())) {
            finding.hint(format!("names are case-sensitive: write \"{meant}\""));
        }
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
    if let Some(other) = key.text("use").filter(|own| !USES.contains(own)) {
        let message = format!("use is {}, neither sig nor enc", quoted(other));
        let finding = key.report(reporter, "use", message);
        if let Some(meant) = nearest(other, USES) {
            finding.hint(format!("values are case-sensitive: write \"{meant}\""));
        }
    }
}
