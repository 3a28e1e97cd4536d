//! From bytes to a [`Node`].
//!
//! `serde_json` goes over the whole document first and refuses what breaks the grammar. What it has
//! passed is then split in one more pass, which gives the exact spelling of every value and, by its
//! place in the document, its position. Both passes are linear.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::{Cow, DEPTH_LIMIT, JsonError, JsonFault, Member, Node, Object, Text, Value};

/// Objects up to this many members look for repeated names pair by pair, larger ones with a table.
const PAIRWISE_MEMBERS: usize = 12;

/// Reads a document; repeated member names are kept, and told by [`Node::first_duplicate`].
///
/// # Errors
/// Every [`JsonFault`] but `DuplicateMember`.
pub fn read(document: &[u8]) -> Result<Node<'_>, JsonError> {
    if document.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonError {
            fault: JsonFault::ByteOrderMark,
            offset: 0,
        });
    }
    let text = std::str::from_utf8(document).map_err(|error| JsonError {
        fault: JsonFault::InvalidUtf8,
        offset: error.valid_up_to(),
    })?;
    let _grammar: &RawValue =
        serde_json::from_str(text).map_err(|error| syntax_error(text, 0, &error))?;
    Splitter { text, at: 0 }.node(0)
}

/// Reads a document and refuses repeated member names anywhere in it.
///
/// # Errors
/// Every [`JsonFault`].
pub fn read_strict(document: &[u8]) -> Result<Node<'_>, JsonError> {
    let node = read(document)?;
    node.require_distinct_members()?;
    Ok(node)
}

/// Splits a document that is known to be valid JSON.
struct Splitter<'a> {
    text: &'a str,
    /// The next byte, from the start of the document.
    at: usize,
}

impl<'a> Splitter<'a> {
    fn node(&mut self, depth: usize) -> Result<Node<'a>, JsonError> {
        self.skip_white_space();
        let offset = self.at;
        let value = match self.peek() {
            Some(b'{') => Value::Object(self.object(depth)?),
            Some(b'[') => Value::Array(self.array(depth)?),
            Some(b'"') => Value::String(self.string()?),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') => Value::Null,
            _ => Value::Number,
        };
        if matches!(value, Value::Bool(_) | Value::Null | Value::Number) {
            self.skip_scalar();
        }
        Ok(Node {
            raw: self.since(offset),
            offset,
            value,
        })
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Node<'a>>, JsonError> {
        within_depth(depth, self.at)?;
        let mut elements = Vec::new();
        self.at += 1;
        while !self.closes(b']')? {
            elements.push(self.node(depth + 1)?);
        }
        Ok(elements)
    }

    fn object(&mut self, depth: usize) -> Result<Object<'a>, JsonError> {
        within_depth(depth, self.at)?;
        let mut members = Vec::new();
        self.at += 1;
        while !self.closes(b'}')? {
            let name_offset = self.at;
            let name = self.string()?;
            self.skip_white_space();
            // The colon.
            self.at += 1;
            members.push(Member {
                name,
                name_offset,
                value: self.node(depth + 1)?,
            });
        }
        let first_duplicate = first_duplicate(&members);
        Ok(Object {
            members,
            first_duplicate,
        })
    }

    /// Passes a comma, or the bracket that ends a container; true for the latter.
    fn closes(&mut self, bracket: u8) -> Result<bool, JsonError> {
        self.skip_white_space();
        if self.peek() == Some(b',') {
            self.at += 1;
            self.skip_white_space();
        }
        match self.peek() {
            // Cannot be in valid JSON; without it a mistake here would not end.
            None => Err(JsonError {
                fault: JsonFault::Syntax("the document ends too early".to_owned()),
                offset: self.at,
            }),
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Ok(false),
        }
    }

    fn string(&mut self) -> Result<Text<'a>, JsonError> {
        let offset = self.at;
        let mut has_escapes = false;
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.at += 1;
                }
                _ => {}
            }
        }
        let raw = self.since(offset);
        if has_escapes {
            // Decoding also refuses lone surrogates, which the grammar lets pass.
            serde_json::from_str(raw)
                .map(|text| Text(Cow::Owned(text)))
                .map_err(|error| syntax_error(self.text, offset, &error))
        } else {
            let inner = raw.get(1..raw.len().saturating_sub(1));
            Ok(Text(Cow::Borrowed(inner.unwrap_or_default())))
        }
    }

    fn skip_scalar(&mut self) {
        while let Some(byte) = self.peek() {
            if matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace() {
                break;
            }
            self.at += 1;
        }
    }

    fn skip_white_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn since(&self, offset: usize) -> &'a str {
        self.text.get(offset..self.at).unwrap_or_default()
    }
}

fn within_depth(depth: usize, offset: usize) -> Result<(), JsonError> {
    if depth < DEPTH_LIMIT {
        Ok(())
    } else {
        Err(JsonError {
            fault: JsonFault::TooDeep,
            offset,
        })
    }
}

