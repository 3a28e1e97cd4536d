//! Secrets where anyone can read them.

use std::collections::HashSet;

use crate::core::detect::Content;
use crate::core::exposure::{
    document_holds_secret, holds_secret, member_holds_secret, secret_members,
};
use crate::core::failure::{named, quoted};
use crate::core::json::read;
use crate::core::lint::finding::Reporter;
use crate::core::lint::rule::{Check, Rule, Scope, Severity};
use crate::core::lint::subject::{Key, Set};

/// Most members that a finding names; a key has fewer, unless it was made to have more.
const NAMES_SHOWN: usize = 10;

/// The rules that can do without keys that are read. Of a secret in any other document the first tells,
/// whatever kind it is.
pub(in crate::core::lint) const UNREAD_SUFFICE: [&str; 2] = ["private-member", "symmetric-key"];

pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "private-member",
        severity: Severity::Error,
        scope: Scope::Published,
        title: "a published set holds a private key",
        reason: "whoever reads the set can sign as its owner",
        source: "OpenID Connect Discovery 1.0 section 3",
        fix: "treat the key as compromised: replace it, and publish what `jwks convert FILE --public` writes",
        checks: &[Check::Key(private_members), Check::Set(hidden_secrets)],
    },
    Rule {
        id: "symmetric-key",
        severity: Severity::Error,
        scope: Scope::Published,
        title: "a published set holds a symmetric key",
        reason: "whoever can check a token by it can make one",
        source: "OpenID Connect Discovery 1.0 section 3, RFC 8725 section 2.1",
        fix: "treat the secret as compromised: replace it, and give it to its two parties alone",
        checks: &[Check::Key(symmetric)],
    },
];

fn private_members(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    let mut exposed = key.entry.secret_members();
    if key.entry.is_symmetric() {
        exposed.retain(|name| name != "k");
    }
    if let Some(first) = exposed.first() {
        let mut seen = HashSet::new();
        let distinct = exposed
            .iter()
            .map(String::as_str)
            .filter(|name| seen.insert(*name));
        let names: Vec<String> = distinct.take(NAMES_SHOWN).map(named).collect();
        let list = names.join(", ");
        key.report(
            reporter,
            first,
            format!("the published set holds private members: {list}"),
        );
    }
    let mut members = key.object.members().iter();
    if let Some(member) =
        members.find(|member| member_holds_secret(member.name(), member.value().raw()))
    {
        let message = format!(
            "a private key is hidden in the member {}",
            quoted(member.name())
        );
        key.report(reporter, member.name(), message);
    }
}

fn symmetric(key: &Key<'_>, reporter: &mut Reporter<'_>) {
    if key.entry.is_symmetric() {
        key.report_whole(reporter, "the published set holds a symmetric key: k");
    }
}

/// What is private and stands in no key.
fn hidden_secrets(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let Some(jwks) = set.jwks else {
        return elsewhere(set, reporter);
    };
    for peer in set
        .keys
        .iter()
        .filter(|peer| peer.entry.is_private_clutter())
    {
        let message = "the entry is no key, and a private key is hidden in it";
        reporter.key(&peer.owner, peer.span.clone(), message);
    }
    let members = jwks.members();
    let own = secret_members(members);
    let hidden = members
        .members()
        .find(|(name, value)| *name != "keys" && member_holds_secret(name, value))
        .map(|(name, _)| name.to_owned());
    if let Some(name) = own.first().or(hidden.as_ref()) {
        let message = format!("private members stand beside the keys: {}", quoted(name));
        reporter
            .document(set.whole.clone(), message)
            .about(name.as_str());
    }
}

/// A document that is no set can give a key away all the same.
fn elsewhere(set: &Set<'_>, reporter: &mut Reporter<'_>) {
    let private = match set.subject.content {
        Content::Other(other) if other.is_private(set.subject.document) => true,
        _ => match read(set.subject.document) {
            Ok(node) => holds_secret(&node),
            Err(_) => document_holds_secret(set.subject.document),
        },
    };
    if private {
        reporter.document(set.whole.clone(), "the document holds a private key");
    }
}
