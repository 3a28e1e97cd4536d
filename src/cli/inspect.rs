//! `inspect`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::NetworkArgs;
use crate::core::lint::Ignore;

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

/// The form of the report of `inspect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InspectFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, which GitHub code scanning and editors show
    Sarif,
    /// JUnit XML: a suite for each source, in it a test for each rule
    Junit,
    /// Workflow commands of GitHub Actions, from which annotations are made
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
}

/// Say what keys, sets and tokens are, and what is wrong with them.
///
/// What a source is, is told by its content. Keys are shown in a table, with their certificates and
/// with every finding of the lint rules: its rule, its place in the document, and what to do. Private
/// members are never shown. Of a directory, the files that hold keys or tokens are taken.
///
/// A token is shown with its times in words, and its signature is NOT checked: that is what `verify`
/// is for.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks inspect jwks.json
  jwks inspect --published --fail-on error public/
  jwks inspect --published --format sarif public/ > jwks.sarif
  jwks inspect --rules
  jwks inspect \"$TOKEN\"

Exit codes: 1 for findings at --fail-on, 3 for a source that cannot be read or holds neither keys nor
a token, 4 for one that cannot be fetched.

Standards: RFC 7517 (JWK), RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best practices).")]
pub struct InspectArgs {
    /// Files, directories, URLs, tokens, or - for standard input
    #[arg(required_unless_present = "rules", value_name = "SOURCE")]
    pub sources: Vec<OsString>,

    /// Apply the rules for sets that anyone can read; implied for URLs
    #[arg(long)]
    pub published: bool,

    /// Exit with 1 when there is a finding of this severity or worse
    #[arg(long, value_name = "SEVERITY", default_value = "never")]
    pub fail_on: FailOn,

    /// Leave out the findings of a rule, everywhere or on the key of one kid
    #[arg(long, value_name = "RULE[=KID]")]
    pub ignore: Vec<Ignore>,

    /// Keys that are known to others: a file with SHA-256 thumbprints, or a key set
    #[arg(long, value_name = "FILE")]
    pub known_keys: Vec<PathBuf>,

    /// Examine the numbers of every key, however many there are and however long it takes
    #[arg(long)]
    pub thorough: bool,

    /// List the rules, with their reasons, and do nothing else
    #[arg(long, conflicts_with = "sources")]
    pub rules: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: InspectFormat,

    /// The time to go by, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
