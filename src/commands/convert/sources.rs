//! From the arguments of `convert` to sets of keys.

use std::ffi::OsStr;

use zeroize::Zeroizing;

use super::spelling;
use crate::cli::{ConvertArgs, KidSource};
use crate::commands::passphrase::PassphraseSource;
use crate::commands::private_keys::{self, Contents};
use crate::commands::source::{self, Document, Location};
use crate::commands::{tell, warn};
use crate::context::Context;
use crate::core::detect::quoted_source;
use crate::core::exposure;
use crate::core::import::{self, Imported, Spelling, Style};
use crate::core::jwk::{Jwk, Parameters};
use crate::core::jwks::{self, JwkSet};
use crate::error::{CommandError, Exit};

/// What the sources hold.
pub(super) struct Read {
    /// Each source, by its name as messages show it.
    pub(super) sets: Vec<(String, JwkSet)>,
    /// What opened one of them.
    pub(super) passphrase: Option<Zeroizing<Vec<u8>>>,
    /// The bytes of the source that is to be replaced.
    pub(super) replaced: Option<Zeroizing<Vec<u8>>>,
}

/// True when the file that is written is the source of this argument.
pub(super) fn is_replaced(arguments: &ConvertArgs, context: &Context<'_>, source: &OsStr) -> bool {
    match (Location::of(source), &arguments.output) {
        (Location::File(path), Some(output)) => context.files.same_target(&path, output),
        _ => false,
    }
}

/// Reads every source.
pub(super) fn read(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
) -> Result<Read, CommandError> {
    let mut read = Read {
        sets: Vec::new(),
        passphrase: None,
        replaced: None,
    };
    for argument in &arguments.sources {
        let document = source::read(context, &Location::of(argument), &arguments.network)?;
        let name = quoted_source(&document.name);
        let set = match spelling(arguments) {
            Some(spelling) => secret(context, &document, spelling)?,
            None => keys(arguments, context, &document, &mut read.passphrase)?,
        };
        if is_replaced(arguments, context, argument) {
            read.replaced = Some(document.bytes);
        }
        read.sets.push((name, set));
    }
    let has_certificate = |(_, set): &(String, JwkSet)| {
        let mut entries = set.entries().iter();
        entries.any(|entry| entry.members().get("x5c").is_some())
    };
    if arguments.x5c && !read.sets.iter().any(has_certificate) {
        warn(context, "there is no certificate in the sources for --x5c");
    }
    Ok(read)
}

fn keys(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
    document: &Document,
    opened_by: &mut Option<Zeroizing<Vec<u8>>>,
) -> Result<JwkSet, CommandError> {
    let source = PassphraseSource::from(&arguments.passphrase);
    let opened = private_keys::open(context, document, source)?;
    *opened_by = opened.passphrase.or(opened_by.take());
    let is_foreign = matches!(opened.contents, Contents::Foreign(_));
    let set = match opened.contents {
        Contents::Keys(set) => set,
        Contents::Foreign(imported) => named(arguments, context, document, &imported)?,
    };
    if document.published {
        require_public(document, &set, is_foreign)?;
    }
    Ok(set)
}

/// Refuses private keys that anyone can read, wherever in the document they are.
fn require_public(
    document: &Document,
    set: &JwkSet,
    is_foreign: bool,
) -> Result<(), CommandError> {
    let is_exposed = !set.exposures().is_empty()
        || (is_foreign && exposure::document_holds_secret(&document.bytes));
    if !is_exposed {
        return Ok(());
    }
    let message = format!(
        "{} publishes private keys, which nobody should use",
        quoted_source(&document.name)
    );
    let hint = if is_foreign {
        "treat the key as compromised: tell its operator, and have it replaced"
    } else {
        "`jwks fetch` says which, and prints the rest"
    };
    Err(CommandError::new("private-key-in-public-set", Exit::No, message).hint(hint))
}

/// Keys of a form without names: they get one, unless they are to be named otherwise.
fn named(
    arguments: &ConvertArgs,
    context: &mut Context<'_>,
    document: &Document,
    imported: &Imported,
) -> Result<JwkSet, CommandError> {
    let name = quoted_source(&document.name);
    for passed_over in &imported.passed_over {
        tell(context, &format!("{passed_over} in {name} is passed over"));
    }
    let style = Style {
        is_named: arguments.kid.is_none() && arguments.kid_from != Some(KidSource::None),
        has_certificates: arguments.x5c,
    };
    source::jwks(&document.name, imported, style)
}

fn secret(
    context: &mut Context<'_>,
    document: &Document,
    spelling: Spelling,
) -> Result<JwkSet, CommandError> {
    let name = quoted_source(&document.name);
    if document.published {
        let message = format!("{name} is a URL, and what anyone can fetch is no secret");
        return Err(CommandError::usage(message).hint("--from is for files"));
    }
    let material = import::secret(&document.bytes, spelling).map_err(|fault| {
        let message = format!("{name} holds no secret: {fault}");
        CommandError::new("key-file-malformed", Exit::File, message)
    })?;
    if spelling == Spelling::Raw && document.bytes.ends_with(b"\n") {
        let warning = format!(
            "the line break at the end of {name} is taken as a part of the secret: is it one?"
        );
        warn(context, &warning);
    }
    // No thumbprint as its name: that would be a hash by which a guess can be checked.
    let jwk = Jwk::from_material(material, Parameters::default());
    let text = jwks::document(&[jwk.members().clone()]);
    JwkSet::read(text.as_bytes()).map_err(|fault| {
        let context = format!("{name} is no usable secret");
        CommandError::from_failure(Exit::File, context, &fault.failure)
    })
}
