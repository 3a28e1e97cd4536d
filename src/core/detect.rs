//! What a document is, told by its content and never by its name.

use std::path::Path;

use super::encrypted_keys::is_encrypted_keys;
use super::exposure::is_private_der;
use super::failure::{quoted, quoted_list};
use super::import::{Foreign, is_protected_der};
use super::json::{Outline, Part};
use super::jwks::{JwkSet, SetFault};
use super::jws::{CompactJws, looks_like_header};

/// Most labels of PEM blocks that a message lists.
const PEM_LABELS_SHOWN: usize = 4;

/// What a document is.
pub enum Content<'a> {
    /// A JWK, a JWK Set or an array of JWKs.
    Keys(JwkSet),
    /// A JWK Set that is broken as a whole.
    BrokenSet(SetFault),
    /// A compact token; it may still be malformed inside.
    Token(&'a [u8]),
    /// Something else.
    Other(Other),
}

/// What a document is that holds no readable keys and no signed token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Other {
    /// Nothing at all.
    Empty,
    /// A compact encrypted token, or keys encrypted so (RFC 7517 §7).
    EncryptedToken,
    /// A JSON-serialized JWE.
    EncryptedJson,
    /// PEM blocks, with their labels.
    Pem(Vec<String>),
    /// Binary that starts as DER does.
    Der,
    /// An OpenSSH public key.
    SshPublicKey,
    /// A web page.
    Html,
    /// The metadata of an issuer, with its `jwks_uri`.
    IssuerMetadata(Option<String>),
    /// An object from key names to PEM, as some issuers serve beside their set.
    KidToPem,
    /// An object with a set in the member of this name.
    Wrapped(String),
    /// JSON of another kind.
    Json(&'static str),
    /// Text in UTF-16.
    Utf16,
    /// Anything else, and what a JSON reader says of it.
    Unknown(SetFault),
}

impl Other {
    /// What it is, for a sentence that starts with "it is".
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Empty => "empty".to_owned(),
            Self::EncryptedToken => "an encrypted token (JWE)".to_owned(),
            Self::EncryptedJson => "an encrypted JSON document (JWE)".to_owned(),
            Self::Pem(labels) => {
                format!("a PEM file ({})", quoted_list(labels, PEM_LABELS_SHOWN))
            }
            Self::Der => "a binary file, perhaps DER".to_owned(),
            Self::SshPublicKey => "an OpenSSH public key".to_owned(),
            Self::Html => "a web page (HTML)".to_owned(),
            Self::IssuerMetadata(_) => {
                "the metadata of an issuer (a discovery document)".to_owned()
            }
            Self::KidToPem => "a map from key names to PEM".to_owned(),
            Self::Wrapped(name) => {
                format!("JSON with a set in its member {}", quoted(name))
            }
            Self::Json(kind) => format!("JSON, but {kind} without keys"),
            Self::Utf16 => "text in UTF-16".to_owned(),
            Self::Unknown(fault) => {
                let message = fault.failure.message.as_str();
                message.strip_prefix("it is ").unwrap_or(message).to_owned()
            }
        }
    }

    /// True when `document`, which is this, is a private key by its form, under a passphrase or not: PEM
    /// (RFC 7468 §10, §11), DER, PKCS #12, or a JWE of keys (RFC 7517 §7).
    #[must_use]
    pub fn is_private(&self, document: &[u8]) -> bool {
        match self {
            Self::Pem(labels) => labels.iter().any(|label| label.ends_with("PRIVATE KEY")),
            Self::Der => is_private_der(document) || is_protected_der(document),
            Self::EncryptedToken | Self::EncryptedJson => is_encrypted_keys(document),
            _ => false,
        }
    }

    /// Where it is told by, in bytes from the start of the document; none when that is all of it.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Unknown(fault) => Some(fault.offset),
            _ => None,
        }
    }

    /// What to do about it, when there is something.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Empty => {
                "was it filled? `jwks fetch URL --output FILE` leaves no empty file when it fails"
                    .to_owned()
            }
            Self::EncryptedToken => {
                "where these are keys under a passphrase, `jwks convert FILE --public` opens them and writes what others may read"
                    .to_owned()
            }
            Self::IssuerMetadata(Some(uri)) => format!(
                "its keys are at {}: where you trust this issuer, give that URL",
                quoted(uri)
            ),
            Self::Wrapped(name) => format!("give the value of {} alone", quoted(name)),
            Self::Json(_) => {
                "a JWK Set is an object with an array \"keys\", and a JWK one with \"kty\"".to_owned()
            }
            Self::Pem(_) | Self::Der | Self::SshPublicKey => {
                "what is published is JSON: `jwks convert --public FILE` makes a JWK Set of other forms"
                    .to_owned()
            }
            Self::KidToPem => {
                "issuers that serve such a map serve a JWK Set too, often at a path with \"jwk\" or \"certs\""
                    .to_owned()
            }
            Self::Html => "is this a login page? give the URL of the set or of the issuer".to_owned(),
            Self::Utf16 => {
                "save it as UTF-8 without byte order mark; > of Windows PowerShell writes UTF-16, and --output FILE of jwks does not"
                    .to_owned()
            }
            Self::Unknown(fault) => return fault.failure.hint.clone(),
            _ => return None,
        })
    }
}

