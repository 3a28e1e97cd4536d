//! Withdrawing a key: which one is meant, and whether that is really wanted.

use crate::cli::RotateArgs;
use crate::commands::private_file::PrivateFile;
use crate::commands::{missing, warn};
use crate::context::Context;
use crate::core::detect::quoted_path;
use crate::core::failure::{Code, quoted};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::lifecycle::{
    Plan, RevocationFault, RevocationRequest, Roster, RotationPolicy, plan_revocation,
};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// Lets the person type the kid, unless --yes says it already or nothing will be written, and returns the file
/// in which the key was seen. Nobody else waits meanwhile, so that the file is to be read again.
pub(super) fn confirm<'r>(
    arguments: &'r RotateArgs,
    kid: &str,
    context: &mut Context<'_>,
) -> Result<Option<(PrivateFile<'r>, JwkSet)>, CommandError> {
    if arguments.yes || arguments.dry_run {
        return Ok(None);
    }
    let Some(person) = context.person else {
        return Err(CommandError::usage(
            "a revocation cannot be taken back, and nobody can be asked",
        )
        .hint("--yes revokes the key without asking"));
    };
    context.files.require_regular(&arguments.file)?;
    let (file, set) = PrivateFile::read(context, &arguments.file, &arguments.passphrase)
        .map_err(|error| missing::explained(context, &arguments.file, error))?;
    // Nobody is asked for the name of a key that is not there.
    if !set.entries().iter().any(|entry| is_named(entry, kid)) {
        return Err(refused(
            arguments,
            &RevocationFault::UnknownKid(kid.to_owned()),
        ));
    }
    let warning = format!(
        "the key {} in {} is to be revoked: it signs and decrypts no more, and its private half is erased",
        quoted(kid),
        quoted_path(&arguments.file)
    );
    warn(context, &warning);
    if person.ask("Type the kid to revoke it", None)? == kid {
        return Ok(Some((file, set)));
    }
    let message = format!("what was typed is not {}: nothing is revoked", quoted(kid));
    Err(CommandError::new("not-confirmed", Exit::No, message))
}

/// The plan to withdraw the key that the arguments name, by its kid or, when it has none, by its
/// thumbprint.
pub(super) fn planned(
    arguments: &RotateArgs,
    kid: &str,
    set: &JwkSet,
    roster: &Roster,
    policy: &RotationPolicy,
    now: NumericDate,
) -> Result<Plan, CommandError> {
    let is_meant = |index: usize| is_meant(set, kid, index);
    let request = RevocationRequest {
        kid,
        is_meant: &is_meant,
        reason: arguments.reason.into(),
        standby: arguments.standby,
    };
    plan_revocation(roster, policy, &request, now).map_err(|fault| refused(arguments, &fault))
}

fn refused(arguments: &RotateArgs, fault: &RevocationFault) -> CommandError {
    let name = quoted_path(&arguments.file);
    let message = format!("cannot revoke a key in {name}: {fault}");
    match fault {
        RevocationFault::UnknownKid(_) => {
            CommandError::new(Code::UnknownKid.as_str(), Exit::No, message)
                .hint("`jwks inspect` lists the keys; one without kid is named by its thumbprint")
        }
        RevocationFault::TooFar => CommandError::usage(message),
    }
}

/// True for the place of a key that the kid names, or that has none and is named by its thumbprint.
pub(super) fn is_meant(set: &JwkSet, kid: &str, index: usize) -> bool {
    let entry = set.entries().get(index);
    entry.is_some_and(|entry| is_named(entry, kid))
}

fn is_named(entry: &Entry, kid: &str) -> bool {
    match entry.kid() {
        Some(own) => own == kid,
        None => entry.jwk().and_then(Jwk::thumbprint).as_deref() == Some(kid),
    }
}
