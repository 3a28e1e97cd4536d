//! What of a set may be printed, and how.

use crate::core::exposure::{holds_secret, secret_members, values_hold_secret, without_secrets};
use crate::core::failure::{named, quoted, quoted_list};
use crate::core::json::{RawObject, array, pretty, read};
use crate::core::jwks::{Entry, Form, JwkSet};
use crate::core::thumbprint;
use crate::error::{CommandError, Exit};

/// Most kids that a hint lists.
const KIDS_SHOWN: usize = 8;

/// What of a document must not be seen.
pub(super) struct Exposure {
    /// Whose it is.
    label: String,
    /// What it is.
    what: String,
}

impl Exposure {
    /// The error that says so of the set at `url`.
    pub(super) fn error(&self, url: &str) -> CommandError {
        let Self { label, what } = self;
        CommandError::new(
            "private-key-in-public-set",
            Exit::No,
            format!(
                "{} publishes secrets of {label}: {what}; they are left out here",
                quoted(url)
            ),
        )
        .hint("treat the key as compromised: tell its operator, and have it replaced")
    }
}

/// What of the document must not be seen.
pub(super) fn exposures(set: &JwkSet, body: &[u8]) -> Vec<Exposure> {
    let own = secret_members(set.members());
    let mut exposures = Vec::new();
    let mut expose = |label, what| exposures.push(Exposure { label, what });
    if !own.is_empty() {
        expose("the set itself".to_owned(), listed(&own));
    }
    for entry in set.entries().iter() {
        let members = entry.secret_members();
        if !members.is_empty() {
            expose(entry.label(), listed(&members));
        }
    }
    // What hides elsewhere is found in what is left without the members that are named above.
    let elsewhere = exposures.is_empty() && read(body).is_ok_and(|node| holds_secret(&node));
    if elsewhere || set.entries().iter().any(hides_secret) {
        exposures.push(Exposure {
            label: "the document".to_owned(),
            what: "a private key inside another value".to_owned(),
        });
    }
    exposures
}

fn listed(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| named(name)).collect();
    names.join(", ")
}

fn hides_secret(entry: &Entry) -> bool {
    values_hold_secret(entry.members())
}

/// The members of a key that may be seen; none of a symmetric key, and none of what is no key.
fn public_part(entry: &Entry) -> Option<RawObject> {
    let is_key = entry.members().names().next().is_some() && !entry.is_symmetric();
    is_key.then(|| without_secrets(entry.members()))
}

/// The set without what must not be seen.
pub(super) fn cleaned(set: &JwkSet) -> String {
    document(set, &public_keys(set), without_secrets)
}

/// The set in an order of its own, so that two answers with the same keys are the same text. What is no
/// key is left out.
pub(super) fn normalized(set: &JwkSet, is_exposed: bool) -> String {
    let mut entries: Vec<&Entry> = set.entries().iter().collect();
    entries.sort_by_cached_key(|entry| {
        let thumbprint = entry.jwk().map(|jwk| thumbprint::sha256(jwk.material()));
        (
            entry.kid().map(str::to_owned),
            thumbprint,
            public_part(entry).map(|members| members.to_json().to_string()),
        )
    });
    let entries = entries.into_iter();
    let keys: Vec<RawObject> = if is_exposed {
        entries.filter_map(public_part).collect()
    } else {
        let keys = entries.map(|entry| entry.members().clone());
        keys.filter(|members| members.names().next().is_some())
            .collect()
    };
    let keys: Vec<RawObject> = keys.iter().map(sorted).collect();
    document(set, &keys, |members| {
        let members = if is_exposed {
            without_secrets(members)
        } else {
            members.clone()
        };
        sorted(&members)
    })
}

fn public_keys(set: &JwkSet) -> Vec<RawObject> {
    set.entries().iter().filter_map(public_part).collect()
}

/// The set with these keys, and with its other members as `of_set` leaves them.
fn document(set: &JwkSet, keys: &[RawObject], of_set: impl Fn(&RawObject) -> RawObject) -> String {
    let text = match (set.form(), keys) {
        (Form::Array, keys) => array(keys),
        (Form::Jwk, [key]) => key.to_json(),
        (Form::Jwk | Form::Jwks, keys) => {
            // In its place before the others are judged, so that it keeps it.
            let mut members = set.members().clone();
            members.set_raw("keys", array(keys).as_str());
            let mut members = of_set(&members);
            members.set_raw("keys", array(keys).as_str());
            members.to_json()
        }
    };
    pretty(&text).to_string()
}

/// The members in the order of their names.
fn sorted(members: &RawObject) -> RawObject {
    let mut sorted = members.clone();
    sorted.sort();
    sorted
}

/// The only key with this kid, as it may be seen.
pub(super) fn one_key(set: &JwkSet, kid: &str, url: &str) -> Result<String, CommandError> {
    let mut named = set
        .entries()
        .iter()
        .filter(|entry| entry.kid() == Some(kid));
    let (first, second) = (named.next(), named.next());
    let Some(entry) = first else {
        let message = format!("{} has no key with the kid {}", quoted(url), quoted(kid));
        let error = CommandError::new("unknown-kid", Exit::No, message);
        let kids: Vec<&str> = set.entries().iter().filter_map(Entry::kid).collect();
        return Err(if kids.is_empty() {
            error
        } else {
            error.hint(format!("the kids are {}", quoted_list(&kids, KIDS_SHOWN)))
        });
    };
    if second.is_some() {
        let message = format!(
            "{} has several keys with the kid {}",
            quoted(url),
            quoted(kid)
        );
        return Err(CommandError::new("ambiguous-kid", Exit::No, message));
    }
    let members = public_part(entry).ok_or_else(|| {
        let message = format!(
            "the key {} is symmetric, and nothing of it may be shown",
            quoted(kid)
        );
        CommandError::new("private-key-in-public-set", Exit::No, message)
    })?;
    Ok(pretty(&members.to_json()).to_string())
}
