//! The certificates of a key: `x5c` (RFC 7517 §4.7).

use std::ops::Range;

use super::engine::x509::Certificate;
use super::json::Node;

/// Most elements of `x5c` that are read: no chain is longer than a handful.
pub const MOST_LINKS: usize = 32;

/// An element of `x5c`.
pub struct Link {
    /// The bytes of the document that it takes.
    pub span: Range<usize>,
    /// The certificate, or why it is none, for a sentence that starts with what it is.
    pub certificate: Result<Certificate, String>,
}

/// The elements of `x5c`, the key's own certificate first, up to [`MOST_LINKS`]; none when it is no
/// array.
#[must_use]
pub fn links(x5c: &Node<'_>) -> Option<Vec<Link>> {
    let elements = x5c.as_array()?;
    Some(elements.iter().take(MOST_LINKS).map(link).collect())
}

fn link(element: &Node<'_>) -> Link {
    let certificate = match element.as_str() {
        None => Err(format!("is {}, not a string", element.kind())),
        Some(text) => certificate(text),
    };
    Link {
        span: element.span(),
        certificate,
    }
}

fn certificate(text: &str) -> Result<Certificate, String> {
    // RFC 7517 §4.7: base64 of RFC 4648 §4, which is not base64url.
    let Ok(der) = base64_simd::STANDARD.decode_to_vec(text.as_bytes()) else {
        let problem = if text.contains("-----BEGIN ") {
            "is PEM: leave its first and last line and the line breaks out"
        } else if text.contains(['-', '_']) {
            "is base64url: certificates are written in standard base64, with + and /"
        } else if text.contains(char::is_whitespace) {
            "has white space in it"
        } else {
            "is not standard base64 with padding"
        };
        return Err(problem.to_owned());
    };
    Certificate::from_der(&der).ok_or_else(|| "is not the DER of a certificate".to_owned())
}
