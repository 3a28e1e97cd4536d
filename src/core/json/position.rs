//! From a byte of a document to its line and column.

use std::fmt;

/// Bytes between two places whose position is remembered.
const STRIDE: usize = 256;

/// Where something stands in a document: both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Position {
    const START: Self = Self { line: 1, column: 1 };

    /// The position of the byte at `offset` in `document`. For many positions in one document use
    /// [`Positions`].
    #[must_use]
    pub fn of(document: &[u8], offset: usize) -> Self {
        Self::START.after(&document[..offset.min(document.len())])
    }

    /// The position behind `bytes`, when they start at this one.
    fn after(mut self, bytes: &[u8]) -> Self {
        for &byte in bytes {
            if byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xc0 != 0x80 {
                // Continuation bytes of UTF-8 are no characters of their own.
                self.column += 1;
            }
        }
        self
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// The positions in one document, each found in constant time: a document of a single long line
/// with a finding on every key must not take quadratic time.
pub struct Positions<'d> {
    document: &'d [u8],
    remembered: Vec<Position>,
}

impl<'d> Positions<'d> {
    /// Goes through the document once.
    #[must_use]
    pub fn new(document: &'d [u8]) -> Self {
        let mut position = Position::START;
        let mut remembered = vec![position];
        for chunk in document.chunks(STRIDE) {
            position = position.after(chunk);
            remembered.push(position);
        }
        Self {
            document,
            remembered,
        }
    }

    /// The position of the byte at `offset`.
    #[must_use]
    pub fn of(&self, offset: usize) -> Position {
        let offset = offset.min(self.document.len());
        let nearest = offset / STRIDE;
        self.remembered[nearest].after(&self.document[nearest * STRIDE..offset])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let text = "ä\nbü€c".as_bytes();
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, 3), Position { line: 2, column: 1 });
        assert_eq!(Position::of(text, 9), Position { line: 2, column: 4 });
    }

    #[test]
    fn remembered_positions_are_the_same() {
        let text = "x€\n".repeat(50) + &"ü".repeat(700) + "\n" + &"y".repeat(600);
        let positions = Positions::new(text.as_bytes());
        for offset in 0..=text.len() + 3 {
            assert_eq!(positions.of(offset), Position::of(text.as_bytes(), offset));
        }
        assert_eq!(Positions::new(b"").of(7), Position::START);
    }
}
