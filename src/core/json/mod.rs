//! Strict JSON (RFC 8259): a tree that remembers where everything stands in the document.
//!
//! The grammar is that of RFC 8259, as `serde_json` takes it. On top of it this module refuses what
//! JOSE forbids or what would let two readers disagree: byte order marks, invalid UTF-8, lone
//! surrogates, nesting deeper than [`DEPTH_LIMIT`], and (see [`read_strict`]) repeated member names.
//! Numbers keep their exact text.

mod number;
mod outline;
mod position;
mod read;
mod split;
mod walk;
mod write;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use zeroize::Zeroize;

use crate::core::failure::shown;

pub use number::Decimal;
pub use outline::{Outline, Part};
pub use position::{Position, Positions};
pub use read::{read, read_leading, read_strict};
pub use walk::each_member;
pub use write::{RawObject, array, compact, document, line, pretty, quote};

/// Deepest nesting of arrays and objects that is read.
pub const DEPTH_LIMIT: usize = 64;

/// Why a document was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonFault {
    /// The bytes are not UTF-8 (RFC 8259 §8.1).
    InvalidUtf8,
    /// The document starts with a byte order mark (RFC 8259 §8.1).
    ByteOrderMark,
    /// The text breaks the JSON grammar; what `serde_json` says of it.
    Syntax(String),
    /// Nested deeper than [`DEPTH_LIMIT`].
    TooDeep,
    /// An object has this member name twice (RFC 7515 §4, RFC 7517 §4, RFC 7519 §4).
    DuplicateMember(String),
}

impl JsonFault {
    /// True when the document ends before its value does.
    #[must_use]
    pub fn is_missing_end(&self) -> bool {
        // The words of `serde_json`, which has no other way to say it in a kept error.
        matches!(self, Self::Syntax(message) if message.starts_with("EOF "))
    }
}

/// A [`JsonFault`] and the byte at which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub fault: JsonFault,
    /// Where, in bytes from the start of the document.
    pub offset: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            JsonFault::InvalidUtf8 => formatter.write_str("invalid UTF-8"),
            JsonFault::ByteOrderMark => formatter.write_str("starts with a byte order mark"),
            JsonFault::Syntax(message) => formatter.write_str(message),
            JsonFault::TooDeep => write!(formatter, "nested deeper than {DEPTH_LIMIT} levels"),
            JsonFault::DuplicateMember(name) => {
                write!(
                    formatter,
                    "the member \"{}\" appears twice",
                    shown(name).escape_debug()
                )
            }
        }
    }
}

impl std::error::Error for JsonError {}

/// The text of a JSON string. Decoded copies are wiped on drop, since a key document can hold
/// secrets in any string.
#[derive(Clone, PartialEq, Eq)]
pub struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    /// The decoded characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when the document spells a character of it as an escape.
    #[must_use]
    pub fn has_escapes(&self) -> bool {
        matches!(self.0, Cow::Owned(_))
    }
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

/// A JSON value as it stands in the document.
pub struct Node<'a> {
    raw: &'a str,
    offset: usize,
    value: Value<'a>,
}

