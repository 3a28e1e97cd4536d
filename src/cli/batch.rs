//! The options of `verify` for many tokens.

use std::path::PathBuf;

use clap::{ArgGroup, Args, value_parser};

/// Many tokens at once.
#[derive(Debug, Args)]
#[command(next_help_heading = "Batch")]
#[command(group = ArgGroup::new("many").args(["batch", "merge_summaries"]))]
pub struct BatchArgs {
    /// Check a token on each line of the file TOKEN, or of standard input, and print a record for each
    #[arg(long, conflicts_with_all = ["detached", "explain", "format"], hide_short_help = true)]
    pub batch: bool,

    /// Lines are an ID, a tab and a token, and records repeat the ID
    #[arg(long, requires = "batch", hide_short_help = true)]
    pub id_field: bool,

    /// Add the claims of valid tokens to their records
    #[arg(
        long,
        requires = "batch",
        conflicts_with = "signature_only",
        hide_short_help = true
    )]
    pub claims: bool,

    /// Write the summary to this file too, as JSON
    #[arg(long, value_name = "FILE", requires = "batch", hide_short_help = true)]
    pub summary: Option<PathBuf>,

    /// Succeed whatever the tokens are; what cannot be read or written is an error still
    #[arg(long, requires = "many", hide_short_help = true)]
    pub exit_zero: bool,

    /// Threads that verify; as many as there are processors unless told otherwise
    #[arg(
        long,
        value_name = "N",
        requires = "batch",
        value_parser = value_parser!(u16).range(1..=1024),
        hide_short_help = true
    )]
    pub jobs: Option<u16>,

    /// Add up the summaries in these files, of the parts of a log, and print the sum
    #[arg(
        long,
        value_name = "FILE",
        num_args = 1..,
        conflicts_with_all = [
            "algorithms", "allow_http", "at", "audiences", "batch", "cacert", "claim_values", "claims",
            "detached", "explain", "format", "headers", "id_field", "iss", "jobs", "leeway", "max_age",
            "no_cache", "offline", "required", "retries", "set_limit", "signature_only", "sub", "summary",
            "timeout", "token", "token_limit", "typ",
        ],
        hide_short_help = true
    )]
    pub merge_summaries: Vec<PathBuf>,
}
