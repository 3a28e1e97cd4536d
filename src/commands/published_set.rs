//! The published set of a private file: what may be replaced, what it held, and what is written.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use zeroize::Zeroizing;

use super::private_file;
use super::{tell, warn};
use crate::context::{Audience, Context, Existing};
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

/// Whose published set is to be written, and where.
pub(super) struct Place<'p> {
    /// The file of the private keys.
    pub(super) private: &'p Path,
    /// The file of the published set.
    pub(super) public: &'p Path,
    /// False when nothing is written.
    pub(super) is_written: bool,
    /// What becomes of keys there that the private file does not know.
    pub(super) strangers: Strangers,
}

/// What becomes of published keys that the private file does not know.
#[derive(Clone, Copy)]
pub(super) enum Strangers {
    /// They go, with a warning.
    Go,
    /// They go so where others are known; where none is, the set is that of another private file, and this
    /// is what to do next.
    GoAmongKnown(&'static str),
    /// None goes, and this is what to do next.
    Stay(&'static str),
}

/// What is at the place of a published set.
pub(super) struct PublishedBefore<'p> {
    path: &'p Path,
    /// None where there is no file.
    bytes: Option<Vec<u8>>,
    set: Option<JwkSet>,
    /// Under which kids each key was published, by its thumbprint, and with which algorithms.
    names: HashMap<String, Names>,
}

type Names = HashMap<Option<String>, HashSet<Option<String>>>;

impl<'p> PublishedBefore<'p> {
    /// True for keys, and false for no file, an empty one and a set without keys: none of them says what
    /// consumers know.
    pub(super) fn is_found(&self) -> bool {
        let set = self.set.as_ref();
        set.is_some_and(|set| !set.entries().is_empty())
    }

    /// The file as messages name it.
    pub(super) fn name(&self) -> String {
        quoted_path(self.path)
    }

    /// The contents of the file with what consumers may see of `set`.
    ///
    /// # Errors
    /// `input-too-large`.
    pub(super) fn text(
        &self,
        set: &JwkSet,
        now: NumericDate,
    ) -> Result<Zeroizing<String>, CommandError> {
        // Symmetric keys have been refused before.
        let keys = published(set, now).unwrap_or_default();
        private_file::document(&self.document(&keys), &self.name())
    }

    /// Writes the contents, where they are others than those that are there.
    ///
    /// # Errors
    /// Someone else has changed the file since, or it cannot be written.
    pub(super) fn write(&self, context: &mut Context<'_>, text: &str) -> Result<(), CommandError> {
        let existing = match self.bytes.as_deref() {
            Some(bytes) if bytes == text.as_bytes() => return Ok(()),
            Some(bytes) => Existing::Unchanged(bytes),
            None => Existing::Refuse,
        };
        context
            .files
            .write(self.path, text.as_bytes(), Audience::Everyone, existing)
            .map_err(|error| match error.code {
                "file-exists" => error.hint("it was not there before: run the command again"),
                _ => error,
            })?;
        tell(
            context,
            &format!("wrote the published set to {}", self.name()),
        );
        Ok(())
    }

    /// The document in which these keys are published: with what else the set says, which others rely on.
    fn document(&self, keys: &[RawObject]) -> Zeroizing<String> {
        match self.set.as_ref().filter(|set| set.form() == Form::Jwks) {
            None => document(keys),
            Some(set) => {
                let mut members = without_secrets(set.members());
                members.set_raw("keys", array(keys).as_str());
                members.to_json()
            }
        }
    }

    fn new(path: &'p Path, bytes: Option<Vec<u8>>, set: Option<JwkSet>) -> Self {
        let mut names: HashMap<String, Names> = HashMap::new();
        let entries = set.iter().flat_map(|set| set.entries().iter());
        for jwk in entries.filter_map(Entry::jwk) {
            if let Some(thumbprint) = jwk.thumbprint() {
                let Parameters { kid, alg, .. } = jwk.parameters().clone();
                let known = names.entry(thumbprint).or_default();
                known.entry(kid).or_default().insert(alg);
            }
        }
        Self {
            path,
            bytes,
            set,
            names,
        }
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

/// What is at the place of the published set of `set`, checked before anything is changed: it must be one
/// that can be replaced, and no file with somebody's private keys.
///
/// # Errors
/// `symmetric-key`, `not-a-published-set`, `foreign-published-set`; the file cannot be read or written, or
/// is the private one.
pub(super) fn published_before<'p>(
    place: &Place<'p>,
    context: &mut Context<'_>,
    set: &JwkSet,
    now: NumericDate,
) -> Result<PublishedBefore<'p>, CommandError> {
    let path = place.public;
    if context.files.same_target(place.private, path) {
        return Err(CommandError::usage(
            "the private and the public file are the same",
        ));
    }
    require_publishable(set, path, now)?;
    context.files.require_regular(path)?;
    if place.is_written {
        context.files.require_writable(path)?;
    }
    let bytes = match context.files.read(path, SET_LIMIT) {
        Ok(input) => input.whole(&quoted_path(path))?.to_vec(),
        Err(error) if error.code == "file-not-found" => {
            return Ok(PublishedBefore::new(path, None, None));
        }
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
            require_replaceable(place, known.is_empty(), &foreign)?;
            let text = format!(
                "{} is replaced without keys that the private file does not know: {}",
                quoted_path(path),
                listed(&foreign)
            );
            warn(context, &text);
        }
    }
    Ok(PublishedBefore::new(path, Some(bytes), before))
}

/// Refuses to let these keys go where that was not asked for.
fn require_replaceable(
    place: &Place<'_>,
    is_none_known: bool,
    foreign: &[String],
) -> Result<(), CommandError> {
    let (public, private) = (quoted_path(place.public), quoted_path(place.private));
    let keys = listed(foreign);
    let (exit, hint) = match place.strangers {
        Strangers::GoAmongKnown(hint) if is_none_known => (Exit::No, hint),
        Strangers::Stay(hint) => (Exit::File, hint),
        Strangers::Go | Strangers::GoAmongKnown(_) => return Ok(()),
    };
    let message = if is_none_known {
        format!("{public} is the published set of other keys than those in {private}: {keys}")
    } else {
        format!("{public} holds keys that {private} does not know: {keys}")
    };
    Err(CommandError::new("foreign-published-set", exit, message).hint(hint))
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
