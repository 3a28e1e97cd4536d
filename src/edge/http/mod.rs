//! The network: one blocking request at a time, under a time limit, with bounded bodies, few
//! redirects, and TLS that knows the platform's authorities.
//!
//! Redirects are followed here and not by the HTTP library, so that each step is held to the same
//! rules and headers of the caller never reach another server.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the network is touched"
)]

mod answer;
mod client;
mod fault;
mod resolver;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Url;
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{
    ACCEPT, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, InvalidHeaderValue,
};

use crate::context::{FetchOptions, FetchResponse, Get, Network, Session};
use crate::core::address::Zone;
use crate::core::discovery::is_loopback;
use crate::core::failure::quoted;
use crate::core::http_cache::{Validators, redirect_holds};
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
#[derive(Default)]
pub struct RealNetwork {
    /// The clients, by the authorities that the caller adds.
    clients: Mutex<HashMap<Option<Vec<u8>>, Arc<Clients>>>,
}

impl Network for RealNetwork {
    fn open(&self, options: &FetchOptions) -> Result<Box<dyn Session>, CommandError> {
        Ok(Box::new(RealSession {
            clients: self.clients(options.extra_authorities.as_deref())?,
            headers: headers(options)?,
            deadline: Instant::now() + options.timeout.min(LONGEST_TIMEOUT),
            options: options.clone(),
        }))
    }
}

impl RealNetwork {
    fn clients(&self, extra_authorities: Option<&[u8]>) -> Result<Arc<Clients>, CommandError> {
        let mut all = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let name = extra_authorities.map(<[u8]>::to_vec);
        if let Some(clients) = all.get(&name) {
            return Ok(Arc::clone(clients));
        }
        let clients = Arc::new(Clients::new(extra_authorities)?);
        all.insert(name, Arc::clone(&clients));
        Ok(clients)
    }
}

struct RealSession {
    clients: Arc<Clients>,
    headers: Vec<(HeaderName, HeaderValue)>,
    deadline: Instant,
    options: FetchOptions,
}

impl Session for RealSession {
    fn get(&self, get: &Get<'_>) -> Result<FetchResponse, CommandError> {
        self.require_permitted(get.url)?;
        let mut pause = FIRST_PAUSE;
        let mut attempts_left = self.options.retries;
        loop {
            let result = self.attempt(get);
            let wait = match &result {
                Ok(response) if may_pass(response.status) => {
                    response.headers.retry_after(clock::now()).unwrap_or(pause)
                }
                Err(error) if matches!(error.code, "network-connect" | "network-proxy") => pause,
                _ => return result,
            };
            // A server that asks for more time than there is gets its answer reported now.
            if attempts_left == 0 || wait >= self.time_left() {
                return result;
            }
            std::thread::sleep(wait);
            attempts_left -= 1;
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }
}

/// One of the requests to which a redirect leads.
struct Hop {
    response: Response,
    /// Where the server was reached.
    zone: Zone,
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
                    .hint("write https:// for http://; --allow-http is for a network of your own: whoever else is on it could give keys of their own"))
            }
            scheme => Err(CommandError::usage(format!(
                "{shown} has the scheme {}, and only https is fetched",
                quoted(scheme)
            ))),
        }
    }

    /// One request, and those to which it is redirected.
    fn attempt(&self, get: &Get<'_>) -> Result<FetchResponse, CommandError> {
        let start = get.url;
        let mut url = start.clone();
        let mut reach = get.reach;
        let mut redirects_hold: Option<Duration> = None;
        for _ in 0..=REDIRECTS {
            let Hop { response, zone } = self.send(get, &url, reach)?;
            // Whoever was asked on the way leads no further inside than where he is himself.
            let inside = reach.map_or(zone, |reach| reach.min(zone));
            reach = Some(inside);
            let headers = answer::headers(&response);
            let status = response.status().as_u16();
            let Some(target) = answer::redirect_target(&url, &response) else {
                let timeout = self.options.timeout;
                let is_late = || self.time_left().is_zero();
                return Ok(FetchResponse {
                    requested: start.clone(),
                    url: url.to_string(),
                    zone: inside,
                    status,
                    headers,
                    redirects_hold,
                    body: answer::body(&url, response, self.options.body_limit, timeout, is_late)?,
                });
            };
            let holds = redirect_holds(status, &headers, clock::now());
            redirects_hold = Some(redirects_hold.map_or(holds, |others| others.min(holds)));
            url = self.permitted(start, &url, target)?;
        }
        Err(fault::redirect(
            "http-redirect",
            start,
            &format!("more than {REDIRECTS} times"),
        ))
    }

    fn send(&self, get: &Get<'_>, url: &Url, reach: Option<Zone>) -> Result<Hop, CommandError> {
        let timeout = self.options.timeout;
        let left = self.time_left();
        if left.is_zero() {
            return Err(fault::timed_out(url, timeout));
        }
        let ready = self.clients.for_url(url, reach)?;
        ready
            .resolver
            .admit(url)
            .map_err(|error| fault::forbidden_address(url, &error))?;
        let request = ready.client.get(url.clone()).header(ACCEPT, ACCEPTED);
        let mut request = request.timeout(left);
        let same_server = url.origin() == get.url.origin();
        let own_headers = self.headers.iter();
        for (name, value) in own_headers.filter(|_| get.with_headers && same_server) {
            request = request.header(name.clone(), value.clone());
        }
        if let Some(validators) = get.validators.filter(|own| own.url == url.as_str()) {
            request = conditional(request, validators);
        }
        let response = request.send().map_err(|error| {
            let by_proxy = !ready.resolver.has_resolved(url);
            fault::of_request(url, &error, timeout, by_proxy)
        })?;
        let zone = ready.resolver.zone(url, response.remote_addr());
        Ok(Hop { response, zone })
    }

    /// A redirect may lead to https, and from this machine to this machine; never from https to http.
    fn permitted(&self, start: &Url, from: &Url, target: Url) -> Result<Url, CommandError> {
        let stays_here = is_loopback(start) && is_loopback(from) && is_loopback(&target);
        if !target.username().is_empty() || target.password().is_some() {
            let problem = "to a URL with a user name or password";
            return Err(fault::redirect("http-redirect-credentials", start, problem));
        }
        let http_allowed = from.scheme() == "http" && (self.options.allow_http || stays_here);
        match target.scheme() {
            "https" => Ok(target),
            "http" if http_allowed => Ok(target),
            _ => Err(fault::redirect(
                "http-redirect-not-https",
                start,
                "to a URL that is not https",
            )),
        }
    }
}

/// The request with what is known already; what HTTP does not allow in a header is left out.
fn conditional(mut request: RequestBuilder, validators: &Validators) -> RequestBuilder {
    let value = |text: &Option<String>| -> Option<Result<HeaderValue, InvalidHeaderValue>> {
        text.as_deref().map(HeaderValue::from_str)
    };
    if let Some(Ok(etag)) = value(&validators.etag) {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(Ok(date)) = value(&validators.last_modified) {
        request = request.header(IF_MODIFIED_SINCE, date);
    }
    request
}

/// RFC 6585 §4, RFC 9110 §15.6: too many requests, and faults of the server.
fn may_pass(status: u16) -> bool {
    status == 429 || (500..600).contains(&status)
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
