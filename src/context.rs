//! The outside world as data and traits. Commands receive a [`Context`] and touch nothing else;
//! `edge` holds the real implementations, tests may bring others.

mod layout;
mod network;
mod stream;

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::core::time::{NumericDate, parse_time};
use crate::error::{CommandError, Exit};
pub use network::{Cache, Claim, FetchOptions, FetchResponse, Get, Network, Outcome, Session};
pub use stream::{Stream, output_error};

/// What a command may use of the world.
pub struct Context<'w> {
    /// The time at which the program started; see [`Context::time`].
    pub clock: NumericDate,
    /// The command line as it was typed, without the name of the program.
    pub command_line: &'w [OsString],
    /// True when standard input is what a person types.
    pub stdin_is_terminal: bool,
    /// Standard output: results alone.
    pub stdout: Stream<'w>,
    /// Standard error: everything that is said to a person.
    pub stderr: Stream<'w>,
    /// Files and standard input.
    pub files: &'w dyn Files,
    /// The network; nothing of it is set up before the first use.
    pub network: Arc<dyn Network>,
    /// Answers of the network that are kept between runs.
    pub cache: Arc<dyn Cache>,
    /// The person at the terminal; none when there is none or when prompts are forbidden.
    pub person: Option<&'w dyn Person>,
    /// Ctrl-C, and work that takes time.
    pub console: &'w dyn Console,
}

impl Context<'_> {
    /// The time to go by: `--at` when given, else the clock.
    ///
    /// # Errors
    /// `--at` is no time.
    pub fn time(&self, at: Option<&str>) -> Result<NumericDate, CommandError> {
        match at {
            None => Ok(self.clock),
            Some(text) => parse_time(text, self.clock)
                .map_err(|problem| CommandError::of_value("--at", problem)),
        }
    }

    /// [`Context::time`] as it is by now, for what comes after a wait for a person or another process.
    ///
    /// # Errors
    /// `--at` is no time.
    pub fn time_by_now(&self, at: Option<&str>) -> Result<NumericDate, CommandError> {
        Ok(self.time(at)?.plus(match at {
            Some(_) => Duration::ZERO,
            None => self.console.elapsed(),
        }))
    }

    /// Writes a result that must arrive.
    ///
    /// # Errors
    /// Standard output is closed, full or broken.
    pub fn deliver(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        self.stdout.deliver(bytes)
    }

    /// Writes a report; a reader who has gone away is no error.
    ///
    /// # Errors
    /// Standard output is full or broken.
    pub fn report(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        self.stdout.offer(bytes).map(drop)
    }

    /// Shows a report to a person, as its terminal shows it best; a reader who has gone away is no error.
    ///
    /// # Errors
    /// Standard output is full or broken.
    pub fn show(&mut self, text: &str) -> Result<(), CommandError> {
        self.stdout.show(text)
    }

    /// Writes a piece of a report that has no end; false when its reader has gone away.
    ///
    /// # Errors
    /// Standard output is full or broken.
    pub fn offer(&mut self, bytes: &[u8]) -> Result<bool, CommandError> {
        self.stdout.offer(bytes)
    }

    /// Says a line to the person. That nobody listens is no error.
    pub fn say(&mut self, line: &str) {
        self.stderr.say(line);
    }
}

/// What was read of a file or of standard input, at most as much as the limit. Whoever takes it says
/// whether the beginning of a longer input will do, so that none is taken for the whole by mistake.
pub struct Input {
    bytes: Zeroizing<Vec<u8>>,
    limit: usize,
    is_whole: bool,
}

impl Input {
    /// The first `limit` bytes of an input, and whether they are all of it.
    #[must_use]
    pub fn new(bytes: Zeroizing<Vec<u8>>, limit: usize, is_whole: bool) -> Self {
        Self {
            bytes,
            limit,
            is_whole,
        }
    }

    /// The input, when it is not longer than the limit.
    ///
    /// # Errors
    /// `input-too-large`, with `name` as what it is.
    pub fn whole(self, name: &str) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        if self.is_whole {
            return Ok(self.bytes);
        }
        Err(self.too_long(name))
    }

    /// True when it is not longer than the limit.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The error of one that is longer, with `name` as what it is.
    #[must_use]
    pub fn too_long(&self, name: &str) -> CommandError {
        let message = format!("{name} is longer than the limit of {} bytes", self.limit);
        CommandError::new("input-too-large", Exit::File, message)
    }

    /// The input, or its beginning when it is longer than the limit.
    #[must_use]
    pub fn beginning(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The owner alone (mode 0600): the file holds secrets.
    Owner,
    /// Who could read the file that is replaced, but never everyone; owner and group stay, or it is
    /// not replaced. A new file is for its owner alone.
    Keepers,
    /// Everyone whom the umask allows.
    Everyone,
}

/// What may be at the place of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing<'b> {
    /// Nothing: an existing file is an error.
    Refuse,
    /// A file, which is replaced whole.
    Replace,
    /// A file that holds these bytes still, and is replaced whole: what someone else has written
    /// meanwhile is not lost.
    Unchanged(&'b [u8]),
}

/// Holds a lock until it is dropped.
pub trait Lock {}

/// An input of any length, read as it comes.
pub struct InputStream {
    /// Where the bytes come from.
    pub reader: Box<dyn Read + Send>,
    /// How many there are, when that is known.
    pub length: Option<u64>,
}

