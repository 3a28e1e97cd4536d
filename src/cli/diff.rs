//! `diff`.

use std::ffi::OsString;

use clap::Args;

use super::{NetworkArgs, ReportFormat};

/// Tell what changed between two key sets.
///
/// Keys are matched by their thumbprint, then by kid; the order of keys and members does not count.
/// The exit code is 1 when the sets differ. Values are not shown, only the names of the members that
/// changed, so private sets can be compared, too.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks diff old.json new.json
  jwks diff jwks.json https://issuer.example/jwks.json

Standards: RFC 7517 (JWK), RFC 7638 (thumbprints).")]
pub struct DiffArgs {
    /// The set before: a file, a URL, or - for standard input
    #[arg(value_name = "OLD")]
    pub old: OsString,

    /// The set after: a file, a URL, or - for standard input
    #[arg(value_name = "NEW")]
    pub new: OsString,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