/// What a [`Node`] is.
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; its exact text is [`Node::raw`].
    Number,
    /// A string.
    String(Text<'a>),
    /// An array.
    Array(Vec<Node<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// A JSON object: its members in the order of the document.
pub struct Object<'a> {
    members: Vec<Member<'a>>,
    first_duplicate: Option<usize>,
}

/// One member of an object, its value read as a tree or not yet.
pub struct Member<'a, V = Node<'a>> {
    name: Text<'a>,
    name_offset: usize,
    value: V,
}

impl<'a> Node<'a> {
    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value<'a> {
        &self.value
    }

    /// The exact text of the value in the document.
    #[must_use]
    pub fn raw(&self) -> &'a str {
        self.raw
    }

    /// The bytes of the document that the value takes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.offset..self.offset + self.raw.len()
    }

    /// The characters, when this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The exact text of the number, when this is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&'a str> {
        matches!(self.value, Value::Number).then_some(self.raw)
    }

    /// The elements, when this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node<'a>]> {
        match &self.value {
            Value::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The object, when this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The strings, when this is an array of nothing else.
    #[must_use]
    pub fn as_strings(&self) -> Option<Vec<&str>> {
        self.as_array()?.iter().map(Node::as_str).collect()
    }

    /// True when both are the same value: member order, spelling and white space do not count,
    /// numbers are compared exactly.
    #[must_use]
    pub fn equals(&self, other: &Node<'_>) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(own), Value::Bool(other)) => own == other,
            (Value::Number, Value::Number) => Decimal::of(self.raw) == Decimal::of(other.raw),
            (Value::String(own), Value::String(other)) => own.as_str() == other.as_str(),
            (Value::Array(own), Value::Array(other)) => {
                own.len() == other.len()
                    && own.iter().zip(other).all(|(own, other)| own.equals(other))
            }
            (Value::Object(own), Value::Object(other)) => {
                own.members.len() == other.members.len()
                    && own.members.iter().all(|member| {
                        other
                            .get(member.name())
                            .is_some_and(|value| member.value.equals(value))
                    })
            }
            _ => false,
        }
    }

    /// What the value is, with its article, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// The first member, in document order, whose name its object already had.
    #[must_use]
    pub fn first_duplicate(&self) -> Option<&Member<'a>> {
        match &self.value {
            Value::Array(elements) => elements.iter().find_map(Node::first_duplicate),
            Value::Object(object) => {
                let own = object
                    .first_duplicate
                    .and_then(|index| object.members.get(index));
                let nested = object
                    .members
                    .iter()
                    .find_map(|member| member.value.first_duplicate());
                match (own, nested) {
                    (Some(own), Some(nested)) if nested.name_offset < own.name_offset => {
                        Some(nested)
                    }
                    (own, nested) => own.or(nested),
                }
            }
            _ => None,
        }
    }

    /// # Errors
    /// [`JsonFault::DuplicateMember`] when any object in here repeats a member name.
    pub fn require_distinct_members(&self) -> Result<(), JsonError> {
        match self.first_duplicate() {
            None => Ok(()),
            Some(member) => Err(JsonError {
                fault: JsonFault::DuplicateMember(member.name().to_owned()),
                offset: member.name_offset,
            }),
        }
    }
}

impl<'a> Object<'a> {
    /// The members, in the order of the document.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        &self.members
    }

    /// The value of the member `name` (the first of that name).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node<'a>> {
        self.members
            .iter()
            .find(|member| member.name() == name)
            .map(Member::value)
    }

    /// The member whose name this object has had before, if there is one.
    #[must_use]
    pub fn own_duplicate(&self) -> Option<&Member<'a>> {
        self.members.get(self.first_duplicate?)
    }
}

impl<V> Member<'_, V> {
    /// The name, decoded.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Where the name starts, in bytes from the start of the document.
    #[must_use]
    pub fn name_offset(&self) -> usize {
        self.name_offset
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &V {
        &self.value
    }
}

/// The bytes that the string at `offset` of a document takes, as it is spelled there.
#[must_use]
pub fn string_span(document: &[u8], offset: usize) -> Range<usize> {
    let mut escaped = false;
    let inside = document.get(offset + 1..).unwrap_or_default();
    let length = inside.iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    offset..offset + 1 + length.map_or(inside.len(), |length| length + 1)
}

#[cfg(test)]
mod tests {
    use super::string_span;

    #[test]
    fn a_string_ends_at_its_quotation_mark_however_it_is_spelled() {
        assert_eq!(string_span(br#"{"kid":1}"#, 1), 1..6);
        assert_eq!(string_span(br#"{"\u006bid":1}"#, 1), 1..11);
        assert_eq!(string_span(br#"["\"\\", ""]"#, 1), 1..7);
        assert_eq!(string_span(br#"[""]"#, 1), 1..3);
        assert_eq!(string_span(br#"["a"#, 1), 1..3);
        assert_eq!(string_span(b"", 7), 7..8);
    }
}
