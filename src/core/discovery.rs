//! From an issuer to the URL of its keys (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).

use url::{Host, Url};

use super::failure::quoted;
use super::json::{Node, read_strict};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// Where the metadata of an issuer may be, in the order in which to look: appended as OpenID says,
/// then inserted before the path as RFC 8414 says.
#[must_use]
pub fn metadata_urls(issuer: &Url) -> Vec<String> {
    let origin = issuer.origin().ascii_serialization();
    let path = issuer.path().trim_end_matches('/');
    let mut urls = vec![
        format!("{origin}{path}{OPENID}"),
        format!("{origin}{OAUTH}{path}"),
    ];
    if !path.is_empty() {
        urls.push(format!("{origin}{OPENID}{path}"));
    }
    urls
}

/// The issuer whose metadata is at `url`, when `url` is a well-known one.
#[must_use]
pub fn issuer_of_metadata_url(url: &Url) -> Option<String> {
    let origin = url.origin().ascii_serialization();
    let path = url.path();
    if let Some(before) = path.strip_suffix(OPENID) {
        return Some(format!("{origin}{before}"));
    }
    [OAUTH, OPENID]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
        .filter(|after| after.is_empty() || after.starts_with('/'))
        .map(|after| format!("{origin}{after}"))
}

/// What is wrong with a metadata document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MetadataFault {
    /// It is no JSON object with an `issuer`.
    NotMetadata(String),
    /// It speaks for another issuer (RFC 8414 §3.3).
    IssuerMismatch {
        /// The issuer that it names.
        found: String,
        /// The issuer that was asked for.
        expected: String,
    },
    /// It names no `jwks_uri`.
    NoJwksUri,
}

impl std::fmt::Display for MetadataFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotMetadata(problem) => write!(formatter, "it is no issuer metadata: {problem}"),
            Self::IssuerMismatch { found, expected } => write!(
                formatter,
                "it speaks for the issuer {}, not for {}",
                quoted(found),
                quoted(expected)
            ),
            Self::NoJwksUri => formatter.write_str("it names no \"jwks_uri\""),
        }
    }
}

/// The `jwks_uri` of a metadata document that speaks for exactly one of `issuers`.
///
/// # Errors
/// [`MetadataFault`].
pub fn jwks_uri(document: &[u8], issuers: &[&str]) -> Result<String, MetadataFault> {
    let root =
        read_strict(document).map_err(|error| MetadataFault::NotMetadata(error.to_string()))?;
    let member = |name| {
        root.as_object()
            .and_then(|object| object.get(name))
            .and_then(Node::as_str)
    };
    let found = member("issuer")
        .ok_or_else(|| MetadataFault::NotMetadata("it has no \"issuer\"".to_owned()))?;
    // RFC 8414 §3.3: identical, to the letter.
    if !issuers.contains(&found) {
        return Err(MetadataFault::IssuerMismatch {
            found: found.to_owned(),
            expected: issuers.first().copied().unwrap_or_default().to_owned(),
        });
    }
    member("jwks_uri")
        .map(str::to_owned)
        .ok_or(MetadataFault::NoJwksUri)
}

/// True when the URL's host is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn metadata_is_sought_where_both_standards_put_it() {
        assert_eq!(
            metadata_urls(&url("https://a.example/tenant/")),
            [
                "https://a.example/tenant/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/tenant",
                "https://a.example/.well-known/openid-configuration/tenant",
            ]
        );
        assert_eq!(metadata_urls(&url("https://a.example:8443")).len(), 2);
        for (text, issuer) in [
            (
                "https://a.example/t/.well-known/openid-configuration",
                Some("https://a.example/t"),
            ),
            (
                "https://a.example/.well-known/oauth-authorization-server/t",
                Some("https://a.example/t"),
            ),
            (
                "https://a.example/.well-known/openid-configuration",
                Some("https://a.example"),
            ),
            ("https://a.example/jwks.json", None),
            (
                "https://a.example/.well-known/openid-configuration.json",
                None,
            ),
        ] {
            assert_eq!(
                issuer_of_metadata_url(&url(text)).as_deref(),
                issuer,
                "{text}"
            );
        }
    }

    #[test]
    fn the_issuer_must_be_the_one_asked_for_to_the_letter() {
        let document = br#"{"issuer":"https://a.example","jwks_uri":"https://a.example/keys"}"#;
        assert_eq!(
            jwks_uri(document, &["https://a.example"]),
            Ok("https://a.example/keys".into())
        );
        assert!(matches!(
            jwks_uri(document, &["https://a.example/"]),
            Err(MetadataFault::IssuerMismatch { .. })
        ));
        assert_eq!(
            jwks_uri(br#"{"issuer":"x"}"#, &["x"]),
            Err(MetadataFault::NoJwksUri)
        );
        for document in [
            "<html>",
            "[]",
            "{}",
            r#"{"issuer":"x","issuer":"y","jwks_uri":"z"}"#,
        ] {
            assert!(matches!(
                jwks_uri(document.as_bytes(), &["x"]),
                Err(MetadataFault::NotMetadata(_))
            ));
        }
    }

    #[test]
    fn loopback_is_told_by_name_and_address() {
        for text in [
            "http://localhost/",
            "http://127.0.0.1:1/",
            "http://[::1]/",
            "http://LOCALHOST/",
        ] {
            assert!(is_loopback(&url(text)), "{text}");
        }
        for text in [
            "http://localhost.example/",
            "http://10.0.0.1/",
            "http://127.0.0.1.example/",
        ] {
            assert!(!is_loopback(&url(text)), "{text}");
        }
    }
}
