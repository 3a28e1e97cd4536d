//! Command lines that make no sense: what is wrong with them, and what was meant.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, CommandFactory};

use super::Cli;
use super::command::COMMANDS;
use super::elsewhere::{ARGUMENTS_ELSEWHERE, COMMANDS_ELSEWHERE, OPTIONS_ELSEWHERE, word_here};
use crate::core::alg::{self, Standing};
use crate::core::bad_value::BadValue;
use crate::core::detect::{is_content, quoted_source};
use crate::core::failure::printable;
use crate::core::spelling::nearest;

/// What is wrong with a command line.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What to do instead.
    pub hint: Option<String>,
}

impl Mistake {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What the parser found wrong with `arguments`, the name of the program first.
    #[must_use]
    pub fn of(error: &clap::Error, arguments: &[OsString]) -> Self {
        let line = Line::of(error, arguments);
        let known = match error.kind() {
            ErrorKind::UnknownArgument => line.unknown_argument(),
            ErrorKind::InvalidSubcommand => line.unknown_command(),
            ErrorKind::InvalidValue => line.unknown_value(),
            ErrorKind::ValueValidation => line.invalid_value(),
            ErrorKind::MissingRequiredArgument => line.missing(),
            ErrorKind::ArgumentConflict => line.conflict(),
            ErrorKind::InvalidUtf8 => Some(Self::new("an argument that must be text is none")),
            _ => None,
        };
        known.unwrap_or_else(|| line.as_the_parser_says())
    }
}

/// A command line with what the parser says of it.
struct Line<'a> {
    error: &'a clap::Error,
    /// What was typed, the name of the program first.
    arguments: &'a [OsString],
    /// The command that was to run, or the program.
    command: clap::Command,
}

impl<'a> Line<'a> {
    fn of(error: &'a clap::Error, arguments: &'a [OsString]) -> Self {
        let mut command = Cli::command();
        command.build();
        let own = arguments.iter().skip(1).find_map(|argument| {
            let name = argument.to_str()?;
            command.find_subcommand(name).cloned()
        });
        Self {
            error,
            arguments,
            command: own.unwrap_or(command),
        }
    }

