//! New keys in the form that was asked for.

use zeroize::Zeroizing;

use crate::cli::{GenerateArgs, NewKeyForm};
use crate::commands::private_keys;
use crate::context::Context;
use crate::core::export::{self, Encoded, Structure};
use crate::core::failure::Failure;
use crate::core::json::RawObject;
use crate::core::jwk::{Jwk, PrivateJwk};
use crate::core::jwks::{self, Form};
use crate::error::{CommandError, Exit};

/// Refuses a form that cannot hold what is asked for.
pub(super) fn check(
    arguments: &GenerateArgs,
    context: &Context<'_>,
    algorithms: usize,
) -> Result<(), CommandError> {
    let count = algorithms * usize::from(arguments.count);
    if arguments.to != NewKeyForm::Jwk && arguments.set {
        return Err(
            CommandError::usage("--set wraps JWKs, and PEM and DER hold none")
                .hint("leave out --set, or --to"),
        );
    }
    if arguments.to != NewKeyForm::Der {
        return Ok(());
    }
    if count > 1 {
        return Err(
            CommandError::usage(format!("DER holds one key, and {count} are asked for"))
                .hint("PEM holds several: --to pem"),
        );
    }
    if arguments.output.is_none() && context.stdout.is_terminal {
        return Err(
            CommandError::usage("DER is binary, and no terminal shows it")
                .hint("write it with --output FILE"),
        );
    }
    Ok(())
}

/// Refuses what is to be said of keys in a form that holds nothing but the keys. `--use` is let through: without
/// --alg it says which algorithms are asked for.
pub(super) fn require_place(arguments: &GenerateArgs) -> Result<(), CommandError> {
    let given = [
        ("--kid", arguments.kid.is_some()),
        ("--kid-from", arguments.kid_from.is_some()),
        ("--key-ops", !arguments.key_ops.is_empty()),
    ];
    let without_place = given.iter().find(|(_, is_given)| *is_given);
    match without_place.filter(|_| arguments.to != NewKeyForm::Jwk) {
        None => Ok(()),
        Some((name, _)) => Err(CommandError::usage(format!(
            "{name} is for JWKs, and PEM and DER hold none"
        ))
        .hint(format!("leave out {name}, or --to"))),
    }
}

/// The file of the private halves, under the passphrase if there is one.
pub(super) fn private(
    arguments: &GenerateArgs,
    keys: &[PrivateJwk],
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if arguments.to != NewKeyForm::Jwk {
        let encode = |jwk: &Jwk| match passphrase {
            Some(passphrase) => export::encrypted_der(jwk.material(), passphrase),
            None => export::der(jwk.material(), Structure::Pkcs8),
        };
        return encoded(arguments, keys, encode);
    }
    let members: Vec<RawObject> = keys.iter().map(|key| key.jwk().members().clone()).collect();
    let as_set = arguments.set || keys.len() > 1;
    let form = if as_set { Form::Jwks } else { Form::Jwk };
    private_keys::file(&document(&members, as_set), form, passphrase)
}

/// The file of the public halves.
pub(super) fn public(
    arguments: &GenerateArgs,
    keys: &[PrivateJwk],
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if arguments.to != NewKeyForm::Jwk {
        let encode = |jwk: &Jwk| match jwk.to_public() {
            Some(public) => export::der(public.jwk().material(), Structure::Pkcs8),
            None => export::der(jwk.material(), Structure::Pkcs8),
        };
        return encoded(arguments, keys, encode);
    }
    let members: Vec<RawObject> = keys
        .iter()
        .filter_map(|key| key.jwk().to_public())
        .map(|key| key.published_members())
        .collect();
    private_keys::file(&document(&members, true), Form::Jwks, None)
}

fn encoded(
    arguments: &GenerateArgs,
    keys: &[PrivateJwk],
    encode: impl Fn(&Jwk) -> Result<Encoded, Failure>,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let mut parts = Vec::with_capacity(keys.len());
    for key in keys {
        let encoded = encode(key.jwk()).map_err(|failure| {
            CommandError::from_failure(Exit::File, "cannot write the key", &failure)
        })?;
        parts.push(match arguments.to {
            NewKeyForm::Der => encoded.der,
            _ => Zeroizing::new(encoded.to_pem().as_bytes().to_vec()),
        });
    }
    Ok(private_keys::joined(&parts))
}

fn document(keys: &[RawObject], as_set: bool) -> Zeroizing<String> {
    match keys {
        [key] if !as_set => key.to_json(),
        keys => jwks::document(keys),
    }
}
