//! One request: from the cache while it holds, else from the server, and again from the cache where the
//! server is out of reach and has allowed that.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::Remark;
use super::provenance::whole_seconds;
use crate::context::{Cache, FetchResponse, Get, Session};
use crate::core::address::Zone;
use crate::core::failure::quoted;
use crate::core::http_cache::StoredResponse;
use crate::core::time::{NumericDate, words};
use crate::error::{CommandError, Exit};

/// The status of what is kept.
const SUCCESS: u16 = 200;

/// How the cache is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CacheUse {
    /// Not at all.
    Off,
    /// What is in it while it holds, then the server.
    Normal,
    /// The server is asked, whatever the cache holds.
    Refresh,
    /// What is in it while it holds, and never the server.
    Offline,
}

/// By which rules an answer is accepted.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub(super) allow_http: bool,
    /// SHA-256 of what is trusted besides the platform's authorities.
    pub(super) trusted: String,
    pub(super) body_limit: usize,
    /// Oldest answer of the cache that will do.
    pub(super) max_age: Option<Duration>,
    pub(super) cache_use: CacheUse,
}

/// Where an answer came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::commands) enum Came {
    /// From the server.
    FromServer,
    /// From the cache, and the server has confirmed it.
    Confirmed,
    /// From the cache, whose time is not over.
    FromCache {
        /// Age of the answer.
        age: Duration,
    },
    /// From the cache, although its time is over: the server cannot be reached.
    StandsIn,
}

/// An answer, where it came from, and what there was before.
pub(in crate::commands) struct Answer {
    pub(in crate::commands) response: FetchResponse,
    pub(in crate::commands) came: Came,
    /// How much longer it may be used without asking the server.
    pub(in crate::commands) holds_for: Option<Duration>,
    /// The copy that was in the cache, and its age.
    pub(super) previous: Option<(Duration, StoredResponse)>,
    key: String,
    /// When its server was asked.
    pub(in crate::commands) asked_at: NumericDate,
}

impl Answer {
    /// True when nobody was asked for it.
    pub(in crate::commands) fn is_from_cache(&self) -> bool {
        matches!(self.came, Came::FromCache { .. } | Came::StandsIn)
    }
}

/// Requests for one source, and the rules that hold for all of them.
pub(in crate::commands) struct Fetcher {
    pub(super) session: Box<dyn Session>,
    pub(super) cache: Arc<dyn Cache>,
    pub(super) terms: Terms,
    /// How long the server that was asked last wants to be left alone.
    pub(super) named_pause: Cell<Option<Duration>>,
}

impl Fetcher {
    /// Fetches `url`. The caller's headers go along to the server of `meant_for` alone.
    pub(super) fn get(
        &self,
        tell: &mut dyn FnMut(Remark),
        url: &Url,
        meant_for: &Url,
        reach: Option<Zone>,
    ) -> Result<Answer, CommandError> {
        let key = self.key(url, reach);
        let stored = self.stored(&key);
        let usable = stored.as_ref().and_then(|stored| self.use_of(stored));
        let stored = match (usable, stored) {
            (Some(came), Some(stored)) => return Ok(self.kept(url, stored, came)),
            (_, stored) => stored,
        };
        if self.terms.cache_use == CacheUse::Offline {
            return self.offline(tell, url, stored);
        }
        let get = Get {
            url,
            with_headers: url.origin() == meant_for.origin(),
            reach,
            validators: None,
        };
        // RFC 9111 §4.2.3: the time on the way counts.
        let asked_at = self.cache.now();
        let asked = self.ask(&get, stored.as_ref());
        let problem = match &asked {
            Err(error) if is_out_of_reach(error) => Some(error.to_string()),
            Ok((response, _)) if may_be_stood_in_for(response.status) => {
                Some(format!("it answered with status {}", response.status))
            }
            _ => None,
        };
        match (problem, stored) {
            (Some(problem), Some(stored)) if self.may_stand_in(&stored) => {
                tell(self.stand_in_warning(url, &stored, &problem));
                Ok(self.kept(url, stored, Came::StandsIn))
            }
            (_, stored) => {
                let (response, came) = asked?;
                let answer = new_answer(key, response, came, asked_at, stored);
                if is_gone(answer.response.status) {
                    self.forget(&answer);
                }
                Ok(answer)
            }
        }
    }

