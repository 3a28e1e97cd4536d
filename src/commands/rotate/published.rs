//! The published set before the rotation: what may be replaced, and what it held.

use std::collections::HashSet;
use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::RotateArgs;
use crate::commands::warn;
use crate::context::Context;
use crate::core::detect::{Content, Other, detect, quoted_path};
use crate::core::exposure::{holds_secret, secret_members, without_secrets};
use crate::core::json::{RawObject, array, read};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, Form, JwkSet, SET_LIMIT, document};
use crate::core::lifecycle::{Group, published};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// Most keys that a message names.
const MOST_LISTED: usize = 8;

/// A published set that is there already.
pub(super) struct PublishedBefore {
    pub(super) bytes: Vec<u8>,
    set: Option<JwkSet>,
}

impl PublishedBefore {
    /// True for keys, and false for an empty file.
    pub(super) fn is_set(&self) -> bool {
        self.set.is_some()
    }

    /// The document in which these keys are published: with what else the set says, which others rely on.
    pub(super) fn document(&self, keys: &[RawObject]) -> Zeroizing<String> {
        match self.set.as_ref().filter(|set| set.form() == Form::Jwks) {
            None => document(keys),
            Some(set) => {
                let mut members = without_secrets(set.members());
                members.set_raw("keys", array(keys).as_str());
                members.to_json()
            }
        }
    }

    /// True when consumers could know the key: what it signs is looked up by its kid, and its alg. What
    /// is encrypted to it is for the same key whatever it was called.
    pub(super) fn holds(&self, jwk: &Jwk) -> bool {
        let (thumbprint, sought) = (jwk.thumbprint(), jwk.parameters());
        let encrypts = Group::of(jwk).encrypts();
        let is_found = |own: &Jwk| {
            let parameters = own.parameters();
            let allows = parameters.alg.is_none() || parameters.alg == sought.alg;
            encrypts || (parameters.kid == sought.kid && allows)
        };
        self.set.as_ref().is_some_and(|set| {
            set.entries()
                .iter()
                .filter_map(Entry::jwk)
                .any(|own| is_found(own) && own.thumbprint() == thumbprint)
        })
    }
}

/// What is at the place of the published set, checked before anything is changed: it must be one
/// that can be replaced, and no file with somebody's private keys.
pub(super) fn published_before(
    arguments: &RotateArgs,
    context: &mut Context<'_>,
    set: &JwkSet,
    path: &Path,
    now: NumericDate,
) -> Result<Option<PublishedBefore>, CommandError> {
    if context.files.same_target(&arguments.file, path) {
        return Err(CommandError::usage(
            "the private and the public file are the same",
        ));
    }
    require_publishable(set, path, now)?;
    context.files.require_regular(path)?;
    if !arguments.dry_run {
        context.files.require_writable(path)?;
    }
    let bytes = match context.files.read(path, SET_LIMIT) {
        Ok(input) => input.whole(&quoted_path(path))?.to_vec(),
        Err(error) if error.code == "file-not-found" => return Ok(None),
        Err(error) => return Err(error),
    };
    let before = match detect(&bytes) {
        Content::Keys(set) if is_public(&set, &bytes) => Some(set),
        Content::Other(Other::Empty) => None,
        _ => {
            let message = format!(
                "{} is no published key set, and is not replaced by one",
                quoted_path(path)
            );
            return Err(
                CommandError::new("not-a-published-set", Exit::File, message).hint(
                    "name the file of the published set with --public, or move this one away",
                ),
            );
        }
    };
    if let Some(before) = &before {
        let (known, unknown) = told_apart(before, set);
        let foreign: Vec<String> = unknown
            .into_iter()
            .filter(|entry| entry.usable().is_some())
            .map(Entry::label)
            .collect();
        if !foreign.is_empty() {
            if known.is_empty() && !arguments.force {
                return Err(foreign_set(arguments, path, &foreign));
            }
            let text = format!(
                "{} is replaced without keys that the private file does not know: {}",
                quoted_path(path),
                listed(&foreign)
            );
            warn(context, &text);
        }
    }
    Ok(Some(PublishedBefore { bytes, set: before }))
}

/// The keys in `before` that `set` knows or has withdrawn, by kid or by what is in them, and the others.
/// One that was removed at its time is among those.
fn told_apart<'b>(before: &'b JwkSet, set: &JwkSet) -> (Vec<&'b Entry>, Vec<&'b Entry>) {
    let thumbprint = |entry: &Entry| entry.jwk().and_then(Jwk::thumbprint);
    let kids: HashSet<&str> = set.entries().iter().filter_map(Entry::kid).collect();
    let thumbprints: HashSet<String> = set.entries().iter().filter_map(thumbprint).collect();
    let is_known = |entry: &&Entry| {
        entry.kid().is_some_and(|kid| kids.contains(kid))
            || thumbprint(entry).is_some_and(|own| thumbprints.contains(&own))
    };
    before.entries().iter().partition(is_known)
}

/// The first of `labels`, and how many more there are.
fn listed(labels: &[String]) -> String {
    let shown = labels[..labels.len().min(MOST_LISTED)].join(", ");
    match labels.len().saturating_sub(MOST_LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The error of a set in which no key is known: it is that of another private file.
fn foreign_set(arguments: &RotateArgs, path: &Path, foreign: &[String]) -> CommandError {
    let message = format!(
        "{} is the published set of other keys than those in {}: {}",
        quoted_path(path),
        quoted_path(&arguments.file),
        listed(foreign)
    );
    CommandError::new("foreign-published-set", Exit::No, message).hint(
        "name the published set of this private file with --public; where this is an old one of it, \
         the same command with --force replaces it",
    )
}

/// Refuses before anything is changed what could not be published afterwards.
fn require_publishable(set: &JwkSet, path: &Path, now: NumericDate) -> Result<(), CommandError> {
    match published(set, now) {
        Ok(_) => Ok(()),
        Err(symmetric) => {
            let message = format!(
                "{} cannot be published in {}: a symmetric key has no public half",
                symmetric.join(", "),
                quoted_path(path)
            );
            Err(CommandError::new("symmetric-key", Exit::File, message))
        }
    }
}

/// True when nothing is lost with the document: no secret is in it, and it holds keys alone.
fn is_public(set: &JwkSet, bytes: &[u8]) -> bool {
    let hides = read(bytes).map_or(true, |node| holds_secret(&node));
    let is_key = |entry: &Entry| entry.members().get("kty").is_some();
    !hides && secret_members(set.members()).is_empty() && set.entries().iter().all(is_key)
}
