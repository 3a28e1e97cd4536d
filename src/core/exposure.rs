//! Secrets that stand where anyone can read them, also where nobody looks for them.

use super::json::{Node, Value, read};
use super::jwk::PRIVATE_MEMBERS;

/// How every PEM block with a private key ends its first line, whatever the key (RFC 7468 §10, §11).
const PRIVATE_PEM: &str = "PRIVATE KEY-----";

/// True when `name` is that of a private member in any case: readers exist that do not tell `D` from `d`.
#[must_use]
pub fn is_private_name(name: &str) -> bool {
    PRIVATE_MEMBERS
        .iter()
        .any(|private| name.eq_ignore_ascii_case(private))
}

/// True when a private JWK or a private key in PEM is anywhere in the value.
#[must_use]
pub fn holds_secret(node: &Node<'_>) -> bool {
    match node.value() {
        Value::Null | Value::Bool(_) | Value::Number => false,
        Value::String(text) => text.as_str().contains(PRIVATE_PEM),
        Value::Array(elements) => elements.iter().any(holds_secret),
        Value::Object(object) => {
            let members = object.members();
            let is_key = object.get("kty").is_some();
            members.iter().any(|member| {
                (is_key && is_private_name(member.name())) || holds_secret(member.value())
            })
        }
    }
}

/// [`holds_secret`] of a value as its text; what cannot be read is taken for the worst.
#[must_use]
pub fn text_holds_secret(json: &str) -> bool {
    // Most values are short strings and numbers, in which nothing can hide.
    if !json.contains(['{', '\\']) && !json.contains(PRIVATE_PEM) {
        return false;
    }
    read(json.as_bytes()).map_or(true, |node| holds_secret(&node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_wherever_they_hide() {
        for json in [
            r#"[[{"kty":"EC","d":"x"}]]"#,
            r#"{"a":{"b":[{"kty":"oct","k":"x"}]}}"#,
            r#"{"note":"-----BEGIN PRIVATE KEY-----\nMA=="}"#,
            r#"["-----BEGIN EC PRIVATE KEY\u002d----"]"#,
            r#"{"kty":"EC","D":"x"}"#,
        ] {
            assert!(text_holds_secret(json), "{json}");
        }
        for json in [
            r#"{"d":"not a key"}"#,
            r#"[{"kty":"EC","x":"d"}]"#,
            "\"d\"",
            "1.5",
            r#"["-----BEGIN PUBLIC KEY-----"]"#,
        ] {
            assert!(!text_holds_secret(json), "{json}");
        }
    }
}
