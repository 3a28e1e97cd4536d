//! `sign`.

use std::ffi::OsString;

use clap::Args;

use super::values::signing_algorithm;
use super::{ClaimAssignment, PassphraseArgs};
use crate::core::alg::Algorithm;

const USAGE: &str = "jwks sign --jwks SOURCE [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help sign";

const MORE: &str = "Examples:
  A token for an hour:
    jwks sign --jwks key.json --iss https://issuer.example --sub alice --exp +1h

  Claims from a file, and one more that is no text:
    jwks sign --jwks keys.json --claims claims.json --claim 'roles:=[\"admin\"]'

  Claims from a pipe, for an access token (RFC 9068):
    echo '{\"sub\":\"alice\"}' | jwks sign --jwks key.json --claims - --typ at+jwt

  A test of a consumer, which must refuse a token that has expired:
    jwks sign --jwks key.json --sub alice --iat -2h --exp -1h

Exit codes:
  0    the token was printed
  1    no key has the kid, none is active, or the one that
       was meant must not sign
  2    wrong usage
  3    the keys or the claims cannot be read

Security:
  Keys are read from files and standard input alone, never from a URL. A key that is pending, \
  retiring, revoked or weak signs only with --force, and an RSA key below 2048 bits never.

  Whoever holds the token has what it grants until it expires: keep --exp short, and name an \
  audience with --aud.

Standards:
  RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best practices).";

/// Mint a token with the active key.
///
/// The token has iat (now) and exp (in 15 minutes) unless told otherwise. It is verified before it is
/// printed.
#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct SignArgs {
    /// The private keys: a file, or - for standard input
    #[arg(long, value_name = "SOURCE", help_heading = "Keys")]
    pub jwks: OsString,

    /// Sign with this key, and not with the active one
    #[arg(long, allow_hyphen_values = true, help_heading = "Keys")]
    pub kid: Option<String>,

    /// Sign with this algorithm, when the key or the set leaves a choice
    ///
    /// `jwks help algorithms` lists them.
    #[arg(
        long = "alg",
        value_name = "ALG",
        value_parser = signing_algorithm(),
        hide_possible_values = true,
        hide_short_help = true,
        help_heading = "Keys"
    )]
    pub algorithm: Option<&'static Algorithm>,

    /// Start from the claims in this file, or - for standard input
    #[arg(long, value_name = "FILE", help_heading = "Claims")]
    pub claims: Option<OsString>,

    /// Issuer
    #[arg(long, value_name = "ISSUER", help_heading = "Claims")]
    pub iss: Option<String>,

    /// Subject
    #[arg(long, value_name = "SUBJECT", help_heading = "Claims")]
    pub sub: Option<String>,

    /// Audience; repeat it for several
    #[arg(long = "aud", value_name = "AUDIENCE", help_heading = "Claims")]
    pub audiences: Vec<String>,

    /// ID of the token
    #[arg(
        long,
        value_name = "ID",
        hide_short_help = true,
        help_heading = "Claims"
    )]
    pub jti: Option<String>,

    /// Expiration time, or none [default: +15m]
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Claims"
    )]
    pub exp: Option<String>,

    /// Time before which the token does not hold
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Claims"
    )]
    pub nbf: Option<String>,

    /// Time of issue, or none [default: now]
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Claims"
    )]
    pub iat: Option<String>,

    /// Set a claim: NAME=TEXT, or NAME:=JSON
    #[arg(long = "claim", value_name = "NAME=VALUE", help_heading = "Claims")]
    pub assignments: Vec<ClaimAssignment>,

    /// Type of the token, in the header
    #[arg(
        long,
        value_name = "TYPE",
        default_value = "JWT",
        help_heading = "Header"
    )]
    pub typ: String,

    /// Set a header parameter: NAME=TEXT, or NAME:=JSON
    #[arg(
        long = "header",
        value_name = "NAME=VALUE",
        hide_short_help = true,
        help_heading = "Header"
    )]
    pub headers: Vec<ClaimAssignment>,

    /// Sign also with a key that is pending, retiring, revoked or weak
    #[arg(long, hide_short_help = true, help_heading = "Keys")]
    pub force: bool,

    /// The time to go by, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Keys"
    )]
    pub at: Option<String>,

    /// Where the passphrase of a protected file comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}
