//! The terminal: what the streams are, and questions to the person who sits there.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where streams and environment are looked at"
)]

use std::io::{self, IsTerminal};

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use zeroize::Zeroizing;

use crate::context::Person;
use crate::error::{CommandError, Exit};

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

/// What is known of the standard streams.
pub struct TerminalFacts {
    /// Standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// A person can be asked: standard input and standard error are terminals.
    pub can_ask: bool,
    /// Colour standard output.
    pub color_stdout: bool,
    /// Colour standard error.
    pub color_stderr: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// The locale has more characters than ASCII, and the terminal, if there is one, shows them.
    pub unicode: bool,
}

impl TerminalFacts {
    /// Looks at the streams and the environment, once.
    #[must_use]
    pub fn look(choice: ColorChoice) -> Self {
        let stdout_is_terminal = io::stdout().is_terminal();
        let stderr_is_terminal = io::stderr().is_terminal();
        // The colour crate decides on standard output alone and lets CLICOLOR_FORCE beat NO_COLOR:
        // it is told to colour, and each stream decides here.
        colored::control::set_override(true);
        Self {
            stdout_is_terminal,
            stderr_is_terminal,
            can_ask: stderr_is_terminal && io::stdin().is_terminal(),
            color_stdout: wants_color(choice, stdout_is_terminal),
            color_stderr: wants_color(choice, stderr_is_terminal),
            width: width(),
            unicode: shows_unicode(),
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
        ColorChoice::Auto => {
            is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

/// The columns to write for: what the environment says, those of the terminal, or 80.
#[must_use]
pub fn width() -> usize {
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
    is_utf8 && set("TERM").is_none_or(|term| term != "dumb")
}

/// Asks on standard error and reads from the terminal.
pub struct TerminalPerson {
    color: bool,
}

impl TerminalPerson {
    /// A person who sees colours, or does not.
    #[must_use]
    pub fn new(color: bool) -> Self {
        Self { color }
    }

    fn theme(&self) -> Box<dyn Theme> {
        if self.color {
            Box::new(ColorfulTheme::default())
        } else {
            Box::new(SimpleTheme)
        }
    }
}

impl Person for TerminalPerson {
    fn choose(&self, question: &str, items: &[String]) -> Result<usize, CommandError> {
        restore_on_interrupt();
        let theme = self.theme();
        dialoguer::Select::with_theme(&*theme)
            .with_prompt(question)
            .items(items)
            .default(0)
            .interact()
            .map_err(prompt_error)
    }

    fn agree(&self, question: &str) -> Result<bool, CommandError> {
        restore_on_interrupt();
        let theme = self.theme();
        dialoguer::Confirm::with_theme(&*theme)
            .with_prompt(question)
            .default(false)
            .interact()
            .map_err(prompt_error)
    }

    fn ask(&self, question: &str) -> Result<String, CommandError> {
        restore_on_interrupt();
        let theme = self.theme();
        dialoguer::Input::<String>::with_theme(&*theme)
            .with_prompt(question)
            .allow_empty(true)
            .interact_text()
            .map_err(prompt_error)
    }

    fn passphrase(&self, question: &str) -> Result<Zeroizing<String>, CommandError> {
        restore_on_interrupt();
        let theme = self.theme();
        dialoguer::Password::with_theme(&*theme)
            .with_prompt(question)
            .allow_empty_password(true)
            .interact()
            .map(Zeroizing::new)
            .map_err(prompt_error)
    }
}

/// Ctrl-C at a prompt leaves the cursor hidden, and what is typed unseen, unless someone puts it right.
fn restore_on_interrupt() {
    let echo = Echo::as_it_is();
    let restore = move || {
        show_cursor();
        echo.restore();
        std::process::exit(i32::from(Exit::Interrupted as u8));
    };
    // A second prompt finds the handler in place; without one the default still ends the process.
    let _ = ctrlc::set_handler(restore);
}

/// Whether the terminal shows what is typed, and its other modes.
#[cfg(unix)]
struct Echo(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Echo {
    fn as_it_is() -> Self {
        Self(rustix::termios::tcgetattr(io::stdin()).ok())
    }

    fn restore(&self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some(modes) = &self.0 {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, modes);
        }
    }
}

/// Elsewhere the console goes back to its modes when the process ends.
#[cfg(not(unix))]
struct Echo;

#[cfg(not(unix))]
impl Echo {
    fn as_it_is() -> Self {
        Self
    }

    fn restore(&self) {}
}

fn show_cursor() {
    let _ = dialoguer::console::Term::stderr().show_cursor();
}

fn prompt_error(error: dialoguer::Error) -> CommandError {
    show_cursor();
    let dialoguer::Error::IO(error) = error;
    if error.kind() == io::ErrorKind::Interrupted {
        CommandError::new("interrupted", Exit::Interrupted, "interrupted")
    } else {
        CommandError::new("no-terminal", Exit::Usage, "cannot ask on this terminal").cause(error)
    }
}
