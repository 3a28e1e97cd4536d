//! The network: one blocking request at a time, under a time limit, with bounded bodies, few
//! redirects, and TLS that knows the platform's authorities.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the network is touched"
)]

use std::fmt;
use std::io::Read;
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, Url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::context::{FetchOptions, FetchResponse, Network, Session};
use crate::core::discovery::is_loopback;
use crate::core::failure::quoted;
use crate::core::time::words;
use crate::error::{CommandError, Exit};

/// Some servers answer 406 to a plain JSON type, others to a plain key set type.
const ACCEPT: &str = "application/jwk-set+json, application/json;q=0.9, */*;q=0.1";
const USER_AGENT: &str = concat!("jwks/", env!("CARGO_PKG_VERSION"));
const REDIRECTS: usize = 5;
/// First pause before a retry; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The real network.
pub struct RealNetwork;

impl Network for RealNetwork {
    fn open(&self, options: &FetchOptions) -> Result<Box<dyn Session>, CommandError> {
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .default_headers(headers(options)?)
            .redirect(redirect_policy(options.allow_http))
            .referer(false);
        if let Some(pem) = &options.extra_authorities {
            builder = builder.tls_certs_merge(authorities(pem)?);
        }
        let client = builder.build().map_err(|error| {
            let message = "cannot set up TLS with the platform's certificate authorities";
            CommandError::new("network-tls", Exit::Network, message)
                .cause(error)
                .hint("name the authorities to trust with --cacert FILE")
        })?;
        Ok(Box::new(RealSession {
            client,
            deadline: Instant::now() + options.timeout,
            options: options.clone(),
        }))
    }
}

struct RealSession {
    client: Client,
    deadline: Instant,
    options: FetchOptions,
}

impl Session for RealSession {
    fn get(&self, url: &str) -> Result<FetchResponse, CommandError> {
        let url = self.checked_url(url)?;
        let mut pause = FIRST_PAUSE;
        let mut attempts_left = self.options.retries;
        loop {
            let result = self.attempt(&url);
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
            pause *= 2;
        }
    }
}

impl RealSession {
    fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn checked_url(&self, text: &str) -> Result<Url, CommandError> {
        let url = Url::parse(text).map_err(|error| {
            CommandError::usage(format!("{} is not a URL", quoted(text))).cause(error)
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                CommandError::usage("a URL must not carry a user name or password")
                    .hint("send credentials with --header 'Authorization: @FILE'"),
            );
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.options.allow_http || is_loopback(&url) => Ok(url),
            "http" => Err(CommandError::new(
                "http-not-https",
                Exit::Network,
                format!(
                    "{} is not https: anyone on the way could change the keys",
                    quoted(text)
                ),
            )
            .hint("use the https URL, or --allow-http where the network is trusted")),
            scheme => Err(CommandError::usage(format!(
                "{} has the scheme {}, and only https is fetched",
                quoted(text),
                quoted(scheme)
            ))),
        }
    }

    fn attempt(&self, url: &Url) -> Result<(FetchResponse, Option<Duration>), CommandError> {
        let left = self.time_left();
        if left.is_zero() {
            return Err(timed_out(url, self.options.timeout));
        }
        let response = self
            .client
            .get(url.clone())
            .header(reqwest::header::ACCEPT, ACCEPT)
            .timeout(left)
            .send()
            .map_err(|error| self.request_error(url, error))?;
        let retry_after = header(&response, RETRY_AFTER.as_str()).and_then(|text| {
            let seconds: u64 = text.trim().parse().ok()?;
            Some(Duration::from_secs(seconds))
        });
        if let Some(encoding) = header(&response, "content-encoding")
            && !encoding.eq_ignore_ascii_case("identity")
        {
            return Err(CommandError::new(
                "http-content-encoding",
                Exit::Network,
                format!(
                    "{} answered in the encoding {}, which was not asked for",
                    quoted(url.as_str()),
                    quoted(&encoding)
                ),
            ));
        }
        let mut answer = FetchResponse {
            url: response.url().to_string(),
            status: response.status().as_u16(),
            content_type: header(&response, "content-type"),
            cache_control: header(&response, "cache-control"),
            etag: header(&response, "etag"),
            body: Vec::new(),
        };
        answer.body = self.body(url, response)?;
        Ok((answer, retry_after))
    }

