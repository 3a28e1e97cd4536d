//! `fetch`, and the options of every command that may fetch.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{HeaderArgument, ReportFormat};
use crate::core::jwks::SET_LIMIT;
use crate::core::time::parse_duration;

const USAGE: &str = "jwks fetch URL... [OPTIONS]
       jwks fetch --clear-cache";

const LESS: &str = "All options, examples and exit codes: jwks help fetch";

const MORE: &str = "Examples:
  The set of an issuer, found by discovery:
    jwks fetch https://issuer.example

  A set into a file, whole or not at all:
    jwks fetch https://issuer.example/jwks.json -o jwks.json

  One key, looked at:
    jwks fetch https://issuer.example --kid 2026-01 | jwks inspect -

  What has changed since a copy was made (exit code 1):
    jwks fetch https://issuer.example --diff old.json

  The first event of a watch: a line of JSON for each key that there is:
    jwks fetch https://issuer.example --watch 5m | head -n 1

  Forget what was fetched:
    jwks fetch --clear-cache

Exit codes:
  0    fetched and printed
  1    the sets of --diff differ, not one key has the kid of
       --kid, or private or symmetric keys are served
  2    wrong usage, or a URL that is none
  3    a file cannot be read or written, or what was fetched
       is no key set
  4    could not fetch: a retry may help
  130  interrupted: Ctrl-C, which is how a watch ends

Several URLs:
  They are fetched at the same time and printed in the order in which they are given; one that \
  fails is told, keeps no other from being printed, and gives the exit code.

Watching:
  --watch prints events (jwks.fetch.event/1): appeared, changed and gone for keys, fault and \
  recovered for the server. It asks whether anything has changed (ETag, Last-Modified) each \
  DURATION, 10 % more or less; after a fault half as often each time, down to once in 15 \
  minutes, and never before the time that the server names (Retry-After). It ends with Ctrl-C \
  (exit code 130) or when nobody reads it any more.

Caching:
  Answers are kept as their server says (Cache-Control, Expires, ETag, Last-Modified), for 10 \
  minutes when it says nothing and for a day at most, and are shared by fetch, verify, inspect \
  and diff. The time is that of the clock, whatever --at says. What its server takes back goes \
  from the cache. `jwks help environment` says where the cache is.

  An answer whose time is over is used only when its server cannot be reached and has allowed \
  that (stale-if-error), which is told; --offline and --max-age hold for that as well.

  verify asks again for a key that the cached set lacks, at most every 30 s. Answers to \
  requests with --header, and those with secrets in them, are not kept.

Security:
  Only https is fetched, but for this machine, unless --allow-http is given. Give credentials \
  as --header 'Authorization: @FILE': a value on the command line can be seen by others.

  A redirect, or the jwks_uri of an issuer, never leads further inside than the URL that was \
  given and each one on the way: from the Internet not to private or link-local addresses and \
  not to this machine, and from this machine not to link-local ones, checked at the address \
  that is connected to. Behind a proxy that looks names up itself only addresses in URLs can be \
  checked.

Standards:
  OpenID Connect Discovery 1.0, RFC 8414 (metadata), RFC 9110 (HTTP), RFC 9111 (caching), \
  RFC 5861 (stale-if-error).";

/// How to fetch.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArgs {
    /// Trust the certificate authorities in this PEM file, besides the platform's
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub cacert: Option<PathBuf>,

    /// Longest time for a source, with discovery, redirects and retries
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10s",
        value_parser = parse_duration,
        hide_short_help = true
    )]
    pub timeout: Duration,

    /// How often to try again after 429, a fault of the server, or no connection
    #[arg(long, value_name = "N", default_value_t = 2, hide_short_help = true)]
    pub retries: u32,

    /// Send a header; '@FILE' as its value takes the value from a file
    #[arg(long = "header", value_name = "NAME: VALUE", hide_short_help = true)]
    pub headers: Vec<HeaderArgument>,

    /// Fetch over plain http from anywhere, and not from this machine alone
    #[arg(long, hide_short_help = true)]
    pub allow_http: bool,

    /// Neither use nor fill the cache
    #[arg(long, hide_short_help = true, help_heading = "Cache")]
    pub no_cache: bool,

    /// Ask no server; use what is in the cache while it holds, and fail without
    #[arg(
        long,
        conflicts_with_all = ["headers", "no_cache"],
        hide_short_help = true,
        help_heading = "Cache"
    )]
    pub offline: bool,

    /// Longest key set that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = SET_LIMIT, hide_short_help = true)]
    pub set_limit: usize,
}

/// Fetch a key set from its URL or its issuer.
///
/// For an issuer the metadata is sought as OpenID Connect Discovery and RFC 8414 say, and must name
/// that issuer to the letter. The set is printed as it was served; facts about the answer, and the
/// way that discovery took, go to standard error. A set with private or symmetric keys is printed
/// without them, and the exit code is 1.
#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct FetchArgs {
    /// The URL of a key set, or an issuer; several are fetched at once
    #[arg(value_name = "URL", required_unless_present = "clear_cache")]
    pub urls: Vec<String>,

    /// Print only the key with this kid, as a JWK
    #[arg(long, allow_hyphen_values = true, help_heading = "Key set")]
    pub kid: Option<String>,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Key set")]
    pub output: Option<PathBuf>,

    /// Replace the file of --output
    #[arg(long, requires = "output", help_heading = "Key set")]
    pub force: bool,

    /// Order keys by kid, and members by name
    #[arg(long, conflicts_with = "kid", help_heading = "Key set")]
    pub normalize: bool,

    /// Print what has changed since this set, and not the set
    ///
    /// The set is a file, a URL, or - for standard input. The exit code is 1 when the sets differ.
    #[arg(long, value_name = "SOURCE", help_heading = "Changes")]
    pub diff: Option<OsString>,

    /// The form in which --diff prints
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        requires = "diff",
        hide_short_help = true,
        help_heading = "Changes"
    )]
    pub format: ReportFormat,

    /// Ask on and on; print a line of JSON for each change
    ///
    /// About so often. The changes are keys that appear, change or go.
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = parse_duration,
        conflicts_with_all = ["diff", "kid", "max_age", "normalize", "offline", "output"],
        help_heading = "Changes"
    )]
    pub watch: Option<Duration>,

    /// Use an answer of the cache only while it is younger
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = parse_duration,
        conflicts_with = "no_cache",
        hide_short_help = true,
        help_heading = "Cache"
    )]
    pub max_age: Option<Duration>,

    /// Forget every answer in the cache
    #[arg(
        long,
        conflicts_with_all = [
            "urls", "kid", "output", "normalize", "diff", "watch", "max_age", "cacert", "timeout", "retries",
            "headers", "allow_http", "no_cache", "offline", "set_limit",
        ],
        help_heading = "Cache"
    )]
    pub clear_cache: bool,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
