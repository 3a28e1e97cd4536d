//! `inspect`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::NetworkArgs;
use crate::core::lint::{Ignore, Only};

const USAGE: &str = "jwks inspect SOURCE... [OPTIONS]
       jwks inspect --rules [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help inspect";

const MORE: &str = "Examples:
  What is in a set, and what is wrong with it:
    jwks inspect jwks.json

  A check for continuous integration: every set in a directory, by the rules
  for what anyone can read:
    jwks inspect --published --fail-on error public/
    jwks inspect --published --format sarif public/ > jwks.sarif

  A private key in such a set is an error (exit code 1):
    jwks inspect --published --fail-on error keys.json

  Nothing but secrets, in files of any kind:
    jwks inspect --published --fail-on error --only private-member claims.json

  What an issuer serves today:
    jwks fetch https://issuer.example | jwks inspect --published -

  What a token says; its signature is not checked:
    jwks inspect \"$TOKEN\"

  The rules, with their reasons:
    jwks inspect --rules

Exit codes:
  0    no finding at --fail-on
  1    findings at --fail-on or worse
  2    wrong usage
  3    a source cannot be read, or holds neither keys nor a
       token
  4    a source could not be fetched

Security:
  Private members and secrets are never shown. That a token is shown says nothing of whether it \
  is good: `jwks verify` does. Findings are told by rule, place and reason, and an --ignore is \
  best given a kid, so that the next key is looked at anew.

Standards:
  RFC 7517 (JWK), RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best practices). The source of each \
  rule stands in `jwks inspect --rules`.";

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
/// members are never shown. Of a directory, the files that hold keys or tokens are taken, and those that
/// are named as key sets.
///
/// A token is shown with its times in words, and its signature is NOT checked: that is what `verify`
/// is for.
#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct InspectArgs {
    /// Files, directories, URLs, tokens, or - for standard input
    #[arg(required_unless_present = "rules", value_name = "SOURCE")]
    pub sources: Vec<OsString>,

    /// Apply the rules for sets that anyone can read; implied for URLs
    #[arg(long, help_heading = "Rules")]
    pub published: bool,

    /// Exit with 1 when there is a finding of this severity or worse
    ///
    /// - error: errors
    /// - warning: warnings and errors
    /// - info: every finding
    /// - never: none of them
    #[arg(
        long,
        value_name = "SEVERITY",
        default_value = "never",
        hide_possible_values = true,
        verbatim_doc_comment,
        help_heading = "Rules"
    )]
    pub fail_on: FailOn,

    /// Report the findings of this rule alone; may be given again
    ///
    /// What keeps a rule from looking is reported as well: a document that holds no keys, a key that
    /// cannot be read, numbers that were not examined. `private-member` needs no keys: with it alone,
    /// or with `symmetric-key` beside it, files of any kind may be given.
    #[arg(
        long,
        value_name = "RULE",
        hide_short_help = true,
        help_heading = "Rules"
    )]
    pub only: Vec<Only>,

    /// Leave out the findings of a rule, everywhere or on the key of one kid
    #[arg(long, value_name = "RULE[=KID]", help_heading = "Rules")]
    pub ignore: Vec<Ignore>,

    /// Keys that are known to others: a file with SHA-256 thumbprints, or a key set
    #[arg(
        long,
        value_name = "FILE",
        hide_short_help = true,
        help_heading = "Rules"
    )]
    pub known_keys: Vec<PathBuf>,

    /// Examine the numbers of every key, however long it takes
    #[arg(long, hide_short_help = true, help_heading = "Rules")]
    pub thorough: bool,

    /// List the rules, with their reasons, and do nothing else
    #[arg(long, conflicts_with = "sources", help_heading = "Rules")]
    pub rules: bool,

    /// text, json, sarif, junit, github or gitlab
    ///
    /// - text: for people
    /// - json: for programs
    /// - sarif: SARIF 2.1.0, which GitHub code scanning and editors show
    /// - junit: JUnit XML: a suite for each source, in it a test for each rule
    /// - github: workflow commands of GitHub Actions, from which annotations are made
    /// - gitlab: a Code Quality report of GitLab
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true,
        verbatim_doc_comment,
        help_heading = "Report"
    )]
    pub format: InspectFormat,

    /// The time to go by, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Report"
    )]
    pub at: Option<String>,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
