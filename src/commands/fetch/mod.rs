//! `jwks fetch`.

mod many;
mod printed;
mod watch;

use std::path::Path;

use super::network::{Answer, Fetching, Source};
use super::overwriting::target;
use super::source::{self, Document, Location};
use super::{network, tell};
use crate::cli::{FetchArgs, ReportFormat};
use crate::context::{Audience, Context, Existing};
use crate::core::detect::quoted_path;
use crate::core::diff::changes;
use crate::core::jwks::JwkSet;
use crate::error::{CommandError, Exit};
use crate::output::difference;
use crate::output::fetched::facts;
use crate::output::json::for_terminal;
use crate::output::message;
use crate::output::paint::Paint;
use printed::{cleaned, exposed, normalized, one_key};

/// Fetches the URLs, all at once, and prints their key sets in the order in which they were given.
///
/// # Errors
/// A URL that cannot be fetched or holds no keys; with several, that is told, and the others are printed.
pub fn run(arguments: &FetchArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    if arguments.clear_cache {
        return clear_cache(context);
    }
    if let Some(interval) = arguments.watch {
        return watch::run(arguments, context, interval);
    }
    require_printed_set(arguments)?;
    let urls = &arguments.urls;
    if urls.len() > 1 {
        require_one_url(arguments)?;
    }
    // Before anyone waits for an answer that cannot be written.
    let target = target(context, arguments.output.as_deref(), arguments.force)?;
    let fetching = Fetching::of(context, &arguments.network)?.younger_than(arguments.max_age);
    let before = match &arguments.diff {
        Some(argument) => {
            let location = Location::of(argument);
            let document = source::read(context, &location, &arguments.network)?;
            Some(source::keys(&document)?)
        }
        None => None,
    };
    if let [url] = &urls[..] {
        let answer = fetching.fetch_and_tell(context, &Source::Url(url.clone()))?;
        return fetched(arguments, context, url, &answer, before.as_ref(), target);
    }
    let mut exit = Exit::Success;
    let mut first_failed = None;
    many::fetch(context, &fetching, urls, &mut |context, place, outcome| {
        for remark in &outcome.remarks {
            remark.say(context);
        }
        let result = outcome
            .result
            .and_then(|answer| fetched(arguments, context, &urls[place], &answer, None, None));
        match result {
            Ok(Exit::Success) => {}
            Ok(_) => exit = Exit::No,
            // Nothing that follows could be printed either.
            Err(error) if error.code == "output-failed" => return Err(error),
            Err(error) => {
                let paint = Paint::new(context.stderr.color);
                context.say(&message::error(&error, paint));
                first_failed = first_failed.or(Some(error.exit));
            }
        }
        Ok(())
    })?;
    Ok(first_failed.unwrap_or(exit))
}

fn clear_cache(context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let count = context.cache.clear()?;
    let answers = if count == 1 { "answer" } else { "answers" };
    tell(
        context,
        &format!("{count} {answers} removed from the cache"),
    );
    Ok(Exit::Success)
}

/// Refuses what says how a set is printed where none is.
fn require_printed_set(arguments: &FetchArgs) -> Result<(), CommandError> {
    let name = match arguments {
        arguments if arguments.diff.is_none() || arguments.output.is_some() => return Ok(()),
        arguments if arguments.kid.is_some() => "--kid",
        arguments if arguments.normalize => "--normalize",
        _ => return Ok(()),
    };
    let message = format!("{name} says how the set is printed, and --diff prints none");
    Err(CommandError::usage(message).hint("add --output FILE for the set, or leave it out"))
}

fn require_one_url(arguments: &FetchArgs) -> Result<(), CommandError> {
    let name = if arguments.output.is_some() {
        "--output"
    } else if arguments.diff.is_some() {
        "--diff"
    } else {
        return Ok(());
    };
    let message = format!("{name} takes the set of one URL, and several are given");
    Err(CommandError::usage(message))
}

/// Says what there is to say of an answer, and prints what was asked for.
fn fetched(
    arguments: &FetchArgs,
    context: &mut Context<'_>,
    url: &str,
    answer: &Answer,
    before: Option<&JwkSet>,
    target: Option<(&Path, Existing<'_>)>,
) -> Result<Exit, CommandError> {
    let paint = Paint::new(context.stderr.color);
    let body = &answer.response.body;
    let document = Document::fetched(url, body.clone());
    let set = source::keys(&document)?;
    let facts = facts(
        &answer.response,
        set.entries().len(),
        &network::provenance(answer),
    );
    context.say(&message::note(&facts, paint));
    tell_changes(context, answer, &set);
    let exposures = set.exposures();
    for exposure in &exposures {
        context.say(&message::error(&exposed(exposure, url), paint));
    }
    let is_exposed = !exposures.is_empty();
    let bytes = match &arguments.kid {
        Some(kid) => one_key(&set, kid, url)?.into_bytes(),
        None if arguments.normalize => normalized(&set, is_exposed).into_bytes(),
        None if is_exposed => cleaned(&set).into_bytes(),
        None => body.clone(),
    };
    let is_different = match before {
        None => {
            put(context, target, bytes)?;
            false
        }
        Some(before) => {
            if target.is_some() {
                put(context, target, bytes)?;
            }
            tell_difference(context, arguments.format, before, &set)?
        }
    };
    Ok(if is_exposed || is_different {
        Exit::No
    } else {
        Exit::Success
    })
}

/// What the server has changed since the copy that was in the cache.
fn tell_changes(context: &mut Context<'_>, answer: &Answer, set: &JwkSet) {
    let Some((age, previous)) = network::superseded(answer) else {
        return;
    };
    let Ok(old) = JwkSet::read(&previous) else {
        return;
    };
    let changes = changes(&old, set);
    if changes.is_empty() {
        tell(
            context,
            &format!("no key has changed since the cached copy, which was {age} old"),
        );
        return;
    }
    tell(
        context,
        &format!("changes since the cached copy, which was {age} old:"),
    );
    let paint = Paint::new(context.stderr.color);
    context.say(difference::text(&old, set, &changes, paint).trim_end());
}

/// Prints the difference, and says whether there is any.
fn tell_difference(
    context: &mut Context<'_>,
    format: ReportFormat,
    before: &JwkSet,
    set: &JwkSet,
) -> Result<bool, CommandError> {
    let changes = changes(before, set);
    super::show_difference(context, format, before, set, &changes)?;
    Ok(!changes.is_empty())
}

/// Prints the bytes, or writes them to a file.
fn put(
    context: &mut Context<'_>,
    target: Option<(&Path, Existing<'_>)>,
    bytes: Vec<u8>,
) -> Result<(), CommandError> {
    let bytes = ended(bytes);
    match target {
        // A person gets the same set with what could steer the terminal as escapes.
        None if context.stdout.is_terminal => {
            let text = for_terminal(&String::from_utf8_lossy(&bytes));
            context.report(format!("{text}\n").as_bytes())
        }
        None => context.report(&bytes),
        Some((path, existing)) => {
            context
                .files
                .write(path, &bytes, Audience::Everyone, existing)?;
            tell(context, &format!("wrote {}", quoted_path(path)));
            Ok(())
        }
    }
}

/// As it is, with a line break at its end.
fn ended(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    bytes
}
