//! The standard streams, and how text for people is put on them.

use std::borrow::Cow;
use std::io::{self, Write};

use super::layout::{self, Foreign};
use crate::error::{CommandError, Exit};

/// An output stream and what is known of it.
pub struct Stream<'w> {
    /// Where the bytes go.
    pub writer: &'w mut dyn Write,
    /// True when a person sees it at once.
    pub is_terminal: bool,
    /// True when it is to be coloured.
    pub color: bool,
    /// Width in columns of what shows it.
    pub width: usize,
    /// True when more than ASCII is shown well.
    pub unicode: bool,
}

impl Stream<'_> {
    /// Writes a result that must arrive.
    ///
    /// # Errors
    /// The stream is closed, full or broken.
    pub fn deliver(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        self.write(bytes).map_err(output_error)
    }

    /// Writes a piece of a report; false when its reader has gone away.
    ///
    /// # Errors
    /// The stream is full or broken.
    pub fn offer(&mut self, bytes: &[u8]) -> Result<bool, CommandError> {
        match self.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            result => result.map(|()| true).map_err(output_error),
        }
    }

    /// Shows a report to a person; a reader who has gone away is no error.
    ///
    /// # Errors
    /// The stream is full or broken.
    pub fn show(&mut self, text: &str) -> Result<(), CommandError> {
        let fitted = self.fitted(text, Foreign::Anywhere);
        self.offer(fitted.as_bytes()).map(drop)
    }

    /// Says a line to the person. That nobody listens is no error.
    pub fn say(&mut self, line: &str) {
        let fitted = self.fitted(line, Foreign::Quoted);
        let _ = writeln!(self.writer, "{fitted}");
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)?;
        self.writer.flush()
    }

    /// A text for people as this stream shows it best. On a terminal lines are broken between words,
    /// and one that shows ASCII alone gets nothing else; elsewhere programs read, and it stays as it is.
    fn fitted<'t>(&self, text: &'t str, foreign: Foreign) -> Cow<'t, str> {
        if self.is_terminal {
            layout::fitted(text, self.width, self.unicode, foreign)
        } else {
            Cow::Borrowed(text)
        }
    }
}

/// The error of a standard output that cannot be written to.
#[must_use]
pub fn output_error(error: io::Error) -> CommandError {
    CommandError::new(
        "output-failed",
        Exit::File,
        "cannot write to standard output",
    )
    .cause(error)
}
