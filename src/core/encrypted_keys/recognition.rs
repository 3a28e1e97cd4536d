//! Whether a JWE holds keys, as far as what is not encrypted tells.

use crate::core::base64url;
use crate::core::json::{Node, Object, read};

/// How the names begin of all algorithms that start from a passphrase (RFC 7518 §4.8).
const BY_PASSPHRASE: &str = "PBES2-";

/// True when `document` is a JWE, compact or in JSON, that holds keys: its headers say so, or say nothing
/// of the content and that it is encrypted under a passphrase, which is done with keys.
#[must_use]
pub fn is_encrypted_keys(document: &[u8]) -> bool {
    let text = document.trim_ascii();
    if !text.starts_with(b"{") {
        let protected = text.split(|&byte| byte == b'.').next().unwrap_or_default();
        return in_protected(protected, says_keys);
    }
    read(text).is_ok_and(|node| node.as_object().is_some_and(in_json))
}

/// RFC 7516 §7.2: the members of the header stand in up to three places, and each recipient has its own.
fn in_json(jwe: &Object<'_>) -> bool {
    let protected = jwe.get("protected").and_then(Node::as_str);
    let protected = protected.unwrap_or_default().as_bytes();
    let recipients = jwe.get("recipients").and_then(Node::as_array);
    let own = recipients.unwrap_or_default().iter();
    let headers: Vec<&Object<'_>> = ["unprotected", "header"]
        .into_iter()
        .filter_map(|name| jwe.get(name))
        .chain(own.filter_map(|recipient| recipient.as_object()?.get("header")))
        .filter_map(Node::as_object)
        .collect();
    let somewhere = |is_true: fn(&Object<'_>) -> bool| {
        headers.iter().any(|header| is_true(header)) || in_protected(protected, is_true)
    };
    if somewhere(states_content) {
        somewhere(is_of_keys)
    } else {
        somewhere(is_by_passphrase)
    }
}

/// What is true of the header of which `segment` is the base64url; false when it is none.
fn in_protected(segment: &[u8], is_true: impl Fn(&Object<'_>) -> bool) -> bool {
    let header = base64url::decode(segment);
    header.is_ok_and(|header| read(&header).is_ok_and(|node| node.as_object().is_some_and(is_true)))
}

/// True when the header of a JWE says that its content is keys, or leaves nothing else to be expected.
#[must_use]
pub fn says_keys(header: &Object<'_>) -> bool {
    if states_content(header) {
        is_of_keys(header)
    } else {
        is_by_passphrase(header)
    }
}

fn states_content(header: &Object<'_>) -> bool {
    header.get("cty").is_some()
}

fn is_of_keys(header: &Object<'_>) -> bool {
    header.get("cty").is_some_and(names_keys)
}

fn is_by_passphrase(header: &Object<'_>) -> bool {
    let algorithm = header.get("alg").and_then(Node::as_str);
    algorithm.is_some_and(|name| name.starts_with(BY_PASSPHRASE))
}

/// True for the media types of a JWK and of a set (RFC 7517 §8.5), for which `cty` may leave out what
/// stands before the slash (RFC 7516 §4.1.12).
pub(super) fn names_keys(content_type: &Node<'_>) -> bool {
    let name = content_type
        .as_str()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let name = name.strip_prefix("application/").unwrap_or(&name);
    matches!(name, "jwk+json" | "jwk-set+json")
}
