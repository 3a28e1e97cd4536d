//! The commands. What the derived code would do, but that the options of a command are put together
//! only when it is the one that runs: the others would take longer than to check a token.

use clap::{ArgMatches, Args, Error, FromArgMatches, Subcommand};

use super::{
    CompletionsArgs, ConvertArgs, DiffArgs, FetchArgs, GenerateArgs, InspectArgs, RotateArgs,
    SignArgs, VerifyArgs,
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
}

/// A command with its name and what the list of commands says of it, which is the first line of its
/// help text.
fn command<A: Args>(name: &'static str, about: &'static str) -> clap::Command {
    clap::Command::new(name).about(about).defer(A::augment_args)
}

impl Subcommand for Command {
    fn augment_subcommands(program: clap::Command) -> clap::Command {
        program.subcommands([
            command::<GenerateArgs>("generate", "Make keys"),
            command::<InspectArgs>(
                "inspect",
                "Say what keys, sets and tokens are, and what is wrong with them",
            ),
            command::<FetchArgs>("fetch", "Fetch a key set from its URL or its issuer"),
            command::<VerifyArgs>(
                "verify",
                "Check a token, or a log of them, and say why they fail",
            ),
            command::<SignArgs>("sign", "Mint a token with the active key"),
            command::<RotateArgs>("rotate", "Start a key rotation, or revoke a key"),
            command::<ConvertArgs>(
                "convert",
                "Read keys in any form, and write them in another",
            ),
            command::<DiffArgs>("diff", "Tell what changed between two key sets"),
            command::<CompletionsArgs>("completions", "Print a completion script for a shell"),
        ])
    }

    fn augment_subcommands_for_update(program: clap::Command) -> clap::Command {
        Self::augment_subcommands(program)
    }

    fn has_subcommand(name: &str) -> bool {
        let program = Self::augment_subcommands(clap::Command::default());
        program.find_subcommand(name).is_some()
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
    use super::*;

    #[test]
    fn the_list_of_commands_says_what_their_help_texts_say() {
        let mut built = Command::augment_subcommands(clap::Command::new("jwks"));
        built.build();
        for listed in Command::augment_subcommands(clap::Command::new("jwks")).get_subcommands() {
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
