//! An input of any length as pieces of whole lines, in constant memory.
//!
//! A piece is what one read brings, so that a slow input is answered at once and a fast one comes in
//! large pieces.

use std::io::{self, Read};
use std::mem;

use memchr::{memchr, memchr_iter, memrchr};

use crate::core::batch::{ID_LIMIT, LineForm};
use crate::core::engine::Sha256;

/// Most bytes that are asked for at once.
const READ_BYTES: usize = 64 * 1024;
/// Most lines of a piece: a record is longer than an empty line, and records wait for their piece.
const PIECE_LINES: usize = 256;

/// Some lines of the input.
pub(super) enum Piece {
    /// Whole lines, each with its end but perhaps the last one of the input.
    Lines {
        /// The number of the first, from 1.
        first: u64,
        /// The lines.
        text: Vec<u8>,
    },
    /// A line that is longer than any token may be, of which no more than this is kept.
    LongLine {
        /// Its number.
        number: u64,
        /// How it begins.
        beginning: Vec<u8>,
        /// SHA-256 of its token.
        sha256: [u8; 32],
        /// Its length with its end, in bytes.
        length: u64,
    },
}

impl Piece {
    /// Bytes of the input that it stands for.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Lines { text, .. } => text.len() as u64,
            Self::LongLine { length, .. } => *length,
        }
    }
}

/// Cuts an input into pieces.
pub(super) struct LineReader {
    input: Box<dyn Read + Send>,
    form: LineForm,
    /// What was read and given to nobody yet.
    pending: Vec<u8>,
    /// The number of the line that `pending` starts with.
    number: u64,
}

impl LineReader {
    pub(super) fn new(input: Box<dyn Read + Send>, form: LineForm) -> Self {
        Self {
            input,
            form,
            pending: Vec::new(),
            number: 1,
        }
    }

    /// The next piece; none at the end of the input.
    ///
    /// # Errors
    /// The input cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        // The part of `pending` that is known to hold no end of a line.
        let mut searched = 0;
        loop {
            if let Some(end) = self.whole_lines(searched) {
                return Ok(Some(self.take_lines(end)));
            }
            searched = self.pending.len();
            if searched > self.form.longest_line().saturating_add("\r\n".len()) {
                return self.long_line().map(Some);
            }
            if self.fill()? == 0 {
                let end = self.pending.len();
                return Ok((end > 0).then(|| self.take_lines(end)));
            }
        }
    }

    /// Where the whole lines in `pending` end, as many as make a piece.
    fn whole_lines(&self, searched: usize) -> Option<usize> {
        let unsearched = &self.pending[searched..];
        let last = memchr_iter(b'\n', unsearched).nth(PIECE_LINES - 1);
        let last = last.or_else(|| memrchr(b'\n', unsearched))?;
        Some(searched + last + 1)
    }

    fn take_lines(&mut self, end: usize) -> Piece {
        let rest = self.pending.split_off(end);
        let text = mem::replace(&mut self.pending, rest);
        let first = self.number;
        self.number += memchr_iter(b'\n', &text).count() as u64;
        Piece::Lines { first, text }
    }

    /// Reads on to the end of a line and keeps no more than its beginning and its hash.
    fn long_line(&mut self) -> io::Result<Piece> {
        let beginning = self.pending[..self.pending.len().min(ID_LIMIT + 2)].to_vec();
        let mut hash = TokenHash::new();
        let mut length = 0;
        let mut start = self.form.token_start(&beginning);
        loop {
            let end = memchr(b'\n', &self.pending);
            let line_end = end.unwrap_or(self.pending.len());
            hash.update(&self.pending[start..line_end]);
            start = 0;
            if let Some(end) = end {
                length += (end + 1) as u64;
                self.pending.drain(..=end);
                hash.end_of_line();
                break;
            }
            length += self.pending.len() as u64;
            self.pending.clear();
            if self.fill()? == 0 {
                break;
            }
        }
        // A long line is rare; the room that it took is given back.
        self.pending.shrink_to(READ_BYTES);
        let number = self.number;
        self.number += 1;
        Ok(Piece::LongLine {
            number,
            beginning,
            sha256: hash.finish(),
            length,
        })
    }

    /// Reads once, behind what is pending; how many bytes came.
    fn fill(&mut self) -> io::Result<usize> {
        let start = self.pending.len();
        self.pending.resize(start + READ_BYTES, 0);
        let result = loop {
            match self.input.read(&mut self.pending[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.pending
            .truncate(start + result.as_ref().copied().unwrap_or(0));
        result
    }
}

/// The hash of a token. A carriage return belongs to it, but before the end of a line.
struct TokenHash {
    hash: Sha256,
    /// A carriage return came last, and is hashed when something follows it.
    holds_return: bool,
}

impl TokenHash {
    fn new() -> Self {
        Self {
            hash: Sha256::new(),
            holds_return: false,
        }
    }

    fn update(&mut self, octets: &[u8]) {
        if octets.is_empty() {
            return;
        }
        if mem::take(&mut self.holds_return) {
            self.hash.update(b"\r");
        }
        let body = octets.strip_suffix(b"\r").unwrap_or(octets);
        self.holds_return = body.len() < octets.len();
        self.hash.update(body);
    }

    /// The token has ended with its line, and not with the input.
    fn end_of_line(&mut self) {
        self.holds_return = false;
    }

    fn finish(mut self) -> [u8; 32] {
        if self.holds_return {
            self.hash.update(b"\r");
        }
        self.hash.finish()
    }
}
