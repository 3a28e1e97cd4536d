//! From a response to an answer: its headers, and a body within its limit.

use std::io::Read;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use reqwest::Url;
use reqwest::blocking::Response;
use reqwest::header::LOCATION;

use super::fault;
use crate::core::failure::quoted;
use crate::core::http_cache::ResponseHeaders;
use crate::error::{CommandError, Exit};

/// The headers that are kept of a response, each on one line.
pub(super) fn headers(response: &Response) -> ResponseHeaders {
    ResponseHeaders::collect(|name| match name {
        // What stands on several lines is one list (RFC 9110 §5.3), and a time that does is none.
        "age" | "cache-control" | "date" | "expires" | "pragma" | "vary" => list(response, name),
        _ => header(response, name),
    })
}

/// Where a response redirects to (RFC 9110 §15.4); none when it is an answer of its own.
pub(super) fn redirect_target(url: &Url, response: &Response) -> Option<Url> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = header(response, LOCATION.as_str())?;
    url.join(&location).ok()
}

/// How a body is packed.
enum Coding {
    Plain,
    Gzip,
}

impl Coding {
    /// The coding of the response. None is asked for, which allows all of them (RFC 9110 §12.5.3): some
    /// servers send gzip to everyone.
    fn of(url: &Url, response: &Response) -> Result<Self, CommandError> {
        let encoding = list(response, "content-encoding").unwrap_or_default();
        match encoding.to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Self::Plain),
            "gzip" | "x-gzip" => Ok(Self::Gzip),
            _ => {
                let message = format!(
                    "{} answered in the encoding {}, which was not asked for",
                    quoted(url.as_str()),
                    quoted(&encoding)
                );
                let error = CommandError::new("http-content-encoding", Exit::Network, message);
                Err(error)
            }
        }
    }
}

/// The body, of at most `limit` bytes after it is unpacked: what is small on the way can be vast then.
/// `is_late` tells whether the time limit, `timeout`, is over.
pub(super) fn body(
    url: &Url,
    response: Response,
    limit: usize,
    timeout: Duration,
    is_late: impl Fn() -> bool,
) -> Result<Vec<u8>, CommandError> {
    let reader: Box<dyn Read> = match Coding::of(url, &response)? {
        Coding::Plain => Box::new(response),
        Coding::Gzip => Box::new(MultiGzDecoder::new(response)),
    };
    let mut body = Vec::new();
    let mut reader = reader.take(u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1));
    reader.read_to_end(&mut body).map_err(|error| {
        if is_late() {
            fault::body_timed_out(url, timeout)
        } else {
            fault::of_body(url, &error)
        }
    })?;
    if body.len() > limit {
        let message = format!(
            "{} answered with more than {limit} bytes",
            quoted(url.as_str())
        );
        return Err(CommandError::new("body-too-large", Exit::Network, message)
            .hint("is this the URL of a key set? --set-limit allows more"));
    }
    Ok(body)
}

fn header(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn list(response: &Response, name: &str) -> Option<String> {
    let lines = response.headers().get_all(name).iter();
    let lines: Vec<_> = lines
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
