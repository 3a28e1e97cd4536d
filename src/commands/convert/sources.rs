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
    /// The source that is to be replaced.
    pub(super) replaced: Option<Replaced>,
}

/// A source in whose place is written.
pub(super) struct Replaced {
    /// What is in the file.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// The place of its keys among the sets.
    pub(super) place: usize,
    /// True when it is not JSON.
    pub(super) is_foreign: bool,
    /// True when certificates are in it that are no members.
    pub(super) has_certificates: bool,
}

/// The keys of a source.
struct Keys {
    set: JwkSet,
    is_foreign: bool,
    has_certificates: bool,
}

impl Keys {
    fn of(set: JwkSet) -> Self {
        Self {
            set,
            is_foreign: false,
            has_certificates: false,
        }
    }
}

/// True when the file that is written is the source of this argument.
pub(super) fn is_replaced(arguments: &ConvertArgs, context: &Context<'_>, source: &OsStr) -> bool {
    match (Location::of(source), &arguments.output) {
        (Location::File(path), Some(output)) => context.files.same_target(&path, output),
        _ => false,
    }
}

/// True when standard input was the file that is written, as far as its content tells.
fn came_from_target(
    arguments: &ConvertArgs,
    context: &Context<'_>,
    source: &OsStr,
    document: &Document,
) -> bool {
    let Some(output) = arguments.output.as_deref() else {
        return false;
    };
    let limit = arguments.network.set_limit;
    source::is_standard_input(source)
        && context.files.is_regular(output)
        && context
            .files
            .read(output, limit)
            .is_ok_and(|input| input.is_whole() && *input.beginning() == *document.bytes)
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
        let keys = match spelling(arguments) {
            Some(spelling) => Keys {
                is_foreign: true,
                ..Keys::of(secret(context, &document, spelling)?)
            },
            None => keys(arguments, context, &document, &mut read.passphrase)?,
        };
        if is_replaced(arguments, context, argument)
            || came_from_target(arguments, context, argument, &document)
        {
            read.replaced = Some(Replaced {
                bytes: document.bytes,
                place: read.sets.len(),
                is_foreign: keys.is_foreign,
                has_certificates: keys.has_certificates,
            });
        }
        read.sets.push((name, keys.set));
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
) -> Result<Keys, CommandError> {
    let source = PassphraseSource::from(&arguments.passphrase);
    let opened = private_keys::open(context, document, source)?;
    *opened_by = opened.passphrase.or(opened_by.take());
    let keys = match opened.contents {
        Contents::Keys(set) => Keys::of(set),
        Contents::Foreign(imported) => Keys {
            set: named(arguments, context, document, &imported)?,
            is_foreign: true,
            has_certificates: imported.keys.iter().any(|key| !key.chain.is_empty()),
        },
    };
    if document.published {
        require_public(document, &keys)?;
    }
    Ok(keys)
}

/// Refuses private keys that anyone can read, wherever in the document they are.
fn require_public(document: &Document, keys: &Keys) -> Result<(), CommandError> {
    let is_exposed = !keys.set.exposures().is_empty()
        || (keys.is_foreign && exposure::document_holds_secret(&document.bytes));
    if !is_exposed {
        return Ok(());
    }
    let message = format!(
        "{} publishes private keys, which nobody should use",
        quoted_source(&document.name)
    );
    let hint = if keys.is_foreign {
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
