//! What kind of thing a value is, told by the name that it has in the help texts: there `FILE` is a file
//! for every command, and `KID` the kid of a key that is there already.

use clap::{Arg, Command, ValueHint};

/// Values that are, or can be, the name of a file.
const FILES: &[&str] = &["FILE", "NEW", "OLD", "SET", "SOURCE", "TOKEN"];

/// The command line with a hint at every value, for the generators.
pub(super) fn hinted(mut program: Command) -> Command {
    // Commands have no arguments before that.
    program.build();
    program
        .mut_args(with_hint)
        .mut_subcommands(|command| command.mut_args(with_hint))
}

fn with_hint(argument: Arg) -> Arg {
    // What has a list of values needs no hint, and bash would leave out the space behind them.
    if !argument.get_possible_values().is_empty() {
        return argument;
    }
    let hint = match value_name(&argument) {
        Some(name) if FILES.contains(&name) => ValueHint::FilePath,
        Some("URL") => ValueHint::Url,
        // A time, a number, a name: no file at all, which is what shells offer unless told.
        Some(_) => ValueHint::Other,
        None => return argument,
    };
    argument.value_hint(hint)
}

/// The name that the value of `argument` has in the help texts.
pub(super) fn value_name(argument: &Arg) -> Option<&str> {
    argument.get_value_names()?.first().map(AsRef::as_ref)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// Values that are no file and no URL.
    const OTHERS: &[&str] = &[
        "ALG",
        "AUDIENCE",
        "BITS",
        "BYTES",
        "CURVE",
        "DURATION",
        "FORM",
        "FORMAT",
        "ID",
        "ISSUER",
        "KID",
        "N",
        "NAME",
        "NAME: VALUE",
        "NAME=VALUE",
        "OPS",
        "ORDER",
        "REASON",
        "RULE",
        "RULE[=KID]",
        "SEVERITY",
        "SHELL",
        "SUBJECT",
        "TEXT",
        "TIME",
        "TYPE",
        "URL",
        "USE",
        "WHEN",
        "WORD",
    ];

    #[test]
    fn every_name_of_a_value_is_known() {
        let program = hinted(Cli::command());
        for command in program.get_subcommands() {
            for argument in command.get_arguments() {
                if !argument
                    .get_num_args()
                    .is_some_and(|range| range.takes_values())
                {
                    continue;
                }
                let name = value_name(argument).unwrap_or_else(|| argument.get_id().as_str());
                assert!(
                    command.get_name() == "help" || FILES.contains(&name) || OTHERS.contains(&name),
                    "{name} of {}: is it a file?",
                    command.get_name()
                );
            }
        }
    }
}
