//! Secrets that stand where anyone can read them, also where nobody looks for them.

use super::alg::KeyType;
use super::base64url;
use super::json::{Node, Object, RawObject, Value, read};

/// How every PEM block with a private key ends its first line, whatever the key (RFC 7468 §10, §11).
const PRIVATE_PEM: &str = "PRIVATE KEY-----";
/// JSON in a string in JSON in a string is followed so far.
const STRINGS_WITHIN_STRINGS: usize = 3;
/// Fewest bytes by which the value of a private member is told from an ordinary word.
const FEWEST_SECRET_BYTES: usize = 12;

/// The members of any key type that hold private or secret values.
const ALL: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// The members of a key type that hold private or secret values (RFC 7518 §6, RFC 8037 §2, RFC 9964).
fn private_names(key_type: KeyType) -> &'static [&'static str] {
    match key_type {
        KeyType::Rsa => &["d", "p", "q", "dp", "dq", "qi", "oth"],
        KeyType::Ec | KeyType::Okp => &["d"],
        KeyType::Oct => &["k"],
        KeyType::Akp => &["priv"],
    }
}

/// What an object says of its key type.
#[derive(Clone, Copy)]
enum Owner {
    /// A key of a known type.
    Key(KeyType),
    /// A key, and nobody knows of what type.
    UnknownKey,
    /// No key by itself, but inside one.
    InsideKey,
    /// Nothing of the kind.
    Other,
}

impl Owner {
    fn of(kty: Option<&str>, inside_key: bool) -> Self {
        match kty {
            Some(name) => KeyType::by_name(name).map_or(Self::UnknownKey, Self::Key),
            None if inside_key => Self::InsideKey,
            None => Self::Other,
        }
    }

    /// True when the member `name`, whose value is spelled `raw`, must not be seen. Case does not
    /// count: readers exist that do not tell `D` from `d`.
    fn hides(self, name: &str, raw: &str) -> bool {
        // What some programs write for "none".
        if raw == "null" || is_empty_array(raw) {
            return false;
        }
        let among = |names: &[&str]| names.iter().any(|own| name.eq_ignore_ascii_case(own));
        match self {
            Self::Key(key_type) => {
                among(private_names(key_type)) || (among(&ALL) && looks_like_octets(raw))
            }
            Self::UnknownKey => among(&ALL),
            Self::InsideKey => among(&ALL) && looks_like_octets(raw),
            Self::Other => false,
        }
    }
}

fn is_empty_array(raw: &str) -> bool {
    let inside = raw.strip_prefix('[').and_then(|raw| raw.strip_suffix(']'));
    inside.is_some_and(|inside| inside.trim_ascii().is_empty())
}

fn looks_like_octets(raw: &str) -> bool {
    let text = raw.trim_matches('"');
    base64url::decode(text).is_ok_and(|octets| octets.len() >= FEWEST_SECRET_BYTES)
}