    fn body(&self, url: &Url, response: Response) -> Result<Vec<u8>, CommandError> {
        let limit = self.options.body_limit;
        let mut body = Vec::new();
        let mut reader = response.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1));
        reader.read_to_end(&mut body).map_err(|error| {
            if self.time_left().is_zero() {
                timed_out(url, self.options.timeout)
            } else {
                let message = format!("the answer of {} broke off", quoted(url.as_str()));
                CommandError::new("network-body", Exit::Network, message).cause(error)
            }
        })?;
        if body.len() > limit {
            return Err(CommandError::new(
                "body-too-large",
                Exit::Network,
                format!(
                    "{} answered with more than {limit} bytes",
                    quoted(url.as_str())
                ),
            ));
        }
        Ok(body)
    }

    fn request_error(&self, url: &Url, error: reqwest::Error) -> CommandError {
        let shown = quoted(url.as_str());
        if let Some(refused) = cause_of::<RedirectRefused>(&error) {
            let message = format!("{shown} redirects {refused}");
            return CommandError::new("http-redirect", Exit::Network, message);
        }
        if let Some(tls) = tls_error(&error) {
            let message = format!("cannot trust {shown}: {tls}");
            return CommandError::new("network-tls", Exit::Network, message)
                .hint("if it uses an authority of your own, name it with --cacert FILE");
        }
        if error.is_timeout() {
            return timed_out(url, self.options.timeout);
        }
        let (code, message) = if error.is_dns() {
            ("network-dns", format!("cannot find the host of {shown}"))
        } else if error.is_connect() {
            ("network-connect", format!("cannot connect to {shown}"))
        } else {
            (
                "network-http",
                format!("{shown} did not answer as an HTTP server"),
            )
        };
        CommandError::new(code, Exit::Network, message).cause(error.without_url())
    }
}

fn timed_out(url: &Url, timeout: Duration) -> CommandError {
    let message = format!(
        "{} did not answer within {}",
        quoted(url.as_str()),
        words(timeout)
    );
    CommandError::new("network-timeout", Exit::Network, message)
        .hint("allow more time with --timeout")
}

/// RFC 6585 §4, RFC 9110 §15.6: too many requests, and faults of the server.
fn may_pass(status: u16) -> bool {
    status == 429 || (500..600).contains(&status)
}

fn header(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn headers(options: &FetchOptions) -> Result<HeaderMap, CommandError> {
    let mut map = HeaderMap::new();
    for (name, value) in &options.headers {
        let wrong = |part: &str| {
            CommandError::usage(format!(
                "--header: {} has a {part} that HTTP does not allow",
                quoted(name)
            ))
        };
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("name"))?;
        let mut value = HeaderValue::from_str(value).map_err(|_| wrong("value"))?;
        value.set_sensitive(true);
        map.append(key, value);
    }
    Ok(map)
}

/// The certificates of a PEM file, each of them one that can serve as an authority: the HTTP
/// library would pass over a bad one in silence.
fn authorities(pem: &[u8]) -> Result<Vec<Certificate>, CommandError> {
    let wrong = |problem: &str| {
        CommandError::new("cacert-invalid", Exit::File, format!("--cacert: {problem}"))
            .hint("give a PEM file with one or more certificates")
    };
    let mut store = RootCertStore::empty();
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let der = certificate.map_err(|_| wrong("the file is no valid PEM"))?;
        store
            .add(der.clone())
            .map_err(|_| wrong("a certificate in the file is damaged"))?;
        let parsed = Certificate::from_der(&der);
        certificates.push(parsed.map_err(|_| wrong("a certificate in the file is damaged"))?);
    }
    if certificates.is_empty() {
        return Err(wrong("the file holds no certificate"));
    }
    Ok(certificates)
}

/// Why a redirect is not followed.
#[derive(Debug)]
enum RedirectRefused {
    TooMany,
    Insecure,
}

impl fmt::Display for RedirectRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany => write!(formatter, "more than {REDIRECTS} times"),
            Self::Insecure => formatter.write_str("to a URL that is not https"),
        }
    }
}

impl std::error::Error for RedirectRefused {}

fn redirect_policy(allow_http: bool) -> Policy {
    Policy::custom(move |attempt: Attempt<'_>| {
        let stays_on_loopback = is_loopback(attempt.url())
            && attempt
                .previous()
                .iter()
                .all(|url| is_loopback(url) && url.scheme() == "http");
        if attempt.previous().len() > REDIRECTS {
            attempt.error(RedirectRefused::TooMany)
        } else if attempt.url().scheme() == "https"
            || (attempt.url().scheme() == "http" && (allow_http || stays_on_loopback))
        {
            attempt.follow()
        } else {
            attempt.error(RedirectRefused::Insecure)
        }
    })
}

fn cause_of<'e, T: std::error::Error + 'static>(
    error: &'e (dyn std::error::Error + 'static),
) -> Option<&'e T> {
    let mut current = Some(error);
    while let Some(error) = current {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        current = error.source();
    }
    None
}

/// What TLS says, found also where an I/O error wraps it.
fn tls_error(error: &reqwest::Error) -> Option<String> {
    let mut current: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = current {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls.to_string());
        }
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        if let Some(tls) = wrapped.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Some(tls.to_string());
        }
        current = error.source();
    }
    None
}
