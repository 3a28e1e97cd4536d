//! Where a source is, as other programs look for it.

use std::borrow::Cow;
use std::path::{Component, Path, is_separator};

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Position, Url};

use crate::output::inspection::{Origin, SourceView};

/// Everything but the unreserved characters (RFC 3986 §2.3). A colon is in it, which in the first segment
/// of a relative reference would end a scheme (§4.2).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What browsers let stand in a URL although RFC 3986 has no place for it there.
const UNKNOWN_IN_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The source as a URI reference (RFC 3986 §4.1): relative for a relative path. There `..` is left alone,
/// because a link may stand before it; an absolute URI has none (§5.2.4).
pub(super) fn uri(source: &SourceView<'_>) -> String {
    let path = Path::new(source.name);
    let url = match source.origin {
        Origin::File if path.is_absolute() => Url::from_file_path(path)
            .ok()
            .and_then(|url| Url::parse(url.as_str()).ok()),
        Origin::Url => Url::parse(source.name).ok(),
        _ => None,
    };
    match (url, source.origin) {
        (Some(url), _) => strict(&url),
        (None, Origin::File) => segments(path)
            .map(|segment| encoded(&segment))
            .collect::<Vec<String>>()
            .join("/"),
        (None, _) => encoded(source.name),
    }
}

/// The name of a source as a path with forward slashes and without `.` in it; what is no relative path
/// stays as it is.
pub(super) fn path(name: &str) -> String {
    let path = Path::new(name);
    if name.contains("://") {
        name.to_owned()
    } else if path.has_root() {
        name.replace(is_separator, "/")
    } else {
        segments(path).collect::<Vec<Cow<'_, str>>>().join("/")
    }
}

fn segments(path: &Path) -> impl Iterator<Item = Cow<'_, str>> {
    path.components()
        .filter(|component| *component != Component::CurDir)
        .map(|component| component.as_os_str().to_string_lossy())
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn strict(url: &Url) -> String {
    let (server, rest) = (&url[..Position::BeforePath], &url[Position::BeforePath..]);
    format!("{server}{}", utf8_percent_encode(rest, UNKNOWN_IN_URI))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::Positions;
    use crate::output::inspection::Holds;

    fn uri_of(name: &str, origin: Origin) -> String {
        uri(&SourceView {
            name,
            origin,
            rules: Vec::new(),
            positions: Positions::new(b""),
            findings: Vec::new(),
            holds: Holds::Neither,
        })
    }

    #[test]
    fn a_file_is_a_reference_to_it() {
        for (name, reference) in [
            ("jwks.json", "jwks.json"),
            ("./a//b/./jwks.json", "a/b/jwks.json"),
            ("../a b#c?d%20.json", "../a%20b%23c%3Fd%2520.json"),
            ("http:x/é.json", "http%3Ax/%C3%A9.json"),
            ("a\n\u{1b}[31m", "a%0A%1B%5B31m"),
        ] {
            assert_eq!(uri_of(name, Origin::File), reference, "{name:?}");
        }
        assert_eq!(
            uri_of("https://[::1]/k[1]?a|b=é", Origin::Url),
            "https://[::1]/k%5B1%5D?a%7Cb=%C3%A9"
        );
        assert_eq!(
            uri_of("standard input", Origin::StandardInput),
            "standard%20input"
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_absolute_path_is_a_file_uri() {
        assert_eq!(
            uri_of("/x/../a b/./c[1]:^%2e.json", Origin::File),
            "file:///a%20b/c%5B1%5D:%5E%252e.json"
        );
        assert_eq!(uri_of("a\\b", Origin::File), "a%5Cb");
    }

    #[test]
    fn a_path_has_no_dots_that_say_nothing() {
        assert_eq!(path("./a//b/./c.json"), "a/b/c.json");
        assert_eq!(path("../c.json"), "../c.json");
        assert_eq!(path("/a/c.json"), "/a/c.json");
        assert_eq!(path("https://a.example//b/./c"), "https://a.example//b/./c");
    }
}
