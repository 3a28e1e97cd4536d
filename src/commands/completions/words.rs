//! The words of a line that is being written, by what they are for. Such a line is not complete, and the
//! parser would refuse it.

use clap::{Arg, Command};

use super::hints::value_name;

/// A line that is being written.
pub(super) struct Line<'a> {
    /// The command; none is known before its name is complete.
    pub(super) command: Option<&'a Command>,
    /// The words after the name of the command.
    pub(super) words: Vec<Word<'a>>,
}

/// A word, or the part of one that stands for itself.
pub(super) struct Word<'a> {
    /// The option whose value it is.
    pub(super) option: Option<&'a Arg>,
    /// What stands before it in the same word: `--kid=` in `--kid=2026-11`.
    pub(super) before: &'a str,
    /// The word.
    pub(super) text: &'a str,
}

impl<'a> Line<'a> {
    /// Reads the words after the name of the program.
    pub(super) fn read(program: &'a Command, words: &'a [String]) -> Self {
        let mut line = Line {
            command: None,
            words: Vec::new(),
        };
        let mut waiting: Option<&Arg> = None;
        for text in words {
            let command = line.command.unwrap_or(program);
            if let Some(option) = waiting.take() {
                line.words.push(Word::new(Some(option), "", text));
            } else if let Some((before, value)) = text
                .find('=')
                .filter(|_| text.starts_with("--"))
                .map(|place| text.split_at(place + 1))
            {
                let option = option_of(command, before.trim_end_matches('='));
                line.words.push(Word::new(option, before, value));
            } else if text.len() > 1 && text.starts_with('-') {
                waiting = option_of(command, text);
            } else if line.command.is_none() {
                line.command = program.find_subcommand(text);
                line.words.clear();
            } else {
                line.words.push(Word::new(None, "", text));
            }
        }
        line
    }

    /// The words that name sources of keys: they stand by themselves, or are the SOURCE of an option.
    pub(super) fn sources(&self) -> impl Iterator<Item = &'a str> {
        self.words
            .iter()
            .filter(|word| word.is_source())
            .map(|word| word.text)
    }
}

impl<'a> Word<'a> {
    fn new(option: Option<&'a Arg>, before: &'a str, text: &'a str) -> Self {
        Self {
            option,
            before,
            text,
        }
    }

    fn is_source(&self) -> bool {
        match self.option {
            None => self.before.is_empty(),
            Some(option) => {
                value_name(option) == Some("SOURCE") && option.get_possible_values().is_empty()
            }
        }
    }
}

/// The option of that name, when it takes a value; of several letters, as in `-yo`, the last one, when none
/// before it has taken the rest for its value.
fn option_of<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    let mut options = command
        .get_arguments()
        .filter(|argument| argument.get_action().takes_values());
    if let Some(long) = name.strip_prefix("--") {
        return options.find(|option| option.get_long() == Some(long));
    }
    let options: Vec<&Arg> = options.collect();
    let mut letters = name.chars().skip(1);
    let of_letter = |letter| {
        options
            .iter()
            .find(|option| option.get_short() == Some(letter))
    };
    let option = letters.by_ref().find_map(of_letter)?;
    letters.next().is_none().then_some(*option)
}
