//! The error of a command: a stable code for scripts, a sentence and a hint for people, and the
//! exit status.

use std::fmt;

use crate::core::bad_value::BadValue;
use crate::core::detect::is_content;
use crate::core::failure::Failure;

/// How a command ends. The numbers are promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Yes, or done.
    Success = 0,
    /// No: a token rejected, a finding at the threshold, a rotation refused.
    No = 1,
    /// The command line is wrong.
    Usage = 2,
    /// A file, input or output cannot be read or written, exists already, or is not what was expected.
    File = 3,
    /// The network: what was asked for could not be fetched, and a retry may help.
    Network = 4,
    /// Interrupted by the person at the terminal.
    Interrupted = 130,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub struct CommandError {
    /// The stable name of the reason.
    pub code: &'static str,
    /// What is wrong and with which input: lower case, no full stop.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The input that it is about, before quoting, where reports have to name it.
    pub input: Option<String>,
    /// How the command ends.
    pub exit: Exit,
    /// What lies beneath, outermost first.
    pub cause: Option<anyhow::Error>,
}

impl CommandError {
    /// An error of the command line that the parser cannot see.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new("usage", Exit::Usage, message)
    }

    /// Wrong usage: what is wrong with the value of `option`, and what to write instead.
    #[must_use]
    pub fn of_value(option: &str, problem: BadValue) -> Self {
        Self::from(BadValue {
            reason: format!("{option}: {}", problem.reason),
            ..problem
        })
    }

    /// An error with the code `code` that ends the command with `exit`.
    #[must_use]
    pub fn new(code: &'static str, exit: Exit, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            input: None,
            exit,
            cause: None,
        }
    }

    /// A file that is there and must not be; `name` is quoted.
    #[must_use]
    pub fn file_exists(name: &str) -> Self {
        Self::new("file-exists", Exit::File, format!("{name} exists already"))
            .hint("name another file, or use --force to replace it: what it holds is lost then")
    }

    /// A failure of a key, a set or a token that keeps the command from its work.
    #[must_use]
    pub fn from_failure(exit: Exit, context: impl fmt::Display, failure: &Failure) -> Self {
        Self {
            code: failure.code.as_str(),
            message: format!("{context}: {failure}"),
            hint: failure.hint.clone(),
            input: None,
            exit,
            cause: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the name of the input that it is about; a key or a token that stands in its place is not
    /// repeated.
    #[must_use]
    pub fn input(mut self, name: impl Into<String>) -> Self {
        self.input = Some(name.into()).filter(|name| !is_content(name));
        self
    }

    /// Adds what lies beneath.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }
}

impl From<BadValue> for CommandError {
    /// Wrong usage.
    fn from(problem: BadValue) -> Self {
        Self {
            hint: problem.advice,
            ..Self::usage(problem.reason)
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.cause {
            // The alternate form joins the whole chain with colons.
            Some(cause) => write!(formatter, ": {cause:#}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CommandError {}
