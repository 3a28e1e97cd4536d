//! The tokens of a JSON document.
//!
//! `serde_json` goes over the whole document first and refuses what breaks the grammar. What it has
//! passed is then split in one more pass, which gives the exact spelling of every value and, by its
//! place in the document, its position. Both passes are linear.

use memchr::memchr2;
use serde_json::value::RawValue;

use super::{Cow, DEPTH_LIMIT, JsonError, JsonFault, Text};

/// The document as text, when it is JSON by its grammar.
pub(super) fn grammatical(document: &[u8]) -> Result<&str, JsonError> {
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
    Ok(text)
}

/// Splits a document, or a value of one, that is known to be valid JSON.
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
    pub(super) fn open(&mut self, depth: usize) -> Result<(), JsonError> {
        if depth >= DEPTH_LIMIT {
            return Err(JsonError {
                fault: JsonFault::TooDeep,
                offset: self.offset(self.at),
            });
        }
        self.at += 1;
        Ok(())
    }

    /// Passes a comma, or the bracket that ends a container; true for the latter.
    pub(super) fn closes(&mut self, bracket: u8) -> Result<bool, JsonError> {
        self.skip_white_space();
        if self.peek() == Some(b',') {
            self.at += 1;
            self.skip_white_space();
        }
        match self.peek() {
            // Cannot be in valid JSON; without it a mistake here would not end.
            None => Err(JsonError {
                fault: JsonFault::Syntax("the document ends too early".to_owned()),
                offset: self.offset(self.at),
            }),
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(true)
            }
            Some(_) => Ok(false),
        }
    }

    /// A member's name and where it starts in the document; passes the colon.
    pub(super) fn name(&mut self) -> Result<(Text<'a>, usize), JsonError> {
        let offset = self.offset(self.at);
        let name = self.string()?;
        self.skip_white_space();
        // The colon.
        self.at += 1;
        Ok((name, offset))
    }

    pub(super) fn string(&mut self) -> Result<Text<'a>, JsonError> {
        let start = self.at;
        let mut has_escapes = false;
        self.at += 1;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            match memchr2(b'"', b'\\', rest) {
                Some(distance) if rest[distance] == b'\\' => {
                    has_escapes = true;
                    self.at += distance + 2;
                }
                Some(distance) => {
                    self.at += distance + 1;
                    break;
                }
                // Cannot be in valid JSON.
                None => {
                    self.at = self.text.len();
                    break;
                }
            }
        }
        let raw = self.since(start);
        if has_escapes {
            // Decoding also refuses lone surrogates, which the grammar lets pass.
            serde_json::from_str(raw)
                .map(|text| Text(Cow::Owned(text)))
                .map_err(|error| {
                    let mut error = syntax_error(self.text, start, &error);
                    error.offset += self.base;
                    error
                })
        } else {
            let inner = raw.get(1..raw.len().saturating_sub(1));
            Ok(Text(Cow::Borrowed(inner.unwrap_or_default())))
        }
    }

    /// Passes a number, `true`, `false` or `null`.
    pub(super) fn skip_scalar(&mut self) {
        while let Some(byte) = self.peek() {
            if matches!(byte, b',' | b']' | b'}') || byte.is_ascii_whitespace() {
                break;
            }
            self.at += 1;
        }
    }

    pub(super) fn skip_white_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
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
