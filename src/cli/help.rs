//! `help`: the pages of commands and topics.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, StyledStr};

use super::command::COMMANDS;
use super::topics::TOPICS;

const MORE: &str = "Examples:
  What a command does, with all its options and examples that run:
    jwks help verify

  What scripts can make of an exit code:
    jwks help exit-codes

  The short form of a command's help:
    jwks verify -h

Exit codes:
  0    shown
  2    there is no such command or topic

Security:
  Nothing is read but the environment of the terminal. `jwks verify` with --help among other \
  arguments is wrong usage and shows nothing on standard output: a script that passes a \
  stranger's token as an argument must not take help for a valid token.

Standards:
  The page of each command names its own.";

/// Tell all about a command or a topic.
///
/// The page of a command is what its --help prints. Without an argument the commands and the topics are
/// listed.
#[derive(Debug, Args)]
#[command(
    override_usage = "jwks help [COMMAND|TOPIC]",
    after_help = "All options, examples and exit codes: jwks help help",
    after_long_help = MORE
)]
pub struct HelpArgs {
    /// A command or a topic
    ///
    /// The topics: exit-codes, environment, formats and algorithms.
    #[arg(
        value_name = "COMMAND|TOPIC",
        value_parser = subjects(),
        hide_possible_values = true
    )]
    pub subject: Option<String>,
}

/// The names of all pages.
fn subjects() -> PossibleValuesParser {
    let commands = COMMANDS.iter().map(|&(name, about)| (name, about));
    let topics = TOPICS.iter().map(|topic| (topic.name, topic.about));
    let values = commands.chain(topics);
    PossibleValuesParser::new(values.map(|(name, about)| PossibleValue::new(name).help(about)))
}

/// The page about `subject`, or of the program, for a terminal of `width` columns; none when there is
/// no such subject.
#[must_use]
pub fn page(subject: Option<&str>, width: usize) -> Option<StyledStr> {
    let mut program = super::program(width);
    let Some(subject) = subject else {
        return Some(program.render_long_help());
    };
    if let Some(topic) = TOPICS.iter().find(|topic| topic.name == subject) {
        let text = (topic.text)();
        let page = clap::Command::new(topic.name).disable_help_flag(true);
        let page = page.help_template("{about}").term_width(width);
        return Some(page.about(text).render_long_help());
    }
    program.build();
    let command = program.find_subcommand_mut(subject)?;
    Some(command.render_long_help())
}
