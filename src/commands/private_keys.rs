//! Sources of private keys, as they are or protected by a passphrase.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::source::{self, Document, Location};
use crate::cli::PassphraseArgs;
use crate::context::Context;
use crate::core::detect::{Content, Other, detect, quoted_source};
use crate::core::encrypted_keys::{EncryptedKeys, Fault, Manner, Protector};
use crate::core::jwks::{Form, JwkSet, SET_LIMIT};
use crate::error::{CommandError, Exit};

/// Longest passphrase, in bytes.
const PASSPHRASE_LIMIT: usize = 4096;

/// Private keys, and what protects them.
pub(super) struct PrivateKeys {
    /// The source as it is.
    pub(super) document: Document,
    /// The keys in it.
    pub(super) set: JwkSet,
    /// What opened it; none when it is not protected.
    pub(super) passphrase: Option<Zeroizing<Vec<u8>>>,
    /// How the source is protected, where it is.
    pub(super) manner: Manner,
}

/// Reads private keys from a source that is no URL.
pub(super) fn read(
    context: &Context<'_>,
    location: &Location,
    arguments: &PassphraseArgs,
) -> Result<PrivateKeys, CommandError> {
    let document = source::read_local(context, location, SET_LIMIT)?;
    let is_protected = matches!(
        detect(&document.bytes),
        Content::Other(Other::EncryptedToken)
    );
    if !is_protected {
        let set = source::keys(&document)?;
        return Ok(PrivateKeys {
            document,
            set,
            passphrase: None,
            manner: Manner::default(),
        });
    }
    let name = quoted_source(&document.name);
    let failed = |fault: &Fault| {
        let message = format!("cannot open {name}: {fault}");
        CommandError::new(fault.code(), Exit::File, message)
    };
    let keys = EncryptedKeys::read(&document.bytes).map_err(|fault| failed(&fault))?;
    let passphrase = match given(context, arguments)? {
        Some(passphrase) => passphrase,
        None => asked(context, &format!("Passphrase of {name}"))?,
    };
    let opened = Document {
        name: document.name.clone(),
        bytes: keys.open(&passphrase).map_err(|fault| failed(&fault))?,
        published: false,
    };
    Ok(PrivateKeys {
        set: source::keys(&opened)?,
        document,
        passphrase: Some(passphrase),
        manner: keys.manner(),
    })
}

impl PrivateKeys {
    /// True where someone gave a passphrase for keys that anyone can read who has the file.
    pub(super) fn are_thought_protected(&self, arguments: &PassphraseArgs) -> bool {
        let is_given = arguments.passphrase_file.is_some() || arguments.passphrase_fd.is_some();
        is_given && self.passphrase.is_none()
    }
}

/// Refuses that the keys and their passphrase are both to come from standard input.
pub(super) fn reads_standard_input(arguments: &PassphraseArgs) -> bool {
    let file = arguments.passphrase_file.as_deref();
    file.is_some_and(source::is_standard_input)
}

/// The passphrase for keys that are to be protected; on a terminal it is asked for twice.
pub(super) fn new_passphrase(
    context: &Context<'_>,
    arguments: &PassphraseArgs,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if let Some(passphrase) = given(context, arguments)? {
        return Ok(passphrase);
    }
    let first = asked(context, "New passphrase")?;
    if *first != *asked(context, "The same passphrase again")? {
        return Err(CommandError::usage("the two passphrases are not the same"));
    }
    Ok(first)
}

/// The contents of a file with protected keys.
pub(super) fn protected(
    protector: &Protector,
    document: &str,
    form: Form,
) -> Result<Zeroizing<String>, CommandError> {
    let content_type = match form {
        Form::Jwk => "jwk+json",
        Form::Jwks | Form::Array => "jwk-set+json",
    };
    protector
        .protect(document.as_bytes(), content_type)
        .map(Zeroizing::new)
        .map_err(|failure| {
            CommandError::from_failure(Exit::File, "cannot protect the keys", &failure)
        })
}

/// Works on a passphrase under which keys are to be written.
pub(super) fn protector(passphrase: &[u8], manner: Manner) -> Result<Protector, CommandError> {
    Protector::new(passphrase, manner).map_err(|failure| {
        CommandError::from_failure(Exit::File, "cannot protect the keys", &failure)
    })
}

fn given(
    context: &Context<'_>,
    arguments: &PassphraseArgs,
) -> Result<Option<Zeroizing<Vec<u8>>>, CommandError> {
    let input = match (&arguments.passphrase_file, arguments.passphrase_fd) {
        (Some(file), _) if source::is_standard_input(file) => {
            context.files.read_standard_input(PASSPHRASE_LIMIT)?
        }
        (Some(file), _) => context.files.read(Path::new(file), PASSPHRASE_LIMIT)?,
        (None, Some(descriptor)) => {
            let path = PathBuf::from(format!("/dev/fd/{descriptor}"));
            context.files.read(&path, PASSPHRASE_LIMIT)?
        }
        (None, None) => return Ok(None),
    };
    let mut passphrase = input.whole("the passphrase")?;
    // A line break at the end is how files end, and no part of it.
    if passphrase.ends_with(b"\n") {
        passphrase.pop();
        if passphrase.ends_with(b"\r") {
            passphrase.pop();
        }
    }
    require_passphrase(passphrase).map(Some)
}

fn asked(context: &Context<'_>, question: &str) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let Some(person) = context.person else {
        return Err(
            CommandError::usage("a passphrase is needed, and nobody can be asked")
                .hint("give it with --passphrase-file or --passphrase-fd"),
        );
    };
    let typed = person.passphrase(question)?;
    require_passphrase(Zeroizing::new(typed.as_bytes().to_vec()))
}

fn require_passphrase(passphrase: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if passphrase.is_empty() {
        return Err(CommandError::usage("the passphrase is empty"));
    }
    Ok(passphrase)
}
