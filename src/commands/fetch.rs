//! `jwks fetch`.

use super::network;
use super::source::{self, Document};
use crate::cli::FetchArgs;
use crate::context::{Audience, Context, Existing, FetchResponse};
use crate::core::exposure::{holds_secret, secret_members, values_hold_secret, without_secrets};
use crate::core::failure::{printable, quoted};
use crate::core::json::{RawObject, array, pretty, read};
use crate::core::jwks::{Entry, Form, JwkSet};
use crate::error::{CommandError, Exit};
use crate::output::fetched::facts;
use crate::output::json::for_terminal;
use crate::output::message;
use crate::output::paint::Paint;

/// Fetches each URL in turn and prints its key set.
///
/// # Errors
/// The first URL that cannot be fetched or holds no keys.
pub fn run(arguments: &FetchArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    if arguments.output.is_some() && arguments.urls.len() > 1 {
        return Err(CommandError::usage(
            "--output takes the set of one URL, and several are given",
        ));
    }
    let mut exit = Exit::Success;
    for url in &arguments.urls {
        let response = network::open(context, &arguments.network)?.fetch_keys(context, url)?;
        if fetched(arguments, context, url, &response)? == Exit::No {
            exit = Exit::No;
        }
    }
    Ok(exit)
}

fn fetched(
    arguments: &FetchArgs,
    context: &mut Context<'_>,
    url: &str,
    response: &FetchResponse,
) -> Result<Exit, CommandError> {
    let paint = Paint::new(context.stderr.color);
    let document = Document::fetched(url, response.body.clone());
    let set = source::keys(&document)?;
    context.say(&message::note(&facts(response, set.entries().len()), paint));
    let exposed = exposures(&set, &response.body);
    for (label, what) in &exposed {
        let error = CommandError::new(
            "private-key-in-public-set",
            Exit::No,
            format!(
                "{} publishes secrets of {label}: {what}; they are left out here",
                quoted(url)
            ),
        )
        .hint("treat the key as compromised: tell its operator, and have it replaced");
        context.say(&message::error(&error, paint));
    }
    let bytes = match &arguments.kid {
        Some(kid) => one_key(&set, kid, url)?.into_bytes(),
        None if exposed.is_empty() => response.body.clone(),
        None => cleaned(&set).into_bytes(),
    };
    let bytes = ended(bytes);
    match &arguments.output {
        // A person gets the same set with what could steer the terminal as escapes.
        None if context.stdout.is_terminal => {
            let text = for_terminal(&String::from_utf8_lossy(&bytes));
            context.report(format!("{text}\n").as_bytes())?;
        }
        None => context.report(&bytes)?,
        Some(path) => {
            let existing = if arguments.force {
                Existing::Replace
            } else {
                Existing::Refuse
            };
            context
                .files
                .write(path, &bytes, Audience::Everyone, existing)?;
        }
    }
    Ok(if exposed.is_empty() {
        Exit::Success
    } else {
        Exit::No
    })
}

/// As it is, with a line break at its end.
fn ended(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    bytes
}

/// What of the document must not be seen: whose it is, and what it is.
fn exposures(set: &JwkSet, body: &[u8]) -> Vec<(String, String)> {
    let own = secret_members(set.members());
    let mut exposures = Vec::new();
    if !own.is_empty() {
        exposures.push(("the set itself".to_owned(), listed(&own)));
    }
    for entry in set.entries().iter() {
        let members = entry.secret_members();
        if !members.is_empty() {
            exposures.push((entry.label(), listed(&members)));
        }
    }
    // What hides elsewhere is found in what is left without the members that are named above.
    let elsewhere = exposures.is_empty() && read(body).is_ok_and(|node| holds_secret(&node));
    if elsewhere || set.entries().iter().any(hides_secret) {
        let what = "a private key inside another value".to_owned();
        exposures.push(("the document".to_owned(), what));
    }
    exposures
}

fn listed(names: &[String]) -> String {
    printable(&names.join(", "))
}

fn hides_secret(entry: &Entry) -> bool {
    values_hold_secret(entry.members())
}

/// The members of a key that may be seen; none of a symmetric key, and none of what is no key.
fn public_part(entry: &Entry) -> Option<RawObject> {
    let is_key = entry.members().names().next().is_some() && !entry.is_symmetric();
    is_key.then(|| without_secrets(entry.members()))
}

fn cleaned(set: &JwkSet) -> String {
    let keys: Vec<RawObject> = set.entries().iter().filter_map(public_part).collect();
    let text = match (set.form(), &keys[..]) {
        (Form::Array, keys) => array(keys),
        (Form::Jwk, [key]) => key.to_json(),
        (Form::Jwk | Form::Jwks, keys) => {
            // In its place before the others are judged, so that it keeps it.
            let mut members = set.members().clone();
            members.set_raw("keys", array(keys).as_str());
            let mut members = without_secrets(&members);
            members.set_raw("keys", array(keys).as_str());
            members.to_json()
        }
    };
    pretty(&text).to_string()
}

fn one_key(set: &JwkSet, kid: &str, url: &str) -> Result<String, CommandError> {
    let mut named = set
        .entries()
        .iter()
        .filter(|entry| entry.kid() == Some(kid));
    let (first, second) = (named.next(), named.next());
    let Some(entry) = first else {
        let message = format!("{} has no key with the kid {}", quoted(url), quoted(kid));
        return Err(CommandError::new("unknown-kid", Exit::No, message));
    };
    if second.is_some() {
        let message = format!(
            "{} has several keys with the kid {}",
            quoted(url),
            quoted(kid)
        );
        return Err(CommandError::new("ambiguous-kid", Exit::No, message));
    }
    let members = public_part(entry).ok_or_else(|| {
        let message = format!(
            "the key {} is symmetric, and nothing of it may be shown",
            quoted(kid)
        );
        CommandError::new("private-key-in-public-set", Exit::No, message)
    })?;
    Ok(pretty(&members.to_json()).to_string())
}