/// Tells what `document` is.
#[must_use]
pub fn detect(document: &[u8]) -> Content<'_> {
    let text = document.trim_ascii();
    if text.is_empty() {
        return Content::Other(Other::Empty);
    }
    if document.starts_with(b"\xFE\xFF") || document.starts_with(b"\xFF\xFE") {
        return Content::Other(Other::Utf16);
    }
    if let Some(other) = other_than_json(document, text) {
        return Content::Other(other);
    }
    if looks_like_token(text) {
        // Trimmed of nothing: what surrounds a token is judged with it.
        return match CompactJws::split(text, usize::MAX) {
            Err(failure) if failure.code == super::failure::Code::TokenEncrypted => {
                Content::Other(Other::EncryptedToken)
            }
            _ => Content::Token(document),
        };
    }
    match Outline::read(document) {
        Err(error) => Content::Other(Other::Unknown(SetFault::of_json(document, &error))),
        Ok(outline) => json(&outline),
    }
}

/// The name of a source as messages show it. A key or a token that was given where a name belongs is
/// not repeated: it would end in a log.
#[must_use]
pub fn quoted_source(name: &str) -> String {
    if is_content(name) {
        "\"...\" (not repeated, since it looks like a key or a token)".to_owned()
    } else {
        quoted(name)
    }
}

/// True when a key or a token was given where a name belongs.
#[must_use]
pub fn is_content(name: &str) -> bool {
    let trimmed = name.trim_start();
    // A shell may have taken the quotation marks away; file names do start with a bracket.
    let is_array = trimmed
        .strip_prefix('[')
        .is_some_and(|rest| rest.trim_start().starts_with(['{', '[', '"', ']']));
    trimmed.starts_with(['{', '"'])
        || is_array
        || name.contains("-----BEGIN ")
        || is_meant_as_token(name)
}

/// A path as messages show it; see [`quoted_source`].
#[must_use]
pub fn quoted_path(path: &Path) -> String {
    quoted_source(&path.to_string_lossy())
}

/// True when a person means `text` as a token, however broken: it is one, or starts as almost every
/// token does (a JSON object in base64), or as the header that carries one.
#[must_use]
pub fn is_meant_as_token(text: &str) -> bool {
    let starts_like_one = text.starts_with("eyJ") && text.matches('.').count() >= 2;
    starts_like_one || text.starts_with("Bearer ") || looks_like_token(text.as_bytes())
}

/// True when the first part of `text` is a token's header.
#[must_use]
pub fn looks_like_token(text: &[u8]) -> bool {
    let first = text.split(|&byte| byte == b'.').next().unwrap_or_default();
    first.len() < text.len() && std::str::from_utf8(first).is_ok_and(looks_like_header)
}

fn other_than_json(document: &[u8], text: &[u8]) -> Option<Other> {
    match Foreign::recognize(document) {
        Some(Foreign::Der(_)) => return Some(Other::Der),
        Some(Foreign::SshPublic(_)) => return Some(Other::SshPublicKey),
        Some(Foreign::Pem(_)) | None => {}
    }
    // DER that is cut off, or has something behind it.
    if document.first() == Some(&0x30) && matches!(document.get(1), Some(0x81..=0x84)) {
        return Some(Other::Der);
    }
    let lower = text[..text.len().min(64)].to_ascii_lowercase();
    if lower.starts_with(b"<!doctype") || lower.starts_with(b"<html") {
        return Some(Other::Html);
    }
    if matches!(text[0], b'{' | b'[' | b'"') {
        return None;
    }
    let labels = pem_labels(text);
    (!labels.is_empty()).then_some(Other::Pem(labels))
}

