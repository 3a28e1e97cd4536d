//! How long an answer may be used again (RFC 9111), and what may be done with it afterwards (RFC 5861).
//!
//! The time here is the one of the clock and never `--at`: what a server allows counts from when it
//! answered, whatever time a token is judged by.

mod entry;
mod headers;

use std::time::{Duration, SystemTime};

use http::header::AGE;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_cache_semantics::{AfterResponse, CacheOptions, CachePolicy};

use super::address::Zone;
use super::time::{NumericDate, parse_http_date};
pub use headers::ResponseHeaders;

/// How long an answer is used again of which the server does not say how long.
pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(600);
/// Longest time for which an answer is used again, whatever the server allows: a key that is revoked
/// must not live on for months.
pub const LONGEST_LIFETIME: Duration = Duration::from_secs(86_400);
/// Shortest time between two requests that a token with an unknown kid causes.
pub const REFETCH_INTERVAL: Duration = Duration::from_secs(30);
/// An age beyond this is as good as this, and no sum overflows.
const OLDEST: Duration = Duration::from_secs(1 << 32);
/// The directives that forbid things. They count wherever they are named: who writes them down wrongly
/// means them all the same.
const STRICT: [&str; 3] = ["no-cache", "no-store", "must-revalidate"];

/// An answer that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    /// What it answers: the URL and all that made the caller accept the answer.
    pub key: String,
    /// The URL that answered in the end.
    pub url: String,
    /// Where that URL, or the one outermost of those that led to it, was reached.
    pub zone: Zone,
    /// Its headers.
    pub headers: ResponseHeaders,
    /// When its server was asked, to the second: what comes later was on the way.
    pub arrived: NumericDate,
    /// How long the redirects to it hold; none when there were none.
    pub redirects_hold: Option<Duration>,
    /// Its body.
    pub body: Vec<u8>,
}

impl StoredResponse {
    /// True when the server lets it be kept at all (RFC 9111 §3).
    #[must_use]
    pub fn may_be_kept(&self) -> bool {
        policy(StatusCode::OK, &self.headers, self.arrived).is_storable()
    }

    /// How old it is: the time since it arrived, and before that in the caches of others as far as it
    /// tells.
    #[must_use]
    pub fn age(&self, now: NumericDate) -> Duration {
        let before = age_on_arrival(&self.headers, self.arrived);
        let before = before.unwrap_or_default();
        before.saturating_add(now.since(self.arrived))
    }

    /// How much longer it may be used without asking the server; none when that time is over.
    #[must_use]
    pub fn fresh_for(&self, now: NumericDate) -> Option<Duration> {
        // Of an answer from the future the clock does not tell the age.
        let age_here = (self.arrived <= now).then(|| now.since(self.arrived))?;
        let left = self.lifetime().checked_sub(age_here)?;
        (!left.is_zero()).then_some(left)
    }

    /// True when the server lets it be used although it is out of date, since it cannot be asked
    /// (RFC 5861 §4).
    #[must_use]
    pub fn may_stand_in(&self, now: NumericDate) -> bool {
        let Some(control) = self.headers.get("cache-control") else {
            return false;
        };
        let is_forbidden = STRICT.iter().any(|name| mentions(control, name));
        // Who no longer says that another server speaks for it has not allowed that it goes on.
        let is_redirected = self
            .redirects_hold
            .is_none_or(|holds| now.since(self.arrived) < holds);
        if self.arrived > now
            || is_forbidden
            || !is_redirected
            || varies_by_anything(&self.headers)
            || age_on_arrival(&self.headers, self.arrived).is_none()
        {
            return false;
        }
        let seconds = |name| {
            let value = directive(control, name)?.parse().ok()?;
            Some(Duration::from_secs(value).min(LONGEST_LIFETIME))
        };
        let lifetime = self.lifetime();
        // It may have been out of date for a while when it arrived.
        let late = if lifetime.is_zero() {
            let whole = seconds("max-age").unwrap_or_default();
            self.age(self.arrived).saturating_sub(whole)
        } else {
            Duration::ZERO
        };
        seconds("stale-if-error").is_some_and(|grace| {
            now.since(self.arrived).saturating_add(late) <= lifetime.saturating_add(grace)
        })
    }

    /// What a request says so that an answer without body confirms this one (RFC 9110 §13.1).
    #[must_use]
    pub fn validators(&self) -> Option<Validators> {
        let own = |name| self.headers.get(name).map(str::to_owned);
        let (etag, last_modified) = (own("etag"), own("last-modified"));
        let any = etag.is_some() || last_modified.is_some();
        any.then(|| Validators {
            url: self.url.clone(),
            etag,
            last_modified,
        })
    }

    /// This answer as one of status 304 with these headers confirms it; none when that is about another
    /// one (RFC 9111 §4.3.4).
    #[must_use]
    pub fn confirmed(&self, headers: &ResponseHeaders, now: NumericDate) -> Option<Self> {
        let old = policy(StatusCode::OK, &self.headers, self.arrived);
        let response = response(StatusCode::NOT_MODIFIED, headers, now);
        match old.after_response(&Request::new(()), &response, system_time(now)) {
            AfterResponse::Modified(..) => None,
            AfterResponse::NotModified(..) => Some(Self {
                headers: self.headers.confirmed_by(headers),
                arrived: now,
                ..self.clone()
            }),
        }
    }

