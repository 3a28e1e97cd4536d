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

/// Check a token, or a log of them, and say why they fail.
///
/// On success the claims go to standard output as JSON, and a line on standard error says which key
/// verified and how long the token still holds. On failure nothing goes to standard output, every
/// reason goes to standard error, and the exit code is 1.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("keys").required(true).args(["jwks", "issuer", "merge_summaries"]))]
#[command(after_long_help = "Examples:
  jwks verify \"$TOKEN\" --jwks jwks.json
  printf %s \"$TOKEN\" | jwks verify - --issuer https://issuer.example --aud api | jq .sub
  jwks verify token.txt --jwks jwks.json --alg ES256 --max-age 5m --explain
  jwks verify --batch tokens.log --jwks jwks.json --at 2026-11-01T00:00:00Z > records.ndjson
  tail -f tokens.log | jwks verify --batch --jwks jwks.json | jq -r 'select(.valid | not).code'

With --batch there is one JSON record on a line for each line of the input, in the same order, whatever
the line holds: its number, SHA-256 of the token, valid or not, why not (code the first reason, codes all
of them), alg and kid. The exit code is 1 when any token was rejected, 3 when not every line could be
read or its record written (a reader that goes away ends it quietly), 130 after Ctrl-C.

A batch whose keys come from a URL judges by one set at a time. It fetches them again when their time
is over, at most every 30 s; while they cannot be had, no token is valid, and the code of those that
only the keys can tell of is keys-outdated. The code is keys-unavailable when a token names a key that
the set lacks and its server cannot be asked. Either makes the exit code 4, also with --exit-zero.

Security: keys come from --jwks or --issuer alone, never from the token (jku, x5u, jwk and x5c are
ignored). A token without signature (alg none) is always rejected, and symmetric keys from a URL are
refused. Without --iss and --aud nobody checks whom the token is from and for: name them in production.
In a script give a stranger's token on standard input (-): as an argument it could be an option, or
the name of a file that holds a valid token.

Keys from a URL are kept as their server says, and shared with fetch; when a token names a key
that the cached set lacks, the server is asked again, at most every 30 s for all processes
together. Where it had no answer then, whether the token is good is open: exit code 4 and not 1
(keys-unavailable). The same holds where the cache cannot be written to, so that processes cannot
take turns. `jwks help fetch` says more of the cache and of the environment.

Standards: RFC 7515 (JWS), RFC 7519 (JWT), RFC 7797 (b64), RFC 8725 (best practices).")]
pub struct VerifyArgs {
    /// A compact token, a file that holds one, or - for standard input
    #[arg(
        value_name = "TOKEN",
        required_unless_present_any = ["batch", "merge_summaries"]
    )]
    pub token: Option<OsString>,

    /// The keys: a file, a URL, or - for standard input
    #[arg(long, value_name = "SOURCE")]
    pub jwks: Option<OsString>,

    /// Take the keys of this issuer, by discovery, and demand that the token be from it
    #[arg(long, value_name = "URL", conflicts_with = "iss")]
    pub issuer: Option<String>,

    /// Accept this algorithm alone; repeat it for several
    #[arg(long = "alg", value_name = "ALG", value_parser = signing_algorithm())]
    pub algorithms: Vec<&'static Algorithm>,

    /// Demand this issuer
    #[arg(long, value_name = "ISSUER")]
    pub iss: Option<String>,

    /// Demand this audience; repeat it when any of several will do
    #[arg(long = "aud", value_name = "AUDIENCE")]
    pub audiences: Vec<String>,

    /// Demand this subject
    #[arg(long, value_name = "SUBJECT")]
    pub sub: Option<String>,

    /// Demand this type in the header ("at+jwt", "dpop+jwt", …)
    #[arg(long, value_name = "TYPE")]
    pub typ: Option<String>,

    /// Demand that a claim be there
    #[arg(long = "require", value_name = "NAME")]
    pub required: Vec<String>,

    /// Demand a value of a claim: NAME=TEXT, or NAME:=JSON
    #[arg(long = "claim", value_name = "NAME=VALUE")]
    pub claim_values: Vec<ClaimAssignment>,

    /// Demand that the token was issued (iat) at most so long ago
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub max_age: Option<Duration>,

    /// Tolerate clocks that differ by so much
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = parse_duration)]
    pub leeway: Duration,

    /// Check the signature alone; the payload is printed as it is
    #[arg(long, conflicts_with_all = ["iss", "audiences", "sub", "required", "claim_values", "max_age", "issuer"])]
    pub signature_only: bool,

    /// The content that travels beside the token; its signature alone is checked
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["iss", "audiences", "sub", "required", "claim_values", "max_age", "issuer"]
    )]
    pub detached: Option<PathBuf>,

    /// Tell each check, passed or not
    #[arg(long)]
    pub explain: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,

    /// The time to go by, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,

    /// Longest token that is read, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = TOKEN_LIMIT)]
    pub token_limit: usize,

    /// Many tokens at once
    #[command(flatten)]
    pub batch: BatchArgs,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
