//! The tokens of a JSON document, by the grammar of RFC 8259.
//!
//! A document is gone over once, which gives the exact spelling of every value and, by its place in
//! the document, its position. Where that pass finds a fault, `serde_json` has the first word on what
//! is wrong; that both take the same documents is a property in tests/properties.

use serde_json::value::RawValue;

use super::{Cow, DEPTH_LIMIT, JsonError, JsonFault, Text};

/// The document as text.
pub(super) fn text_of(document: &[u8]) -> Result<&str, JsonError> {
    if document.starts_with(b"\xEF\xBB\xBF") {
        return Err(JsonError {
            fault: JsonFault::ByteOrderMark,
            offset: 0,
        });
    }
    std::str::from_utf8(document).map_err(|error| JsonError {
        fault: JsonFault::InvalidUtf8,
        offset: error.valid_up_to(),
    })
}

/// Why a document is split no further, and the byte of the document at which that is seen. Small, since
/// every step returns it or not; [`first_fault`] makes an error of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The grammar is broken.
    Broken(usize),
    /// A container is nested too deep.
    TooDeep(usize),
    /// The string that starts here has an escape that stands for no character.
    Escape(usize),
    /// The name that starts here is one that its object has had before.
    Repeated(usize),
}

/// The error of a document that `stop` was seen in: a broken grammar comes before everything else.
#[cold]
pub(super) fn first_fault(text: &str, stop: Stop) -> JsonError {
    if let Err(error) = serde_json::from_str::<&RawValue>(text) {
        return syntax_error(text, 0, &error);
    }
    let string_at = |offset: usize| {
        let mut splitter = Splitter::new(text.get(offset..).unwrap_or_default(), offset);
        let _ = splitter.pass_string();
        splitter.since(0)
    };
    match stop {
        Stop::Broken(offset) => JsonError {
            fault: JsonFault::Syntax("not JSON".to_owned()),
            offset,
        },
        Stop::TooDeep(offset) => JsonError {
            fault: JsonFault::TooDeep,
            offset,
        },
        Stop::Escape(offset) => match serde_json::from_str::<String>(string_at(offset)) {
            Err(error) => syntax_error(text, offset, &error),
            Ok(_) => JsonError {
                fault: JsonFault::Syntax("not JSON".to_owned()),
                offset,
            },
        },
        Stop::Repeated(offset) => {
            let name = serde_json::from_str(string_at(offset));
            JsonError {
                fault: JsonFault::DuplicateMember(name.unwrap_or_default()),
                offset,
            }
        }
    }
}

/// Splits a document, or a value of one that was split before.
pub(super) struct Splitter<'a> {
    text: &'a str,
    /// Where the text starts, in bytes from the start of the document.
    base: usize,
    /// The next byte of the text.
    at: usize,
}

impl<'a> Splitter<'a> {
    /// Splits `text`, which starts at byte `base` of the document.
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        Self { text, base, at: 0 }
    }

    /// This place, for [`Splitter::since`] and [`Splitter::offset`].
    pub(super) fn mark(&self) -> usize {
        self.at
    }

    /// The text from `mark` to here.
    pub(super) fn since(&self, mark: usize) -> &'a str {
        self.text.get(mark..self.at).unwrap_or_default()
    }

    /// The place `mark` in bytes from the start of the document.
    pub(super) fn offset(&self, mark: usize) -> usize {
        self.base + mark
    }

    /// Passes the bracket that opens a container `depth` levels deep.
    pub(super) fn open(&mut self, depth: usize) -> Result<(), Stop> {
        if depth >= DEPTH_LIMIT {
            return Err(Stop::TooDeep(self.offset(self.at)));
        }
        self.at += 1;
        Ok(())
    }

    /// Passes what stands before the next element of a container, of which `is_first` says that none
    /// has come yet, or the bracket that ends it; true for the latter.
    pub(super) fn closes(&mut self, bracket: u8, is_first: bool) -> Result<bool, Stop> {
        self.skip_white_space();
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(true)
            }
            Some(b',') if !is_first => {
                self.at += 1;
                self.skip_white_space();
                // What comes now is an element: a bracket is none.
                Ok(false)
            }
            Some(_) if is_first => Ok(false),
            _ => Err(self.broken()),
        }
    }

    /// A member's name and where it starts in the document; passes the colon.
    pub(super) fn name(&mut self) -> Result<(Text<'a>, usize), Stop> {
        let offset = self.offset(self.at);
        let name = self.string()?;
        self.skip_white_space();
        self.expect(b':')?;
        Ok((name, offset))
    }

    /// Passes a member's name and the colon.
    pub(super) fn skip_name(&mut self) -> Result<(), Stop> {
        self.skip_string()?;
        self.skip_white_space();
        self.expect(b':')
    }

    /// A string.
    pub(super) fn string(&mut self) -> Result<Text<'a>, Stop> {
        let start = self.at;
        let has_escapes = self.pass_string()?;
        if !has_escapes {
            let inner = self.text.get(start + 1..self.at - 1);
            return Ok(Text(Cow::Borrowed(inner.unwrap_or_default())));
        }
        // Decoding also refuses lone surrogates, which the grammar lets pass.
        match serde_json::from_str(self.since(start)) {
            Ok(text) => Ok(Text(Cow::Owned(text))),
            Err(_) => Err(Stop::Escape(self.offset(start))),
        }
    }

    /// Passes a string, which is checked as [`Splitter::string`] does.
    pub(super) fn skip_string(&mut self) -> Result<(), Stop> {
        let start = self.at;
        if self.pass_string()? {
            self.at = start;
            self.string()?;
        }
        Ok(())
    }

    /// Passes a string up to its end; true when it has escapes, which nobody has looked at then.
    fn pass_string(&mut self) -> Result<bool, Stop> {
        self.expect(b'"')?;
        let mut has_escapes = false;
        loop {
            self.at += plain_length(self.rest());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += 2;
                }
                _ => return Err(self.broken()),
            }
        }
    }

    /// Passes a number, `true`, `false` or `null`.
    pub(super) fn scalar(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b't') => self.literal("true"),
            Some(b'f') => self.literal("false"),
            Some(b'n') => self.literal("null"),
            _ => self.number(),
        }
    }

    fn literal(&mut self, word: &str) -> Result<(), Stop> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.broken());
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Stop> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Passes one digit or more.
    fn digits(&mut self) -> Result<(), Stop> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.broken());
        }
        Ok(())
    }

    /// Passes the end of the text.
    pub(super) fn end(&mut self) -> Result<(), Stop> {
        self.skip_white_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.broken()),
        }
    }

    pub(super) fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.peek() != Some(byte) {
            return Err(self.broken());
        }
        self.at += 1;
        Ok(())
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// The grammar is broken here.
    fn broken(&self) -> Stop {
        Stop::Broken(self.offset(self.at))
    }
}

/// How many bytes at the start of `bytes` are plain characters of a string: no quotation mark, no
/// backslash, no control character. Eight are looked at in one step.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    let mut length = 0;
    for chunk in bytes.chunks_exact(8) {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        let word = u64::from_le_bytes(word);
        // The top bit of a byte is set when the byte is below the one that is taken away: the lowest
        // one that is set is right, and those above it may be carried into.
        let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
        let quote = word ^ (ONES * u64::from(b'"'));
        let backslash = word ^ (ONES * u64::from(b'\\'));
        let found = (below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & TOPS;
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    let rest = bytes[length..].iter().take_while(|&&byte| is_plain(byte));
    length + rest.count()
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
