//! What keeps a key from a life of its own although it verifies.

use crate::core::failure::{Code, Failure};
use crate::core::json::read;
use crate::core::jwks::Entry;

/// Why a private key that is sound must not be used: nobody can tell from when on, or until when, or
/// it is for no algorithm at all. None of a public key, whose consumers go by its presence alone.
#[must_use]
pub fn unfitness(entry: &Entry) -> Option<Failure> {
    let jwk = entry.usable().filter(|jwk| jwk.material().is_private())?;
    let parameters = jwk.parameters();
    let dates = [("nbf", parameters.nbf), ("exp", parameters.exp)];
    let unread = dates.into_iter().filter(|(_, date)| date.is_none());
    let mut malformed = unread.filter_map(|(name, _)| malformed_date(entry, name));
    malformed.next().or_else(|| {
        (parameters.alg.as_deref() == Some("none")).then(|| {
            let message = "\"alg\" is \"none\", under which nothing is signed";
            Failure::new(Code::AlgNone, message)
                .member("alg")
                .hint("name the algorithm of the key, or leave the member out")
        })
    })
}

/// What is wrong with a date that has not been read. Null is what some programs write for none.
fn malformed_date(entry: &Entry, name: &str) -> Option<Failure> {
    let raw = entry.members().get(name).filter(|raw| *raw != "null")?;
    let kind = read(raw.as_bytes()).map_or("no number", |node| node.kind());
    let message = format!("\"{name}\" is {kind}, not a number");
    let failure = Failure::new(Code::MalformedKey, message).member(name);
    Some(failure.hint(format!(
        "write \"{name}\" as a number of seconds since 1970, or leave it out"
    )))
}
