//! What can go wrong with a request, each with its code and sentence.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::time::Duration;

use reqwest::Url;
use rustls::CertificateError;

use super::resolver::ForbiddenAddress;
use crate::core::failure::quoted;
use crate::core::time::words;
use crate::error::{CommandError, Exit};

/// A redirect that is not followed.
pub(super) fn redirect(code: &'static str, url: &Url, problem: &str) -> CommandError {
    let message = format!("{} redirects {problem}", quoted(url.as_str()));
    CommandError::new(code, Exit::Network, message)
}

/// An address to which a URL from outside leads.
pub(super) fn forbidden_address(url: &Url, error: &ForbiddenAddress) -> CommandError {
    let message = format!(
        "{} leads to the address {}, and what names it came from further outside",
        quoted(url.as_str()),
        error.0
    );
    CommandError::new("private-address", Exit::Network, message)
        .hint("if that is where the keys are, give that URL itself")
}

/// A server that does not answer.
pub(super) fn timed_out(url: &Url, timeout: Duration) -> CommandError {
    late("network-timeout", url, "answer", timeout)
}

/// A server that does not come to the end of its answer.
pub(super) fn body_timed_out(url: &Url, timeout: Duration) -> CommandError {
    late("network-timeout-body", url, "finish its answer", timeout)
}

fn late(code: &'static str, url: &Url, what: &str, timeout: Duration) -> CommandError {
    let message = format!(
        "{} did not {what} within {}",
        quoted(url.as_str()),
        words(timeout)
    );
    CommandError::new(code, Exit::Network, message).hint("allow more time with --timeout")
}

/// A body that is not what its headers say.
pub(super) fn of_body(url: &Url, error: &io::Error) -> CommandError {
    let shown = quoted(url.as_str());
    let mut kinds = io_errors(error).map(io::Error::kind);
    let (code, message) =
        if kinds.any(|kind| matches!(kind, ErrorKind::InvalidInput | ErrorKind::InvalidData)) {
            let message = format!("the answer of {shown} is not sent as HTTP says");
            ("network-body-malformed", message)
        } else {
            ("network-body", format!("the answer of {shown} broke off"))
        };
    CommandError::new(code, Exit::Network, message).cause(root(error))
}

/// What keeps a request without response.
pub(super) fn of_request(
    url: &Url,
    error: &reqwest::Error,
    timeout: Duration,
    by_proxy: bool,
) -> CommandError {
    let shown = quoted(url.as_str());
    if let Some(forbidden) = causes(error).find_map(|it| it.downcast_ref::<ForbiddenAddress>()) {
        return forbidden_address(url, forbidden);
    }
    if let Some(tls) = causes(error).find_map(|it| it.downcast_ref::<rustls::Error>()) {
        return of_tls(&shown, tls);
    }
    if error.is_timeout() {
        return timed_out(url, timeout);
    }
    let (code, message) = if error.is_dns() {
        ("network-dns", format!("cannot find the host of {shown}"))
    } else if error.is_connect() && by_proxy {
        let message = format!("cannot connect to {shown} through the proxy");
        ("network-proxy", message)
    } else if error.is_connect() {
        ("network-connect", format!("cannot connect to {shown}"))
    } else {
        (
            "network-http",
            format!("{shown} did not answer as an HTTP server"),
        )
    };
    let error = CommandError::new(code, Exit::Network, message).cause(root(error));
    match code {
        "network-dns" => error.hint("is the name spelled right, and is this machine on the network? a proxy is named by HTTPS_PROXY"),
        "network-connect" => error.hint("is the server running, and does it listen on this port?"),
        "network-proxy" => error.hint("is HTTPS_PROXY right? NO_PROXY names the hosts that are reached without"),
        _ => error,
    }
}

/// A server that is not the one that it should be, or cannot show it.
fn of_tls(shown: &str, error: &rustls::Error) -> CommandError {
    use CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext,
        NotValidYet, NotValidYetContext, UnknownIssuer,
    };
    let certificate = match error {
        rustls::Error::InvalidCertificate(problem) => Some(problem),
        _ => None,
    };
    let code = match certificate {
        Some(Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }) => {
            "network-tls-expired"
        }
        Some(NotValidForName | NotValidForNameContext { .. }) => "network-tls-host",
        Some(UnknownIssuer | BadSignature) => "network-tls-issuer",
        _ => "network-tls",
    };
    let hint = match code {
        "network-tls-expired" => "tell its operator, and look at the clock of this machine",
        "network-tls-host" => "give the URL with the name that the certificate is for",
        _ => "if it uses an authority of your own, name it with --cacert FILE",
    };
    let message = format!("cannot trust {shown}: {error}");
    CommandError::new(code, Exit::Network, message).hint(hint)
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

/// What lies beneath `error`, itself first, found also behind I/O errors that wrap it, one in another.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // `source` of an I/O error skips the error that it wraps.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn io_errors(error: &io::Error) -> impl Iterator<Item = &io::Error> {
    causes(error).filter_map(|it| it.downcast_ref::<io::Error>())
}
