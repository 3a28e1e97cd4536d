//! Secrets that stand where anyone can read them, also where nobody looks for them.

mod octets;
mod repeated;
#[cfg(test)]
mod tests;
mod text;

use memchr::memchr2;
use zeroize::Zeroizing;

use super::alg::KeyType;
use super::json::{Node, Object, RawObject, Value, read};
use octets::has_octets;

pub use repeated::Secrets;
pub use text::is_private_der;

/// JSON in a string in JSON in a string is followed so far.
const STRINGS_WITHIN_STRINGS: usize = 3;
/// Fewest bytes by which the value of a private member is told from an ordinary word.
const FEWEST_SECRET_BYTES: usize = 12;
/// Fewest bytes of what is taken for a private key because its name says so: what has fewer is rather
/// the name of one.
const FEWEST_KEY_BYTES: usize = 24;

/// The members of any key type that hold private or secret values.
const ALL: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// How names end under which programs keep a private key beside the registered members, in small
/// letters and without what divides words.
const TELLING: [&str; 8] = [
    "privatekey",
    "secretkey",
    "privateexponent",
    "privatekeyder",
    "privatekeyhex",
    "privatekeybase64",
    "privatekeybase58",
    "privatekeymultibase",
];

/// The members of a key type that hold private or secret values (RFC 7518 §6, RFC 8037 §2, RFC 9964).
#[must_use]
pub fn private_names(key_type: KeyType) -> &'static [&'static str] {
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

    /// That of the members of a key.
    fn of_members(members: &RawObject) -> Self {
        let kty = members
            .members()
            .find(|(name, _)| name.eq_ignore_ascii_case("kty"))
            .map(|(_, raw)| raw.trim_matches('"'));
        Self::of(kty, true)
    }

    /// True when the member `name`, whose value is spelled `raw`, must not be seen; `is_material` says
    /// whether that value may be so many bytes of a key. Case does not count: readers exist that do
    /// not tell `D` from `d`.
    fn hides(self, name: &str, raw: &str, is_material: impl FnOnce(usize) -> bool) -> bool {
        if is_nothing(raw) {
            return false;
        }
        let among = |names: &[&str]| names.iter().any(|own| name.eq_ignore_ascii_case(own));
        match self {
            Self::Other => false,
            Self::Key(key_type) if among(private_names(key_type)) => true,
            Self::UnknownKey if among(&ALL) => true,
            _ if among(&ALL) => is_material(FEWEST_SECRET_BYTES),
            _ => is_telling(name) && is_material(FEWEST_KEY_BYTES),
        }
    }
}

/// True for what some programs write for "none": null, and an array without elements.
fn is_nothing(raw: &str) -> bool {
    let inner = raw
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    raw == "null" || inner.is_some_and(|inner| inner.trim().is_empty())
}

fn is_telling(name: &str) -> bool {
    let letters = || {
        let bytes = name.bytes().rev();
        let bytes = bytes.filter(|byte| !matches!(byte, b'_' | b'-' | b' '));
        bytes.map(|byte| byte.to_ascii_lowercase())
    };
    TELLING.iter().any(|own| {
        let mut letters = letters();
        own.bytes().rev().all(|byte| letters.next() == Some(byte))
    })
}

/// The names of the members of a key that must not be seen; for the members of a set, those that it
/// has as if it were one.
#[must_use]
pub fn secret_members(members: &RawObject) -> Vec<String> {
    let owner = Owner::of_members(members);
    let is_material =
        |raw: &str, fewest| read(raw.as_bytes()).map_or(true, |node| has_octets(&node, fewest));
    members
        .members()
        .filter(|(name, raw)| owner.hides(name, raw, |fewest| is_material(raw, fewest)))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// The members of a key, or of a set, that may be seen, where no other keys stand beside it.
#[must_use]
pub fn without_secrets(members: &RawObject) -> RawObject {
    Secrets::of([members]).without(members)
}

/// True when a private JWK or a private key in PEM or DER is anywhere in the value.
#[must_use]
pub fn holds_secret(node: &Node<'_>) -> bool {
    search(node, false, STRINGS_WITHIN_STRINGS)
}

/// True when a text that is to be shown holds a secret.
#[must_use]
pub fn text_holds_secret(text: &str) -> bool {
    text::holds_secret(text, false, STRINGS_WITHIN_STRINGS)
}

/// True when a private key is in a document that is no JSON: in DER, or anywhere in a text, whose lines may be JSON,
/// with a comment or a byte order mark.
#[must_use]
pub fn document_holds_secret(document: &[u8]) -> bool {
    // Nothing else matters here, and UTF-16 writes it with a zero in every other byte.
    let is_ascii = |byte: &&u8| (1..0x80).contains(*byte);
    let mut text = Zeroizing::new(String::with_capacity(document.len()));
    text.extend(document.iter().filter(is_ascii).copied().map(char::from));
    is_private_der(document) || text_holds_secret(&text)
}

/// True when the value of a member of a key, as its text, holds a secret; what cannot be read is taken
/// for the worst.
#[must_use]
pub fn value_holds_secret(json: &str) -> bool {
    // Most values are short strings and numbers, in which little can hide.
    if memchr2(b'{', b'\\', json.as_bytes()).is_none() {
        let mut strings = json.split('"').skip(1).step_by(2);
        return strings.any(|text| text::holds_secret(text, true, STRINGS_WITHIN_STRINGS));
    }
    read(json.as_bytes()).map_or(true, |node| search(&node, true, STRINGS_WITHIN_STRINGS))
}

/// True when a secret hides in the name of a member of a key, or in its value as its text.
#[must_use]
pub fn member_holds_secret(name: &str, value: &str) -> bool {
    text::holds_secret(name, true, STRINGS_WITHIN_STRINGS) || value_holds_secret(value)
}

/// True when a secret hides in any of these members of a key.
#[must_use]
pub fn values_hold_secret(members: &RawObject) -> bool {
    members
        .members()
        .any(|(name, value)| member_holds_secret(name, value))
}

fn search(node: &Node<'_>, inside_key: bool, strings: usize) -> bool {
    match node.value() {
        Value::Null | Value::Bool(_) | Value::Number => false,
        Value::String(text) => text::holds_secret(text.as_str(), inside_key, strings),
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
        let (name, value) = (member.name(), member.value());
        owner.hides(name, value.raw(), |fewest| has_octets(value, fewest))
            || text::holds_secret(name, inside, strings)
            || search(value, inside, strings)
    })
}
