//! Fetching for every command: options, statuses, and the way from an issuer to its keys.

use std::path::Path;

use url::Url;
use zeroize::Zeroizing;

use super::tell;
use crate::cli::{HeaderArgument, NetworkArgs};
use crate::context::{Context, FetchOptions, FetchResponse, Session};
use crate::core::detect::{Content, Other, detect, quoted_path};
use crate::core::discovery::{self, MetadataFault, is_loopback};
use crate::core::failure::quoted;
use crate::error::{CommandError, Exit};

/// Longest file of authorities or of a header's value, in bytes.
const OPTION_FILE_LIMIT: usize = 4 << 20;

/// Opens a session as the options say.
pub(super) fn open(
    context: &Context<'_>,
    arguments: &NetworkArgs,
) -> Result<Fetcher, CommandError> {
    let extra_authorities = match &arguments.cacert {
        None => None,
        Some(path) => {
            let input = context.files.read(path, OPTION_FILE_LIMIT)?;
            Some(input.whole(&quoted_path(path))?.to_vec())
        }
    };
    let headers = arguments
        .headers
        .iter()
        .map(|header| header_value(context, header))
        .collect::<Result<Vec<_>, _>>()?;
    let session = context.network.open(&FetchOptions {
        timeout: arguments.timeout,
        retries: arguments.retries,
        extra_authorities,
        headers,
        allow_http: arguments.allow_http,
        body_limit: arguments.set_limit,
    })?;
    Ok(Fetcher {
        session,
        allow_http: arguments.allow_http,
    })
}

fn header_value(
    context: &Context<'_>,
    header: &HeaderArgument,
) -> Result<(String, Zeroizing<String>), CommandError> {
    let value = match header.value.strip_prefix('@') {
        None => Zeroizing::new(header.value.clone()),
        Some(file) => {
            let input = context.files.read(Path::new(file), OPTION_FILE_LIMIT)?;
            let bytes = input.whole(&quoted(file))?;
            let text = std::str::from_utf8(&bytes).map_err(|_| {
                let message = format!("the header value in {} is not UTF-8", quoted(file));
                CommandError::new("file-unreadable", Exit::File, message)
            })?;
            Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned())
        }
    };
    Ok((header.name.clone(), value))
}

/// Requests for one source, and the rules that hold for all of them.
pub(super) struct Fetcher {
    session: Box<dyn Session>,
    allow_http: bool,
}

impl Fetcher {
    /// Fetches `url`. The caller's headers go along to the server of `meant_for` alone.
    fn get(&self, url: &Url, meant_for: &Url) -> Result<FetchResponse, CommandError> {
        self.session.get(url, url.origin() == meant_for.origin())
    }

