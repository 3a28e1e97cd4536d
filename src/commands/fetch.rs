//! `jwks fetch`.

use super::network;
use super::source::{self, Document};
use crate::cli::FetchArgs;
use crate::context::{Audience, Context, Existing, FetchResponse};
use crate::core::diagnosis::exposed_members;
use crate::core::failure::quoted;
use crate::core::json::{RawObject, pretty};
use crate::core::jwk::PRIVATE_MEMBERS;
use crate::core::jwks::{Entry, Form, JwkSet};
use crate::error::{CommandError, Exit};
use crate::output::fetched::facts;
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
        let session = network::open(context, &arguments.network)?;
        let response = network::fetch_keys(context, &*session, url)?;
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
    let document = Document::of_response(url, response);
    let set = source::keys(&document)?;
    context.say(&message::note(&facts(response, set.entries().len()), paint));
    let exposed = exposures(&set);
    for (label, members) in &exposed {
        let error = CommandError::new(
            "private-key-in-public-set",
            Exit::No,
            format!(
                "{} publishes secret members of {label}: {members}; they are left out here",
                quoted(url)
            ),
        )
        .hint("treat the key as compromised: tell its operator, and have it replaced");
        context.say(&message::error(&error, paint));
    }
    let text = match &arguments.kid {
        Some(kid) => one_key(&set, kid, url)?,
        None if exposed.is_empty() => served(&response.body),
        None => line(&cleaned(&set)),
    };
    match &arguments.output {
        None => context.report(text.as_bytes())?,
        Some(path) => {
            let existing = if arguments.force {
                Existing::Replace
            } else {
                Existing::Refuse
            };
            context
                .files
                .write(path, text.as_bytes(), Audience::Everyone, existing)?;
        }
    }
    Ok(if exposed.is_empty() {
        Exit::Success
    } else {
        Exit::No
    })
}

/// As it was served, with a line break at its end.
fn served(body: &[u8]) -> String {
    // Content that holds keys has been read as JSON, so it is UTF-8.
    line(String::from_utf8_lossy(body).trim_end())
}

fn line(text: &str) -> String {
    format!("{text}\n")
}

fn exposures(set: &JwkSet) -> Vec<(String, String)> {
    set.entries()
        .iter()
        .map(|entry| (entry.label(), exposed_members(entry)))
        .filter(|(_, members)| !members.is_empty())
        .map(|(label, members)| (label, members.join(", ")))
        .collect()
}

fn without_secrets(entry: &Entry) -> Option<RawObject> {
    let mut members = entry.members().clone();
    // Nothing of a symmetric key is public.
    if members.get("k").is_some() {
        return None;
    }
    members.retain(|name| !PRIVATE_MEMBERS.contains(&name));
    Some(members)
}

fn cleaned(set: &JwkSet) -> String {
    let keys: Vec<String> = set
        .entries()
        .iter()
        .filter_map(without_secrets)
        .map(|members| members.to_json().to_string())
        .collect();
    let list = format!("[{}]", keys.join(","));
    let text = match set.form() {
        Form::Jwks => {
            let mut members = set.members().clone();
            members.set_raw("keys", list);
            members.to_json().to_string()
        }
        Form::Array => list,
        Form::Jwk => keys
            .into_iter()
            .next()
            .unwrap_or_else(|| "{\"keys\":[]}".to_owned()),
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
    let members = without_secrets(entry).ok_or_else(|| {
        let message = format!(
            "the key {} is symmetric, and nothing of it may be shown",
            quoted(kid)
        );
        CommandError::new("private-key-in-public-set", Exit::No, message)
    })?;
    Ok(line(&pretty(&members.to_json())))
}
