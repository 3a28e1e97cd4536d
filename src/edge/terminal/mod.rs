//! The terminal: what the streams are, and questions to the person who sits there.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where streams and environment are looked at"
)]

#[cfg_attr(not(unix), path = "device_elsewhere.rs")]
mod device;
mod keyboard;
mod list;
mod person;

use std::io::{self, IsTerminal, Write};

pub(super) use keyboard::end_question;
pub use person::TerminalPerson;

use crate::context::Stream;

/// Width assumed of what is no terminal.
const DEFAULT_WIDTH: usize = 80;

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColorChoice {
    /// A terminal that is not dumb, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What is known of the terminal and of the standard streams before the command line is read.
pub struct TerminalFacts {
    /// Standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// The locale has more characters than ASCII, and the terminal, if there is one, shows them.
    unicode: bool,
    /// The terminal can do no more than show one line after the other.
    is_dumb: bool,
}

impl TerminalFacts {
    /// Looks at the streams and the environment, once.
    #[must_use]
    pub fn look() -> Self {
        // The colour crate decides on standard output alone and lets CLICOLOR_FORCE beat NO_COLOR:
        // it is told to colour, and each stream decides here.
        colored::control::set_override(true);
        Self {
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            stdin_is_terminal: io::stdin().is_terminal(),
            width: width(),
            unicode: shows_unicode(),
            is_dumb: is_dumb(),
        }
    }

    /// Standard output.
    pub fn stdout<'w>(&self, choice: ColorChoice, writer: &'w mut dyn Write) -> Stream<'w> {
        self.stream(self.stdout_is_terminal, choice, writer)
    }

    /// Standard error.
    pub fn stderr<'w>(&self, choice: ColorChoice, writer: &'w mut dyn Write) -> Stream<'w> {
        self.stream(self.stderr_is_terminal, choice, writer)
    }

    fn stream<'w>(
        &self,
        is_terminal: bool,
        choice: ColorChoice,
        writer: &'w mut dyn Write,
    ) -> Stream<'w> {
        Stream {
            writer,
            is_terminal,
            color: wants_color(choice, is_terminal),
            width: self.width,
            unicode: self.unicode,
        }
    }
}

fn wants_color(choice: ColorChoice, is_terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = || {
        std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0")
    };
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if forced() => true,
        ColorChoice::Auto => is_terminal && !is_dumb(),
    }
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// The columns to write for: what the environment says, those of the terminal, or 80.
fn width() -> usize {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    columns
        .or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)))
        .filter(|&width| width > 0)
        .unwrap_or(DEFAULT_WIDTH)
}

/// The locale as POSIX has it: the first of the three that is set counts.
fn shows_unicode() -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    let is_utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    is_utf8 && !is_dumb()
}
