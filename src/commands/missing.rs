//! What was meant by the name of a file that is not there.

use std::path::Path;

use super::source::is_url;
use crate::context::Context;
use crate::core::detect::is_content;
use crate::core::failure::quoted;
use crate::core::shell::typed;
use crate::core::spelling::nearest;
use crate::error::CommandError;

/// The error of reading `path`, with what may have been meant where it is not there, or is a directory.
pub(super) fn explained(context: &Context<'_>, path: &Path, error: CommandError) -> CommandError {
    if error.hint.is_some() {
        return error;
    }
    if is_content(&path.to_string_lossy()) {
        return error.hint(
            "a key or a token stands where a file belongs: write it to a file and name that, or give it on standard input with -",
        );
    }
    let hint = match error.code {
        "file-not-found" if path.to_str().is_some_and(is_url) => {
            Some("this is a URL, and a file is wanted here".to_owned())
        }
        "file-not-found" => near_file(context, path).or_else(|| as_url(path.to_str()?)),
        "is-a-directory" => {
            Some("name a file in it; `jwks inspect DIRECTORY` shows what there is".to_owned())
        }
        _ => None,
    };
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// A file beside it whose name is nearly the same.
fn near_file(context: &Context<'_>, path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let siblings = context.files.siblings(path);
    let meant = nearest(name, siblings.iter().map(String::as_str))?;
    let meant = path.with_file_name(meant);
    Some(format!("is it {}?", quoted(&meant.to_string_lossy())))
}

/// A URL whose scheme is missing or mistyped.
pub(super) fn as_url(text: &str) -> Option<String> {
    let rest = ["https:", "https", "http:", "http"]
        .iter()
        .find_map(|scheme| {
            text.strip_prefix(scheme)
                .filter(|rest| rest.starts_with('/'))
        })
        .map_or(text, |rest| rest.trim_start_matches('/'));
    let host = rest.split('/').next()?;
    let is_host = host.len() < rest.len() && host.trim_matches('.').contains('.');
    let typed = typed(rest, "HOST/PATH");
    is_host.then(|| format!("if it is a URL, write https://{typed}"))
}
