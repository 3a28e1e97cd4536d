//! One key in several entries.

use std::collections::HashMap;
use std::ops::Range;

use crate::core::failure::quoted;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Peer, Set};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "same-key-many-kids",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the same key stands under two kids",
        reason: "who withdraws one of them leaves the key in use under the other",
        source: "RFC 7638 section 1",
        fix: "keep the key once, or make a new key for the second kid",
        checks: &[Check::Set(many_kids)],
    },
    Rule {
        id: "sig-enc-reuse",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the same key is used for signatures and for encryption",
        reason: "an answer to a ciphertext can be a signature, and both purposes must then be withdrawn together",
        source: "RFC 7517 section 4.2, NIST SP 800-57 part 1 section 5.2",
        fix: "make a key of its own for encryption",
        checks: &[Check::Set(sig_and_enc)],
    },
    Rule {
        id: "multi-alg-same-key",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the same key is used with two algorithms",
        reason: "proofs of security hold for one algorithm a key, and attacks have crossed from one to the other",
        source: "RFC 8725 section 3.1",
        fix: "make a key for each algorithm",
        checks: &[Check::Set(many_algorithms)],
    },
];

/// Reports each key that has the material of an earlier one and differs from it in what `fact` says of
/// both; a key of which it says nothing is left out. The finding stands at `place`, else at the key.
fn differing<'s>(
    set: &'s Set<'_>,
    reporter: &mut Reporter<'_>,
    fact: impl Fn(&'s Peer<'_>) -> Option<&'s str>,
    place: impl Fn(&Peer<'_>) -> Option<Range<usize>>,
    message: impl Fn(&Peer<'_>, &str, &str) -> String,
) {
    let mut seen: HashMap<[u8; 32], (&str, &Peer<'_>)> = HashMap::new();
    for peer in &set.keys {
        let (Some(thumbprint), Some(own)) = (peer.thumbprint, fact(peer)) else {
            continue;
        };
        let (others, first) = *seen.entry(thumbprint).or_insert((own, peer));
        if others != own {
            let span = place(peer).unwrap_or_else(|| peer.span.clone());
            reporter.key(&peer.owner, span, message(first, others, own));
        }
    }
}

fn many_kids(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    differing(
        set,
        reporter,
        |peer| peer.entry.kid(),
        |peer| peer.kid_span.clone(),
        |_, others, _| format!("the same key stands under the kid {} too", quoted(others)),
    );
}

fn sig_and_enc(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let is_usual = |purpose: &&str| ["sig", "enc"].contains(purpose);
    differing(
        set,
        reporter,
        |peer| peer.purpose().filter(is_usual),
        |_| None,
        |first, others, own| {
            format!(
                "the key is for \"{own}\", and key {} is the same key for \"{others}\"",
                first.owner.index + 1
            )
        },
    );
}

fn many_algorithms(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    differing(
        set,
        reporter,
        |peer| peer.parameters()?.alg.as_deref(),
        |_| None,
        |first, others, own| {
            format!(
                "the key is for {}, and key {} is the same key for {}",
                quoted(own),
                first.owner.index + 1,
                quoted(others)
            )
        },
    );
}