    /// Asks the server, for a confirmation when there is something to be confirmed.
    fn ask(
        &self,
        get: &Get<'_>,
        stored: Option<&StoredResponse>,
    ) -> Result<(FetchResponse, Came), CommandError> {
        let validators = stored.and_then(StoredResponse::validators);
        let response = self.session.get(&Get {
            validators: validators.as_ref(),
            ..*get
        })?;
        let named = response.headers.retry_after(self.cache.now());
        self.named_pause.set(named);
        let Some(stored) = stored.filter(|_| response.status == 304 && validators.is_some()) else {
            return Ok((response, Came::FromServer));
        };
        let confirmed = stored.confirmed(&response.headers, self.cache.now());
        match confirmed.filter(|confirmed| response.url == confirmed.url) {
            Some(confirmed) => {
                let response = FetchResponse {
                    status: SUCCESS,
                    headers: confirmed.headers,
                    body: confirmed.body,
                    ..response
                };
                Ok((response, Came::Confirmed))
            }
            // A confirmation of something else is none: the whole answer is asked for.
            None => Ok((self.session.get(get)?, Came::FromServer)),
        }
    }

    /// The answer that a copy is.
    fn kept(&self, url: &Url, stored: StoredResponse, came: Came) -> Answer {
        Answer {
            came,
            asked_at: stored.arrived,
            holds_for: stored.fresh_for(self.cache.now()),
            previous: None,
            response: FetchResponse {
                requested: url.clone(),
                url: stored.url,
                zone: stored.zone,
                status: SUCCESS,
                headers: stored.headers,
                redirects_hold: stored.redirects_hold,
                body: stored.body,
            },
            key: stored.key,
        }
    }

    /// Without a way to the server.
    fn offline(
        &self,
        tell: &mut dyn FnMut(Remark),
        url: &Url,
        stored: Option<StoredResponse>,
    ) -> Result<Answer, CommandError> {
        let now = self.cache.now();
        let shown = quoted(url.as_str());
        match stored {
            None => {
                let message =
                    format!("{shown} is not in the cache, and --offline asks nobody for it");
                Err(CommandError::new("not-in-cache", Exit::Network, message)
                    .hint("fetch it once without --offline"))
            }
            Some(stored) if self.may_stand_in(&stored) => {
                tell(self.stand_in_warning(url, &stored, "--offline was given"));
                Ok(self.kept(url, stored, Came::StandsIn))
            }
            Some(stored) => {
                let problem = if self.is_young(&stored) {
                    "out of date"
                } else {
                    "not as young as --max-age demands"
                };
                let message = format!(
                    "the copy of {shown} in the cache is {} old and {problem}",
                    words(whole_seconds(stored.age(now)))
                );
                Err(CommandError::new("stale-in-cache", Exit::Network, message)
                    .hint("fetch it anew without --offline"))
            }
        }
    }

    fn stand_in_warning(&self, url: &Url, stored: &StoredResponse, problem: &str) -> Remark {
        let age = words(whole_seconds(stored.age(self.cache.now())));
        Remark::Warning(format!(
            "{} cannot be asked ({problem}): its answer of {age} ago is used, as it allows (stale-if-error)",
            quoted(url.as_str())
        ))
    }

    /// Keeps an answer that has turned out to be what was sought.
    pub(super) fn keep(&self, answer: &Answer) {
        let is_new = !answer.is_from_cache();
        // What is a part, or comes with reservations, answers this request and no other.
        let is_whole = answer.response.status == SUCCESS;
        if !is_new || !is_whole || self.terms.cache_use == CacheUse::Off {
            return;
        }
        let stored = to_be_stored(&answer.key, &answer.response, answer.asked_at);
        if stored.may_be_kept() {
            self.cache.write(&stored.key, &stored.to_bytes());
        } else {
            self.forget(answer);
        }
    }

    /// Takes away what the cache has where the server itself now says something else: an older copy must
    /// not outlive a newer answer, however its URL was found.
    pub(super) fn forget(&self, answer: &Answer) {
        let may_write = matches!(self.terms.cache_use, CacheUse::Normal | CacheUse::Refresh);
        let is_last_word = answer.response.status == SUCCESS || is_gone(answer.response.status);
        if may_write && is_last_word {
            for reach in [None].into_iter().chain(Zone::ALL.map(Some)) {
                self.cache
                    .remove(&self.key(&answer.response.requested, reach));
            }
        }
    }