    fn text(&self, kind: ContextKind) -> Option<&'a str> {
        match self.error.get(kind)? {
            ContextValue::String(text) => Some(text),
            _ => None,
        }
    }

    fn texts(&self, kind: ContextKind) -> Vec<&'a str> {
        match self.error.get(kind) {
            Some(ContextValue::Strings(texts)) => texts.iter().map(String::as_str).collect(),
            Some(ContextValue::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    fn options(&self) -> impl Iterator<Item = &str> {
        self.command.get_arguments().filter_map(Arg::get_long)
    }

    fn has_option(&self, name: &str) -> bool {
        self.options().any(|own| own == name)
    }

    /// The first form of the command that its help names.
    fn form(&self) -> Option<String> {
        let usage = self.command.get_overridden_usage()?.to_string();
        let form = usage.lines().next()?;
        Some(form.trim_end_matches(" [OPTIONS]").to_owned())
    }

    /// Adds the form of the command, where nothing better is known.
    fn with_form(&self, mistake: Mistake) -> Mistake {
        match self.form() {
            Some(form) => mistake.hint(format!("write `{form}`")),
            None => mistake,
        }
    }

    fn unknown_argument(&self) -> Option<Mistake> {
        let argument = self.text(ContextKind::InvalidArg)?;
        let Some(option) = argument.strip_prefix("--") else {
            if argument.starts_with('-') {
                let mistake =
                    Mistake::new(format!("there is no option {}", quoted_source(argument)));
                return Some(mistake.hint(format!("`{}` lists the options", self.page())));
            }
            return Some(self.one_too_many(argument));
        };
        let mistake = Mistake::new(format!("there is no option {}", quoted_source(argument)));
        let is_argument = self.command.get_positionals().next().is_some()
            && ARGUMENTS_ELSEWHERE.contains(&option);
        let meant = word_here(option, OPTIONS_ELSEWHERE).filter(|own| self.has_option(own));
        Some(match meant {
            None if is_argument => match self.form() {
                Some(form) => mistake.hint(format!("it stands without an option: `{form}`")),
                None => mistake,
            },
            _ => match meant.or_else(|| nearest(option, self.options())) {
                Some(own) => mistake.hint(format!("did you mean --{own}?")),
                None => mistake.hint(format!("`{}` lists the options", self.page())),
            },
        })
    }

    /// The call that shows the help of the command.
    fn page(&self) -> String {
        match self.command.get_name() {
            "jwks" => "jwks help".to_owned(),
            name => format!("jwks help {name}"),
        }
    }

    fn one_too_many(&self, argument: &str) -> Mistake {
        let shown = quoted_source(argument);
        let mistake = Mistake::new(format!("{shown} is one argument too many"));
        let names = alg::distinct().map(|row| row.name);
        match nearest(argument, names).filter(|_| self.has_option("alg")) {
            Some(name) => mistake.hint(format!("write --alg {name}")),
            None => self.with_form(mistake),
        }
    }

    fn unknown_command(&self) -> Option<Mistake> {
        let name = self.text(ContextKind::InvalidSubcommand)?;
        let mistake = Mistake::new(format!("there is no command {}", quoted_source(name)));
        let names = COMMANDS.iter().map(|&(own, _)| own);
        let meant = word_here(name, COMMANDS_ELSEWHERE).or_else(|| nearest(name, names));
        Some(match meant {
            Some(own) => mistake.hint(format!("did you mean `jwks {own}`?")),
            None if is_content(name) || name.contains(['.', '/', '\\']) => {
                mistake.hint("`jwks inspect` shows what a file, a URL or a token is")
            }
            None => mistake.hint("`jwks help` lists the commands"),
        })
    }

    fn unknown_value(&self) -> Option<Mistake> {
        let option = bare(self.text(ContextKind::InvalidArg)?);
        let value = self.text(ContextKind::InvalidValue)?;
        if value.is_empty() {
            return Some(Mistake::new(format!("{option} needs a value")));
        }
        if option == "--alg"
            && let Some(refused) = refusal(value)
        {
            return Some(refused);
        }
        let is_page = self.command.get_name() == "help" && !option.starts_with('-');
        let shown = quoted_source(value);
        let mistake = Mistake::new(if is_page {
            format!("there is no command or topic {shown}")
        } else {
            format!("{option} cannot be {shown}")
        });
        let valid = self.texts(ContextKind::ValidValue);
        let lists = |page: &str| format!("`{page}` lists them");
        Some(match nearest(value, valid.iter().copied()) {
            Some(meant) if is_page => mistake.hint(format!("did you mean `jwks help {meant}`?")),
            Some(meant) => mistake.hint(format!("did you mean {meant}?")),
            None if is_page => mistake.hint(match page_about(value) {
                Some(page) => format!("`jwks help {page}` tells of it"),
                None => lists("jwks help"),
            }),
            None if option == "--alg" => mistake.hint(lists("jwks help algorithms")),
            None if valid.is_empty() => mistake,
            None => mistake.hint(format!("its values are {}", valid.join(", "))),
        })
    }

    fn invalid_value(&self) -> Option<Mistake> {
        let option = bare(self.text(ContextKind::InvalidArg)?);
        let value = self.text(ContextKind::InvalidValue)?;
        let source = self.error.source()?;
        let shown = quoted_source(value);
        let BadValue { reason, advice } = match source.downcast_ref::<BadValue>() {
            Some(problem) => problem.clone(),
            None => BadValue::new(of_number(&shown, source.to_string())),
        };
        // Most reasons name the value themselves.
        let message = if reason.starts_with(&shown) {
            format!("{option}: {reason}")
        } else {
            format!("{option} {shown}: {reason}")
        };
        Some(Mistake {
            message: printable(&message),
            hint: advice.as_deref().map(printable),
        })
    }

    fn missing(&self) -> Option<Mistake> {
        let missing = self.texts(ContextKind::InvalidArg);
        let names: Vec<String> = missing
            .iter()
            .map(|argument| alternatives(argument))
            .collect();
        let verb = match names.len() {
            0 => return None,
            1 => "is",
            _ => "are",
        };
        let names = names.join(" and ");
        // An option that another one needs does not stand in the form.
        let is_in_form = |form: String| missing.iter().any(|name| form.contains(bare(name)));
        Some(if self.form().is_some_and(is_in_form) {
            self.with_form(Mistake::new(format!("{names} {verb} missing")))
        } else {
            let mistake = Mistake::new(match self.needing() {
                Some(option) => format!("--{option} needs {names}, which {verb} missing"),
                None => format!("{names} {verb} missing"),
            });
            mistake.hint(format!("`{}` says what each is for", self.page()))
        })
    }

    /// The option without which nothing is missing.
    fn needing(&self) -> Option<&str> {
        self.options().find(|option| {
            Cli::command()
                .try_get_matches_from(self.without(option))
                .err()
                .is_none_or(|error| error.kind() != ErrorKind::MissingRequiredArgument)
        })
    }

    /// What was typed, but for an option and its values.
    fn without(&self, option: &str) -> Vec<&'a OsString> {
        let takes_value = self
            .command
            .get_arguments()
            .any(|own| own.get_long() == Some(option) && own.get_action().takes_values());
        let mut rest = Vec::new();
        let mut words = self.arguments.iter();
        while let Some(word) = words.next() {
            let own = word.to_str().and_then(|word| word.strip_prefix("--"));
            match own.and_then(|own| own.strip_prefix(option)) {
                Some("") if takes_value => drop(words.next()),
                Some("") => {}
                Some(value) if value.starts_with('=') => {}
                _ => rest.push(word),
            }
        }
        rest
    }

    fn conflict(&self) -> Option<Mistake> {
        let one = bare(self.text(ContextKind::InvalidArg)?);
        let others = self.texts(ContextKind::PriorArg);
        let others: Vec<&str> = others.into_iter().map(bare).collect();
        Some(Mistake::new(match others.as_slice() {
            [other] if *other == one => format!("{one} is given twice"),
            [] => format!("{one} does not go with the other arguments"),
            others => format!("{one} does not go with {}", others.join(" and ")),
        }))
    }

    fn as_the_parser_says(&self) -> Mistake {
        let text = self.error.render().to_string();
        let first = text.lines().next().unwrap_or_default();
        let message = first.strip_prefix("error: ").unwrap_or(first);
        Mistake::new(printable(message)).hint(format!("`{}` says more", self.page()))
    }
}

