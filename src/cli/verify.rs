//! `verify`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args};

use super::values::signing_algorithm;
use super::{BatchArgs, ClaimAssignment, NetworkArgs, ReportFormat};
use crate::core::alg::Algorithm;
use crate::core::jws::TOKEN_LIMIT;
use crate::core::time::parse_duration;

const USAGE: &str = "jwks verify TOKEN --jwks SOURCE [OPTIONS]
       jwks verify TOKEN --issuer URL [OPTIONS]
       jwks verify --batch [FILE] --jwks SOURCE [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help verify";

const MORE: &str = "Examples:
  With keys from a file; the claims go to standard output:
    jwks verify \"$TOKEN\" --jwks jwks.json

  With the keys of its issuer, when it must be meant for \"api\":
    printf %s \"$TOKEN\" | jwks verify - --issuer https://issuer.example --aud api

  Tell each check, passed or not:
    jwks verify token.txt --jwks jwks.json --alg ES256 --max-age 5m --explain

  A token that is meant for someone else is rejected (exit code 1):
    jwks verify token.txt --jwks jwks.json --aud billing

  A log of tokens, one a line; and the counts of two parts of it, added up:
    jwks verify --batch tokens.log --jwks jwks.json > records.ndjson
    jwks verify --merge-summaries part-1.json part-2.json

Exit codes:
  0    the token is good, or every one of a batch
  1    the token was rejected, or any token of a batch was
  2    wrong usage
  3    a file cannot be read or written, or is no key set;
       a line of a batch cannot be read, or its record written
  4    the keys could not be had: whether the token is good
       is open
  130  interrupted: Ctrl-C

Many tokens:
  With --batch there is one JSON record on a line (jwks.verify.record/1) for each line of the \
  input, in the same order, whatever the line holds: its number, SHA-256 of the token, valid or \
  not, why not (code the first reason, codes all of them), alg and kid. The exit code is 1 when \
  any token was rejected, 3 when not every line could be read or its record written (a reader \
  that goes away ends it quietly), 130 after Ctrl-C.

  A batch whose keys come from a URL judges by one set at a time. It fetches them again when \
  their time is over, at most every 30 s; while they cannot be had, no token is valid, and the \
  code of those that only the keys can tell of is keys-outdated. The code is keys-unavailable \
  when a token names a key that the set lacks and its server cannot be asked. Either makes the \
  exit code 4, also with --exit-zero.

Keys from a URL:
  They are kept as their server says, and shared with fetch. When a token names a key that the \
  cached set lacks, the server is asked again, at most every 30 s for all processes together. \
  Where it had no answer then, whether the token is good is open: exit code 4 and not 1 \
  (keys-unavailable). The same holds where the cache cannot be written to, so that processes \
  cannot take turns. `jwks help fetch` says more of the cache, `jwks help environment` of where \
  it is.

Security:
  Keys come from --jwks or --issuer alone, never from the token: jku, x5u, jwk and x5c are \
  ignored. A token without signature (alg none) is always rejected, and symmetric keys from a \
  URL are refused.

  Without --iss and --aud nobody checks whom the token is from and for: name them in production.

  In a script give a stranger's token on standard input (-): as an argument it could be an \
  option, or the name of a file that holds a valid token.

Standards:
  RFC 7515 (JWS), RFC 7519 (JWT), RFC 7797 (b64), RFC 8725 (best practices).";

/// Check a token, or a log of them, and say why they fail.
///
/// On success the claims go to standard output as JSON, and a line on standard error says which key
/// verified and how long the token still holds. On failure nothing goes to standard output, every
/// reason goes to standard error, and the exit code is 1.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("keys").required(true).args(["jwks", "issuer", "merge_summaries"]))]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct VerifyArgs {
    /// A compact token, a file that holds one, or - for standard input
    #[arg(
        value_name = "TOKEN",
        required_unless_present_any = ["batch", "merge_summaries"]
    )]
    pub token: Option<OsString>,

    /// The keys: a file, a URL, or - for standard input
    #[arg(long, value_name = "SOURCE", help_heading = "Keys")]
    pub jwks: Option<OsString>,

    /// Take the keys of this issuer, by discovery
    ///
    /// And demand that the token be from it. `jwks help fetch` tells how its key set is found.
    #[arg(
        long,
        value_name = "URL",
        conflicts_with = "iss",
        help_heading = "Keys"
    )]
    pub issuer: Option<String>,

    /// Accept this algorithm alone; repeat it for several
    ///
    /// `jwks help algorithms` lists them.
    #[arg(
        long = "alg",
        value_name = "ALG",
        value_parser = signing_algorithm(),
        hide_possible_values = true,
        help_heading = "Keys"
    )]
    pub algorithms: Vec<&'static Algorithm>,

    /// Demand this issuer
    #[arg(long, value_name = "ISSUER", help_heading = "Expectations")]
    pub iss: Option<String>,

    /// Demand this audience
    ///
    /// Repeat it when any of several will do.
    #[arg(long = "aud", value_name = "AUDIENCE", help_heading = "Expectations")]
    pub audiences: Vec<String>,

    /// Demand this subject
    #[arg(
        long,
        value_name = "SUBJECT",
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub sub: Option<String>,

    /// Demand this type in the header: "at+jwt", "dpop+jwt" and the like
    #[arg(
        long,
        value_name = "TYPE",
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub typ: Option<String>,

    /// Demand that a claim be there
    #[arg(
        long = "require",
        value_name = "NAME",
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub required: Vec<String>,

    /// Demand a value of a claim: NAME=TEXT, or NAME:=JSON
    #[arg(
        long = "claim",
        value_name = "NAME=VALUE",
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub claim_values: Vec<ClaimAssignment>,

    /// Demand that the token was issued (iat) at most so long ago
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = parse_duration,
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub max_age: Option<Duration>,

    /// Tolerate clocks that differ by so much
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "0s",
        value_parser = parse_duration,
        help_heading = "Expectations"
    )]
    pub leeway: Duration,

    /// The time to go by, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub at: Option<String>,

    /// Check the signature alone; the payload is printed as it is
    #[arg(
        long,
        conflicts_with_all = ["iss", "audiences", "sub", "required", "claim_values", "max_age", "leeway", "issuer"],
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub signature_only: bool,

    /// The content that travels beside the token; its signature alone is checked
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["iss", "audiences", "sub", "required", "claim_values", "max_age", "leeway", "issuer"],
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub detached: Option<PathBuf>,

    /// Longest token that is read, in bytes
    #[arg(
        long,
        value_name = "BYTES",
        default_value_t = TOKEN_LIMIT,
        hide_short_help = true,
        help_heading = "Expectations"
    )]
    pub token_limit: usize,

    /// Many tokens at once
    #[command(flatten)]
    pub batch: BatchArgs,

    /// Tell each check, passed or not
    #[arg(long, help_heading = "Report")]
    pub explain: bool,

    /// The form of the report
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_short_help = true,
        help_heading = "Report"
    )]
    pub format: ReportFormat,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
