//! The network: one blocking request at a time, under a time limit, with bounded bodies, few
//! redirects, and TLS that knows the platform's authorities.
//!
//! Redirects are followed here and not by the HTTP library, so that each step is held to the same
//! rules and headers of the caller never reach another server.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the network is touched"
)]

mod client;
mod fault;

use std::io::Read;
use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::blocking::Response;
use reqwest::header::{ACCEPT, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};

use crate::context::{FetchOptions, FetchResponse, Network, Session};
use crate::core::discovery::is_loopback;
use crate::core::failure::quoted;
use crate::core::time::{NumericDate, parse_http_date};
use crate::edge::clock;
use crate::error::{CommandError, Exit};
use client::Clients;

/// Some servers answer 406 to a plain JSON type, others to a plain key set type.
const ACCEPTED: &str = "application/jwk-set+json, application/json;q=0.9, */*;q=0.1";
const REDIRECTS: usize = 5;
/// First pause before a retry; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A time limit beyond this is as good as none, and is no sum that a clock could not hold.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(7 * 86_400);

/// The real network.
pub struct RealNetwork;

impl Network for RealNetwork {
    fn open(&self, options: &FetchOptions) -> Result<Box<dyn Session>, CommandError> {
        Ok(Box::new(RealSession {
            clients: Clients::new(options.extra_authorities.as_deref())?,
            headers: headers(options)?,
            deadline: Instant::now() + options.timeout.min(LONGEST_TIMEOUT),
            options: options.clone(),
        }))
    }
}

struct RealSession {
    clients: Clients,
    headers: Vec<(HeaderName, HeaderValue)>,
    deadline: Instant,
    options: FetchOptions,
}

impl Session for RealSession {
    fn get(&self, url: &Url, with_headers: bool) -> Result<FetchResponse, CommandError> {
        self.require_permitted(url)?;
        let mut pause = FIRST_PAUSE;
        let mut attempts_left = self.options.retries;
        loop {
            let result = self.attempt(url, with_headers);
            let wait = match &result {
                Ok((response, retry_after)) if may_pass(response.status) => {
                    retry_after.unwrap_or(pause)
                }
                Err(error) if error.code == "network-connect" => pause,
                _ => return result.map(|(response, _)| response),
            };
            // A server that asks for more time than there is gets its answer reported now.
            if attempts_left == 0 || wait >= self.time_left() {
                return result.map(|(response, _)| response);
            }
            std::thread::sleep(wait);
            attempts_left -= 1;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }
}

impl RealSession {
    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Plain http is for this machine, or where the caller allows it; nothing else is fetched at all.
    fn require_permitted(&self, url: &Url) -> Result<(), CommandError> {
        let shown = quoted(url.as_str());
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.options.allow_http || is_loopback(url) => Ok(()),
            "http" => {
                let message =
                    format!("{shown} is not https: anyone on the way could change the keys");
                Err(CommandError::new("http-not-https", Exit::Network, message)
                    .hint("use the https URL, or --allow-http where the network is trusted"))
            }
            scheme => Err(CommandError::usage(format!(
                "{shown} has the scheme {}, and only https is fetched",
                quoted(scheme)
            ))),
        }
    }

    /// One request, and those to which it is redirected.
    fn attempt(
        &self,
        start: &Url,
        with_headers: bool,
    ) -> Result<(FetchResponse, Option<Duration>), CommandError> {
        let mut url = start.clone();
        for _ in 0..=REDIRECTS {
            let same_server = url.origin() == start.origin();
            let response = self.send(&url, with_headers && same_server)?;
            match redirect_target(&url, &response) {
                None => return self.answer(start, &url, response),
                Some(target) => url = self.permitted(start, &url, target)?,
            }
        }
        Err(fault::redirect(
            start,
            &format!("more than {REDIRECTS} times"),
        ))
    }

    fn send(&self, url: &Url, with_headers: bool) -> Result<Response, CommandError> {
        let left = self.time_left();
        if left.is_zero() {
            return Err(fault::timed_out(url, self.options.timeout));
        }
        let mut request = self
            .clients
            .for_url(url)?
            .get(url.clone())
            .header(ACCEPT, ACCEPTED)
            .timeout(left);
        for (name, value) in self.headers.iter().filter(|_| with_headers) {
            request = request.header(name.clone(), value.clone());
        }
        request
            .send()
            .map_err(|error| fault::of_request(url, &error, self.options.timeout))
    }

