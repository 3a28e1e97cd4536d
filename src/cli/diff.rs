//! `diff`.

use std::ffi::OsString;

use clap::Args;

use super::{NetworkArgs, ReportFormat};

const USAGE: &str = "jwks diff OLD NEW [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help diff";

const MORE: &str = "Examples:
  Two files that differ (exit code 1):
    jwks diff old.json new.json

  Is what is served what should be:
    jwks diff jwks.json https://issuer.example/jwks.json

  Private keys against the published ones, which have no dates (exit code 1):
    jwks convert --public keys.json | jwks diff jwks.json -

  For programs (exit code 1):
    jwks diff old.json new.json --format json

Exit codes:
  0    the keys are the same
  1    they differ
  2    wrong usage
  3    a set cannot be read
  4    a set could not be fetched

Security:
  Values are not shown, only the names of the members that changed: private sets can be \
  compared, too.

Standards:
  RFC 7517 (JWK), RFC 7638 (thumbprints).";

/// Tell what changed between two key sets.
///
/// Keys are matched by their thumbprint, then by kid; the order of keys and members does not count. Other
/// members of the sets than their keys do not count either: a note says where they differ. The exit code is 1
/// when keys differ.
#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct DiffArgs {
    /// The set before: a file, a URL, or - for standard input
    #[arg(value_name = "OLD")]
    pub old: OsString,

    /// The set after: a file, a URL, or - for standard input
    #[arg(value_name = "NEW")]
    pub new: OsString,

    /// The form of the report
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Report"
    )]
    pub format: ReportFormat,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