/// What is in a directory and in those below it, in the order of the names. Hidden ones are left out.
#[derive(Debug, Default)]
pub struct Listing {
    /// The regular files, and links to such.
    pub files: Vec<PathBuf>,
    /// Links to directories, which are not followed.
    pub links: Vec<PathBuf>,
    /// What could not be looked into: the path, and why.
    pub problems: Vec<(PathBuf, CommandError)>,
}

/// Files and standard input.
pub trait Files {
    /// The contents of a file, of which no more than `limit` bytes are read.
    ///
    /// # Errors
    /// `file-not-found`, `is-a-directory`, `file-unreadable`.
    fn read(&self, path: &Path, limit: usize) -> Result<Input, CommandError>;

    /// What is in the directory `path` and in those below it; none when it is no directory.
    fn list(&self, path: &Path) -> Option<Listing>;

    /// The names of what stands in the directory of `path`, hidden ones left out and in the order of the names.
    fn siblings(&self, path: &Path) -> Vec<String>;

    /// Standard input to its end, of which no more than `limit` bytes are read.
    ///
    /// # Errors
    /// `file-unreadable`.
    fn read_standard_input(&self, limit: usize) -> Result<Input, CommandError>;

    /// The contents of a file, as they come.
    ///
    /// # Errors
    /// As [`Files::read`].
    fn stream(&self, path: &Path) -> Result<InputStream, CommandError>;

    /// Standard input, as it comes.
    fn stream_standard_input(&self) -> InputStream;

    /// Standard output, for a thread that writes to it while the command waits.
    fn standard_output(&self) -> Box<dyn Write + Send>;

    /// True when a write to one path would replace what is at the other, however they are spelled.
    fn same_target(&self, one: &Path, other: &Path) -> bool;

    /// True when something is at `path`.
    fn exists(&self, path: &Path) -> bool;

    /// True when a regular file is at `path`, also behind links: reading it waits for nobody.
    fn is_regular(&self, path: &Path) -> bool;

    /// Checks that what is at `path` is a regular file, or nothing.
    ///
    /// # Errors
    /// `not-a-regular-file`, `is-a-directory`.
    fn require_regular(&self, path: &Path) -> Result<(), CommandError>;

    /// Checks that a file can be written at `path`, before anything depends on it.
    ///
    /// # Errors
    /// As [`Files::write`] where existing files are replaced.
    fn require_writable(&self, path: &Path) -> Result<(), CommandError>;

    /// Writes a file whole or not at all: a temporary file beside the target is written, synced and
    /// renamed, and the directory synced. A symlink stays, and its target is replaced.
    ///
    /// # Errors
    /// `file-exists`, `file-changed`, `not-a-regular-file`, `file-not-yours`, `file-unwritable`. What
    /// was at `path` before is then unharmed.
    fn write(
        &self,
        path: &Path,
        bytes: &[u8],
        audience: Audience,
        existing: Existing<'_>,
    ) -> Result<(), CommandError>;

    /// Takes the advisory lock under which the file at `path` is changed, and waits for `patience`
    /// while another process holds it. It is a lock on the directory: one on the file would be left
    /// behind when the file is replaced.
    ///
    /// # Errors
    /// `locked`: another process kept it; `file-unreadable`: the directory cannot be locked.
    fn lock(&self, path: &Path, patience: Duration) -> Result<Box<dyn Lock>, CommandError>;
}

/// One of the answers to a question.
pub struct Choice<'c> {
    /// What it is called, in ASCII.
    pub name: &'c str,
    /// What is said of it to someone who chooses.
    pub advice: &'c str,
}

/// The person at the terminal. Whoever ends the input, or leaves a list, is `interrupted`.
pub trait Person {
    /// Lets the person choose one of `choices`, of which the first is offered; returns its place.
    ///
    /// # Errors
    /// `interrupted`, or the terminal is gone.
    fn choose(&self, question: &str, choices: &[Choice<'_>]) -> Result<usize, CommandError>;

    /// Asks a question whose answer is yes or no; no is what Enter says.
    ///
    /// # Errors
    /// As [`Person::choose`].
    fn agree(&self, question: &str) -> Result<bool, CommandError>;

    /// Lets the person type a line without control characters; Enter alone takes what is offered.
    ///
    /// # Errors
    /// As [`Person::choose`].
    fn ask(&self, question: &str, offered: Option<&str>) -> Result<String, CommandError>;

    /// Lets the person type something that is not shown, without control characters.
    ///
    /// # Errors
    /// As [`Person::choose`].
    fn passphrase(&self, question: &str) -> Result<Zeroizing<Vec<u8>>, CommandError>;
}

/// What a command that works for long needs of the machine and of the terminal.
pub trait Console {
    /// How many threads can run at once.
    fn parallelism(&self) -> usize;

    /// How long ago [`Context::clock`] was read.
    fn elapsed(&self) -> Duration;

    /// True when standard output is a pipe that nobody reads any more.
    fn output_is_abandoned(&self) -> bool;

    /// Calls `stop` at the first Ctrl-C; the second one ends the program.
    ///
    /// # Errors
    /// The signal cannot be watched.
    fn on_interrupt(&self, stop: Box<dyn Fn() + Send>) -> Result<(), CommandError>;

    /// Something to show how far the work is, of `length` bytes when that is known; none where nobody
    /// would see it or where it would stand among results.
    fn progress(&self, length: Option<u64>) -> Option<Box<dyn Progress>>;
}

/// Shows how far a work is. It goes away when it is dropped.
pub trait Progress {
    /// So many `bytes` are done; `message` says what they were.
    fn show(&mut self, bytes: u64, message: &dyn Fn() -> String);
}