/// `--kid` of `--kid <TEXT>`, `TOKEN` of `[TOKEN]`.
fn bare(argument: &str) -> &str {
    let name = argument.split([' ', '=']).next().unwrap_or(argument);
    name.trim_matches(['<', '>', '[', ']', '.'])
}

/// `--jwks SOURCE (or --issuer URL)` of `<--jwks <SOURCE>|--issuer <URL>>`.
fn alternatives(argument: &str) -> String {
    let plain: String = argument
        .replace("...", "")
        .chars()
        .filter(|character| !matches!(character, '<' | '>' | '[' | ']'))
        .collect();
    match plain.split_once("|--") {
        Some((first, others)) => {
            format!("{first} (or --{})", others.replace("|--", ", or --"))
        }
        None => plain,
    }
}

/// What the parser of numbers says of the value `shown`, in words.
fn of_number(shown: &str, reason: String) -> String {
    match reason.split_once(" is not in ") {
        // Ranges are written as programs do.
        Some((_, range)) => format!("{shown} is not from {}", range.replace("..=", " to ")),
        None if reason.ends_with("found in string") || reason.ends_with("from empty string") => {
            format!("{shown} is not a whole number")
        }
        None if reason.ends_with("to fit in target type") => {
            format!("{shown} is a number out of range")
        }
        None => reason,
    }
}

/// The topic of help that tells of what was asked for.
fn page_about(wanted: &str) -> Option<&'static str> {
    const OF_FORMATS: [&str; 4] = ["source", "token", "time", "duration"];
    let lower = wanted.to_lowercase();
    let word = lower.trim_end_matches('s');
    if OF_FORMATS.contains(&word) {
        Some("formats")
    } else {
        alg::near(wanted).map(|_| "algorithms")
    }
}

/// Why an algorithm that exists is not taken.
fn refusal(name: &str) -> Option<Mistake> {
    let because = |reason: &str| {
        let shown = quoted_source(name);
        Mistake::new(format!("--alg {shown} is not taken: {reason}"))
    };
    if name.eq_ignore_ascii_case("none") {
        return Some(because(
            "an unsigned token proves nothing: anyone can write one",
        ));
    }
    let row = alg::near(name).and_then(alg::by_name)?;
    match row.standing {
        Standing::Prohibited { reason, instead } => {
            Some(because(reason).hint(format!("use {instead}")))
        }
        // The name is known, and the command takes those alone that sign.
        _ if row.name == name => Some(because("it is for encryption, not for signatures")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_arguments_are_read_as_the_parser_writes_them() {
        assert_eq!(bare("--kid <TEXT>"), "--kid");
        assert_eq!(bare("[SOURCE]..."), "SOURCE");
        assert_eq!(alternatives("<TOKEN>"), "TOKEN");
        assert_eq!(
            alternatives("<--jwks <SOURCE>|--issuer <URL>>"),
            "--jwks SOURCE (or --issuer URL)"
        );
        assert_eq!(alternatives("<SOURCE>..."), "SOURCE");
    }
}
