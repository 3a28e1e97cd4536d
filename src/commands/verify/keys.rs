//! The keys that tokens are checked with, and newer ones where a token names a key that is not among
//! them: an issuer may have added it since the answer in the cache.

use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::Sender;

use crate::cli::VerifyArgs;
use crate::commands::network::{Answer, Fetching, Remark, Source};
use crate::commands::source::{self, Document, Location};
use crate::context::Context;
use crate::core::http_cache::REFETCH_INTERVAL;
use crate::core::jwks::JwkSet;
use crate::core::time::NumericDate;
use crate::error::CommandError;

/// The keys, and where newer ones may be.
pub(super) struct Keys {
    pub(super) set: JwkSet,
    /// True when they came from where anyone can read them.
    pub(super) are_published: bool,
    pub(super) server: Option<Server>,
}

/// Where the keys came from.
pub(super) struct Server {
    fetching: Fetching,
    source: Source,
    /// When it was asked last in this run; none while the cache has answered for it.
    asked: Option<NumericDate>,
}

impl Keys {
    /// Reads or fetches what the arguments name.
    pub(super) fn of(
        arguments: &VerifyArgs,
        context: &mut Context<'_>,
    ) -> Result<Self, CommandError> {
        let source = match (&arguments.issuer, &arguments.jwks) {
            (Some(issuer), _) => Source::Issuer(issuer.clone()),
            (None, Some(argument)) => match Location::of(argument) {
                Location::Url(url) => Source::Url(url),
                local => {
                    let limit = arguments.network.set_limit;
                    let document = source::read_local(context, &local, limit)?;
                    return Ok(Self {
                        set: source::keys(&document)?,
                        are_published: document.published,
                        server: None,
                    });
                }
            },
            (None, None) => {
                let message = "there are no keys: give --jwks or --issuer";
                return Err(CommandError::usage(message));
            }
        };
        let fetching = Fetching::of(context, &arguments.network)?;
        let answer = fetching.fetch_and_tell(context, &source)?;
        Ok(Self {
            set: set_of(&source, &answer)?,
            are_published: true,
            server: Some(Server {
                asked: (!answer.is_from_cache()).then(|| fetching.now()),
                fetching,
                source,
            }),
        })
    }
}

fn set_of(source: &Source, answer: &Answer) -> Result<JwkSet, CommandError> {
    let (Source::Url(name) | Source::Issuer(name)) = source;
    source::keys(&Document::fetched(name, answer.response.body.clone()))
}

impl Server {
    /// Asks again for the keys, because one is missing; none where that was done just now, by this
    /// process or by another one.
    ///
    /// # Errors
    /// It was time to ask, and there was no answer.
    pub(super) fn newer(
        &mut self,
        tell: &mut dyn FnMut(Remark),
    ) -> Result<Option<JwkSet>, CommandError> {
        let now = self.fetching.now();
        let is_recent = |asked: NumericDate| now.since(asked) < REFETCH_INTERVAL;
        if self.asked.is_some_and(is_recent) {
            return Ok(None);
        }
        let Some(fetching) = self.fetching.refreshing() else {
            return Ok(None);
        };
        if !self.fetching.may_refetch(&self.source) {
            return Ok(None);
        }
        self.asked = Some(now);
        let note =
            "the keys in the cache lack the one that the token names: asking their server again";
        tell(Remark::Note(note.to_owned()));
        let answer = fetching.fetch(&self.source, tell)?;
        set_of(&self.source, &answer).map(Some)
    }
}

/// The newest keys, for threads that judge tokens side by side.
pub(super) struct Newest(Mutex<State>);

struct State {
    server: Server,
    set: Option<Arc<JwkSet>>,
    /// To where it is said what is done.
    remarks: Sender<Remark>,
}

impl Newest {
    /// What is said on the way goes to `remarks`.
    pub(super) fn new(server: Server, remarks: Sender<Remark>) -> Self {
        Self(Mutex::new(State {
            server,
            set: None,
            remarks,
        }))
    }

    /// Newer keys than those at the start, for a token that names one that these lack. Whoever asks
    /// meanwhile waits for them, so that every such token of that time is judged by the same keys.
    pub(super) fn keys(&self) -> Option<Arc<JwkSet>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let State {
            server,
            set,
            remarks,
        } = &mut *state;
        // Nobody to listen means that the run is over.
        let mut tell = |remark| drop(remarks.send(remark));
        match server.newer(&mut tell) {
            Ok(Some(newer)) => *set = Some(Arc::new(newer)),
            Ok(None) => {}
            // The tokens are judged by what there is, and the person is told.
            Err(error) => tell(Remark::Warning(format!(
                "the keys could not be fetched again: {error}"
            ))),
        }
        set.clone()
    }
}