    /// True when the cache can answer for `url` as things are.
    pub(super) fn knows(&self, url: &Url, reach: Option<Zone>) -> bool {
        let stored = self.stored(&self.key(url, reach));
        stored.is_some_and(|stored| {
            self.use_of(&stored).is_some()
                || (self.terms.cache_use == CacheUse::Offline && self.may_stand_in(&stored))
        })
    }

    /// True when a copy will do because the server cannot be asked. Who wants to hear from the server
    /// itself has no use for it.
    fn may_stand_in(&self, stored: &StoredResponse) -> bool {
        self.terms.cache_use != CacheUse::Refresh
            && stored.may_stand_in(self.cache.now())
            && self.is_young(stored)
    }

    /// True when the caller takes a copy that is so old.
    fn is_young(&self, stored: &StoredResponse) -> bool {
        let age = stored.age(self.cache.now());
        self.terms.max_age.is_none_or(|most| age < most)
    }

    /// True when the cache may answer for `url` when its server is out of reach.
    pub(super) fn can_stand_in(&self, url: &Url, reach: Option<Zone>) -> bool {
        let stored = self.stored(&self.key(url, reach));
        stored.is_some_and(|stored| self.may_stand_in(&stored))
    }

    /// How a copy may be used without asking the server.
    fn use_of(&self, stored: &StoredResponse) -> Option<Came> {
        let now = self.cache.now();
        stored.fresh_for(now)?;
        let may_use = matches!(self.terms.cache_use, CacheUse::Normal | CacheUse::Offline);
        (may_use && self.is_young(stored)).then(|| Came::FromCache {
            age: stored.age(now),
        })
    }

    fn stored(&self, key: &str) -> Option<StoredResponse> {
        if self.terms.cache_use == CacheUse::Off {
            return None;
        }
        let stored = StoredResponse::from_bytes(&self.cache.read(key)?, key)?;
        (stored.body.len() <= self.terms.body_limit).then_some(stored)
    }

    /// What an answer is kept under: the URL, and all that made it acceptable.
    fn key(&self, url: &Url, reach: Option<Zone>) -> String {
        format!(
            "{url}\nhttp: {}\ntrusted: {}\nreach: {}",
            self.terms.allow_http,
            self.terms.trusted,
            reach.map_or("anywhere", Zone::name)
        )
    }
}

/// An answer for which a server was asked.
fn new_answer(
    key: String,
    response: FetchResponse,
    came: Came,
    asked_at: NumericDate,
    previous: Option<StoredResponse>,
) -> Answer {
    Answer {
        holds_for: to_be_stored(&key, &response, asked_at).fresh_for(asked_at),
        previous: previous.map(|previous| (previous.age(asked_at), previous)),
        response,
        came,
        key,
        asked_at,
    }
}

/// An answer as it is kept from now on.
fn to_be_stored(key: &str, response: &FetchResponse, asked_at: NumericDate) -> StoredResponse {
    StoredResponse {
        key: key.to_owned(),
        url: response.url.clone(),
        zone: response.zone,
        headers: response.headers.clone(),
        arrived: asked_at,
        redirects_hold: response.redirects_hold,
        body: response.body.clone(),
    }
}

/// True of the statuses by which a server says that it has nothing (RFC 9110 §15.5.5 and §15.5.11).
fn is_gone(status: u16) -> bool {
    matches!(status, 404 | 410)
}

/// RFC 5861 §4: the statuses that say that the server cannot answer.
fn may_be_stood_in_for(status: u16) -> bool {
    matches!(status, 500 | 502 | 503 | 504)
}

/// True of faults that say nothing but that there is no answer. A server that shows the wrong
/// certificate or redirects where it must not is no such fault.
fn is_out_of_reach(error: &CommandError) -> bool {
    matches!(
        error.code,
        "network-body"
            | "network-connect"
            | "network-dns"
            | "network-http"
            | "network-proxy"
            | "network-timeout"
            | "network-timeout-body"
    )
}