fn pem_labels(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text)
        .lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("-----BEGIN ")?
                .strip_suffix("-----")
        })
        .map(str::to_owned)
        .collect()
}

fn json<'a>(outline: &Outline<'_>) -> Content<'a> {
    let whole = outline.whole();
    if whole.is_object() {
        if let Some(other) = other_object(outline) {
            return Content::Other(other);
        }
    } else if !whole
        .elements()
        .is_some_and(|elements| elements.iter().all(|element| element.is_object()))
    {
        return Content::Other(Other::Json(whole.kind()));
    }
    match JwkSet::from_outline(outline) {
        Ok(set) => Content::Keys(set),
        Err(fault) => Content::BrokenSet(fault),
    }
}

fn other_object(outline: &Outline<'_>) -> Option<Other> {
    let has = |name: &str| outline.get(name).is_some();
    if has("keys") || has("kty") {
        return None;
    }
    let pem = |value: Part<'_>| {
        value
            .as_str()
            .is_some_and(|text| text.as_str().contains("-----BEGIN "))
    };
    let members = outline.members();
    Some(if has("ciphertext") {
        Other::EncryptedJson
    } else if has("issuer") || has("jwks_uri") {
        let uri = outline.get("jwks_uri").and_then(Part::as_str);
        Other::IssuerMetadata(uri.map(|uri| uri.as_str().to_owned()))
    } else if !members.is_empty() && members.iter().all(|member| pem(*member.value())) {
        Other::KidToPem
    } else if let Some(member) = members.iter().find(|member| {
        member
            .value()
            .member("keys")
            .is_some_and(|keys| keys.elements().is_some())
    }) {
        Other::Wrapped(member.name().to_owned())
    } else {
        Other::Json("an object")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(document: &[u8]) -> Other {
        match detect(document) {
            Content::Other(other) => other,
            _ => panic!(
                "{} was taken for keys or a token",
                String::from_utf8_lossy(document)
            ),
        }
    }

    #[test]
    fn content_is_told_whatever_its_name() {
        assert!(matches!(detect(br#"{"kty":"oct"}"#), Content::Keys(_)));
        assert!(matches!(detect(br#" {"keys":[]}"#), Content::Keys(_)));
        assert!(matches!(detect(br#"[{"kty":"oct"}]"#), Content::Keys(_)));
        assert!(matches!(detect(br#"{"keys":{}}"#), Content::BrokenSet(_)));
        assert!(matches!(detect(b"e30.e30.AA\n"), Content::Token(_)));
        assert!(matches!(detect(b"e30.e30"), Content::Token(_)));
        assert_eq!(other(b" \n"), Other::Empty);
        assert_eq!(other(b"e30.AA.AA.AA.AA"), Other::EncryptedToken);
        assert_eq!(
            other(br#"{"protected":"e30","ciphertext":"AA"}"#),
            Other::EncryptedJson
        );
        assert_eq!(
            other(
                b"# my key\r\n-----BEGIN PUBLIC KEY-----\r\nMA==\r\n-----END PUBLIC KEY-----\r\n"
            ),
            Other::Pem(vec!["PUBLIC KEY".into()])
        );
        assert_eq!(other(&[0x30, 0x82, 1, 2, 3]), Other::Der);
        assert_eq!(other(&[0x30, 1, 0]), Other::Der);
        assert_eq!(other(b"ssh-ed25519 AAAA me@host"), Other::SshPublicKey);
        assert_eq!(other(b"<!DOCTYPE html><title>Log in</title>"), Other::Html);
        assert_eq!(
            other(br#"{"issuer":"https://a.example","jwks_uri":"https://a.example/k"}"#),
            Other::IssuerMetadata(Some("https://a.example/k".into()))
        );
        assert_eq!(
            other(br#"{"a":"-----BEGIN CERTIFICATE-----"}"#),
            Other::KidToPem
        );
        assert_eq!(other(b"[1,2]"), Other::Json("an array"));
        assert_eq!(other(b"{}"), Other::Json("an object"));
        assert_eq!(other(b"\xff\xfe{\0}\0"), Other::Utf16);
        assert!(matches!(other(b"hello"), Other::Unknown(_)));
        assert!(matches!(other(b"\x00\x01\x02"), Other::Unknown(_)));
    }
}
