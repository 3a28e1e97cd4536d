//! The command line: types and help texts. Reads no environment, no files and no clock.

mod batch;
mod command;
mod completions;
mod convert;
mod diff;
mod generate;
mod inspect;
mod network;
mod passphrase;
mod rotate;
mod sign;
mod values;
mod verify;

use clap::{Parser, ValueEnum};

pub use batch::BatchArgs;
pub use command::Command;
pub use completions::{CompletionShell, CompletionsArgs};
pub use convert::{ConvertArgs, KeyForm, KeyOrder, SourceForm};
pub use diff::DiffArgs;
pub use generate::{GenerateArgs, KidSource, NewKeyForm};
pub use inspect::{FailOn, InspectArgs, InspectFormat};
pub use network::{FetchArgs, NetworkArgs};
pub use passphrase::{NewPassphraseArgs, PassphraseArgs};
pub use rotate::{ReasonArg, RotateArgs};
pub use sign::SignArgs;
pub use values::{ClaimAssignment, HeaderArgument, ReportFormat};
pub use verify::VerifyArgs;

const EXIT_CODES: &str = "\
Exit codes:
  0    yes, or done
  1    no: token rejected, findings at --fail-on, sets differ, rotation refused, private keys published
  2    wrong usage
  3    a file, input or output cannot be read or written, or is not what was expected
  4    the network: could not fetch, a retry may help
  130  interrupted";

/// Make, inspect, fetch, use and rotate JSON Web Keys.
#[derive(Debug, Parser)]
#[command(
    name = "jwks",
    version,
    about = "One tool for the whole life of a JSON Web Key Set",
    long_about = "Make keys (generate), look at them (inspect), fetch them from an issuer (fetch), check tokens\n\
        with them (verify), mint tokens (sign) and rotate them without breaking anyone (rotate).",
    after_help = EXIT_CODES,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Cli {
    /// When to colour what is shown
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Terminal"
    )]
    pub color: ColorArg,

    /// Never ask; a question that needs an answer is an error
    #[arg(long, global = true, help_heading = "Terminal")]
    pub no_input: bool,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
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
