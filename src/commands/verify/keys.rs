//! The keys that tokens are checked with, and newer ones where a token names a key that is not among
//! them: an issuer may have added it since the answer in the cache.

use crate::cli::VerifyArgs;
use crate::commands::network::{Answer, Fetching, Remark, Source};
use crate::commands::source::{self, Document, Location};
use crate::context::{Claim, Context, Outcome};
use crate::core::engine::sha256;
use crate::core::failure::Code;
use crate::core::jwks::JwkSet;
use crate::core::refetch::KeyTimes;
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

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
    times: KeyTimes,
    /// SHA-256 of the answer in hand.
    hash: [u8; 32],
    /// When that answer was asked for, by whoever it was.
    asked_at: NumericDate,
    /// How the last attempt to have newer keys ended for those who come too soon after it, and when.
    last: Option<(NumericDate, Outcome)>,
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
            server: Some(Server::of(fetching, source, &answer)),
        })
    }
}

fn set_of(source: &Source, answer: &Answer) -> Result<JwkSet, CommandError> {
    let (Source::Url(name) | Source::Issuer(name)) = source;
    source::keys(&Document::fetched(name, answer.response.body.clone()))
}

/// When an answer that has just come is to be replaced.
fn times_of(answer: &Answer, now: NumericDate) -> KeyTimes {
    if answer.is_from_cache() {
        KeyTimes::from_cache(now, answer.holds_for)
    } else {
        KeyTimes::from_server(now, answer.holds_for)
    }
}

impl Server {
    /// The server of `source`, which has given this answer.
    pub(super) fn of(fetching: Fetching, source: Source, answer: &Answer) -> Self {
        Self {
            times: times_of(answer, fetching.now()),
            hash: sha256(&answer.response.body),
            asked_at: answer.asked_at,
            last: None,
            fetching,
            source,
        }
    }

    /// True when the time for which the keys hold is over.
    pub(super) fn are_due(&self) -> bool {
        self.times.are_due(self.fetching.now())
    }

    /// Has the keys anew, as at the start; none where they are those in hand.
    ///
    /// # Errors
    /// They cannot be had, and those in hand are outdated.
    pub(super) fn renewed(
        &mut self,
        tell: &mut dyn FnMut(Remark),
    ) -> Result<Option<JwkSet>, CommandError> {
        let now = self.fetching.now();
        let result = self.current(tell).and_then(|answer| self.take(&answer));
        if result.is_err() {
            self.times = KeyTimes::sought_in_vain(now);
            self.last = Some((now, Outcome::Failed));
        }
        result
    }

    /// The answer by the rules of the start, but none that is older than the one in hand, which the cache
    /// has where that one could not be kept.
    fn current(&self, tell: &mut dyn FnMut(Remark)) -> Result<Answer, CommandError> {
        // The way was told at the start: over months it is noise.
        let mut warn = |remark| {
            if matches!(remark, Remark::Warning(_)) {
                tell(remark);
            }
        };
        let answer = self.fetching.fetch(&self.source, &mut warn)?;
        if !answer.is_from_cache() || answer.asked_at >= self.asked_at {
            return Ok(answer);
        }
        match self.fetching.refreshing() {
            Some(fetching) => fetching.fetch(&self.source, &mut warn),
            None => Err(outdated("the cache has older ones alone")),
        }
    }

    /// Asks again for the keys, because one is missing; none where those in hand are what the server
    /// says, or said just now to this process or to another one.
    ///
    /// # Errors
    /// Nobody can tell what it says: it was time to ask, and there was no answer, or another process has
    /// found that out just now (`keys-unavailable`).
    pub(super) fn newer(
        &mut self,
        tell: &mut dyn FnMut(Remark),
    ) -> Result<Option<JwkSet>, CommandError> {
        let now = self.fetching.now();
        if let Some((_, outcome)) = self
            .last
            // The disk is looked at once a second, however many tokens there are.
            .filter(|(at, _)| *at == now || self.times.were_asked_for(now))
        {
            return unchanged_after(outcome);
        }
        if self.times.were_asked_for(now) {
            return Ok(None);
        }
        let Some(fetching) = self.fetching.refreshing() else {
            return Ok(None);
        };
        match self.fetching.claim(&self.source) {
            Claim::Granted => {}
            Claim::Refused(outcome) => return self.newer_of_others(now, outcome),
            // Each process might then ask for each bad token. One that has had the keys for a while may.
            Claim::Unshared if self.times.are_settled(now) => {}
            Claim::Unshared => return Err(cannot_take_turns()),
        }
        let note =
            "the keys in the cache lack the one that the token names: asking their server again";
        tell(Remark::Note(note.to_owned()));
        let result = fetching
            .fetch(&self.source, tell)
            .and_then(|answer| self.take(&answer));
        let outcome = match result {
            Ok(_) => Outcome::Answered,
            Err(_) => Outcome::Failed,
        };
        if result.is_err() {
            self.times = self.times.asked_in_vain(now);
        }
        self.last = Some((now, outcome));
        self.fetching.settle(&self.source, outcome);
        result
    }

    /// The newer keys of the process that has asked for them just now, from the cache.
    fn newer_of_others(
        &mut self,
        now: NumericDate,
        outcome: Outcome,
    ) -> Result<Option<JwkSet>, CommandError> {
        self.last = Some((now, outcome));
        if outcome == Outcome::Pending {
            // It has been waited for, and not every token is to wait again.
            self.times = self.times.asked_in_vain(self.fetching.now());
        }
        let cached = self.fetching.asking_nobody();
        let answer = cached.and_then(|cache| cache.fetch(&self.source, &mut |_| {}).ok());
        match answer.filter(|answer| answer.asked_at >= self.asked_at) {
            Some(answer) if sha256(&answer.response.body) != self.hash => self.take(&answer),
            Some(_) => unchanged_after(outcome),
            // What it was told is not for others.
            None => unchanged_after(Outcome::Failed),
        }
    }

    /// Has the keys of an answer from now on; none where they are those in hand.
    fn take(&mut self, answer: &Answer) -> Result<Option<JwkSet>, CommandError> {
        let set = set_of(&self.source, answer)?;
        let hash = sha256(&answer.response.body);
        let is_new = hash != self.hash;
        self.times = times_of(answer, self.fetching.now());
        self.hash = hash;
        self.asked_at = answer.asked_at;
        self.last = None;
        Ok(is_new.then_some(set))
    }
}

/// No newer keys, after an attempt with this outcome.
fn unchanged_after(outcome: Outcome) -> Result<Option<JwkSet>, CommandError> {
    match outcome {
        Outcome::Answered => Ok(None),
        Outcome::Pending | Outcome::Failed => {
            let message = "the keys in the cache lack the one that the token names, and their server \
                           did not answer when it was asked again just now";
            Err(unavailable(message).hint("try again in half a minute"))
        }
    }
}

fn cannot_take_turns() -> CommandError {
    let message = "the keys in the cache lack the one that the token names, and their server is not \
                   asked again: the cache cannot be written to";
    let hint = "let the cache be written to, or do without it (--no-cache)";
    unavailable(message).hint(hint)
}

/// Keys by which no token is accepted any more.
pub(super) fn outdated(why: &str) -> CommandError {
    let message = format!("the time for which the keys hold is over: {why}");
    CommandError::new(Code::KeysOutdated.as_str(), Exit::Network, message)
}

fn unavailable(message: &str) -> CommandError {
    CommandError::new(Code::KeysUnavailable.as_str(), Exit::Network, message)
}
