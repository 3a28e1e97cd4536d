//! A document of which only the outermost level is kept. What lies deeper is checked as strictly and
//! read when it is asked for: most claims and most keys of a large set never are.

use std::ops::Range;

use memchr::memchr;

use super::read::first_repeated;
use super::split::{Splitter, Stop, first_fault, text_of};
use super::walk::Walk;
use super::{Cow, JsonError, Member, Node, Text};

/// A value that has been checked, and is read when it is asked for.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    raw: &'a str,
    offset: usize,
}

/// A document with the members of its outermost object, when it is one.
pub struct Outline<'a> {
    document: &'a str,
    whole: Part<'a>,
    members: Vec<Member<'a, Part<'a>>>,
}

impl<'a> Outline<'a> {
    /// Checks a document; repeated member names pass.
    ///
    /// # Errors
    /// Every [`JsonFault`](super::JsonFault) but `DuplicateMember`.
    pub fn read(document: &'a [u8]) -> Result<Self, JsonError> {
        Self::of(document, &mut Walk::lenient())
    }

    /// Checks a document and refuses repeated member names anywhere in it.
    ///
    /// # Errors
    /// Every [`JsonFault`](super::JsonFault).
    pub fn read_strict(document: &'a [u8]) -> Result<Self, JsonError> {
        let outline = Self::of(document, &mut Walk::strict())?;
        match outline.own_duplicate() {
            None => Ok(outline),
            Some(member) => {
                let stop = Stop::Repeated(member.name_offset);
                Err(first_fault(outline.document, stop))
            }
        }
    }

    fn of(document: &'a [u8], walk: &mut Walk<'a>) -> Result<Self, JsonError> {
        let text = text_of(document)?;
        Self::split(text, walk).map_err(|stop| first_fault(text, stop))
    }

    fn split(document: &'a str, walk: &mut Walk<'a>) -> Result<Self, Stop> {
        let mut splitter = Splitter::new(document, 0);
        splitter.skip_white_space();
        let start = splitter.mark();
        let members = if splitter.peek() == Some(b'{') {
            members(&mut splitter, walk)?
        } else {
            walk.value(&mut splitter, 0)?;
            Vec::new()
        };
        let whole = Part::since(&splitter, start);
        splitter.end()?;
        Ok(Self {
            document,
            whole,
            members,
        })
    }

    /// The text of the document, white space around its value included.
    #[must_use]
    pub fn document(&self) -> &'a str {
        self.document
    }

    /// The value of the document.
    #[must_use]
    pub fn whole(&self) -> Part<'a> {
        self.whole
    }

    /// The members of the outermost object, in the order of the document.
    #[must_use]
    pub fn members(&self) -> &[Member<'a, Part<'a>>] {
        &self.members
    }

    /// The value of the member `name` (the first of that name).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Part<'a>> {
        self.members
            .iter()
            .find(|member| member.name() == name)
            .map(|member| member.value)
    }

    /// The member whose name the outermost object has had before, if there is one.
    #[must_use]
    pub fn own_duplicate(&self) -> Option<&Member<'a, Part<'a>>> {
        let names = self.members.iter().map(Member::name);
        self.members.get(first_repeated(names)?)
    }
}

impl<'a> Part<'a> {
    /// What `splitter` has passed since `mark`.
    pub(super) fn since(splitter: &Splitter<'a>, mark: usize) -> Self {
        Self {
            raw: splitter.since(mark),
            offset: splitter.offset(mark),
        }
    }

    /// The value `raw`, which has been checked before and starts at byte `offset` of its document.
    pub(in crate::core) fn checked(raw: &'a str, offset: usize) -> Self {
        Self { raw, offset }
    }

    /// The exact text of the value.
    #[must_use]
    pub fn raw(self) -> &'a str {
        self.raw
    }

    /// Where the value starts, in bytes from the start of the document.
    #[must_use]
    pub fn offset(self) -> usize {
        self.offset
    }

    /// The bytes of the document that the value takes.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.offset..self.offset + self.raw.len()
    }

    /// What the value is, with its article, for messages.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self.first() {
            b'n' => "null",
            b't' | b'f' => "a boolean",
            b'"' => "a string",
            b'[' => "an array",
            b'{' => "an object",
            _ => "a number",
        }
    }

    /// True for `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.first() == b'n'
    }

    /// True for a string.
    #[must_use]
    pub fn is_string(self) -> bool {
        self.first() == b'"'
    }

    /// True for an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.first() == b'{'
    }

    /// The characters, when this is a string.
    #[must_use]
    pub fn as_str(self) -> Option<Text<'a>> {
        let inner = self.raw.strip_prefix('"')?.strip_suffix('"')?;
        if memchr(b'\\', inner.as_bytes()).is_none() {
            return Some(Text(Cow::Borrowed(inner)));
        }
        self.splitter().string().ok()
    }

    /// The exact text of the number, when this is one.
    #[must_use]
    pub fn as_number(self) -> Option<&'a str> {
        matches!(self.first(), b'-' | b'0'..=b'9').then_some(self.raw)
    }

    /// The elements, when this is an array.
    #[must_use]
    pub fn elements(self) -> Option<Vec<Part<'a>>> {
        let mut elements = Vec::new();
        self.each_element(|element| {
            elements.push(element);
            true
        })?;
        Some(elements)
    }

    /// Shows the elements to `visit`, without keeping them, until it says false; none when this is no
    /// array.
    pub fn each_element(self, mut visit: impl FnMut(Part<'a>) -> bool) -> Option<()> {
        (self.first() == b'[')
            .then(|| each_element(&mut self.splitter(), &mut visit).ok())
            .flatten()
    }

    /// The value of the member `name` (the first of that name), when this is an object that has it.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Part<'a>> {
        (self.first() == b'{')
            .then(|| find(&mut self.splitter(), name).ok())
            .flatten()
            .flatten()
    }

    /// The value as a tree; none when the text is not what was checked.
    #[must_use]
    pub fn node(self) -> Option<Node<'a>> {
        self.splitter().node(0).ok()
    }

    fn first(self) -> u8 {
        self.raw.bytes().next().unwrap_or_default()
    }

    fn splitter(self) -> Splitter<'a> {
        Splitter::new(self.raw, self.offset)
    }
}

