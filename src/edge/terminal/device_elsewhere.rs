//! The console of systems that are no Unix: its modes are dialoguer's to set and to put right.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the terminal is opened"
)]

use std::io::{self, IsTerminal};

use dialoguer::console::{self, Term};
use zeroize::Zeroizing;

use super::keyboard::{Key, LINE_LIMIT, Manner};

/// Nothing: the console goes back to its modes when the process ends.
#[derive(Clone)]
pub(super) struct Modes;

/// The console.
pub(super) struct Device {
    is_hidden: bool,
}

impl Device {
    /// Opens it.
    ///
    /// # Errors
    /// Standard input is no terminal.
    pub(super) fn open() -> io::Result<Self> {
        if io::stdin().is_terminal() {
            Ok(Self { is_hidden: false })
        } else {
            Err(io::ErrorKind::NotConnected.into())
        }
    }

    pub(super) fn modes(&self) -> io::Result<Modes> {
        Ok(Modes)
    }

    pub(super) fn set(&mut self, manner: Manner, _modes: &Modes) -> io::Result<()> {
        self.is_hidden = manner == Manner::Hidden;
        Ok(())
    }

    pub(super) fn restore(&self, _modes: &Modes) {}

    pub(super) fn drop_rest(&self) {}

    /// A line without its end.
    ///
    /// # Errors
    /// The terminal is gone, or the line is longer than [`LINE_LIMIT`].
    pub(super) fn line(&mut self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let term = Term::stderr();
        let line = if self.is_hidden {
            term.read_secure_line()?
        } else {
            term.read_line()?
        };
        if line.len() > LINE_LIMIT {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Some(Zeroizing::new(line.into_bytes())))
    }

    /// The next key.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn key(&mut self) -> io::Result<Key> {
        Ok(match Term::stderr().read_key()? {
            console::Key::ArrowUp | console::Key::Char('k') => Key::Up,
            console::Key::ArrowDown | console::Key::Char('j') => Key::Down,
            console::Key::Home => Key::First,
            console::Key::End => Key::Last,
            console::Key::Enter => Key::Enter,
            console::Key::Escape | console::Key::Char('q' | '\u{4}') => Key::Leave,
            _ => Key::Other,
        })
    }
}