    /// The key set of an issuer, by its metadata. Each step is told.
    pub(super) fn discover(
        &self,
        context: &mut Context<'_>,
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
            // Without a connection the other places are out of reach, too.
            let response = self.get(&parsed(&metadata_url)?, &url)?;
            let problem = match require_success(&response, &metadata_url) {
                Err(error) => error,
                Ok(()) => match self.follow(context, &response, &[issuer], &url) {
                    Ok(keys) => return Ok(keys),
                    Err(Follow::Fatal(error)) => return Err(error),
                    Err(Follow::NotThis(error)) => error,
                },
            };
            tell(context, &format!("discovery: {problem}"));
            first_problem = first_problem.or(Some(problem));
        }
        let message = format!("no metadata of the issuer {} was found", quoted(issuer));
        let error = CommandError::new(DISCOVERY_FAILED, Exit::Network, message)
            .hint("give the URL of its key set instead, if you know it");
        Err(match first_problem {
            Some(problem) => error.cause(problem),
            None => error,
        })
    }

    fn follow(
        &self,
        context: &mut Context<'_>,
        metadata: &FetchResponse,
        issuers: &[&str],
        meant_for: &Url,
    ) -> Result<FetchResponse, Follow> {
        let at = quoted(&metadata.url);
        let uri = discovery::jwks_uri(&metadata.body, issuers).map_err(|fault| {
            let error = |code| CommandError::new(code, Exit::Network, format!("{at}: {fault}"));
            match &fault {
                MetadataFault::NotMetadata(_) => Follow::NotThis(error(DISCOVERY_FAILED)),
                MetadataFault::NoJwksUri => Follow::Fatal(error(DISCOVERY_FAILED)),
                MetadataFault::IssuerMismatch { found, .. } => {
                    Follow::Fatal(error("discovery-issuer-mismatch").hint(format!(
                        "if {} is whom you mean, give that URL",
                        quoted(found)
                    )))
                }
            }
        })?;
        let url = self
            .named_by_metadata(metadata, &uri)
            .map_err(Follow::Fatal)?;
        let shown = quoted(url.as_str());
        tell(
            context,
            &format!("discovery: {at} names the key set {shown}"),
        );
        let keys = self.get(&url, meant_for).map_err(Follow::Fatal)?;
        require_success(&keys, url.as_str()).map_err(Follow::Fatal)?;
        Ok(keys)
    }

    /// What is wrong with a URL in metadata is the fault of the server and not of the caller. Plain
    /// http is for metadata that came so from this machine, or where the caller allows it.
    fn named_by_metadata(&self, metadata: &FetchResponse, uri: &str) -> Result<Url, CommandError> {
        let at = quoted(&metadata.url);
        let wrong = |code, problem: &str| {
            let message = format!("{at} names a \"jwks_uri\" that {problem}");
            CommandError::new(code, Exit::Network, message)
        };
        let url = parsed(uri).map_err(|_| wrong(DISCOVERY_FAILED, "is no usable URL"))?;
        let from_here = |url: &Url| url.scheme() == "http" && is_loopback(url);
        let stays_here =
            from_here(&url) && Url::parse(&metadata.url).is_ok_and(|at| from_here(&at));
        match url.scheme() {
            "https" => Ok(url),
            "http" if stays_here || self.allow_http => Ok(url),
            "http" => Err(wrong("http-not-https", "is not https")),
            _ => Err(wrong(DISCOVERY_FAILED, "is no usable URL")),
        }
    }

    /// The key set at `url`, which is that of a set, of an issuer's metadata, or of an issuer.
    pub(super) fn fetch_keys(
        &self,
        context: &mut Context<'_>,
        url: &str,
    ) -> Result<FetchResponse, CommandError> {
        let start = parsed(url)?;
        if let Some(issuer) = discovery::issuer_of_metadata_url(&start) {
            let metadata = self.get(&start, &start)?;
            require_success(&metadata, url)?;
            // Some issuers serve their keys below the place of their metadata.
            if matches!(
                detect(&metadata.body),
                Content::Keys(_) | Content::BrokenSet(_)
            ) {
                return Ok(metadata);
            }
            // OpenID Connect Discovery §4.1 takes a slash off the issuer before it appends, so both
            // forms have their metadata here.
            let issuers = [issuer.as_str(), &format!("{issuer}/")];
            return self
                .follow(context, &metadata, &issuers, &start)
                .map_err(|(Follow::NotThis(error) | Follow::Fatal(error))| error);
        }
        if start.path() == "/" && start.query().is_none() {
            return self.discover(context, url);
        }
        let direct = self.get(&start, &start)?;
        let verdict = require_success(&direct, url);
        // A page for people, and nothing at all, are what issuers have at their own URL.
        let may_be_issuer = direct.status == 404
            || (verdict.is_ok()
                && matches!(
                    detect(&direct.body),
                    Content::Other(Other::Html | Other::Empty)
                ));
        if !may_be_issuer || start.query().is_some() {
            return verdict.map(|()| direct);
        }
        tell(
            context,
            &format!("{} is no key set: trying it as an issuer", quoted(url)),
        );
        match self.discover(context, url) {
            // What the caller named is what the error is about.
            Err(error) if error.code == DISCOVERY_FAILED => verdict.map(|()| direct),
            result => result,
        }
    }
}

const DISCOVERY_FAILED: &str = "discovery-failed";

/// Where following metadata ended.
enum Follow {
    /// What is there is no metadata; another place may have it.
    NotThis(CommandError),
    /// It is metadata, and wrong: looking further would help an attacker.
    Fatal(CommandError),
}

fn require_success(response: &FetchResponse, url: &str) -> Result<(), CommandError> {
    if (200..300).contains(&response.status) {
        return Ok(());
    }
    let message = format!("{} answered with status {}", quoted(url), response.status);
    let error = CommandError::new("http-status", Exit::Network, message);
    Err(match response.status {
        401 | 403 => {
            error.hint("if it wants credentials, send them with --header 'Authorization: @FILE'")
        }
        404 => error.hint("give the URL of the key set, or that of the issuer, to the letter"),
        _ => error,
    })
}

/// A URL without credentials, which is not repeated in errors where it may hold them.
fn parsed(text: &str) -> Result<Url, CommandError> {
    let url = Url::parse(text).map_err(|error| {
        let shown = if text.contains('@') {
            "what was given".to_owned()
        } else {
            quoted(text)
        };
        CommandError::usage(format!("{shown} is not a URL")).cause(error)
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            CommandError::usage("a URL must not carry a user name or password")
                .hint("send credentials with --header 'Authorization: @FILE'"),
        );
    }
    Ok(url)
}
