//! `inspect`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};

use super::{NetworkArgs, ReportFormat};

/// From which severity on findings make the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Warnings and errors
    Warning,
    /// Every finding
    Info,
    /// None
    Never,
}

/// Say what keys, sets and tokens are, and what is wrong with them.
///
/// What a source is, is told by its content. Keys are shown in a table, with every finding and its
/// place in the document; private members are never shown. A token is shown with its times in
/// words, and its signature is NOT checked: that is what `verify` is for.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks inspect jwks.json
  jwks inspect --published --fail-on error public/*.json
  jwks inspect \"$TOKEN\"

Standards: RFC 7517 (JWK), RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best practices).")]
pub struct InspectArgs {
    /// Files, URLs, tokens, or - for standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<OsString>,

    /// Apply the rules for sets that anyone can read; implied for URLs
    #[arg(long)]
    pub published: bool,

    /// Exit with 1 when there is a finding of this severity or worse
    #[arg(long, value_name = "SEVERITY", default_value = "never")]
    pub fail_on: FailOn,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,

    /// The time to go by, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
