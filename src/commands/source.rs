//! Sources of keys: files, standard input and URLs, told apart here and read in one way.

use std::ffi::OsStr;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::missing;
use super::network::{Fetching, Source};
use crate::cli::NetworkArgs;
use crate::context::Context;
use crate::core::detect::{Content, Other, detect, quoted_source};
use crate::core::failure::quoted;
use crate::core::import::{Fault, Foreign, Imported, Style};
use crate::core::jwks::JwkSet;
use crate::error::{CommandError, Exit};

/// Keys as they are: their form has no names for them.
const UNNAMED: Style = Style {
    is_named: false,
    has_certificates: true,
};

/// RFC 8259 §8.1: none of JSON in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What to look at where a passphrase opens nothing.
pub(super) const WHICH_PASSPHRASE: &str = "is it the passphrase of this file? one line break at its end is no part of it, and every other space is";

/// Where a source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Location {
    StandardInput,
    File(PathBuf),
    Url(String),
}

impl Location {
    pub(super) fn of(argument: &OsStr) -> Self {
        if argument == "-" {
            return Self::StandardInput;
        }
        match argument.to_str() {
            Some(text) if is_url(text) => Self::Url(text.to_owned()),
            _ => Self::File(PathBuf::from(argument)),
        }
    }

    /// The source as messages name it, before quoting.
    pub(super) fn name(&self) -> String {
        match self {
            Self::StandardInput => "standard input".to_owned(),
            Self::File(path) => path.to_string_lossy().into_owned(),
            Self::Url(url) => url.clone(),
        }
    }
}

pub(super) fn is_url(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// What a source holds.
pub(super) struct Document {
    /// As messages name it, before quoting.
    pub(super) name: String,
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// True when it came from where anyone can read it.
    pub(super) published: bool,
}

impl Document {
    /// What a server has answered to a request for `url`.
    pub(super) fn fetched(url: &str, body: Vec<u8>) -> Self {
        Self {
            name: url.to_owned(),
            bytes: Zeroizing::new(body),
            published: true,
        }
    }
}

/// Reads a source of at most the bytes that `--set-limit` allows.
pub(super) fn read(
    context: &mut Context<'_>,
    location: &Location,
    arguments: &NetworkArgs,
) -> Result<Document, CommandError> {
    match location {
        Location::Url(url) => {
            let fetching = Fetching::of(context, arguments)?;
            let answer = fetching.fetch_and_tell(context, &Source::Url(url.clone()))?;
            Ok(Document::fetched(url, answer.response.body))
        }
        local => read_local(context, local, arguments.set_limit),
    }
}

/// Reads a source that is no URL.
pub(super) fn read_local(
    context: &Context<'_>,
    location: &Location,
    limit: usize,
) -> Result<Document, CommandError> {
    let input = match location {
        Location::StandardInput => context.files.read_standard_input(limit)?,
        Location::File(path) => {
            let read = context.files.read(path, limit);
            read.map_err(|error| missing::explained(context, path, error))?
        }
        Location::Url(url) => {
            let message = format!(
                "{} is a URL, and private keys are never fetched",
                quoted(url)
            );
            return Err(CommandError::usage(message).hint("give a file, or - for standard input"));
        }
    };
    Ok(Document {
        name: location.name(),
        bytes: input.whole(&quoted_source(&location.name()))?,
        published: false,
    })
}

/// The keys of a document.
///
/// # Errors
/// What the document is instead.
pub(super) fn keys(document: &Document) -> Result<JwkSet, CommandError> {
    let name = quoted_source(&document.name);
    let not_keys = |code, problem: &str| {
        let message = format!("{name} holds no keys: it is {problem}");
        CommandError::new(code, Exit::File, message)
    };
    if let Some(foreign) = Foreign::recognize(&document.bytes).filter(|_| !document.published) {
        let imported = imported(&document.name, &foreign, None)?;
        return nameless(&document.name, &imported);
    }
    match detect(&document.bytes) {
        Content::Keys(set) => Ok(set),
        Content::BrokenSet(fault) => Err(CommandError::from_failure(
            Exit::File,
            format!("{name} is no usable JWK Set"),
            &fault.failure,
        )),
        Content::Token(_) => {
            let error = not_keys("not-a-jwks", "a token");
            Err(error.hint(
                "`jwks verify TOKEN --jwks KEYS` checks a token, `jwks inspect TOKEN` shows one",
            ))
        }
        Content::Other(other) => {
            let code = code_of(&other, &document.bytes);
            let error = not_keys(code, &other.description());
            // What a server sends was not left empty by anybody here.
            let hint = match other {
                Other::Empty if document.published => None,
                other => other.hint(),
            };
            Err(match hint {
                Some(hint) => error.hint(hint),
                None => error,
            })
        }
    }
}

/// The stable name of what is there in the place of keys: what a server or a proxy sends instead of an
/// answer is told apart from an answer that is another document.
fn code_of(other: &Other, document: &[u8]) -> &'static str {
    match other {
        Other::Empty => "document-empty",
        Other::Html => "document-html",
        Other::Utf16 => "document-utf-16",
        Other::Unknown(_) if document.starts_with(BYTE_ORDER_MARK) => "document-byte-order-mark",
        _ => "not-a-jwks",
    }
}

/// The keys of a document in another form than JSON.
///
/// # Errors
/// It cannot be read; `passphrase-needed` when it is protected and there is none.
pub(super) fn imported(
    name: &str,
    foreign: &Foreign<'_>,
    passphrase: Option<&[u8]>,
) -> Result<Imported, CommandError> {
    let name = quoted_source(name);
    let imported = foreign.read(passphrase).map_err(|fault| {
        let message = format!("cannot read {name}: {fault}");
        let error = CommandError::new(fault.code(), Exit::File, message);
        match fault {
            Fault::Locked => error.hint(
                "`jwks convert` opens it; give the passphrase with --passphrase-file or --passphrase-fd",
            ),
            Fault::WrongPassphrase => error.hint(WHICH_PASSPHRASE),
            Fault::Unsound(failure) => match failure.hint {
                Some(hint) => error.hint(hint),
                None => error,
            },
            _ => error,
        }
    })?;
    if imported.keys.is_empty() {
        let message = format!("{name} holds no keys: it is {}", foreign.description());
        return Err(CommandError::new("not-a-jwks", Exit::File, message));
    }
    Ok(imported)
}

/// The keys as a set.
pub(super) fn jwks(name: &str, imported: &Imported, style: Style) -> Result<JwkSet, CommandError> {
    JwkSet::read(imported.to_jwks(style).as_bytes()).map_err(|fault| {
        let context = format!("{} is no usable set of keys", quoted_source(name));
        CommandError::from_failure(Exit::File, context, &fault.failure)
    })
}

/// The keys as a set in which none has a name.
pub(super) fn nameless(name: &str, imported: &Imported) -> Result<JwkSet, CommandError> {
    let set = jwks(name, imported, UNNAMED)?;
    Ok(set.nameless())
}

/// Refuses that two arguments want to read standard input.
pub(super) fn require_one_reader(uses: &[bool]) -> Result<(), CommandError> {
    if uses.iter().filter(|&&uses_it| uses_it).count() > 1 {
        return Err(CommandError::usage(
            "standard input (-) can be read only once, and two arguments ask for it",
        ));
    }
    Ok(())
}

/// True when the argument is `-`.
pub(super) fn is_standard_input(argument: &OsStr) -> bool {
    argument == "-"
}
