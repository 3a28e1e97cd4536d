//! The published set before the rotation: what may be replaced, and what it held.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::RotateArgs;
use crate::commands::warn;
use crate::context::Context;
use crate::core::detect::{Content, Other, detect, quoted_path};
use crate::core::exposure::{holds_secret, secret_members, without_secrets};
use crate::core::json::{RawObject, array, read};
use crate::core::jwk::{Jwk, Parameters};
use crate::core::jwks::{Entry, Form, JwkSet, SET_LIMIT, document};
use crate::core::lifecycle::{Group, published};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// Most keys that are named.
pub(super) const MOST_LISTED: usize = 8;

/// A published set that is there already.
pub(super) struct PublishedBefore {
    pub(super) bytes: Vec<u8>,
    set: Option<JwkSet>,
    /// Under which kids each key was published, by its thumbprint, and with which algorithms.
    names: HashMap<String, Names>,
}

type Names = HashMap<Option<String>, HashSet<Option<String>>>;

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

    fn new(bytes: Vec<u8>, set: Option<JwkSet>) -> Self {
        let mut names: HashMap<String, Names> = HashMap::new();
        let entries = set.iter().flat_map(|set| set.entries().iter());
        for jwk in entries.filter_map(Entry::jwk) {
            if let Some(thumbprint) = jwk.thumbprint() {
                let Parameters { kid, alg, .. } = jwk.parameters().clone();
                let known = names.entry(thumbprint).or_default();
                known.entry(kid).or_default().insert(alg);
            }
        }
        Self { bytes, set, names }
    }

    /// True when consumers could know the key: what it signs is looked up by its kid, and its alg. What
    /// is encrypted to it is for the same key whatever it was called.
    pub(super) fn holds(&self, jwk: &Jwk) -> bool {
        let names = jwk.thumbprint().and_then(|own| self.names.get(&own));
        let Parameters { kid, alg, .. } = jwk.parameters();
        names.is_some_and(|names| {
            let algorithms = names.get(kid);
            let allows = |known: &HashSet<_>| known.contains(&None) || known.contains(alg);
            Group::of(jwk).encrypts() || algorithms.is_some_and(allows)
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
        warn_of_changed_keys(context, set, &known, path);
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
    Ok(Some(PublishedBefore::new(bytes, before)))
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

/// A consumer that has another key under a kid takes that, and does not fetch the set for its sake.
fn warn_of_changed_keys(context: &mut Context<'_>, set: &JwkSet, known: &[&Entry], path: &Path) {
    let thumbprint = |entry: &Entry| entry.usable().and_then(Jwk::thumbprint);
    let mut own: HashMap<&str, HashSet<Option<String>>> = HashMap::new();
    for entry in set.entries().iter().filter(|entry| !entry.is_revoked()) {
        if let Some(kid) = entry.kid() {
            own.entry(kid).or_default().insert(thumbprint(entry));
        }
    }
    let is_changed = |entry: &&&Entry| {
        let kept = entry.kid().and_then(|kid| own.get(kid));
        thumbprint(entry).is_some_and(|own| kept.is_some_and(|kept| !kept.contains(&Some(own))))
    };
    let changed: Vec<String> = known
        .iter()
        .filter(is_changed)
        .map(|own| own.label())
        .collect();
    if !changed.is_empty() {
        let text = format!(
            "{} is another key in {} than in the private file: consumers that have it refuse tokens of the new one until their copy ends",
            listed(&changed),
            quoted_path(path)
        );
        warn(context, &text);
    }
}

/// The first of `labels`, and how many more there are.
pub(super) fn listed(labels: &[String]) -> String {
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
            Err(CommandError::new("symmetric-key", Exit::File, message)
                .hint("leave --public out, and give the secret to those alone who share it"))
        }
    }
}

/// True when nothing is lost with the document: no secret is in it, and it holds keys alone.
fn is_public(set: &JwkSet, bytes: &[u8]) -> bool {
    let hides = read(bytes).map_or(true, |node| holds_secret(&node));
    let is_key = |entry: &Entry| entry.members().get("kty").is_some();
    !hides && secret_members(set.members()).is_empty() && set.entries().iter().all(is_key)
}
