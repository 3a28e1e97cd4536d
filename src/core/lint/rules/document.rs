//! The document as a whole.

use std::ops::Range;

use crate::core::alg::KeyType;
use crate::core::detect::Content;
use crate::core::failure::{Code, quoted};
use crate::core::json::{Node, Outline};
use crate::core::jwks::{Form, SetFault};
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Peer, Set};

/// Longest document that common clients read, in bytes.
const LONGEST_DOCUMENT: usize = 51_200;
/// Most keys of a set that a consumer should have to go through.
const MOST_KEYS: usize = 20;

/// What was too much to be examined.
pub(in crate::core::lint) static ARITHMETIC_SKIPPED: Rule = Rule {
    id: "arithmetic-skipped",
    severity: Severity::Error,
    scope: Scope::Always,
    title: "not everything was examined that takes arithmetic",
    reason: "examining very many or very long keys can take hours, and a weak one can hide among them",
    source: "this program",
    fix: "use --thorough to examine every key, however long it takes",
    checks: &[],
};

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "not-a-jwks",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the document is no JWK Set",
        reason: "consumers find no key in it and refuse every token",
        source: "RFC 7517 section 5",
        fix: "give a document with a member \"keys\" that is an array of JWKs",
        checks: &[Check::Unread(not_a_set), Check::Set(other_form)],
    },
    Rule {
        id: "keys-not-array",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "\"keys\" is no array",
        reason: "consumers refuse the whole set",
        source: "RFC 7517 section 5.1",
        fix: "write \"keys\": [...], also around a single key",
        checks: &[Check::Unread(keys_not_array)],
    },
    Rule {
        id: "empty-set",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "the set has no keys",
        reason: "consumers refuse every token",
        source: "RFC 7517 section 5.1",
        fix: "publish the public half of the key that signs",
        checks: &[Check::Set(empty)],
    },
    Rule {
        id: "dup-json-member",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "an object has a member twice",
        reason: "readers disagree about which of the two counts, so two of them may see two different keys",
        source: "RFC 7517 section 4, RFC 8259 section 4",
        fix: "remove one of the two",
        checks: &[
            Check::Told(Code::DuplicateKeyMember),
            Check::Unread(duplicate_of_a_set),
            Check::Set(duplicates),
        ],
    },
    Rule {
        id: "doc-too-large",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the document is longer than common clients read",
        reason: "a client library stops at 51,200 bytes and then has no keys",
        source: "practice",
        fix: "remove keys that nothing is signed with any more, and certificates that nobody asks for",
        checks: &[Check::Set(too_large)],
    },
    Rule {
        id: "too-many-keys",
        severity: Severity::Warning,
        scope: Scope::Always,
        title: "the set has more keys than consumers expect",
        reason: "each is one more that can be stolen, and consumers try only so many",
        source: "practice",
        fix: "remove keys that nothing is signed with any more",
        checks: &[Check::Unread(too_many_to_read), Check::Set(too_many)],
    },
    Rule {
        id: "no-standby",
        severity: Severity::Info,
        scope: Scope::Always,
        title: "the set has a single key for signatures",
        reason: "when it must go at once, consumers need the time of their caches to learn the next one",
        source: "practice",
        fix: "publish the next key before it is needed",
        checks: &[Check::Set(no_standby)],
    },
    Rule {
        id: "mixed-symmetry",
        severity: Severity::Error,
        scope: Scope::Always,
        title: "symmetric and asymmetric keys stand in one set",
        reason: "one of them must never be published and the other must, and the two have been confused",
        source: "RFC 8725 section 2.1",
        fix: "keep symmetric keys in a set of their own",
        checks: &[Check::Set(mixed_symmetry)],
    },
];

fn broken<'s>(set: &Set<'s>, code: Code) -> Option<&'s SetFault> {
    match set.subject.content {
        Content::BrokenSet(fault) if fault.failure.code == code => Some(fault),
        _ => None,
    }
}

/// The place of a fault, as far as it is known.
fn from(offset: usize, set: &Set<'_>) -> Range<usize> {
    offset..set.whole.end.max(offset)
}

