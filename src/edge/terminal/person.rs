//! Questions to the person at the terminal. They are put on standard error, and answered on the controlling
//! terminal, so that keys may come from a pipe.
//!
//! How a question looks is dialoguer's; what is typed is read here, because its prompts neither see the end
//! of the input nor wipe a passphrase, and draw again what a dumb terminal cannot take back.

use std::io;

use dialoguer::console::{Term, set_colors_enabled_stderr, style};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use zeroize::Zeroizing;

use super::TerminalFacts;
use super::device::Device;
use super::keyboard::{Keyboard, Manner};
use super::list::{List, rows, shown};
use crate::context::{Choice, Person, Stream};
use crate::error::{CommandError, Exit};

/// What is said of an answer that nobody means.
const CONTROLS: &str = "there are control characters in it";

/// A person who sees standard error.
pub struct TerminalPerson {
    theme: Box<dyn Theme>,
    width: usize,
    is_dumb: bool,
}

impl TerminalPerson {
    /// The person who can be asked: sees standard error, `stderr`, and has a terminal that can be read from,
    /// whatever standard input is.
    #[must_use]
    pub fn who_sees(stderr: &Stream<'_>, facts: &TerminalFacts) -> Option<Self> {
        if !stderr.is_terminal || Device::open().is_err() {
            return None;
        }
        // Which the themes would otherwise decide by themselves.
        set_colors_enabled_stderr(stderr.color);
        Some(Self {
            theme: theme(stderr),
            width: stderr.width,
            is_dumb: facts.is_dumb,
        })
    }

    /// A line that answers the question, which is asked again until it can be one.
    fn answer<T>(
        &self,
        question: &str,
        offered: Option<&str>,
        mut accept: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, CommandError> {
        loop {
            let prompt = shown(|text| self.theme.format_input_prompt(text, question, offered));
            let line = typed(Manner::Shown, &prompt)?;
            // What a key like an arrow sends is not seen, and nobody means it.
            let text = std::str::from_utf8(&line).ok();
            let problem = match text.filter(|text| !text.chars().any(char::is_control)) {
                Some(text) => match accept(text) {
                    Ok(answer) => return Ok(answer),
                    Err(problem) => problem,
                },
                None => CONTROLS.to_owned(),
            };
            say(&problem);
        }
    }

    fn choose_by_name(
        &self,
        question: &str,
        choices: &[Choice<'_>],
    ) -> Result<usize, CommandError> {
        say(&shown(|text| {
            self.theme.format_select_prompt(text, question)
        }));
        let width = choices.len().to_string().len();
        for (place, row) in rows(choices).iter().enumerate() {
            say(&format!("{:>width$}  {row}", place + 1));
        }
        let first = choices.first().map(|choice| choice.name);
        self.answer("Name or number", first, |text| {
            let text = text.trim();
            let by_name = |choice: &Choice<'_>| choice.name.eq_ignore_ascii_case(text);
            let by_number = |number: usize| number.checked_sub(1);
            match text.parse().ok().and_then(by_number) {
                _ if text.is_empty() => Ok(0),
                Some(place) if place < choices.len() => Ok(place),
                _ => choices
                    .iter()
                    .position(by_name)
                    .ok_or_else(|| format!("it is none of these {}", choices.len())),
            }
        })
    }
}

impl Person for TerminalPerson {
    fn choose(&self, question: &str, choices: &[Choice<'_>]) -> Result<usize, CommandError> {
        if self.is_dumb {
            return self.choose_by_name(question, choices);
        }
        let list = List {
            theme: &*self.theme,
            width: self.width,
            question,
            rows: rows(choices),
        };
        let chosen = list.ask().map_err(failed)?.ok_or_else(left)?;
        let name = choices.get(chosen).map_or("", |choice| choice.name);
        say(&shown(|text| {
            self.theme
                .format_select_prompt_selection(text, question, name)
        }));
        Ok(chosen)
    }

    fn agree(&self, question: &str) -> Result<bool, CommandError> {
        self.answer(question, Some("y/N"), |text| {
            match text.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" => Ok(true),
                "" | "n" | "no" => Ok(false),
                _ => Err("y or n is an answer".to_owned()),
            }
        })
    }

    fn ask(&self, question: &str, offered: Option<&str>) -> Result<String, CommandError> {
        self.answer(question, offered, |text| match offered {
            Some(offered) if text.is_empty() => Ok(offered.to_owned()),
            _ => Ok(text.to_owned()),
        })
    }

    fn passphrase(&self, question: &str) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        let prompt = shown(|text| self.theme.format_input_prompt(text, question, None));
        loop {
            let passphrase = typed(Manner::Hidden, &prompt)?;
            // An arrow key or Ctrl-Z, which nobody sees that has become a part of it.
            if !passphrase.iter().any(u8::is_ascii_control) {
                return Ok(passphrase);
            }
            say(CONTROLS);
        }
    }
}

/// Marks that the locale has, and colours where they are wanted.
fn theme(stderr: &Stream<'_>) -> Box<dyn Theme> {
    if !stderr.color {
        return Box::new(SimpleTheme);
    }
    let colorful = ColorfulTheme::default();
    if stderr.unicode {
        return Box::new(colorful);
    }
    let marked = |mark: &str| style(mark.to_owned()).for_stderr();
    Box::new(ColorfulTheme {
        prompt_suffix: marked(":").bright().black(),
        success_prefix: marked("+").green(),
        success_suffix: marked(":").bright().black(),
        error_prefix: marked("!").red(),
        active_item_prefix: marked(">").green(),
        ..colorful
    })
}

/// What is typed after the prompt.
fn typed(manner: Manner, prompt: &str) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let mut keyboard = Keyboard::open(manner).map_err(failed)?;
    Term::stderr().write_str(prompt).map_err(failed)?;
    keyboard.line().map_err(failed)?.ok_or_else(left)
}

/// That nobody sees it is no error.
fn say(line: &str) {
    let _ = Term::stderr().write_line(line);
}

fn left() -> CommandError {
    let message = "a question was left without an answer, and nothing is done";
    CommandError::new("interrupted", Exit::Interrupted, message)
}

fn failed(error: io::Error) -> CommandError {
    if error.kind() == io::ErrorKind::InvalidData {
        return CommandError::usage("what was typed is too long");
    }
    CommandError::new("no-terminal", Exit::Usage, "cannot ask on this terminal").cause(error)
}
