//! `sign`.

use std::ffi::OsString;

use clap::Args;

use super::values::signing_algorithm;
use super::{ClaimAssignment, PassphraseArgs};
use crate::core::alg::Algorithm;

/// Mint a token with the active key.
///
/// The token has iat (now) and exp (in 15 minutes) unless told otherwise. A key that is pending,
/// retiring, revoked or weak signs only with --force, and an RSA key below 2048 bits never. What was signed is verified before it is printed.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks sign --jwks key.json --iss https://issuer.example --sub alice --exp 1h
  jwks sign --jwks keys.json --claims claims.json --claim 'roles:=[\"admin\"]'
  echo '{\"sub\":\"alice\"}' | jwks sign --jwks key.json --claims - --typ at+jwt

Standards: RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best practices).")]
pub struct SignArgs {
    /// The private keys: a file, or - for standard input
    #[arg(long, value_name = "SOURCE")]
    pub jwks: OsString,

    /// Sign with this key, and not with the active one
    #[arg(long, allow_hyphen_values = true)]
    pub kid: Option<String>,

    /// Sign with this algorithm, when the key or the set leaves a choice
    #[arg(long = "alg", value_name = "ALG", value_parser = signing_algorithm())]
    pub algorithm: Option<&'static Algorithm>,

    /// Start from the claims in this file, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub claims: Option<OsString>,

    /// Issuer
    #[arg(long, value_name = "ISSUER")]
    pub iss: Option<String>,

    /// Subject
    #[arg(long, value_name = "SUBJECT")]
    pub sub: Option<String>,

    /// Audience; repeat it for several
    #[arg(long = "aud", value_name = "AUDIENCE")]
    pub audiences: Vec<String>,

    /// ID of the token
    #[arg(long, value_name = "ID")]
    pub jti: Option<String>,

    /// Expiration time, or none [default: +15m]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub exp: Option<String>,

    /// Time before which the token does not hold
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub nbf: Option<String>,

    /// Time of issue, or none [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub iat: Option<String>,

    /// Set a claim: NAME=TEXT, or NAME:=JSON
    #[arg(long = "claim", value_name = "NAME=VALUE")]
    pub assignments: Vec<ClaimAssignment>,

    /// Type of the token, in the header
    #[arg(long, value_name = "TYPE", default_value = "JWT")]
    pub typ: String,

    /// Set a header parameter: NAME=TEXT, or NAME:=JSON
    #[arg(long = "header", value_name = "NAME=VALUE")]
    pub headers: Vec<ClaimAssignment>,

    /// Sign also with a key that is pending, retiring or revoked, or a secret that is too short
    #[arg(long)]
    pub force: bool,

    /// The time to go by, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,

    /// Where the passphrase of a protected file comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}