fn first_duplicate(members: &[Member<'_>]) -> Option<usize> {
    if members.len() <= PAIRWISE_MEMBERS {
        return (1..members.len()).find(|&index| {
            members[..index]
                .iter()
                .any(|earlier| earlier.name() == members[index].name())
        });
    }
    let mut seen = HashSet::with_capacity(members.len());
    members
        .iter()
        .position(|member| !seen.insert(member.name()))
}

/// The byte in `text` that `serde_json` means by a line and column counted from `start`.
fn syntax_error(text: &str, start: usize, error: &serde_json::Error) -> JsonError {
    let part = &text[start..];
    let line_start = match error.line() {
        0 | 1 => 0,
        line => part
            .bytes()
            .enumerate()
            .filter(|&(_, byte)| byte == b'\n')
            .nth(line - 2)
            .map_or(0, |(at, _)| at + 1),
    };
    // serde_json names the byte after the last one it read.
    let offset = start + line_start + error.column().saturating_sub(1);
    let message = error.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(reason, _)| reason);
    JsonError {
        fault: JsonFault::Syntax(message.to_owned()),
        offset: offset.min(text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Position;
    use super::*;

    fn fault(document: &[u8]) -> (JsonFault, usize) {
        match read_strict(document) {
            Ok(node) => panic!("{} was read", node.raw()),
            Err(error) => (error.fault, error.offset),
        }
    }

    #[test]
    fn names_values_and_positions_are_those_of_the_document() {
        let text = "{\n  \"a\": 1.50e+3,\n  \"b\\u0063\": [true, null, \"x\\n\"]\n}".as_bytes();
        let node = read_strict(text).unwrap();
        let object = node.as_object().unwrap();
        assert_eq!(object.get("a").unwrap().as_number(), Some("1.50e+3"));
        let list = object.get("bc").unwrap();
        assert_eq!(list.raw(), "[true, null, \"x\\n\"]");
        let last = &list.as_array().unwrap()[2];
        assert_eq!(last.as_str(), Some("x\n"));
        assert_eq!(
            Position::of(text, last.span().start),
            Position {
                line: 3,
                column: 27
            }
        );
        assert_eq!(
            Position::of(text, object.members()[1].name_offset()),
            Position { line: 3, column: 3 }
        );
    }

    #[test]
    fn repeated_names_are_found_at_any_depth_and_behind_escapes() {
        assert_eq!(
            fault(br#"{"a":1,"b":{"c":1,"\u0063":2}}"#),
            (JsonFault::DuplicateMember("c".into()), 18)
        );
        let many: Vec<String> = (0..40).map(|index| format!("\"m{index}\":0")).collect();
        let text = format!("{{{},\"m7\":1}}", many.join(","));
        assert_eq!(
            fault(text.as_bytes()).0,
            JsonFault::DuplicateMember("m7".into())
        );
        assert!(read(text.as_bytes()).is_ok());
    }

    #[test]
    fn what_is_not_strict_json_is_refused_with_its_place() {
        assert_eq!(fault(b"\xEF\xBB\xBF{}"), (JsonFault::ByteOrderMark, 0));
        assert_eq!(fault(b"{\"a\":\"\xFF\"}"), (JsonFault::InvalidUtf8, 6));
        for (text, offset) in [
            ("", 0),
            ("{", 1),
            ("{} x", 3),
            ("{'a':1}", 1),
            ("[01]", 2),
            ("[1,]", 3),
            ("[\n\n tru]", 7),
            ("[\"\\ud800\"]", 8),
            ("[NaN]", 1),
            ("[\"a\nb\"]", 3),
        ] {
            let (fault, at) = fault(text.as_bytes());
            assert!(matches!(fault, JsonFault::Syntax(_)), "{text:?}: {fault:?}");
            assert!(at.abs_diff(offset) <= 1, "{text:?}: {at}, not {offset}");
        }
    }

    #[test]
    fn depth_is_limited_and_a_hundred_thousand_levels_do_no_harm() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(read(nested(DEPTH_LIMIT).as_bytes()).is_ok());
        assert_eq!(
            fault(nested(DEPTH_LIMIT + 1).as_bytes()).0,
            JsonFault::TooDeep
        );
        assert_eq!(fault(nested(100_000).as_bytes()).0, JsonFault::TooDeep);
        assert!(matches!(
            fault("[".repeat(100_000).as_bytes()).0,
            JsonFault::Syntax(_)
        ));
    }

    #[test]
    fn the_private_token_of_serde_json_is_an_ordinary_name() {
        let text = br#"{"$serde_json::private::RawValue":"1"}"#;
        let node = read_strict(text).unwrap();
        let member = &node.as_object().unwrap().members()[0];
        assert_eq!(member.name(), "$serde_json::private::RawValue");
        assert_eq!(member.value().as_str(), Some("1"));
    }
}