/// The names of the members of a key that must not be seen; for the members of a set, those that it
/// has as if it were one.
#[must_use]
pub fn secret_members(members: &RawObject) -> Vec<String> {
    let kty = members
        .members()
        .find(|(name, _)| name.eq_ignore_ascii_case("kty"))
        .map(|(_, raw)| raw.trim_matches('"'));
    let owner = Owner::of(kty, true);
    members
        .members()
        .filter(|(name, raw)| owner.hides(name, raw))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// True when a private JWK or a private key in PEM is anywhere in the value.
#[must_use]
pub fn holds_secret(node: &Node<'_>) -> bool {
    search(node, false, STRINGS_WITHIN_STRINGS)
}

/// True when the value of a member of a key, as its text, holds a secret; what cannot be read is taken
/// for the worst.
#[must_use]
pub fn value_holds_secret(json: &str) -> bool {
    // Most values are short strings and numbers, in which nothing can hide.
    if !json.contains(['{', '\\']) && !json.contains(PRIVATE_PEM) {
        return false;
    }
    read(json.as_bytes()).map_or(true, |node| search(&node, true, STRINGS_WITHIN_STRINGS))
}

/// True when a secret hides in the value of any of these members of a key.
#[must_use]
pub fn values_hold_secret(members: &RawObject) -> bool {
    members
        .members()
        .any(|(_, value)| value_holds_secret(value))
}

fn search(node: &Node<'_>, inside_key: bool, strings: usize) -> bool {
    match node.value() {
        Value::Null | Value::Bool(_) | Value::Number => false,
        Value::String(text) => {
            let text = text.as_str();
            text.contains(PRIVATE_PEM) || (strings > 0 && json_in(text, inside_key, strings - 1))
        }
        Value::Array(elements) => elements
            .iter()
            .any(|element| search(element, inside_key, strings)),
        Value::Object(object) => search_object(object, inside_key, strings),
    }
}

fn search_object(object: &Object<'_>, inside_key: bool, strings: usize) -> bool {
    let kty = object
        .members()
        .iter()
        .find(|member| member.name().eq_ignore_ascii_case("kty"))
        .map(|member| member.value().as_str().unwrap_or_default());
    let owner = Owner::of(kty, inside_key);
    let inside = inside_key || kty.is_some();
    object.members().iter().any(|member| {
        member.name().contains(PRIVATE_PEM)
            || owner.hides(member.name(), member.value().raw())
            || search(member.value(), inside, strings)
    })
}

/// A document that was put into a string.
fn json_in(text: &str, inside_key: bool, strings: usize) -> bool {
    let trimmed = text.trim();
    trimmed.starts_with(['{', '['])
        && read(trimmed.as_bytes()).is_ok_and(|node| search(&node, inside_key, strings))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "c2VjcmV0c2VjcmV0c2VjcmV0";

    fn holds(json: &str) -> bool {
        holds_secret(&read(json.replace("SECRET", SECRET).as_bytes()).unwrap())
    }

    #[test]
    fn secrets_are_found_wherever_they_hide() {
        for json in [
            r#"[[{"kty":"EC","d":"x"}]]"#,
            r#"{"a":{"b":[{"kty":"oct","k":"x"}]}}"#,
            r#"{"note":"-----BEGIN PRIVATE KEY-----\nMA=="}"#,
            r#"["-----BEGIN EC PRIVATE KEY\u002d----"]"#,
            r#"{"kty":"EC","D":"x"}"#,
            r#"{"KTY":"EC","d":"x"}"#,
            r#"{"backup":"{\"kty\":\"EC\",\"d\":\"x\"}"}"#,
            r#"{"kty":"EC","old":{"d":"SECRET"}}"#,
            r#"{"kty":"EC","q":"SECRET"}"#,
            r#"{"-----BEGIN PRIVATE KEY-----":1}"#,
        ] {
            assert!(holds(json), "{json}");
        }
    }

    #[test]
    fn ordinary_members_are_not_taken_for_secrets() {
        for json in [
            r#"{"d":"SECRET"}"#,
            r#"[{"kty":"EC","x":"d"}]"#,
            r#"{"kty":"EC","p":"production","k":null}"#,
            r#"{"kty":"RSA","d":null,"oth":[]}"#,
            "{\"kty\":\"RSA\",\"oth\":[ \n\t]}",
            r#"{"kty":"EC","note":{"p":"production"}}"#,
            "\"d\"",
            "1.5",
            r#"["-----BEGIN PUBLIC KEY-----", "{not json"]"#,
        ] {
            assert!(!holds(json), "{json}");
        }
    }

    #[test]
    fn strings_within_strings_are_not_followed_for_ever() {
        let deep = (0..8).fold(r#"{"kty":"EC","d":"x"}"#.to_owned(), |inner, _| {
            serde_json::Value::from(inner).to_string()
        });
        assert!(!holds(&deep));
    }
}
