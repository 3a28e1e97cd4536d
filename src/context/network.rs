//! The network, and what is kept of its answers.

use std::time::Duration;

use url::Url;
use zeroize::Zeroizing;

use crate::core::address::Zone;
use crate::core::http_cache::{ResponseHeaders, Validators};
use crate::core::time::NumericDate;
use crate::error::CommandError;

/// How to fetch.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// Longest time for one source, redirects, discovery and retries included.
    pub timeout: Duration,
    /// How often to try again after a fault that may pass.
    pub retries: u32,
    /// PEM of the authorities to trust besides the platform's.
    pub extra_authorities: Option<Vec<u8>>,
    /// Further request headers.
    pub headers: Vec<(String, Zeroizing<String>)>,
    /// True when plain http is accepted from anywhere, and not from loopback alone.
    pub allow_http: bool,
    /// Longest body, in bytes.
    pub body_limit: usize,
}

/// What is asked of a server.
#[derive(Clone, Copy)]
pub struct Get<'r> {
    /// The URL.
    pub url: &'r Url,
    /// True when the headers of the options go along: this is the server for which they are meant.
    pub with_headers: bool,
    /// How far inside an address may be that is asked, the redirects included; none for a URL that the
    /// caller named, which may be anywhere, and whose redirects go no further inside than it is.
    pub reach: Option<Zone>,
    /// What is there already.
    pub validators: Option<&'r Validators>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct FetchResponse {
    /// The URL that was asked.
    pub requested: Url,
    /// The URL that answered in the end.
    pub url: String,
    /// How far inside whatever this answer names may be.
    pub zone: Zone,
    /// HTTP status.
    pub status: u16,
    /// The headers that say what it is and how long it holds.
    pub headers: ResponseHeaders,
    /// How long the redirects to it hold; none when there were none.
    pub redirects_hold: Option<Duration>,
    /// The body.
    pub body: Vec<u8>,
}

/// The network. Threads may use it at the same time.
pub trait Network: Send + Sync {
    /// Opens a session, whose time limit starts now.
    ///
    /// # Errors
    /// The options cannot be met.
    fn open(&self, options: &FetchOptions) -> Result<Box<dyn Session>, CommandError>;
}

/// Requests that share a time limit.
pub trait Session {
    /// Fetches a URL; any status is an answer.
    ///
    /// # Errors
    /// A code for each way in which a request can fail.
    fn get(&self, get: &Get<'_>) -> Result<FetchResponse, CommandError>;
}

/// Whether a server may be asked out of turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has asked just now.
    Granted,
    /// Somebody has, with this outcome.
    Refused(Outcome),
    /// Nobody can tell: processes have no place where they could let each other know.
    Unshared,
}

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet.
    Pending,
    /// An answer, which the cache has if it may be kept.
    Answered,
    /// No answer.
    Failed,
}

/// What is kept between runs, under names of letters and digits. It is a help and never a need: what
/// cannot be read is not there, and what cannot be written is not kept.
pub trait Cache: Send + Sync {
    /// What is kept under `name`, when it is ours.
    fn read(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps `bytes` under `name`, in the place of what was there.
    fn write(&self, name: &str, bytes: &[u8]);

    /// Forgets what is kept under `name`.
    fn remove(&self, name: &str);

    /// Grants it to one process within `interval` to ask for `name` out of turn. Whoever it is granted to
    /// tells by [`Cache::settle`] what came of it.
    fn claim(&self, name: &str, interval: Duration) -> Claim;

    /// Tells the other processes what came of a claim.
    fn settle(&self, name: &str, outcome: Outcome);

    /// Forgets everything, and says how much that was.
    ///
    /// # Errors
    /// `cache-unusable`.
    fn clear(&self) -> Result<usize, CommandError>;

    /// The time by the clock: the one that the caches of several processes share.
    fn now(&self) -> NumericDate;
}
