//! Fetching for every command: options, statuses, and the way from an issuer to its keys.

use std::path::Path;

use url::Url;
use zeroize::Zeroizing;

use crate::cli::{HeaderArgument, NetworkArgs};
use crate::context::{Context, FetchOptions, FetchResponse, Session};
use crate::core::detect::{Content, Other, detect};
use crate::core::discovery::{self, MetadataFault};
use crate::core::failure::quoted;
use crate::error::{CommandError, Exit};
use crate::output::message::note;
use crate::output::paint::Paint;

/// Longest file of authorities or of a header's value, in bytes.
const OPTION_FILE_LIMIT: usize = 4 << 20;

/// Opens a session as the options say.
pub(super) fn open(
    context: &Context<'_>,
    arguments: &NetworkArgs,
) -> Result<Box<dyn Session>, CommandError> {
    let extra_authorities = match &arguments.cacert {
        None => None,
        Some(path) => Some(context.files.read(path, OPTION_FILE_LIMIT)?.to_vec()),
    };
    let headers = arguments
        .headers
        .iter()
        .map(|header| header_value(context, header))
        .collect::<Result<Vec<_>, _>>()?;
    context.network.open(&FetchOptions {
        timeout: arguments.timeout,
        retries: arguments.retries,
        extra_authorities,
        headers,
        allow_http: arguments.allow_http,
        body_limit: arguments.set_limit,
    })
}

fn header_value(
    context: &Context<'_>,
    header: &HeaderArgument,
) -> Result<(String, Zeroizing<String>), CommandError> {
    let value = match header.value.strip_prefix('@') {
        None => Zeroizing::new(header.value.clone()),
        Some(file) => {
            let bytes = context.files.read(Path::new(file), OPTION_FILE_LIMIT)?;
            let text = std::str::from_utf8(&bytes).map_err(|_| {
                let message = format!("the header value in {} is not UTF-8", quoted(file));
                CommandError::new("file-unreadable", Exit::File, message)
            })?;
            Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    };
    Ok((header.name.clone(), value))
}

/// Fetches `url`; any status but success is an error.
pub(super) fn get(session: &dyn Session, url: &str) -> Result<FetchResponse, CommandError> {
    let response = session.get(url)?;
    if (200..300).contains(&response.status) {
        return Ok(response);
    }
    let message = format!("{} answered with status {}", quoted(url), response.status);
    let error = CommandError::new("http-status", Exit::Network, message);
    Err(match response.status {
        401 | 403 => {
            error.hint("if it wants credentials, send them with --header 'Authorization: @FILE'")
        }
        404 => error.hint(
            "is this the URL of the set? For an issuer give its URL without path to the keys",
        ),
        _ => error,
    })
}

/// The key set of an issuer, by its metadata. Each step is told.
pub(super) fn discover(
    context: &mut Context<'_>,
    session: &dyn Session,
    issuer: &str,
) -> Result<FetchResponse, CommandError> {
    let url = parsed(issuer)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(CommandError::usage(format!(
            "{} is no issuer: an issuer has neither query nor fragment",
            quoted(issuer)
        )));
    }
    let mut first_problem = None;
    for metadata_url in discovery::metadata_urls(&url) {
        let problem = match session.get(&metadata_url) {
            Ok(response) if (200..300).contains(&response.status) => {
                match follow(context, session, &response, issuer) {
                    Err(Follow::NotThis(error)) => error,
                    Err(Follow::Fatal(error)) => return Err(error),
                    Ok(keys) => return Ok(keys),
                }
            }
            Ok(response) => CommandError::new(
                "http-status",
                Exit::Network,
                format!(
                    "{} answered with status {}",
                    quoted(&metadata_url),
                    response.status
                ),
            ),
            // Without a connection the other places are out of reach, too.
            Err(error) => return Err(error),
        };
        tell(context, &format!("discovery: {problem}"));
        first_problem = first_problem.or(Some(problem));
    }
    let message = format!("no metadata of the issuer {} was found", quoted(issuer));
    let error = CommandError::new("discovery-failed", Exit::Network, message)
        .hint("give the URL of its key set instead, if you know it");
    Err(match first_problem {
        Some(problem) => error.cause(problem),
        None => error,
    })
}

enum Follow {
    /// What is there is no metadata; another place may have it.
    NotThis(CommandError),
    /// It is metadata, and wrong: looking further would help an attacker.
    Fatal(CommandError),
}

fn follow(
    context: &mut Context<'_>,
    session: &dyn Session,
    metadata: &FetchResponse,
    issuer: &str,
) -> Result<FetchResponse, Follow> {
    let at = quoted(&metadata.url);
    let uri = discovery::jwks_uri(&metadata.body, issuer).map_err(|fault| {
        let error = |code| CommandError::new(code, Exit::Network, format!("{at}: {fault}"));
        match &fault {
            MetadataFault::NotMetadata(_) => Follow::NotThis(error("discovery-failed")),
            MetadataFault::NoJwksUri => Follow::Fatal(error("discovery-failed")),
            MetadataFault::IssuerMismatch { found, .. } => {
                Follow::Fatal(error("discovery-issuer-mismatch").hint(format!(
                    "if {} is whom you mean, give that URL",
                    quoted(found)
                )))
            }
        }
    })?;
    tell(
        context,
        &format!("discovery: {at} names the key set {}", quoted(&uri)),
    );
    get(session, &uri).map_err(Follow::Fatal)
}

/// The key set at `url`, which is that of a set or an issuer.
pub(super) fn fetch_keys(
    context: &mut Context<'_>,
    session: &dyn Session,
    url: &str,
) -> Result<FetchResponse, CommandError> {
    let parsed = parsed(url)?;
    if let Some(issuer) = discovery::issuer_of_metadata_url(&parsed) {
        let metadata = get(session, url)?;
        return follow(context, session, &metadata, &issuer).map_err(|problem| match problem {
            Follow::NotThis(error) | Follow::Fatal(error) => error,
        });
    }
    if parsed.path() == "/" && parsed.query().is_none() {
        return discover(context, session, url);
    }
    let direct = session.get(url)?;
    let success = (200..300).contains(&direct.status);
    if success
        && matches!(
            detect(&direct.body),
            Content::Keys(_) | Content::BrokenSet(_)
        )
    {
        return Ok(direct);
    }
    // Only what does not look like an attempt at keys is taken for an issuer's own page.
    let may_be_issuer = match detect(&direct.body) {
        _ if direct.status == 404 => true,
        Content::Other(Other::Html | Other::Empty) => true,
        Content::Other(_) => !success,
        _ => false,
    };
    if !may_be_issuer {
        return if success {
            Ok(direct)
        } else {
            get(session, url)
        };
    }
    tell(
        context,
        &format!("{} is no key set: trying it as an issuer", quoted(url)),
    );
    discover(context, session, url)
}

fn parsed(text: &str) -> Result<Url, CommandError> {
    Url::parse(text)
        .map_err(|error| CommandError::usage(format!("{} is not a URL", quoted(text))).cause(error))
}

fn tell(context: &mut Context<'_>, text: &str) {
    let line = note(text, Paint::new(context.stderr.color));
    context.say(&line);
}