fn members<'a>(
    splitter: &mut Splitter<'a>,
    walk: &mut Walk<'a>,
) -> Result<Vec<Member<'a, Part<'a>>>, Stop> {
    // Few tokens have more claims.
    let mut members = Vec::with_capacity(12);
    splitter.open(0)?;
    while !splitter.closes(b'}', members.is_empty())? {
        let (name, name_offset) = splitter.name()?;
        splitter.skip_white_space();
        let start = splitter.mark();
        walk.value(splitter, 1)?;
        members.push(Member {
            name,
            name_offset,
            value: Part::since(splitter, start),
        });
    }
    Ok(members)
}

fn each_element<'a>(
    splitter: &mut Splitter<'a>,
    visit: &mut impl FnMut(Part<'a>) -> bool,
) -> Result<(), Stop> {
    let mut walk = Walk::lenient();
    let mut is_first = true;
    splitter.open(0)?;
    while !splitter.closes(b']', is_first)? {
        is_first = false;
        let start = splitter.mark();
        walk.value(splitter, 1)?;
        if !visit(Part::since(splitter, start)) {
            break;
        }
    }
    Ok(())
}

fn find<'a>(splitter: &mut Splitter<'a>, name: &str) -> Result<Option<Part<'a>>, Stop> {
    let mut walk = Walk::lenient();
    let mut is_first = true;
    splitter.open(0)?;
    while !splitter.closes(b'}', is_first)? {
        is_first = false;
        let (own, _) = splitter.name()?;
        splitter.skip_white_space();
        let start = splitter.mark();
        walk.value(splitter, 1)?;
        if own.as_str() == name {
            return Ok(Some(Part::since(splitter, start)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::super::{DEPTH_LIMIT, read, read_strict};
    use super::*;

    #[test]
    fn the_outermost_level_is_that_of_the_tree() {
        let text = r#" {"a":1.50e+3, "b\u0063" : [true,null,{"x":"\n"}], "d":"e\"", "f":{}} "#;
        let outline = Outline::read_strict(text.as_bytes()).unwrap();
        let tree = read_strict(text.as_bytes()).unwrap();
        let members = tree.as_object().unwrap().members();
        assert_eq!(outline.members().len(), members.len());
        for (own, theirs) in outline.members().iter().zip(members) {
            assert_eq!(own.name(), theirs.name());
            assert_eq!(own.name_offset(), theirs.name_offset());
            let (own, theirs) = (*own.value(), theirs.value());
            assert_eq!(own.raw(), theirs.raw());
            assert_eq!(own.offset(), theirs.span().start);
            assert_eq!(own.kind(), theirs.kind());
            assert_eq!(own.as_number(), theirs.as_number());
            let text = own.as_str();
            assert_eq!(text.as_ref().map(Text::as_str), theirs.as_str());
            let again = own.node().unwrap();
            assert!(again.equals(theirs));
            assert_eq!(again.span(), theirs.span());
        }
        let elements = outline.get("bc").unwrap().elements().unwrap();
        assert_eq!(elements[2].offset(), text.find(r#"{"x""#).unwrap());
        let x = elements[2].member("x").unwrap();
        assert_eq!(x.as_str().unwrap().as_str(), "\n");
        assert_eq!(x.node().unwrap().span().start, x.offset());
        assert!(elements[2].member("y").is_none() && elements[0].member("x").is_none());
    }

    #[test]
    fn what_the_tree_refuses_is_refused_and_nothing_else() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        let many: Vec<String> = (0..40).map(|index| format!("\"m{index}\":0")).collect();
        for text in [
            "{\"a\":1}".to_owned(),
            "[]".to_owned(),
            " 5 ".to_owned(),
            "\"\\ud800\"".to_owned(),
            "{\"a\":{\"b\":\"\\ud800\"}}".to_owned(),
            "{\"a\":1,\"\\u0061\":2}".to_owned(),
            "{\"a\":[{\"b\":1,\"b\":2}],\"b\":1}".to_owned(),
            "{\"a\":{\"b\":1},\"b\":{\"b\":1}}".to_owned(),
            format!("{{\"x\":{{{}}}}}", many.join(",")),
            format!("{{\"x\":{{{},\"m7\":1}}}}", many.join(",")),
            nested(DEPTH_LIMIT),
            nested(DEPTH_LIMIT + 1),
            format!("{{\"a\":{}}}", nested(DEPTH_LIMIT - 1)),
            format!("{{\"a\":{}}}", nested(DEPTH_LIMIT)),
            "{\"a\":01}".to_owned(),
            "{\"a\":1".to_owned(),
            String::new(),
        ] {
            let bytes = text.as_bytes();
            assert_eq!(
                Outline::read(bytes).map(drop),
                read(bytes).map(drop),
                "{text}"
            );
            assert_eq!(
                Outline::read_strict(bytes).map(drop),
                read_strict(bytes).map(drop),
                "{text}"
            );
        }
    }
}
