//! What of a set may be printed, and how.

use crate::core::exposure::Secrets;
use crate::core::failure::{quoted, quoted_list};
use crate::core::json::{RawObject, array, pretty};
use crate::core::jwks::{Entry, Exposure, Form, JwkSet};
use crate::core::thumbprint;
use crate::error::{CommandError, Exit};

/// Most kids that a hint lists.
const KIDS_SHOWN: usize = 8;

/// The error that says so of what the set at `url` exposes.
pub(super) fn exposed(exposure: &Exposure, url: &str) -> CommandError {
    let Exposure { label, what } = exposure;
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

/// The members of a key that may be seen; none of a symmetric key, and none of what is no key.
fn public_part(entry: &Entry, secrets: &Secrets) -> Option<RawObject> {
    let is_key = entry.members().names().next().is_some() && !entry.is_symmetric();
    is_key.then(|| secrets.without(entry.members()))
}

/// The set without what must not be seen.
pub(super) fn cleaned(set: &JwkSet) -> String {
    let secrets = set.secrets();
    let keys = set.entries().iter();
    let keys: Vec<RawObject> = keys
        .filter_map(|entry| public_part(entry, &secrets))
        .collect();
    document(set, &keys, |members| secrets.without(members))
}

/// The set in an order of its own, so that two answers with the same keys are the same text. What is no
/// key is left out.
pub(super) fn normalized(set: &JwkSet, is_exposed: bool) -> String {
    let secrets = set.secrets();
    let public_part = |entry| public_part(entry, &secrets);
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
            secrets.without(members)
        } else {
            members.clone()
        };
        sorted(&members)
    })
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
    let members = public_part(entry, &set.secrets()).ok_or_else(|| {
        let message = format!(
            "the key {} is symmetric, and nothing of it may be shown",
            quoted(kid)
        );
        CommandError::new("private-key-in-public-set", Exit::No, message)
    })?;
    Ok(pretty(&members.to_json()).to_string())
}
