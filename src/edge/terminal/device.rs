//! The controlling terminal, from which answers come whatever standard input is.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where the terminal is opened"
)]

use std::fs::{File, OpenOptions};
use std::io::{self, Read};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr,
    tcsetattr,
};
use zeroize::Zeroizing;

use super::keyboard::{Key, LINE_LIMIT, Manner};

/// What stands for a key that is switched off: `_POSIX_VDISABLE`.
const NO_KEY: u8 = if cfg!(any(target_os = "linux", target_os = "android")) {
    0
} else {
    0xff
};
/// How long what follows Escape may take to arrive when it is one key with it.
const KEY_PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// How a terminal takes and shows what is typed.
#[derive(Clone)]
pub(super) struct Modes(Termios);

/// The controlling terminal.
pub(super) struct Device {
    file: File,
    /// What has been read and is no part yet of a key that was returned.
    pending: Vec<u8>,
}

impl Device {
    /// Opens it.
    ///
    /// # Errors
    /// There is none, as in a job of cron, or it cannot be read.
    pub(super) fn open() -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        Ok(Self {
            file,
            pending: Vec::new(),
        })
    }

    /// The modes that it has.
    pub(super) fn modes(&self) -> io::Result<Modes> {
        Ok(Modes(tcgetattr(&self.file)?))
    }

    /// Sets the modes in which an answer is taken in this manner, on the ground of those that it has.
    pub(super) fn set(&self, manner: Manner, modes: &Modes) -> io::Result<()> {
        let mut modes = modes.0.clone();
        match manner {
            Manner::Shown => {}
            Manner::Hidden => {
                modes.local_modes.remove(LocalModes::ECHO);
                modes
                    .local_modes
                    .insert(LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
            }
            Manner::Keys => {
                modes
                    .local_modes
                    .remove(LocalModes::ECHO | LocalModes::ICANON);
                modes.local_modes.insert(LocalModes::ISIG);
                modes.special_codes[SpecialCodeIndex::VMIN] = 1;
                modes.special_codes[SpecialCodeIndex::VTIME] = 0;
            }
        }
        if manner != Manner::Shown {
            // Ctrl-Z and Ctrl-\ would hand these modes to the shell, and the first one come back to a
            // terminal that shows secrets.
            modes.special_codes[SpecialCodeIndex::VSUSP] = NO_KEY;
            modes.special_codes[SpecialCodeIndex::VQUIT] = NO_KEY;
        }
        // What was typed before the question is no answer to it.
        Ok(tcsetattr(&self.file, OptionalActions::Flush, &modes)?)
    }

    /// Goes back to the modes.
    pub(super) fn restore(&self, modes: &Modes) {
        let _ = tcsetattr(&self.file, OptionalActions::Now, &modes.0);
    }

    /// Drops what was typed and not read.
    pub(super) fn drop_rest(&self) {
        let _ = tcflush(&self.file, QueueSelector::IFlush);
    }

    /// A line without its end; none at the end of the input.
    ///
    /// # Errors
    /// The terminal is gone, or the line is longer than [`LINE_LIMIT`].
    pub(super) fn line(&mut self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        // Never grown, which would leave copies of a passphrase behind.
        let mut line = Zeroizing::new(vec![0; LINE_LIMIT]);
        let mut length = 0;
        loop {
            match self.file.read(&mut line[length..]) {
                Ok(0) if length == LINE_LIMIT => return Err(io::ErrorKind::InvalidData.into()),
                Ok(0) if length == 0 => return Ok(None),
                Ok(0) => break,
                Ok(count) => length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
            if line[..length].ends_with(b"\n") {
                length -= 1;
                break;
            }
        }
        line.truncate(length);
        Ok(Some(line))
    }

    /// The next key.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn key(&mut self) -> io::Result<Key> {
        const ESCAPE: u8 = 0x1b;
        const END_OF_INPUT: u8 = 0x04;
        let first = self.byte()?;
        Ok(match first {
            None | Some(b'q' | END_OF_INPUT) => Key::Leave,
            Some(b'\n' | b'\r') => Key::Enter,
            Some(b'k') => Key::Up,
            Some(b'j') => Key::Down,
            Some(ESCAPE) if !self.has_more()? => Key::Leave,
            Some(ESCAPE) => self.sequence()?,
            Some(_) => Key::Other,
        })
    }

    /// The key of a sequence of ECMA-48 whose Escape has been read: an introducer, parameters, and a last
    /// byte that says which key it is.
    fn sequence(&mut self) -> io::Result<Key> {
        if !matches!(self.byte()?, Some(b'[' | b'O')) {
            return Ok(Key::Other);
        }
        let mut parameter = None;
        loop {
            return Ok(match (self.byte()?, parameter) {
                (Some(b'A'), _) => Key::Up,
                (Some(b'B'), _) => Key::Down,
                (Some(b'H'), _) | (Some(b'~'), Some(b'1' | b'7')) => Key::First,
                (Some(b'F'), _) | (Some(b'~'), Some(b'4' | b'8')) => Key::Last,
                (Some(byte @ 0x20..=0x3f), _) => {
                    parameter = Some(byte);
                    continue;
                }
                _ => Key::Other,
            });
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        while self.pending.is_empty() {
            let mut piece = [0; 64];
            match self.file.read(&mut piece) {
                Ok(0) => return Ok(None),
                Ok(count) => self.pending.extend_from_slice(&piece[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Some(self.pending.remove(0)))
    }

    fn has_more(&self) -> io::Result<bool> {
        if !self.pending.is_empty() {
            return Ok(true);
        }
        let mut watched = [PollFd::new(&self.file, PollFlags::IN)];
        match poll(&mut watched, Some(&KEY_PATIENCE)) {
            Ok(_) => Ok(watched[0].revents().contains(PollFlags::IN)),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
