//! The command line: types and help texts. Reads no environment, no files and no clock.

mod batch;
mod command;
mod completions;
mod convert;
mod diff;
mod elsewhere;
mod generate;
mod help;
mod inspect;
mod mistake;
mod network;
mod passphrase;
mod rotate;
mod sign;
mod topics;
mod values;
mod verify;

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, ValueEnum};

pub use batch::BatchArgs;
pub use command::Command;
pub use completions::{CompletionShell, CompletionsArgs};
pub use convert::{ConvertArgs, KeyForm, KeyOrder, SourceForm};
pub use diff::DiffArgs;
pub use generate::{GenerateArgs, KidSource, NewKeyForm};
pub use help::{HelpArgs, page};
pub use inspect::{FailOn, InspectArgs, InspectFormat};
pub use mistake::Mistake;
pub use network::{FetchArgs, NetworkArgs};
pub use passphrase::{NewPassphraseArgs, PassphraseArgs};
pub use rotate::{ReasonArg, RotateArgs};
pub use sign::SignArgs;
pub use topics::{TOPICS, Topic};
pub use values::{ClaimAssignment, HeaderArgument, ReportFormat};
pub use verify::VerifyArgs;

/// Wider lines are hard to read.
const WIDEST: usize = 100;

const LESS: &str = "\
Options and examples: jwks help COMMAND (in short: jwks COMMAND -h)
Topics of jwks help: exit-codes, environment, formats, algorithms";

const MORE: &str = "\
Topics:
  exit-codes   How commands end, and what scripts can make of it
  environment  The variables that are looked at
  formats      What SOURCE, TOKEN, TIME and DURATION may be; keys and reports
  algorithms   The algorithms of --alg, with a word on each

Examples:
  All about a command, with examples that run:
    jwks help verify

  A key to sign with, a token, and its check:
    jwks generate --alg ES256 -o key.json -p jwks.json
    jwks sign --jwks key.json --sub alice | jwks verify - --jwks jwks.json

Exit codes:
  0    yes, or done
  1    no: token rejected, findings at --fail-on, sets
       differ, rotation refused, private keys published
  2    wrong usage
  3    a file, input or output cannot be read or written, or
       is not what was expected
  4    the network: could not fetch, a retry may help
  130  interrupted

Security:
  Secrets never appear in a report, an error or a log, and are never taken from the command \
  line. Private keys are printed only where they are the result (generate, convert). New key \
  files have mode 0600, and all are written whole or not at all.

Standards:
  RFC 7515 (JWS), RFC 7517 (JWK), RFC 7518 (JWA), RFC 7519 (JWT), RFC 7638 (thumbprints), \
  RFC 8725 (best practices); the page of each command names its own.";

/// Make, inspect, fetch, use and rotate JSON Web Keys.
#[derive(Debug, Parser)]
#[command(
    name = "jwks",
    version,
    about = "One tool for the whole life of a JSON Web Key Set",
    long_about = "Make keys (generate), look at them (inspect), fetch them from an issuer (fetch), check \
        tokens with them (verify), mint tokens (sign) and rotate them without breaking anyone (rotate).",
    override_usage = "jwks COMMAND [OPTIONS]",
    after_help = LESS,
    after_long_help = MORE,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_flag = true,
    arg(help_flag()),
    disable_help_subcommand = true
)]
pub struct Cli {
    /// When to colour what is shown
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_short_help = true,
        help_heading = "Terminal"
    )]
    pub color: ColorArg,

    /// Never ask; a question that needs an answer is an error
    #[arg(long, global = true, hide_short_help = true, help_heading = "Terminal")]
    pub no_input: bool,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The flag that asks for help. It is not one that commands inherit: to give it to each of them would take
/// longer than to check a token.
fn help_flag() -> Arg {
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("Print help: -h in short, --help in full")
        .hide_short_help(true)
        .help_heading("Terminal")
}

/// The program's definition, with help for a terminal of `width` columns.
fn program(width: usize) -> clap::Command {
    Cli::command().term_width(width.min(WIDEST))
}

/// What the command line says, with help for a terminal of `width` columns.
///
/// # Errors
/// It asks for help or the version, or makes no sense: [`Mistake`] says what is wrong with it.
pub fn parse(arguments: &[OsString], width: usize) -> Result<Cli, clap::Error> {
    let mut program = program(width);
    let mut matches = program.try_get_matches_from_mut(arguments)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut program))
}

/// The short help of the program, for a terminal of `width` columns.
#[must_use]
pub fn summary(width: usize) -> StyledStr {
    program(width).render_help()
}

/// What a command line that cannot be parsed says of colours.
#[must_use]
pub fn color_of(arguments: &[OsString]) -> ColorArg {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--color") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let Some(color) = value.and_then(|value| ColorArg::from_str(value, false).ok()) {
            return color;
        }
    }
    ColorArg::Auto
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
