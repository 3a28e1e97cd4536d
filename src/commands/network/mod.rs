//! Fetching for every command: options, the cache, statuses, and the way from an issuer to its keys.

mod discovery;
mod fetcher;
mod provenance;
mod status;

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::after;
use url::Url;
use zeroize::Zeroizing;

use super::{missing, tell, warn};
use crate::cli::{HeaderArgument, NetworkArgs};
use crate::context::{Cache, Claim, Context, FetchOptions, Network, Outcome};
use crate::core::detect::quoted_path;
use crate::core::engine::sha256;
use crate::core::failure::quoted;
use crate::core::hexadecimal;
use crate::core::http_cache::REFETCH_INTERVAL;
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};
pub(super) use fetcher::Answer;
use fetcher::{CacheUse, Fetcher, Terms};
pub(super) use provenance::{provenance, superseded};

/// Longest file of authorities or of a header's value, in bytes.
const OPTION_FILE_LIMIT: usize = 4 << 20;

/// What is said of the way to an answer.
pub(super) enum Remark {
    /// What was done.
    Note(String),
    /// What should be looked at.
    Warning(String),
}

impl Remark {
    /// Says it to the person.
    pub(super) fn say(&self, context: &mut Context<'_>) {
        match self {
            Self::Note(text) => tell(context, text),
            Self::Warning(text) => warn(context, text),
        }
    }
}

/// How to fetch, as the options say; any thread can begin with it.
#[derive(Clone)]
pub(super) struct Fetching {
    network: Arc<dyn Network>,
    cache: Arc<dyn Cache>,
    options: FetchOptions,
    terms: Terms,
}

impl Fetching {
    /// Reads what the options name.
    pub(super) fn of(context: &Context<'_>, arguments: &NetworkArgs) -> Result<Self, CommandError> {
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
        let cache_use = if arguments.offline {
            CacheUse::Offline
        } else if arguments.no_cache || !headers.is_empty() {
            // What a server gives to whom it knows is not for everyone who asks.
            CacheUse::Off
        } else {
            CacheUse::Normal
        };
        let trusted = extra_authorities.as_deref().map(sha256);
        Ok(Self {
            network: Arc::clone(&context.network),
            cache: Arc::clone(&context.cache),
            terms: Terms {
                allow_http: arguments.allow_http,
                trusted: trusted.map_or_else(String::new, |hash| hexadecimal::encode(&hash)),
                body_limit: arguments.set_limit,
                max_age: None,
                cache_use,
            },
            options: FetchOptions {
                timeout: arguments.timeout,
                retries: arguments.retries,
                extra_authorities,
                headers,
                allow_http: arguments.allow_http,
                body_limit: arguments.set_limit,
            },
        })
    }

    /// With a network and a cache that a test has made.
    #[cfg(test)]
    pub(super) fn in_world(network: Arc<dyn Network>, cache: Arc<dyn Cache>) -> Self {
        const LIMIT: usize = 1 << 20;
        Self {
            network,
            cache,
            terms: Terms {
                allow_http: false,
                trusted: String::new(),
                body_limit: LIMIT,
                max_age: None,
                cache_use: CacheUse::Normal,
            },
            options: FetchOptions {
                timeout: Duration::ZERO,
                retries: 0,
                extra_authorities: None,
                headers: Vec::new(),
                allow_http: false,
                body_limit: LIMIT,
            },
        }
    }

    /// The same, with no answer of the cache that is so old or older.
    pub(super) fn younger_than(mut self, max_age: Option<Duration>) -> Self {
        self.terms.max_age = max_age;
        self
    }

    /// The same, with the server asked in any case; none where it must not be asked.
    pub(super) fn refreshing(&self) -> Option<Self> {
        let mut fetching = self.clone();
        match self.terms.cache_use {
            CacheUse::Offline => return None,
            CacheUse::Off => {}
            CacheUse::Normal | CacheUse::Refresh => {
                fetching.terms.cache_use = CacheUse::Refresh;
            }
        }
        Some(fetching)
    }

    /// The same, with nobody asked; none where nothing is taken from the cache.
    pub(super) fn asking_nobody(&self) -> Option<Self> {
        let mut fetching = self.clone();
        fetching.terms.cache_use = CacheUse::Offline;
        (self.terms.cache_use != CacheUse::Off).then_some(fetching)
    }

