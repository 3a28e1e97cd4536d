//! `rotate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::ReportFormat;
use crate::core::time::parse_duration;

/// Start a key rotation: publish the next key, date the old one.
///
/// A new key like the active one is added. It takes over once every cached copy of the published
/// set has it (now + cache TTL + margin); the old one goes once every token that it signed has
/// expired (takeover + token lifetime + margin). Keys past their time are removed. While a new key
/// waits for its takeover, another rotation is refused (exit code 1).
///
/// The dates stand in the private file as nbf and exp; the published set holds public members of
/// live keys alone.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks rotate key.json --public jwks.json
  jwks rotate key.json --public jwks.json --cache-ttl 1h --token-lifetime 15m --margin 5m
  jwks rotate key.json --dry-run

Sign with `jwks sign --jwks key.json`, which goes by the same dates.

Standards: OpenID Federation 1.0 (iat, nbf, exp, revoked of keys), RFC 7517.")]
pub struct RotateArgs {
    /// The private keys
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Write the published set to this file, whenever it differs; it should be the live one, from
    /// which a later call sees what consumers could know
    #[arg(short, long, value_name = "FILE")]
    pub public: Option<PathBuf>,

    /// How long consumers may cache the published set
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    pub cache_ttl: Duration,

    /// The longest lifetime of a token
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    pub token_lifetime: Duration,

    /// Delay of publishing, lag of signers and difference of clocks, together
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_duration)]
    pub margin: Duration,

    /// Show what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,

    /// The time to go by, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,
}
