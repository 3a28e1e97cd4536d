//! The files of a directory that are meant to hold keys or tokens.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::sources::{Source, Sources, local};
use crate::cli::InspectArgs;
use crate::commands::source::{Document, Location};
use crate::commands::tell;
use crate::context::{Context, Listing};
use crate::core::detect::{Content, Other, detect, quoted_path};
use crate::core::exposure::{document_holds_secret, holds_secret};
use crate::core::failure::quoted_list;
use crate::core::json::read;
use crate::error::{CommandError, Exit};
use crate::output::inspection::Origin;

/// Most files that a note names.
const FILES_NAMED: usize = 3;

/// Adds the files that are meant, and what could not be looked into. What else there is, notes say.
///
/// # Errors
/// There is neither.
pub(super) fn add(
    sources: &mut Sources,
    arguments: &InspectArgs,
    context: &mut Context<'_>,
    directory: &Path,
    listing: Listing,
) -> Result<(), CommandError> {
    let before = sources.readable.len() + sources.errors.len();
    let count = listing.files.len();
    let mut passed_over = Vec::new();
    for path in listing.files {
        match file(arguments, context, &path) {
            Ok(Some(source)) => sources.readable.push(source),
            Ok(None) => passed_over.push(path),
            Err(error) => sources.errors.push(error.input(path.to_string_lossy())),
        }
    }
    let problems = listing.problems.into_iter();
    sources
        .errors
        .extend(problems.map(|(path, problem)| problem.input(path.to_string_lossy())));
    let shown = quoted_path(directory);
    if !listing.links.is_empty() {
        let links = named(&listing.links);
        tell(
            context,
            &format!("links to directories in {shown} are not followed: {links}"),
        );
    }
    if sources.readable.len() + sources.errors.len() == before {
        let message = format!("{shown} has no file with keys or a token");
        return Err(CommandError::new("no-keys-found", Exit::File, message)
            .hint("hidden files and directories are left out; name them to have them inspected"));
    }
    if !passed_over.is_empty() {
        let note = format!(
            "{} of {count} files in {shown} hold neither keys nor a token and are passed over: {}",
            passed_over.len(),
            named(&passed_over)
        );
        tell(context, &note);
    }
    Ok(())
}

fn named(paths: &[PathBuf]) -> String {
    let names: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
    quoted_list(&names, FILES_NAMED)
}

/// The file as a source; none when it is not meant to be one.
fn file(
    arguments: &InspectArgs,
    context: &Context<'_>,
    path: &Path,
) -> Result<Option<Source>, CommandError> {
    let input = context.files.read(path, arguments.network.set_limit)?;
    let name = Location::File(path.to_owned()).name();
    let bytes = if input.is_whole() {
        input.whole(&quoted_path(path))?
    } else {
        // Of a file that is too long to be read, its beginning says whether it should be.
        let too_long = input.too_long(&quoted_path(path));
        let beginning = input.beginning();
        let is_meant = is_named_as_keys(path)
            || mentions_keys(&beginning)
            || (arguments.published && document_holds_secret(&beginning));
        return if is_meant { Err(too_long) } else { Ok(None) };
    };
    let document = Document {
        name,
        bytes,
        published: false,
    };
    let is_meant = is_named_as_keys(path) || is_meant(&document, arguments.published);
    Ok(is_meant.then(|| local(document, Origin::File)))
}

/// True when the name says that the file holds keys, such as `jwks.json`, `jwks-2026.json`, `jwks` and `api.jwk`:
/// whatever became of it, an empty file or a web page, is a set that is broken. `jwks.schema.json` is something
/// else.
fn is_named_as_keys(path: &Path) -> bool {
    let lower = |part: &OsStr| part.to_string_lossy().to_lowercase();
    let is_word = |word: &str| matches!(word, "jwk" | "jwks");
    let stem = path.file_stem().map(lower).unwrap_or_default();
    match path.extension().map(lower).as_deref() {
        None => is_word(&stem),
        Some("json") => stem.split(['-', '_', ' ']).any(is_word),
        Some(extension) => is_word(extension),
    }
}

/// True when a file is, or was to be, what `inspect` looks at. A set that is broken must not be passed
/// over, and where everything can be read by anyone, a private key in another form neither.
fn is_meant(document: &Document, published: bool) -> bool {
    let bytes = &document.bytes;
    match detect(bytes) {
        Content::Keys(_)
        | Content::BrokenSet(_)
        | Content::Token(_)
        | Content::Other(Other::EncryptedToken) => true,
        Content::Other(Other::Unknown(_)) => {
            let text = bytes.trim_ascii_start();
            (text.starts_with(b"{") && mentions_keys(text))
                || (published && document_holds_secret(bytes))
        }
        Content::Other(other) => {
            let holds_secret = || read(bytes).is_ok_and(|node| holds_secret(&node));
            published && (other.is_private(bytes) || holds_secret())
        }
    }
}

fn mentions_keys(text: &[u8]) -> bool {
    [&b"\"keys\""[..], b"\"kty\""]
        .iter()
        .any(|name| memmem::find(text, name).is_some())
}
