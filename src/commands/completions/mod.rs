//! `jwks completions`.
//!
//! The scripts are made from the definition of the command line. What it cannot tell, the kids of the keys in a
//! file, a piece of our own asks of the program: `jwks completions SHELL -- WORD…` with the words of the line
//! up to the cursor prints what may stand in the place of the last one, each on a line and not quoted.
//! Where it prints nothing, the rest of the script has its turn.

mod candidates;
mod hints;
mod words;

use clap::builder::PossibleValue;
use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell, generate};
use clap_complete_nushell::Nushell;

use crate::cli::{Cli, CompletionShell, CompletionsArgs};
use crate::context::Context;
use crate::error::{CommandError, Exit};
use candidates::candidates;
use hints::{hinted, value_name};

const NAME: &str = "jwks";

/// Prints the script, or what may stand in the place of a word.
///
/// # Errors
/// No shell is named; standard output cannot be written.
pub fn run(arguments: &CompletionsArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    let shell = arguments.shell.ok_or_else(no_shell)?;
    if arguments.words.is_empty() {
        context.deliver(script(shell).as_bytes())?;
        return Ok(Exit::Success);
    }
    let words: Vec<String> = arguments
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    for candidate in candidates(&words, context.files) {
        context.report(format!("{candidate}\n").as_bytes())?;
    }
    Ok(Exit::Success)
}

fn no_shell() -> CommandError {
    let shells: Vec<String> = CompletionShell::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value)
        .map(|shell| shell.get_name().to_owned())
        .collect();
    CommandError::usage(format!("name a shell: {}", shells.join(", ")))
        .hint("`jwks help completions` says for each where its script goes")
}

/// The completion script for `shell`, made from the definition of the command line.
#[must_use]
pub fn script(shell: CompletionShell) -> String {
    match shell {
        CompletionShell::Bash => generated(Shell::Bash) + include_str!("bash.sh"),
        CompletionShell::Zsh => zsh(),
        CompletionShell::Fish => {
            generated(Shell::Fish) + include_str!("fish.fish") + &fish_values()
        }
        CompletionShell::PowerShell => generated(Shell::PowerShell),
        CompletionShell::Elvish => generated(Shell::Elvish) + include_str!("elvish.elv"),
        CompletionShell::Nushell => generated(Nushell),
    }
}

fn generated(generator: impl Generator) -> String {
    let mut script = Vec::new();
    generate(generator, &mut hinted(Cli::command()), NAME, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The generated script calls its function as soon as it is loaded, unless that happens in another one.
fn zsh() -> String {
    format!(
        "#compdef {NAME}\n\n_jwks_load() {{\n{}}}\n{}",
        generated(Shell::Zsh),
        include_str!("zsh.zsh")
    )
}

/// The options after which the program is asked, and what is generated for no argument: its values.
fn fish_values() -> String {
    let program = hinted(Cli::command());
    let mut lines = String::new();
    for command in program.get_subcommands() {
        let name = command.get_name();
        let using = format!("complete -c {NAME} -n \"__fish_jwks_using_subcommand {name}\"");
        for option in asked_options(command) {
            lines += &format!("{using} -l {option} -x -a \"(__fish_jwks_ask)\"\n");
        }
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            if !names.is_empty() {
                lines += &format!("{using} -f -a \"{}\"\n", names.join(" "));
            }
        }
    }
    lines
}

fn asked_options(command: &Command) -> impl Iterator<Item = &str> {
    command
        .get_opts()
        .filter(|option| matches!(value_name(option), Some("KID" | "RULE" | "RULE[=KID]")))
        .filter_map(|option| option.get_long())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_that_takes_a_kid_is_known() {
        let program = hinted(Cli::command());
        let asked: Vec<String> = program
            .get_subcommands()
            .flat_map(|command| {
                asked_options(command).map(|option| format!("{} --{option}", command.get_name()))
            })
            .collect();
        assert_eq!(
            asked,
            [
                "inspect --only",
                "inspect --ignore",
                "fetch --kid",
                "sign --kid",
                "rotate --active",
                "rotate --revoke",
                "convert --only",
                "convert --without",
            ]
        );
    }

    /// What our pieces of the scripts build upon.
    #[test]
    fn the_generated_scripts_have_the_names_that_ours_use() {
        let needed = [
            (
                Shell::Bash,
                "\n    complete -F _jwks -o nosort -o bashdefault -o default jwks\n",
            ),
            (Shell::Bash, "cur=\"$2\"\n"),
            (Shell::Bash, "prev=\"$3\"\n"),
            (Shell::Zsh, "\n_jwks() {\n"),
            (Shell::Zsh, "\nif [ \"$funcstack[1]\" = \"_jwks\" ]; then\n"),
            (Shell::Fish, "\nfunction __fish_jwks_using_subcommand\n"),
            (
                Shell::Elvish,
                "\nset edit:completion:arg-completer[jwks] = {|@words|\n",
            ),
        ];
        for (shell, piece) in needed {
            assert!(generated(shell).contains(piece), "{shell}: {piece}");
        }
    }
}
