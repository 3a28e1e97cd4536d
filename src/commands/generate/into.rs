//! New keys for a set that exists.

use std::path::Path;

use crate::cli::GenerateArgs;
use crate::commands::private_file::PrivateFile;
use crate::commands::published_set::{Place, Strangers, published_before};
use crate::commands::{tell, warn};
use crate::context::Context;
use crate::core::detect::quoted_path;
use crate::core::failure::quoted;
use crate::core::json::RawObject;
use crate::core::jwk::PrivateJwk;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::lifecycle::{State, states};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// Refuses, before any work, a set that is not there.
pub(super) fn require_set(context: &Context<'_>, path: &Path) -> Result<(), CommandError> {
    if context.files.exists(path) {
        return context.files.require_regular(path);
    }
    let message = format!("there is no set {} to add to", quoted_path(path));
    Err(CommandError::new("file-not-found", Exit::File, message).hint("--output makes a new file"))
}

/// Adds the keys, under a lock from the reading to the replacing. What is published is all of the set that
/// consumers may see, and not the new keys alone: those that are published already sign tokens.
pub(super) fn add(
    arguments: &GenerateArgs,
    context: &mut Context<'_>,
    path: &Path,
    keys: &[PrivateJwk],
    now: NumericDate,
) -> Result<(), CommandError> {
    let _lock = context.files.lock(path, arguments.lock_timeout)?;
    let (mut file, set) = PrivateFile::read(context, path, &arguments.passphrase)?;
    require_place(arguments, path, &set, keys)?;
    let now = NumericDate::from_seconds(now.seconds());
    let published = match &arguments.public {
        None => None,
        Some(public) => {
            let place = Place {
                private: path,
                public,
                is_written: true,
                strangers: strangers(arguments),
            };
            Some(published_before(&place, context, &set, now)?)
        }
    };
    let all: Vec<RawObject> = set
        .entries()
        .iter()
        .map(|entry| entry.members().clone())
        .chain(keys.iter().map(|key| key.jwk().members().clone()))
        .collect();
    let (text, after) = file.with_keys(&set, &all)?;
    let public = match published {
        None => None,
        Some(before) => Some((before.text(&after, now)?, before)),
    };
    file.write(context, &text)?;
    let what = super::names(keys);
    tell(context, &format!("added {what} to {}", quoted_path(path)));
    if let Some((text, before)) = public {
        before.write(context, &text).map_err(|error| {
            error.hint(
                "the keys are in the private set already: `jwks rotate` with --public and --every publishes them",
            )
        })?;
    }
    for succeeded in displaced(&set, &after, now) {
        warn(
            context,
            &format!(
                "{succeeded} is no longer the one that signs, and nobody knows the new one yet: `jwks rotate` \
                 adds a key that waits until it is known"
            ),
        );
    }
    Ok(())
}

fn strangers(arguments: &GenerateArgs) -> Strangers {
    if arguments.force {
        return Strangers::Go;
    }
    Strangers::Stay(
        "name the published set of this private set with --public, or leave it out: `jwks rotate` publishes",
    )
}

fn require_place(
    arguments: &GenerateArgs,
    path: &Path,
    set: &JwkSet,
    keys: &[PrivateJwk],
) -> Result<(), CommandError> {
    let name = quoted_path(path);
    let mut entries = set.entries().iter();
    let is_public =
        !set.entries().is_empty() && entries.all(|entry| entry.secret_members().is_empty());
    if is_public && !arguments.force {
        let message =
            format!("{name} holds public keys alone, and a private key does not belong there");
        return Err(CommandError::new("public-set", Exit::File, message)
            .hint("name the private set; --force adds the key all the same"));
    }
    for key in keys {
        let kid = key.jwk().parameters().kid.as_deref();
        let is_taken = kid.is_some() && set.entries().iter().any(|entry| entry.kid() == kid);
        if is_taken {
            let kid = quoted(kid.unwrap_or_default());
            let message = format!("{name} has a key {kid} already");
            return Err(CommandError::new("kid-exists", Exit::File, message)
                .hint("name the new one otherwise with --kid, or leave --kid out"));
        }
    }
    Ok(())
}

/// The keys that were active and are not any more, as messages name them.
fn displaced(before: &JwkSet, after: &JwkSet, now: NumericDate) -> Vec<String> {
    let (old, new) = (states(before, now), states(after, now));
    let ended =
        |index: usize| old[index] == State::Active && new.get(index) != Some(&State::Active);
    before
        .entries()
        .iter()
        .filter(|entry| ended(entry.index()))
        .map(Entry::label)
        .collect()
}
