//! From bytes to a [`Node`]: the whole document as a tree.

use std::collections::HashSet;

use super::split::{Splitter, Stop, first_fault, text_of};
use super::{JsonError, Member, Node, Object, Value};

/// Objects up to this many members look for repeated names pair by pair, larger ones with a table.
const PAIRWISE_MEMBERS: usize = 12;

/// Reads a document; repeated member names are kept, and told by [`Node::first_duplicate`].
///
/// # Errors
/// Every [`JsonFault`](super::JsonFault) but `DuplicateMember`.
pub fn read(document: &[u8]) -> Result<Node<'_>, JsonError> {
    let text = text_of(document)?;
    let mut splitter = Splitter::new(text, 0);
    let node = splitter.node(0);
    node.and_then(|node| splitter.end().map(|()| node))
        .map_err(|stop| first_fault(text, stop))
}

/// Reads a document and refuses repeated member names anywhere in it.
///
/// # Errors
/// Every [`JsonFault`](super::JsonFault).
pub fn read_strict(document: &[u8]) -> Result<Node<'_>, JsonError> {
    let node = read(document)?;
    node.require_distinct_members()?;
    Ok(node)
}

/// Reads the value with which `text` starts, whatever follows it.
///
/// # Errors
/// How many bytes were read before it turned out to be none.
pub fn read_leading(text: &str) -> Result<Node<'_>, usize> {
    let mut splitter = Splitter::new(text, 0);
    splitter.node(0).map_err(|_| splitter.mark())
}

impl<'a> Splitter<'a> {
    /// The value that comes next, which lies `depth` levels deep.
    pub(super) fn node(&mut self, depth: usize) -> Result<Node<'a>, Stop> {
        self.skip_white_space();
        let start = self.mark();
        let value = match self.peek() {
            Some(b'{') => Value::Object(self.object(depth)?),
            Some(b'[') => Value::Array(self.array(depth)?),
            Some(b'"') => Value::String(self.string()?),
            first => {
                self.scalar()?;
                match first {
                    Some(b't') => Value::Bool(true),
                    Some(b'f') => Value::Bool(false),
                    Some(b'n') => Value::Null,
                    _ => Value::Number,
                }
            }
        };
        Ok(Node {
            raw: self.since(start),
            offset: self.offset(start),
            value,
        })
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Node<'a>>, Stop> {
        self.open(depth)?;
        // Room for one: what is nested deep has no more, and would take several times as much.
        let mut elements = Vec::with_capacity(1);
        while !self.closes(b']', elements.is_empty())? {
            elements.push(self.node(depth + 1)?);
        }
        Ok(elements)
    }

    fn object(&mut self, depth: usize) -> Result<Object<'a>, Stop> {
        self.open(depth)?;
        let mut members = Vec::new();
        while !self.closes(b'}', members.is_empty())? {
            let (name, name_offset) = self.name()?;
            members.push(Member {
                name,
                name_offset,
                value: self.node(depth + 1)?,
            });
        }
        let names = members.iter().map(Member::name);
        let first_duplicate = first_repeated(names);
        Ok(Object {
            members,
            first_duplicate,
        })
    }
}

/// The place of the first name that was there before.
pub(super) fn first_repeated<'n>(
    names: impl ExactSizeIterator<Item = &'n str> + Clone,
) -> Option<usize> {
    if names.len() > PAIRWISE_MEMBERS {
        let mut seen = HashSet::with_capacity(names.len());
        return names.into_iter().position(|name| !seen.insert(name));
    }
    // Most names need not be compared in pairs.
    let mut marks = Marks::default();
    names.clone().for_each(|name| marks.add(name));
    if !marks.may_repeat {
        return None;
    }
    let is_repeated = |index: usize, name: &str| names.clone().take(index).any(|own| own == name);
    names
        .clone()
        .enumerate()
        .find(|&(index, name)| is_repeated(index, name))
        .map(|(index, _)| index)
}

/// Tells names that differ at sight, in length or at their ends, without keeping them.
#[derive(Default)]
pub(super) struct Marks {
    seen: [u64; 16],
    /// True when two names look alike; when false, no two are equal.
    pub(super) may_repeat: bool,
}

impl Marks {
    pub(super) fn add(&mut self, name: &str) {
        let mark = match name.as_bytes() {
            [] => 0,
            [first, .., last] => name.len() + 11 * usize::from(*first) + 37 * usize::from(*last),
            [only] => usize::from(*only),
        };
        let (word, bit) = (&mut self.seen[mark / 64 % 16], 1 << (mark % 64));
        self.may_repeat |= *word & bit != 0;
        *word |= bit;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DEPTH_LIMIT, JsonFault, Position};
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
