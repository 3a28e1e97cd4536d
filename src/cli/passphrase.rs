//! Where a passphrase comes from. Never from the command line itself or the environment, which others
//! can see.

use std::ffi::OsString;

use clap::Args;

/// Where the passphrase of a protected file comes from.
#[derive(Debug, Clone, Args)]
pub struct PassphraseArgs {
    /// Read the passphrase of protected keys from this file, or - for standard input
    ///
    /// Unless told, it is asked for on a terminal.
    #[arg(
        long,
        value_name = "FILE",
        hide_short_help = true,
        help_heading = "Protected keys"
    )]
    pub passphrase_file: Option<OsString>,

    /// Read it from this file descriptor
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "passphrase_file",
        hide_short_help = true,
        help_heading = "Protected keys"
    )]
    pub passphrase_fd: Option<u16>,
}

/// Where the passphrase comes from under which keys are to be written.
#[derive(Debug, Args)]
pub struct NewPassphraseArgs {
    /// Read the passphrase for --encrypt from this file, or - for standard input
    ///
    /// Unless told, it is that of the source.
    #[arg(
        long,
        value_name = "FILE",
        requires = "encrypt",
        hide_short_help = true,
        help_heading = "Protected keys"
    )]
    pub new_passphrase_file: Option<OsString>,

    /// Read it from this file descriptor
    #[arg(
        long,
        value_name = "N",
        requires = "encrypt",
        conflicts_with = "new_passphrase_file",
        hide_short_help = true,
        help_heading = "Protected keys"
    )]
    pub new_passphrase_fd: Option<u16>,
}
