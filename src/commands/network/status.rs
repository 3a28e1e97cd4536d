//! What a status means for whoever wants keys.

use crate::context::FetchResponse;
use crate::core::failure::quoted;
use crate::core::shell::typed;
use crate::error::{CommandError, Exit};

/// The code of a server that has nothing there.
pub(super) const NOT_FOUND: &str = "http-not-found";

/// Refuses an answer that is none to what was asked, with a code and what to do for each kind.
pub(super) fn require_success(response: &FetchResponse, url: &str) -> Result<(), CommandError> {
    if (200..300).contains(&response.status) {
        return Ok(());
    }
    let (code, meaning, hint) = meaning(response.status);
    let mut message = format!("{} answered with status {}", quoted(url), response.status);
    if !meaning.is_empty() {
        message = format!("{message}: {meaning}");
    }
    if let Some(when) = response.headers.get("retry-after") {
        message = format!("{message} (Retry-After: {})", quoted(when));
    }
    let error = CommandError::new(code, Exit::Network, message);
    let twice = before_repetition(url).filter(|_| code == NOT_FOUND);
    Err(match (twice, hint) {
        (Some(once), _) => error.hint(format!(
            "the well-known path stands there twice: give {}",
            typed(once, "the URL without the second")
        )),
        (None, Some(hint)) => error.hint(hint),
        (None, None) => error,
    })
}

/// The URL before a second well-known path (RFC 8615 has one, at the root of a host).
fn before_repetition(url: &str) -> Option<&str> {
    let mut places = url.match_indices("/.well-known/");
    let (second, _) = places.nth(1)?;
    url.get(..second)
}

fn meaning(status: u16) -> (&'static str, &'static str, Option<&'static str>) {
    match status {
        401 | 403 => (
            "http-forbidden",
            "it does not answer everyone",
            Some("if it wants credentials, send them with --header 'Authorization: @FILE'"),
        ),
        404 | 410 => (
            NOT_FOUND,
            "there is nothing",
            Some("give the URL of the key set, or that of the issuer, to the letter"),
        ),
        406 => (
            "http-not-acceptable",
            "it has the set in no form that was asked for",
            None,
        ),
        429 => (
            "http-too-many-requests",
            "it is asked too often",
            Some("ask less often, or wait longer with --timeout"),
        ),
        500..=599 => ("http-server-fault", "a fault of the server", None),
        _ => ("http-status", "", None),
    }
}
