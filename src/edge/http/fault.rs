//! What can go wrong with a request, each with its code and sentence.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use reqwest::Url;

use crate::core::failure::quoted;
use crate::core::time::words;
use crate::error::{CommandError, Exit};

pub(super) fn redirect(url: &Url, problem: &str) -> CommandError {
    let message = format!("{} redirects {problem}", quoted(url.as_str()));
    CommandError::new("http-redirect", Exit::Network, message)
}

pub(super) fn timed_out(url: &Url, timeout: Duration) -> CommandError {
    let message = format!(
        "{} did not answer within {}",
        quoted(url.as_str()),
        words(timeout)
    );
    CommandError::new("network-timeout", Exit::Network, message)
        .hint("allow more time with --timeout")
}

/// What keeps a request without response.
pub(super) fn of_request(url: &Url, error: &reqwest::Error, timeout: Duration) -> CommandError {
    let shown = quoted(url.as_str());
    if let Some(tls) = tls_error(error) {
        let message = format!("cannot trust {shown}: {tls}");
        return CommandError::new("network-tls", Exit::Network, message)
            .hint("if it uses an authority of your own, name it with --cacert FILE");
    }
    if error.is_timeout() {
        return timed_out(url, timeout);
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
    CommandError::new(code, Exit::Network, message).cause(root(error))
}

/// The last word of a chain of errors, which is the one of the operating system; what the layers of
/// the HTTP library add says the same again and again.
#[derive(Debug)]
struct Root(String);

impl fmt::Display for Root {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Root {}

/// What lies at the bottom of `error`.
pub(super) fn root(error: &(dyn Error + 'static)) -> impl Error + use<> {
    Root(innermost(error))
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut current: &dyn Error = error;
    while let Some(source) = current.source() {
        current = source;
    }
    current.to_string()
}

/// What TLS says, found also behind I/O errors that wrap it, one in another.
fn tls_error(error: &reqwest::Error) -> Option<String> {
    let mut current: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = current {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls.to_string());
        }
        // `source` of an I/O error skips the error that it wraps.
        current = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
