//! `fetch`, and the options of every command that may fetch.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::HeaderArgument;
use crate::core::jwks::SET_LIMIT;
use crate::core::time::parse_duration;

/// How to fetch.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArgs {
    /// Trust the certificate authorities in this PEM file, besides the platform's
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,

    /// Longest time for a source, with discovery, redirects and retries
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    pub timeout: Duration,

    /// How often to try again after 429, a fault of the server, or no connection
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub retries: u32,

    /// Send a header; '@FILE' as its value takes the value from a file
    #[arg(long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<HeaderArgument>,

    /// Fetch over plain http from anywhere, and not from this machine alone
    #[arg(long)]
    pub allow_http: bool,

    /// Longest key set that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = SET_LIMIT)]
    pub set_limit: usize,
}

/// Fetch a key set from its URL or its issuer.
///
/// For an issuer the metadata is sought as OpenID Connect Discovery and RFC 8414 say, and must name
/// that issuer to the letter. The set is printed as it was served; facts about the answer, and the
/// way that discovery took, go to standard error. Only https is fetched, but for this machine.
/// A set with private or symmetric keys is printed without them, and the exit code is 1.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks fetch https://issuer.example
  jwks fetch https://issuer.example/jwks.json -o jwks.json
  jwks fetch https://issuer.example --kid 2026-01 | jwks inspect -")]
pub struct FetchArgs {
    /// The URL of a key set, or an issuer
    #[arg(required = true, value_name = "URL")]
    pub urls: Vec<String>,

    /// Print only the key with this kid, as a JWK
    #[arg(long, allow_hyphen_values = true)]
    pub kid: Option<String>,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace the file of --output
    #[arg(long, requires = "output")]
    pub force: bool,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
