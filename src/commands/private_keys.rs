//! Sources of private keys, as they are or protected by a passphrase.

use zeroize::Zeroizing;

use super::passphrase::{PassphraseSource, passphrase};
use super::source::{self, Document, Location, imported, keys};
use crate::cli::PassphraseArgs;
use crate::context::Context;
use crate::core::detect::{Content, Other, detect, quoted_source};
use crate::core::encrypted_keys::{EncryptedKeys, Fault, Manner, Protector};
use crate::core::import::{self, Foreign, Imported};
use crate::core::json;
use crate::core::jwks::{Form, JwkSet, SET_LIMIT};
use crate::error::{CommandError, Exit};

/// Private keys, and what protects them.
pub(super) struct PrivateKeys {
    /// The source as it is.
    pub(super) document: Document,
    /// The keys in it.
    pub(super) set: JwkSet,
    /// True when it is not JSON.
    pub(super) is_foreign: bool,
    /// What opened it; none when it is not protected.
    pub(super) passphrase: Option<Zeroizing<Vec<u8>>>,
    /// How the source is protected, where it is.
    pub(super) manner: Manner,
}

/// What a source turned out to hold.
pub(super) enum Contents {
    /// Keys in JSON.
    Keys(JwkSet),
    /// Keys in another form.
    Foreign(Imported),
}

/// A source that has been opened.
pub(super) struct Opened {
    pub(super) contents: Contents,
    /// What opened it; none when it is not protected.
    pub(super) passphrase: Option<Zeroizing<Vec<u8>>>,
    /// How it is protected, where it is a JWE.
    manner: Manner,
}

impl Opened {
    fn keys(set: JwkSet, passphrase: Option<Zeroizing<Vec<u8>>>) -> Self {
        Self {
            contents: Contents::Keys(set),
            passphrase,
            manner: Manner::default(),
        }
    }

    fn foreign(imported: Imported, passphrase: Option<Zeroizing<Vec<u8>>>) -> Self {
        Self {
            contents: Contents::Foreign(imported),
            passphrase,
            manner: Manner::default(),
        }
    }
}

/// Reads private keys from a source that is no URL.
pub(super) fn read(
    context: &Context<'_>,
    location: &Location,
    arguments: &PassphraseArgs,
) -> Result<PrivateKeys, CommandError> {
    let document = source::read_local(context, location, SET_LIMIT)?;
    let opened = open(context, &document, arguments.into())?;
    let (set, is_foreign) = match opened.contents {
        Contents::Keys(set) => (set, false),
        Contents::Foreign(imported) => (source::nameless(&document.name, &imported)?, true),
    };
    Ok(PrivateKeys {
        document,
        set,
        is_foreign,
        passphrase: opened.passphrase,
        manner: opened.manner,
    })
}

/// Opens a document of any form; the passphrase is asked for where one is needed.
pub(super) fn open(
    context: &Context<'_>,
    document: &Document,
    source: PassphraseSource<'_>,
) -> Result<Opened, CommandError> {
    let name = quoted_source(&document.name);
    let passphrase = || passphrase(context, source, &name);
    if let Some(foreign) = Foreign::recognize(&document.bytes) {
        if foreign.read(None).err() != Some(import::Fault::Locked) {
            let imported = imported(&document.name, &foreign, None)?;
            return Ok(Opened::foreign(imported, None));
        }
        let passphrase = passphrase()?;
        let imported = imported(&document.name, &foreign, Some(&passphrase))?;
        return Ok(Opened::foreign(imported, Some(passphrase)));
    }
    let is_protected = matches!(
        detect(&document.bytes),
        Content::Other(Other::EncryptedToken)
    );
    if !is_protected {
        return Ok(Opened::keys(keys(document)?, None));
    }
    let failed = |fault: &Fault| {
        let message = format!("cannot open {name}: {fault}");
        let error = CommandError::new(fault.code(), Exit::File, message);
        match fault {
            Fault::WrongPassphrase => error.hint(source::WHICH_PASSPHRASE),
            Fault::Malformed(_) => error,
        }
    };
    let protected = EncryptedKeys::read(&document.bytes).map_err(|fault| failed(&fault))?;
    let passphrase = passphrase()?;
    let opened = Document {
        name: document.name.clone(),
        bytes: protected
            .open(&passphrase)
            .map_err(|fault| failed(&fault))?,
        published: false,
    };
    Ok(Opened {
        manner: protected.manner(),
        ..Opened::keys(keys(&opened)?, Some(passphrase))
    })
}

impl PrivateKeys {
    /// True where someone gave a passphrase for keys that anyone can read who has the file.
    pub(super) fn are_thought_protected(&self, source: PassphraseSource<'_>) -> bool {
        source.is_given() && self.passphrase.is_none()
    }
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

/// The contents of a file with these keys, laid out, and under the passphrase if there is one.
pub(super) fn file(
    json: &str,
    form: Form,
    passphrase: Option<&[u8]>,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let document = json::document(json);
    let document = match passphrase {
        None => document,
        Some(passphrase) => {
            let protector = protector(passphrase, Manner::default())?;
            protected(&protector, &document, form)?
        }
    };
    Ok(Zeroizing::new(document.as_bytes().to_vec()))
}

/// The parts, one after the other.
pub(super) fn joined(parts: &[Zeroizing<Vec<u8>>]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).sum();
    // Room for all of it from the start: growing would leave copies of secrets behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(length));
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Works on a passphrase under which keys are to be written.
pub(super) fn protector(passphrase: &[u8], manner: Manner) -> Result<Protector, CommandError> {
    Protector::new(passphrase, manner).map_err(|failure| {
        CommandError::from_failure(Exit::File, "cannot protect the keys", &failure)
    })
}
