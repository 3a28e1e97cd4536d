//! `jwks verify`.

mod batch;
mod current;
mod keys;
mod lines;
mod pipeline;
mod summary;

use std::ffi::OsStr;
use std::path::Path;

use zeroize::Zeroizing;

use super::{missing, source};
use crate::cli::{ReportFormat, VerifyArgs};
use crate::context::Context;
use crate::core::claims::Expectations;
use crate::core::detect::{is_meant_as_token, quoted_path};
use crate::core::failure::{Code, printable_lines};
use crate::core::json::compact;
use crate::core::time::NumericDate;
use crate::core::verify::{Content, Policy, Verification, verify};
use crate::error::{CommandError, Exit};
use crate::output::json::for_terminal;
use crate::output::paint::Paint;
use crate::output::verdict;
use keys::Keys;

/// What no token ends with and files that hold one do: a missing one is an error of the input.
const FILE_EXTENSIONS: [&str; 5] = ["jwt", "jws", "token", "tok", "txt"];
/// Longest content of `--detached`, in bytes.
const CONTENT_LIMIT: usize = 1 << 30;

/// Checks a token, or a batch of them.
///
/// # Errors
/// The token or the keys cannot be read; a token that fails is no error but [`Exit::No`].
pub fn run(arguments: &VerifyArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    if !arguments.batch.merge_summaries.is_empty() {
        let exit_zero = arguments.batch.exit_zero;
        return summary::merge(context, &arguments.batch.merge_summaries, exit_zero);
    }
    let now = context.time(arguments.at.as_deref())?;
    let is_batch = arguments.batch.batch;
    source::require_one_reader(&[
        match &arguments.token {
            Some(token) => source::is_standard_input(token),
            None => is_batch,
        },
        arguments
            .jwks
            .as_deref()
            .is_some_and(source::is_standard_input),
        arguments
            .detached
            .as_deref()
            .is_some_and(|path| path == Path::new("-")),
    ])?;
    if is_batch {
        return batch::run(arguments, context, now);
    }
    let argument = arguments.token.as_deref().unwrap_or(OsStr::new("-"));
    let token = token(context, argument, arguments.token_limit)?;
    let keys = Keys::of(arguments, context)?;
    let policy = policy(arguments, context, keys.are_published)?;
    let mut verification = verify(&token, &keys.set, &policy, now);
    let newer = match keys.server {
        Some(mut server) if lacks_key(&verification) => {
            server.newer(&mut |remark| remark.say(context))?
        }
        _ => None,
    };
    if let Some(newer) = &newer {
        verification = verify(&token, newer, &policy, now);
    }
    report(arguments, context, &verification, now)
}

/// The token: the argument itself, or what the file or standard input holds.
fn token(
    context: &Context<'_>,
    argument: &OsStr,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    // Room for a line break, and a byte by which a token is seen to be too long: that is a verdict on
    // the token and no error of the input.
    let enough = limit.saturating_add(3);
    if source::is_standard_input(argument) {
        return Ok(context.files.read_standard_input(enough)?.beginning());
    }
    let path = Path::new(argument);
    let text = argument.to_str();
    let names_a_file = path
        .extension()
        .is_some_and(|extension| FILE_EXTENSIONS.iter().any(|known| extension == *known));
    let looks_like_path = names_a_file
        || text.is_none_or(|text| text.contains(['/', '\\']))
        || context.files.exists(path);
    let is_token = text.is_some_and(is_meant_as_token);
    if looks_like_path && !is_token {
        let read = context.files.read(path, enough);
        let read = read.map_err(|error| missing::explained(context, path, error))?;
        return Ok(read.beginning());
    }
    // Neither a path nor a file: a malformed token, which is an answer and not an error.
    Ok(Zeroizing::new(text.unwrap_or_default().as_bytes().to_vec()))
}

/// True when the token names a key that is not in the set.
fn lacks_key(verification: &Verification<'_>) -> bool {
    let mut failures = verification.checks.failures();
    failures.any(|failure| failure.code == Code::UnknownKid)
}

fn policy(
    arguments: &VerifyArgs,
    context: &Context<'_>,
    keys_are_published: bool,
) -> Result<Policy, CommandError> {
    let content = match &arguments.detached {
        Some(path) if path == Path::new("-") => {
            let input = context.files.read_standard_input(CONTENT_LIMIT)?;
            Content::Detached(input.whole("the content on standard input")?.to_vec())
        }
        Some(path) => {
            let input = context.files.read(path, CONTENT_LIMIT)?;
            Content::Detached(input.whole(&quoted_path(path))?.to_vec())
        }
        None if arguments.signature_only => Content::Octets,
        None => Content::Claims,
    };
    Ok(Policy {
        algorithms: arguments.algorithms.clone(),
        typ: arguments.typ.clone(),
        content,
        expectations: Expectations {
            issuer_names_keys: arguments.issuer.is_some(),
            issuer: arguments.issuer.clone().or_else(|| arguments.iss.clone()),
            audiences: arguments.audiences.clone(),
            subject: arguments.sub.clone(),
            required: arguments.required.clone(),
            values: arguments
                .claim_values
                .iter()
                .map(|claim| (claim.name.clone(), claim.value.clone()))
                .collect(),
            max_age: arguments.max_age,
            leeway: arguments.leeway,
        },
        keys_are_published,
        token_limit: arguments.token_limit,
    })
}

fn report(
    arguments: &VerifyArgs,
    context: &mut Context<'_>,
    verification: &Verification<'_>,
    now: NumericDate,
) -> Result<Exit, CommandError> {
    let paint = Paint::new(context.stderr.color);
    if arguments.explain {
        for line in verdict::explanation(verification.checks.all(), paint) {
            context.say(&line);
        }
    }
    for line in verdict::lines(verification, now, paint) {
        context.say(&line);
    }
    let verified = verification.verified.as_ref();
    match (arguments.format, verified) {
        (ReportFormat::Json, _) => context.report(verdict::report(verification).as_bytes())?,
        (ReportFormat::Text, None) => {}
        (ReportFormat::Text, Some(verified)) if verified.is_content() => {
            if context.stdout.is_terminal {
                let text = printable_lines(&String::from_utf8_lossy(verified.payload()));
                context.report(format!("{text}\n").as_bytes())?;
            } else {
                context.report(verified.payload())?;
            }
        }
        (ReportFormat::Text, Some(verified)) => {
            // The claims have been read as JSON, so they are UTF-8.
            let claims = String::from_utf8_lossy(verified.payload());
            let text = if context.stdout.is_terminal {
                for_terminal(&claims)
            } else {
                compact(&claims).to_string()
            };
            context.report(format!("{text}\n").as_bytes())?;
        }
    }
    Ok(if verified.is_some() {
        Exit::Success
    } else {
        Exit::No
    })
}
