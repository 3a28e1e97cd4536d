//! A list from which one is chosen with the arrow keys.

use std::fmt;
use std::io;

use dialoguer::console::{Term, truncate_str};
use dialoguer::theme::Theme;

use super::keyboard::{Key, Keyboard, Manner};
use crate::context::Choice;

/// Columns that a theme puts around a question or a row, and one more: a full line would wrap.
const FRAME: usize = 5;

/// The choices with what is said of them, one beside the other.
pub(super) fn rows(choices: &[Choice<'_>]) -> Vec<String> {
    let longest = choices.iter().map(|choice| choice.name.len()).max();
    let width = longest.unwrap_or_default();
    let row = |choice: &Choice<'_>| format!("{:<width$}  {}", choice.name, choice.advice);
    choices.iter().map(row).collect()
}

/// A list on the terminal.
pub(super) struct List<'l> {
    /// How it is shown.
    pub(super) theme: &'l dyn Theme,
    /// Columns of the terminal.
    pub(super) width: usize,
    /// What is asked.
    pub(super) question: &'l str,
    /// The rows, of which at least one is there.
    pub(super) rows: Vec<String>,
}

impl List<'_> {
    /// The place of the row that is chosen; none when the list is left.
    ///
    /// # Errors
    /// The terminal is gone.
    pub(super) fn ask(&self) -> io::Result<Option<usize>> {
        let term = Term::stderr();
        let mut keyboard = Keyboard::open(Manner::Keys)?;
        let last = self.rows.len().saturating_sub(1);
        let mut chosen: usize = 0;
        loop {
            let lines = self.draw(&term, chosen)?;
            let key = keyboard.key()?;
            match key {
                Key::Up => chosen = chosen.checked_sub(1).unwrap_or(last),
                Key::Down if chosen == last => chosen = 0,
                Key::Down => chosen += 1,
                Key::First => chosen = 0,
                Key::Last => chosen = last,
                Key::Enter | Key::Leave | Key::Other => {}
            }
            // A list that is left stays to be read, as what is said next is about it.
            match key {
                Key::Leave => return Ok(None),
                Key::Enter => {
                    term.clear_last_lines(lines)?;
                    return Ok(Some(chosen));
                }
                _ => term.clear_last_lines(lines)?,
            }
        }
    }

    /// Draws the rows around the chosen one that the terminal has room for; returns how many lines these are.
    fn draw(&self, term: &Term, chosen: usize) -> io::Result<usize> {
        let (height, _) = term.size();
        // The question is above, and the cursor below.
        let room = usize::from(height).saturating_sub(2).max(1);
        let start = (chosen + 1).saturating_sub(room);
        let question = if self.rows.len() > room {
            format!("{} ({} of {})", self.question, chosen + 1, self.rows.len())
        } else {
            self.question.to_owned()
        };
        let mut lines = vec![shown(|line| {
            self.theme.format_select_prompt(line, &self.cut(&question))
        })];
        let visible = self.rows.iter().enumerate().skip(start).take(room);
        lines.extend(visible.map(|(place, row)| {
            shown(|line| {
                self.theme
                    .format_select_prompt_item(line, &self.cut(row), place == chosen)
            })
        }));
        let count = lines.len();
        term.write_line(&lines.join("\n"))?;
        Ok(count)
    }

    fn cut(&self, text: &str) -> String {
        truncate_str(text, self.width.saturating_sub(FRAME), "").into_owned()
    }
}

/// What a theme writes. That never fails: it goes to memory.
pub(super) fn shown(write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) -> String {
    let mut text = String::new();
    let _ = write(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_choices_is_aligned() {
        let choices = [("ES256", "small"), ("Ed25519", "best")];
        let choices = choices.map(|(name, advice)| Choice { name, advice });
        assert_eq!(rows(&choices), ["ES256    small", "Ed25519  best"]);
        assert!(rows(&[]).is_empty());
    }
}