    /// Begins with a source; its time limit starts now.
    fn begin(&self) -> Result<Fetcher, CommandError> {
        Ok(Fetcher {
            session: self.network.open(&self.options)?,
            cache: Arc::clone(&self.cache),
            terms: self.terms.clone(),
            named_pause: Cell::new(None),
        })
    }

    /// What a source holds: the set at a URL, or that of an issuer.
    pub(super) fn fetch(
        &self,
        source: &Source,
        tell: &mut dyn FnMut(Remark),
    ) -> Result<Answer, CommandError> {
        self.begin()?.fetch(source, tell)
    }

    /// [`Fetching::fetch`] without a word, and how long the server wants to be left alone.
    pub(super) fn poll(&self, source: &Source) -> (Result<Answer, CommandError>, Option<Duration>) {
        match self.begin() {
            Ok(fetcher) => {
                let result = fetcher.fetch(source, &mut |_| {});
                (result, fetcher.named_pause.get())
            }
            Err(error) => (Err(error), None),
        }
    }

    /// [`Fetching::fetch`], with the way told at once.
    pub(super) fn fetch_and_tell(
        &self,
        context: &mut Context<'_>,
        source: &Source,
    ) -> Result<Answer, CommandError> {
        self.fetch(source, &mut |remark| remark.say(context))
    }

    /// The time by the clock of the cache.
    pub(super) fn now(&self) -> NumericDate {
        self.cache.now()
    }

    /// Whether the server of `source` may be asked again because of a key that its set lacks. Where
    /// somebody is asking it at this time, that is waited for, as long as the own question might take.
    pub(super) fn claim(&self, source: &Source) -> Claim {
        const PAUSE: Duration = Duration::from_millis(50);
        if self.terms.cache_use == CacheUse::Off {
            // Who has nothing from others is not bound by them.
            return Claim::Granted;
        }
        let mut waited = Duration::ZERO;
        loop {
            let claim = self.cache.claim(source.name(), REFETCH_INTERVAL);
            if claim != Claim::Refused(Outcome::Pending) {
                return claim;
            }
            if waited >= self.options.timeout {
                // Whoever wanted to ask has gone: nobody else is to wait as long.
                self.settle(source, Outcome::Failed);
                return claim;
            }
            let _ = after(PAUSE).recv();
            waited += PAUSE;
        }
    }

    /// Tells others what came of a claim that was granted.
    pub(super) fn settle(&self, source: &Source, outcome: Outcome) {
        if self.terms.cache_use != CacheUse::Off {
            self.cache.settle(source.name(), outcome);
        }
    }
}

/// What is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// A URL of a set, of metadata, or of an issuer.
    Url(String),
    /// An issuer, and nothing else.
    Issuer(String),
}

impl Source {
    /// What the caller has called it.
    pub(super) fn name(&self) -> &str {
        let (Self::Url(name) | Self::Issuer(name)) = self;
        name
    }
}

fn header_value(
    context: &Context<'_>,
    header: &HeaderArgument,
) -> Result<(String, Zeroizing<String>), CommandError> {
    if header.name.is_empty() {
        let message =
            "a value of --header is no header (it is not repeated, since it may be secret)";
        return Err(CommandError::usage(message)
            .hint("write 'Name: value', or 'Name: @FILE' to take the value from a file"));
    }
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

/// A URL without credentials, which is not repeated in errors where it may hold them.
fn parsed(text: &str) -> Result<Url, CommandError> {
    let url = Url::parse(text).map_err(|error| {
        let hides_secret = text.contains('@');
        let shown = if hides_secret {
            "what was given".to_owned()
        } else {
            quoted(text)
        };
        let as_url = missing::as_url(text).filter(|_| !hides_secret);
        let wrong = CommandError::usage(format!("{shown} is not a URL"));
        let wrong = match error {
            // Said better by the hint.
            url::ParseError::RelativeUrlWithoutBase => wrong,
            error => wrong.cause(error),
        };
        wrong.hint(as_url.unwrap_or_else(|| {
            "a URL starts with https://; a file is shown by `jwks inspect FILE`".to_owned()
        }))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            CommandError::usage("a URL must not carry a user name or password")
                .hint("send credentials with --header 'Authorization: @FILE'"),
        );
    }
    if !matches!(url.scheme(), "https" | "http") {
        let message = format!(
            "{} has the scheme {}, and only https is fetched",
            quoted(text),
            quoted(url.scheme())
        );
        return Err(CommandError::usage(message).hint("a file is shown by `jwks inspect FILE`"));
    }
    Ok(url)
}
