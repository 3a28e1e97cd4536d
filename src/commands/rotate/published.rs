//! The published set before the rotation: what may be replaced, and what it held.

use std::path::Path;

use crate::cli::RotateArgs;
use crate::context::Context;
use crate::core::detect::{Content, Other, detect, quoted_path};
use crate::core::exposure::{holds_secret, secret_members};
use crate::core::json::read;
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, JwkSet, SET_LIMIT};
use crate::core::lifecycle::{Group, published};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// A published set that is there already.
pub(super) struct PublishedBefore {
    pub(super) bytes: Vec<u8>,
    set: Option<JwkSet>,
}

impl PublishedBefore {
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
    context: &Context<'_>,
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
    let set = match detect(&bytes) {
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
    Ok(Some(PublishedBefore { bytes, set }))
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
