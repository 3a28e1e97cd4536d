//! From keys to the form that was asked for.

use zeroize::Zeroizing;

use crate::cli::{ConvertArgs, KeyForm};
use crate::commands::private_keys;
use crate::core::export::{self, SshForm, Structure};
use crate::core::exposure::holds_secret;
use crate::core::failure::Failure;
use crate::core::json::read;
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, Form, JwkSet};
use crate::core::keyring::Keyring;
use crate::error::{CommandError, Exit};

/// What is to be written.
pub(super) struct Written {
    /// The bytes of the file.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// How many keys are in it.
    pub(super) keys: usize,
    /// True when nobody else may read it.
    pub(super) is_private: bool,
}

/// The keys in the form that was asked for, under the passphrase if there is one.
pub(super) fn written(
    arguments: &ConvertArgs,
    ring: &Keyring,
    passphrase: Option<&[u8]>,
) -> Result<Written, CommandError> {
    let set = ring
        .set()
        .map_err(|failure| CommandError::from_failure(Exit::File, "cannot convert", &failure))?;
    if ring.is_empty() && arguments.to != KeyForm::Jwks {
        let message = "there is no key to be written";
        return Err(CommandError::new("empty-set", Exit::File, message)
            .hint("an empty JWK Set is the one form that holds none"));
    }
    let mut entries = set.entries().iter();
    // A secret may hide in a member that nobody knows, too.
    let holds_secret = entries.any(|entry| !entry.secret_members().is_empty())
        || read(ring.to_json().as_bytes()).map_or(true, |node| holds_secret(&node));
    if passphrase.is_some() && !holds_secret {
        return Err(
            CommandError::usage("there is nothing private for --encrypt to protect")
                .hint("leave it out"),
        );
    }
    Ok(Written {
        bytes: bytes(arguments, ring, &set, passphrase)?,
        keys: ring.len(),
        is_private: holds_secret && shows_secrets(arguments, passphrase.is_some()),
    })
}

/// True where the form has the private halves in it.
fn shows_secrets(arguments: &ConvertArgs, encrypts: bool) -> bool {
    match arguments.to {
        KeyForm::Jwks | KeyForm::Jwk | KeyForm::Pem | KeyForm::Der => true,
        KeyForm::Ssh => arguments.force || encrypts,
        KeyForm::Thumbprint | KeyForm::SpkiHash => false,
    }
}

fn bytes(
    arguments: &ConvertArgs,
    ring: &Keyring,
    set: &JwkSet,
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    match arguments.to {
        KeyForm::Jwks => private_keys::file(&ring.to_json(), Form::Jwks, passphrase),
        KeyForm::Jwk => match ring.only() {
            Some(key) => private_keys::file(&key.to_json(), Form::Jwk, passphrase),
            None => Err(not_one(ring.len(), "a JWK", "--to jwks")),
        },
        KeyForm::Pem => each(set, |jwk| pem(arguments, jwk, passphrase)),
        KeyForm::Der if ring.len() != 1 => Err(not_one(ring.len(), "DER", "--to pem")),
        KeyForm::Der => each(set, |jwk| der(arguments, jwk, passphrase)),
        KeyForm::Ssh => each(set, |jwk| ssh(arguments, jwk, passphrase)),
        KeyForm::Thumbprint => each(set, |jwk| {
            Ok(line(&export::thumbprint(jwk, arguments.force)?))
        }),
        KeyForm::SpkiHash => each(set, |jwk| {
            Ok(line(&export::public_key_info_hash(jwk.material())?))
        }),
    }
}

type Part = Result<Zeroizing<Vec<u8>>, Failure>;

/// What `part` makes of each key, one after the other.
fn each(set: &JwkSet, part: impl Fn(&Jwk) -> Part) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let parts = set
        .entries()
        .iter()
        .map(|entry| {
            let context = format!("cannot write {}", entry.label());
            let failed =
                |failure: &Failure| CommandError::from_failure(Exit::File, context, failure);
            match entry.jwk() {
                Some(jwk) => part(jwk).map_err(|failure| failed(&failure)),
                None => Err(unreadable(entry)),
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(private_keys::joined(&parts))
}

fn unreadable(entry: &Entry) -> CommandError {
    let label = entry.label();
    let message = match entry.faults().first() {
        Some(fault) if !entry.is_revoked() => format!("cannot write {label}: {}", fault.failure),
        _ => format!("cannot write {label}: nothing but its name is there"),
    };
    CommandError::new("unsupported-key", Exit::File, message)
        .hint("leave it out with --without, or write --to jwks")
}

fn pem(arguments: &ConvertArgs, jwk: &Jwk, passphrase: Option<&[u8]>) -> Part {
    let text = encoded(arguments, jwk, passphrase)?.to_pem();
    Ok(Zeroizing::new(text.as_bytes().to_vec()))
}

fn der(arguments: &ConvertArgs, jwk: &Jwk, passphrase: Option<&[u8]>) -> Part {
    Ok(encoded(arguments, jwk, passphrase)?.der)
}

fn encoded(
    arguments: &ConvertArgs,
    jwk: &Jwk,
    passphrase: Option<&[u8]>,
) -> Result<export::Encoded, Failure> {
    let structure = if arguments.traditional {
        Structure::Traditional
    } else {
        Structure::Pkcs8
    };
    match passphrase.filter(|_| jwk.material().is_private()) {
        Some(passphrase) => export::encrypted_der(jwk.material(), passphrase),
        None => export::der(jwk.material(), structure),
    }
}

fn ssh(arguments: &ConvertArgs, jwk: &Jwk, passphrase: Option<&[u8]>) -> Part {
    let form = if !jwk.material().is_private() || jwk.material().public().is_none() {
        SshForm::Public
    } else if arguments.force || passphrase.is_some() {
        SshForm::Private(passphrase)
    } else {
        let message = "it is a private key, and OpenSSH's public keys are what is usually meant";
        return Err(
            Failure::new(crate::core::failure::Code::UnsupportedKey, message)
                .hint("--public writes the public key; --force or --encrypt the private one"),
        );
    };
    let comment = jwk.parameters().kid.clone().unwrap_or_default();
    let text = export::ssh(jwk.material(), form, &comment)?;
    Ok(Zeroizing::new(text.as_bytes().to_vec()))
}

fn line(text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(format!("{text}\n").into_bytes())
}

fn not_one(count: usize, form: &str, other: &str) -> CommandError {
    CommandError::new(
        "not-one-key",
        Exit::File,
        format!("{form} holds one key, and there are {count}"),
    )
    .hint(format!("choose one with --only, or write {other}"))
}