    /// How long it may be used from its arrival on.
    fn lifetime(&self) -> Duration {
        let limit = self.redirects_hold.unwrap_or(LONGEST_LIFETIME);
        remaining(StatusCode::OK, &self.headers, self.arrived)
            .min(limit)
            .min(LONGEST_LIFETIME)
    }
}

/// What a conditional request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validators {
    /// The URL that they are about. Another one must not get them: it could use the same names for
    /// other things.
    pub url: String,
    /// `ETag` of what is there.
    pub etag: Option<String>,
    /// `Last-Modified` of what is there.
    pub last_modified: Option<String>,
}

/// How long a redirect of this status holds from its arrival on: one that is not permanent no time,
/// unless it says so (RFC 9110 §15.4).
#[must_use]
pub fn redirect_holds(status: u16, headers: &ResponseHeaders, arrived: NumericDate) -> Duration {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND);
    if policy(status, headers, arrived).is_storable() {
        remaining(status, headers, arrived)
    } else {
        Duration::ZERO
    }
}

fn remaining(status: StatusCode, headers: &ResponseHeaders, arrived: NumericDate) -> Duration {
    let age = age_on_arrival(headers, arrived).filter(|_| !varies_by_anything(headers));
    let Some(age) = age else {
        return Duration::ZERO;
    };
    let is_permanent = matches!(status.as_u16(), 200 | 301 | 308);
    let control = headers.get("cache-control").unwrap_or_default();
    let first = directive(control, "max-age");
    if directives(control, "max-age").any(|other| Some(other) != first) {
        // Two that differ say nothing (RFC 9111 §4.2.1).
        return Duration::ZERO;
    }
    let says_how_long = ["max-age", "no-cache", "no-store"]
        .iter()
        .any(|name| mentions(control, name))
        || headers.get("expires").is_some()
        || headers.get("pragma").is_some();
    if says_how_long || !is_permanent {
        return policy(status, headers, arrived).time_to_live(system_time(arrived));
    }
    DEFAULT_LIFETIME.saturating_sub(age)
}

/// How old an answer was when it arrived: as the caches on the way say, or its server's own date, whichever
/// is more (RFC 9111 §4.2.3). None when what they say is no time.
fn age_on_arrival(headers: &ResponseHeaders, arrived: NumericDate) -> Option<Duration> {
    let told = match headers.get("age").map(str::trim) {
        None => 0,
        Some(age) if age.bytes().all(|byte| byte.is_ascii_digit()) => age.parse().ok()?,
        Some(_) => return None,
    };
    let apparent = match headers.get("date") {
        None => Duration::ZERO,
        Some(date) => arrived.since(parse_http_date(date)?),
    };
    Some(apparent.max(Duration::from_secs(told)).min(OLDEST))
}

/// True when nothing tells which other request it would answer (RFC 9111 §4.1).
fn varies_by_anything(headers: &ResponseHeaders) -> bool {
    let names = headers.get("vary").unwrap_or_default();
    names.split(',').any(|name| name.trim() == "*")
}

/// What the library makes of an answer.
fn policy(status: StatusCode, headers: &ResponseHeaders, arrived: NumericDate) -> CachePolicy {
    let options = CacheOptions {
        shared: false,
        // Nothing is guessed but DEFAULT_LIFETIME.
        cache_heuristic: 0.0,
        immutable_min_time_to_live: Duration::ZERO,
        ignore_cargo_cult: false,
    };
    let (request, response) = (Request::new(()), response(status, headers, arrived));
    CachePolicy::new_options(&request, &response, system_time(arrived), options)
}

/// The answer as the library reads it: directives in lower case, which it compares to the letter, each
/// strict one by itself, and the age that counts, which it can add to.
fn response(status: StatusCode, headers: &ResponseHeaders, arrived: NumericDate) -> Response<()> {
    let mut map = HeaderMap::new();
    let age = age_on_arrival(headers, arrived).unwrap_or(OLDEST);
    map.insert(AGE, age.as_secs().into());
    for (name, value) in headers.iter() {
        let value = match name {
            "cache-control" | "pragma" => {
                let plain = value.chars().map(|character| match character {
                    '\t' => ' ',
                    ' '..='~' => character.to_ascii_lowercase(),
                    _ => '?',
                });
                let mut plain: String = plain.collect();
                for name in STRICT.iter().filter(|name| mentions(value, name)) {
                    plain = format!("{name}, {plain}");
                }
                plain
            }
            "age" => continue,
            _ => value.to_owned(),
        };
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value),
        ) {
            map.insert(name, value);
        }
    }
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = map;
    response
}

/// True when a directive is named, whatever stands around it.
fn mentions(control: &str, name: &str) -> bool {
    let is_end = |character: char| !character.is_ascii_alphanumeric() && character != '-';
    control
        .split(is_end)
        .any(|word| word.eq_ignore_ascii_case(name))
}

/// The value of a directive, empty when it has none (RFC 9111 §5.2).
fn directive<'c>(control: &'c str, name: &str) -> Option<&'c str> {
    directives(control, name).next()
}

/// The values of all directives of that name.
fn directives<'c>(control: &'c str, name: &str) -> impl Iterator<Item = &'c str> {
    control.split(',').filter_map(move |part| {
        let (own, value) = part.split_once('=').unwrap_or((part, ""));
        let is_it = own.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"'))
    })
}

/// The time as the library takes it, within the years that it can write.
fn system_time(time: NumericDate) -> SystemTime {
    const YEAR_9999: u64 = 253_370_764_800;
    let seconds = u64::try_from(time.seconds()).unwrap_or(0).min(YEAR_9999);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests;