    /// A redirect may lead to https, and from this machine to this machine; never from https to http.
    fn permitted(&self, start: &Url, from: &Url, target: Url) -> Result<Url, CommandError> {
        let stays_here = is_loopback(start) && is_loopback(from) && is_loopback(&target);
        if !target.username().is_empty() || target.password().is_some() {
            return Err(fault::redirect(
                start,
                "to a URL with a user name or password",
            ));
        }
        let http_allowed = from.scheme() == "http" && (self.options.allow_http || stays_here);
        match target.scheme() {
            "https" => Ok(target),
            "http" if http_allowed => Ok(target),
            _ => Err(fault::redirect(start, "to a URL that is not https")),
        }
    }

    fn answer(
        &self,
        requested: &Url,
        url: &Url,
        response: Response,
    ) -> Result<(FetchResponse, Option<Duration>), CommandError> {
        let retry_after = header(&response, RETRY_AFTER.as_str())
            .and_then(|text| retry_after(&text, clock::now()));
        if let Some(encoding) = header(&response, "content-encoding")
            && !encoding.eq_ignore_ascii_case("identity")
        {
            let message = format!(
                "{} answered in the encoding {}, which was not asked for",
                quoted(url.as_str()),
                quoted(&encoding)
            );
            return Err(CommandError::new(
                "http-content-encoding",
                Exit::Network,
                message,
            ));
        }
        let answer = FetchResponse {
            requested: requested.clone(),
            url: url.to_string(),
            status: response.status().as_u16(),
            content_type: header(&response, "content-type"),
            cache_control: list_header(&response, "cache-control"),
            expires: header(&response, "expires"),
            date: header(&response, "date"),
            etag: header(&response, "etag"),
            body: self.body(url, response)?,
        };
        Ok((answer, retry_after))
    }

    fn body(&self, url: &Url, response: Response) -> Result<Vec<u8>, CommandError> {
        let limit = self.options.body_limit;
        let mut body = Vec::new();
        let mut reader = response.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1));
        reader.read_to_end(&mut body).map_err(|error| {
            if self.time_left().is_zero() {
                fault::timed_out(url, self.options.timeout)
            } else {
                let message = format!("the answer of {} broke off", quoted(url.as_str()));
                CommandError::new("network-body", Exit::Network, message).cause(fault::root(&error))
            }
        })?;
        if body.len() > limit {
            let message = format!(
                "{} answered with more than {limit} bytes",
                quoted(url.as_str())
            );
            return Err(CommandError::new("body-too-large", Exit::Network, message));
        }
        Ok(body)
    }
}

/// RFC 6585 §4, RFC 9110 §15.6: too many requests, and faults of the server.
fn may_pass(status: u16) -> bool {
    status == 429 || (500..600).contains(&status)
}

/// Where a response redirects to (RFC 9110 §15.4); none when it is an answer of its own.
fn redirect_target(url: &Url, response: &Response) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = header(response, LOCATION.as_str())?;
    url.join(&location).ok()
}

/// RFC 9110 §10.2.3: seconds, or a date.
fn retry_after(text: &str, now: NumericDate) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    parse_http_date(text).map(|date| date.since(now))
}

fn header(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A header whose value is a list, which may stand on several lines (RFC 9110 §5.3).
fn list_header(response: &Response, name: &str) -> Option<String> {
    let lines = response.headers().get_all(name).iter();
    let lines: Vec<_> = lines
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

fn headers(options: &FetchOptions) -> Result<Vec<(HeaderName, HeaderValue)>, CommandError> {
    options
        .headers
        .iter()
        .map(|(name, value)| {
            let wrong = |part: &str| {
                CommandError::usage(format!(
                    "--header: {} has a {part} that HTTP does not allow",
                    quoted(name)
                ))
            };
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("name"))?;
            let mut value = HeaderValue::from_str(value).map_err(|_| wrong("value"))?;
            value.set_sensitive(true);
            Ok((key, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_when_to_come_back_in_seconds_or_as_a_date() {
        let now = NumericDate::from_seconds(784_111_777);
        assert_eq!(retry_after(" 120 ", now), Some(Duration::from_secs(120)));
        let date = "Sun, 06 Nov 1994 08:49:47 GMT";
        assert_eq!(retry_after(date, now), Some(Duration::from_secs(10)));
        let past = "Sun, 06 Nov 1994 08:49:07 GMT";
        assert_eq!(retry_after(past, now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
