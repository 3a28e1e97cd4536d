//! What a person types in answer to a question, and the modes of the terminal meanwhile.
//!
//! Whatever ends a question, an answer or Ctrl-C, puts the terminal right.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use dialoguer::console::Term;
use zeroize::Zeroizing;

use super::device::{Device, Modes};
use crate::edge::interrupt;

/// Longest line that is taken, in bytes with its end: what terminals take at most.
pub(super) const LINE_LIMIT: usize = 4096;

/// The question that is open, and what the terminal was before it.
static OPEN: Mutex<Option<(Manner, Modes)>> = Mutex::new(None);

/// How an answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// As a line that is seen while it is typed.
    Shown,
    /// As a line that is not.
    Hidden,
    /// Key by key, unseen, and with the cursor hidden.
    Keys,
}

/// What a key means in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Up,
    Down,
    First,
    Last,
    Enter,
    /// Escape, `q`, or the end of the input.
    Leave,
    Other,
}

/// The keyboard, for the time of a question.
pub(super) struct Keyboard(Device);

impl Keyboard {
    /// Prepares the terminal for an answer. The question is put afterwards: whoever sees it can answer.
    ///
    /// # Errors
    /// There is no terminal to be read.
    pub(super) fn open(manner: Manner) -> io::Result<Self> {
        // Where signals cannot be watched, Ctrl-C ends the process as it always does.
        let _ = interrupt::watch();
        #[cfg_attr(
            unix,
            expect(unused_mut, reason = "elsewhere the device has the manner")
        )]
        let mut device = Device::open()?;
        let modes = device.modes()?;
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        device.set(manner, &modes)?;
        *open = Some((manner, modes));
        drop(open);
        if manner == Manner::Keys {
            let _ = Term::stderr().hide_cursor();
        }
        Ok(Self(device))
    }

    /// A line without its end; none at the end of the input.
    ///
    /// # Errors
    /// The terminal is gone, or the line is too long.
    pub(super) fn line(&mut self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let line = self.0.line()?;
        if line.is_none() {
            // Nobody pressed Enter.
            let _ = writeln!(Term::stderr());
        }
        Ok(line)
    }

    /// The next key.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn key(&mut self) -> io::Result<Key> {
        self.0.key()
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((manner, modes)) = open.take() {
            if manner == Manner::Hidden {
                // The shell would show and run what was pasted behind a passphrase.
                self.0.drop_rest();
            }
            self.0.restore(&modes);
            if manner == Manner::Keys {
                let _ = Term::stderr().show_cursor();
            }
        }
    }
}

/// Puts the terminal right when a question is open; true when one was. None is put afterwards: this is for
/// a process that ends.
pub(in crate::edge) fn end_question() -> bool {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((manner, modes)) = open.take() else {
        return false;
    };
    if let Ok(device) = Device::open() {
        device.restore(&modes);
    }
    match manner {
        Manner::Keys => {
            let _ = Term::stderr().show_cursor();
        }
        // The line of the question is not at its end.
        Manner::Shown | Manner::Hidden => {
            let _ = writeln!(Term::stderr());
        }
    }
    // Nobody changes the modes any more.
    std::mem::forget(open);
    true
}
