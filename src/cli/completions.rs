//! `completions`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

const MORE: &str = "\
Examples:
  bash, with the package bash-completion:
    mkdir -p ~/.local/share/bash-completion/completions
    jwks completions bash > ~/.local/share/bash-completion/completions/jwks

  bash, without it:
    echo 'source <(jwks completions bash)' >> ~/.bashrc

  zsh (a ~/.zshrc that runs compinit needs fpath alone, before that):
    mkdir -p ~/.zfunc
    jwks completions zsh > ~/.zfunc/_jwks
    echo 'fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit' >> ~/.zshrc

  fish:
    mkdir -p ~/.config/fish/completions
    jwks completions fish > ~/.config/fish/completions/jwks.fish

  PowerShell:
    New-Item -ItemType Directory -Force (Split-Path $PROFILE)
    Add-Content $PROFILE 'jwks completions powershell | Out-String | iex'

  elvish:
    mkdir -p ~/.config/elvish
    echo 'eval (jwks completions elvish | slurp)' >> ~/.config/elvish/rc.elv

  nushell:
    let folder = $nu.data-dir | path join vendor/autoload
    mkdir $folder
    jwks completions nushell | save -f ($folder | path join jwks.nu)

Exit codes:
  0    printed
  2    wrong usage: a shell that is not known
  3    standard output cannot be written to

Security:
  The script is code that your shell runs: make it anew with each version of the program. When a \
  kid is completed, it runs jwks, which reads regular files that are named on the line, asks no \
  server, and offers no kid that could steer the terminal.

Standards:
  None: each shell has its own form.";

/// Print a completion script for a shell.
///
/// It completes commands, options and their values, names of files, and in bash, zsh, fish and elvish
/// also the kids of the keys in the files on the line: for that the script runs jwks, which
/// reads those files and asks no server.
///
/// The examples show where the script of each shell goes; a new shell finds it there.
#[derive(Debug, Args)]
#[command(
    override_usage = "jwks completions SHELL",
    after_help = "All options, examples and exit codes: jwks help completions",
    after_long_help = MORE
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Option<CompletionShell>,

    /// The words of a line after `jwks`, of which the last one is to be completed
    #[arg(value_name = "WORD", last = true, hide = true)]
    pub words: Vec<OsString>,
}

/// A shell that completions are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the variants are the names of the shells")]
#[value(rename_all = "lower")]
pub enum CompletionShell {
    Bash,
    Zsh,
    Fish,
    PowerShell,
    Elvish,
    Nushell,
}