fn not_a_set(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if let Some(fault) = broken(set, Code::NotAJwks) {
        let message = format!("the document is no JWK Set: {}", fault.failure);
        reporter.document(from(fault.offset, set), message);
    }
    match set.subject.content {
        Content::Other(other) => {
            let message = format!("the document holds no keys: it is {}", other.description());
            let place = from(other.offset().unwrap_or(set.whole.start), set);
            let finding = reporter.document(place, message);
            if set.subject.published && other.is_private(set.subject.document) {
                finding.hint("withdraw the document, and treat its key as compromised");
            } else if let Some(hint) = other.hint() {
                finding.hint(hint);
            }
        }
        Content::Token(_) => other_than_set("a token", set, reporter),
        _ => {}
    }
}

/// Whoever reads a published document looks for a set in it.
fn other_form(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(keys) = set.jwks.filter(|_| set.subject.published) else {
        return;
    };
    match keys.form() {
        Form::Jwks => {}
        Form::Jwk => other_than_set("a bare JWK", set, reporter),
        Form::Array => other_than_set("an array of JWKs", set, reporter),
    }
}

fn other_than_set(what: &str, set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let message = format!("the document is {what}, not a JWK Set");
    reporter.document(set.whole.clone(), message);
}

fn keys_not_array(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if let Some(fault) = broken(set, Code::KeysNotArray) {
        reporter
            .document(set.list.clone(), fault.failure.message.as_str())
            .about("keys");
    }
}

fn empty(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if set.jwks.is_some_and(|jwks| jwks.entries().is_empty()) {
        reporter.document(set.list.clone(), "the set has no keys");
    }
}

fn duplicate_of_a_set(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if let Some(fault) = broken(set, Code::DuplicateKeyMember) {
        reporter.document(from(fault.offset, set), fault.failure.message.as_str());
    }
}

/// Members that stand twice outside the keys, whose reader tells of its own.
fn duplicates(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if set.jwks.is_none_or(|jwks| jwks.form() != Form::Jwks) {
        return;
    }
    let members = set.outline.iter().flat_map(Outline::members);
    for beside in members.filter(|member| member.name() != "keys") {
        let node = beside.value().node();
        let duplicate = node.as_ref().and_then(Node::first_duplicate);
        if let Some(member) = duplicate {
            let message = format!("the member {} appears twice", quoted(member.name()));
            reporter
                .document(from(member.name_offset(), set), message)
                .about(member.name());
        }
    }
}

fn too_large(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let length = set.subject.document.len();
    if length > LONGEST_DOCUMENT {
        let message = format!(
            "the document has {length} bytes, more than the {LONGEST_DOCUMENT} that common clients read"
        );
        reporter.document(set.whole.clone(), message);
    }
}

fn too_many_to_read(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if let Some(fault) = broken(set, Code::TooManyKeys) {
        reporter
            .document(set.list.clone(), fault.failure.message.as_str())
            .severity(Severity::Error);
    }
}

fn too_many(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let count = set.keys.len();
    if count > MOST_KEYS {
        let message = format!("the set has {count} keys, more than {MOST_KEYS}");
        reporter.document(set.list.clone(), message);
    }
}

fn no_standby(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    if set.jwks.is_none_or(|jwks| jwks.form() != Form::Jwks) {
        return;
    }
    let lives = |peer: &&Peer<'_>| {
        let exp = peer.parameters().and_then(|parameters| parameters.exp);
        exp.is_none_or(|exp| exp > set.now) && !peer.entry.is_revoked()
    };
    let signs =
        |peer: &&Peer<'_>| peer.jwk().is_some() && lives(peer) && peer.purpose() != Some("enc");
    let mut signing = set.keys.iter().filter(signs);
    if let (Some(only), None) = (signing.next(), signing.next()) {
        let message = "it is the only key of the set that is for signatures";
        reporter.key(&only.owner, only.span.clone(), message);
    }
}

fn mixed_symmetry(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let is_asymmetric = |peer: &Peer<'_>| {
        peer.jwk()
            .is_some_and(|jwk| jwk.material().key_type() != KeyType::Oct)
    };
    let symmetric = set.keys.iter().find(|peer| peer.entry.is_symmetric());
    if let Some(peer) = symmetric.filter(|_| set.keys.iter().any(is_asymmetric)) {
        let message = "the key is symmetric, and others in the set are not";
        reporter
            .key(&peer.owner, peer.span.clone(), message)
            .shared("symmetry");
    }
}
