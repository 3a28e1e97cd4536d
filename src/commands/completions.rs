//! `jwks completions`.

use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_complete_nushell::Nushell;

use crate::cli::{Cli, CompletionShell, CompletionsArgs};
use crate::context::Context;
use crate::error::{CommandError, Exit};

/// Prints the script.
///
/// # Errors
/// Standard output cannot be written.
pub fn run(arguments: &CompletionsArgs, context: &mut Context<'_>) -> Result<Exit, CommandError> {
    context.deliver(&script(arguments.shell))?;
    Ok(Exit::Success)
}

/// The completion script for `shell`, made from the definition of the command line.
#[must_use]
pub fn script(shell: CompletionShell) -> Vec<u8> {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    match shell {
        CompletionShell::Bash => generate(Shell::Bash, &mut command, name, &mut script),
        CompletionShell::Zsh => generate(Shell::Zsh, &mut command, name, &mut script),
        CompletionShell::Fish => generate(Shell::Fish, &mut command, name, &mut script),
        CompletionShell::PowerShell => generate(Shell::PowerShell, &mut command, name, &mut script),
        CompletionShell::Elvish => generate(Shell::Elvish, &mut command, name, &mut script),
        CompletionShell::Nushell => generate(Nushell, &mut command, name, &mut script),
    }
    script
}
