//! The commands. What the derived code would do, but that the options of a command are put together
//! only when it is the one that runs: the others would take longer than to check a token.

use clap::{ArgMatches, Args, Error, FromArgMatches, Subcommand};

use super::{
    CompletionsArgs, ConvertArgs, DiffArgs, FetchArgs, GenerateArgs, HelpArgs, InspectArgs,
    RotateArgs, SignArgs, VerifyArgs, help_flag,
};

/// The commands. Their help texts stand with their arguments.
#[derive(Debug)]
#[expect(missing_docs, reason = "the variants are the names of the commands")]
pub enum Command {
    Generate(GenerateArgs),
    Inspect(InspectArgs),
    Fetch(FetchArgs),
    Verify(Box<VerifyArgs>),
    Sign(SignArgs),
    Rotate(RotateArgs),
    Convert(Box<ConvertArgs>),
    Diff(DiffArgs),
    Completions(CompletionsArgs),
    Help(HelpArgs),
}

/// The names of the commands, with what the list of them says: the first line of the help text.
pub(super) const COMMANDS: [(&str, &str); 10] = [
    ("generate", "Make keys"),
    (
        "inspect",
        "Say what keys, sets and tokens are, and what is wrong with them",
    ),
    ("fetch", "Fetch a key set from its URL or its issuer"),
    (
        "verify",
        "Check a token, or a log of them, and say why they fail",
    ),
    ("sign", "Mint a token with the active key"),
    ("rotate", "Start a key rotation, or revoke a key"),
    (
        "convert",
        "Read keys in any form, and write them in another",
    ),
    ("diff", "Tell what changed between two key sets"),
    ("completions", "Print a completion script for a shell"),
    ("help", "Tell all about a command or a topic"),
];

/// Adds the options of a command. Those of every command are there already, and come last in its help.
fn augmented<A: Args>(command: clap::Command) -> clap::Command {
    let command = A::augment_args(command);
    // A changed argument is taken out and added anew.
    GLOBAL
        .into_iter()
        .fold(command, |command, id| command.mut_arg(id, |same| same))
        .arg(help_flag())
}

/// What puts the options of the command `name` together.
fn augment(name: &str) -> fn(clap::Command) -> clap::Command {
    match name {
        "generate" => augmented::<GenerateArgs>,
        "inspect" => augmented::<InspectArgs>,
        "fetch" => augmented::<FetchArgs>,
        "verify" => augmented::<VerifyArgs>,
        "sign" => augmented::<SignArgs>,
        "rotate" => augmented::<RotateArgs>,
        "convert" => augmented::<ConvertArgs>,
        "diff" => augmented::<DiffArgs>,
        "completions" => augmented::<CompletionsArgs>,
        _ => augmented::<HelpArgs>,
    }
}

/// The options that every command inherits.
const GLOBAL: [&str; 2] = ["color", "no_input"];

impl Subcommand for Command {
    fn augment_subcommands(program: clap::Command) -> clap::Command {
        program.subcommands(
            COMMANDS
                .map(|(name, about)| clap::Command::new(name).about(about).defer(augment(name))),
        )
    }

    fn augment_subcommands_for_update(program: clap::Command) -> clap::Command {
        Self::augment_subcommands(program)
    }

    fn has_subcommand(name: &str) -> bool {
        COMMANDS.iter().any(|&(own, _)| own == name)
    }
}

impl FromArgMatches for Command {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let (name, matches) = matches
            .subcommand()
            .ok_or_else(|| Error::new(clap::error::ErrorKind::MissingSubcommand))?;
        Ok(match name {
            "generate" => Self::Generate(FromArgMatches::from_arg_matches(matches)?),
            "inspect" => Self::Inspect(FromArgMatches::from_arg_matches(matches)?),
            "fetch" => Self::Fetch(FromArgMatches::from_arg_matches(matches)?),
            "verify" => Self::Verify(Box::new(FromArgMatches::from_arg_matches(matches)?)),
            "sign" => Self::Sign(FromArgMatches::from_arg_matches(matches)?),
            "rotate" => Self::Rotate(FromArgMatches::from_arg_matches(matches)?),
            "convert" => Self::Convert(Box::new(FromArgMatches::from_arg_matches(matches)?)),
            "diff" => Self::Diff(FromArgMatches::from_arg_matches(matches)?),
            "completions" => Self::Completions(FromArgMatches::from_arg_matches(matches)?),
            "help" => Self::Help(FromArgMatches::from_arg_matches(matches)?),
            _ => return Err(Error::new(clap::error::ErrorKind::InvalidSubcommand)),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use crate::cli::Cli;

    #[test]
    fn the_list_of_commands_says_what_their_help_texts_say() {
        let mut built = Cli::command();
        built.build();
        for listed in Cli::command().get_subcommands() {
            let name = listed.get_name();
            let own = built
                .find_subcommand(name)
                .and_then(clap::Command::get_about);
            assert_eq!(
                listed.get_about().map(ToString::to_string),
                own.map(ToString::to_string),
                "{name}"
            );
        }
    }
}
