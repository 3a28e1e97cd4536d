//! `convert`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::values::algorithm;
use super::{KidSource, NetworkArgs, NewPassphraseArgs, PassphraseArgs};
use crate::core::alg::Algorithm;

/// A form in which keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyForm {
    /// A JWK Set (RFC 7517)
    Jwks,
    /// A JWK (RFC 7517); one key alone
    Jwk,
    /// PEM: PKCS #8 and SubjectPublicKeyInfo, a block for each key (RFC 7468)
    Pem,
    /// The same in binary; one key alone
    Der,
    /// OpenSSH: a line for each public key
    Ssh,
    /// The SHA-256 thumbprint of each key (RFC 7638)
    Thumbprint,
    /// SHA-256 of each SubjectPublicKeyInfo in base64url, the kid of Kubernetes
    SpkiHash,
}

/// How a source spells its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SourceForm {
    /// As its content tells
    Auto,
    /// A secret: the octets of the file, every one
    Raw,
    /// A secret in hexadecimal
    Hex,
    /// A secret in base64 or base64url
    Base64,
}

/// The order of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyOrder {
    /// By kid
    Kid,
    /// By algorithm, then by kid
    Alg,
    /// By SHA-256 thumbprint
    Thumbprint,
    /// The newest iat first
    Newest,
}

/// Read keys in any form, and write them in another.
///
/// What a source is, is told by its content: a JWK, a JWK Set or an array of JWKs, also protected by a
/// passphrase; PEM with any number of blocks (PKCS #1, SEC 1, PKCS #8, encrypted or not, public keys,
/// certificates, certificate requests); the same as DER; PKCS #12; OpenSSH public and private keys. Several
/// sources become one set, in which each key is kept once. Members that are not known stay.
///
/// Every key is checked: a point that is not on its curve, or a private half that is not that of the public
/// one, is refused. Private keys are written where they are in the source, unless --public is given.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks convert key.pem -o keys.json
  jwks convert --public keys.json -o jwks.json
  jwks convert --to pem --only 2026-11 keys.json -o signing-key.pem
  jwks convert --x5c --alg RS256 tls.crt
  jwks convert a.json b.pem ~/.ssh/id_ed25519.pub
  jwks convert --to thumbprint jwks.json

Exit codes: 1 for a kid that is not there, 3 for a source that cannot be read, a key that does not fit
together, or a form that cannot hold a key.

Standards: RFC 7517 (JWK), RFC 7468 (PEM), RFC 5958 (PKCS #8), RFC 7292 (PKCS #12), RFC 9881 (ML-DSA).")]
pub struct ConvertArgs {
    /// Files, URLs, or - for standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<OsString>,

    /// The form to write
    #[arg(long, value_name = "FORM", default_value = "jwks")]
    pub to: KeyForm,

    /// How the sources spell their keys
    #[arg(long, value_name = "FORM", default_value = "auto")]
    pub from: SourceForm,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace an existing file; write a private key for OpenSSH, or the hash of a secret
    #[arg(long)]
    pub force: bool,

    /// Leave the private halves out
    #[arg(long)]
    pub public: bool,

    /// PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der
    #[arg(long)]
    pub traditional: bool,

    /// Protect what is written with a passphrase
    #[arg(long)]
    pub encrypt: bool,

    /// Keep the certificates of keys, as x5c, x5t and x5t#S256
    #[arg(long)]
    pub x5c: bool,

    /// Only the key of this kid; repeat it for several
    #[arg(
        long,
        value_name = "KID",
        allow_hyphen_values = true,
        help_heading = "Which keys"
    )]
    pub only: Vec<String>,

    /// Not the key of this kid; repeat it for several
    #[arg(
        long,
        value_name = "KID",
        allow_hyphen_values = true,
        help_heading = "Which keys"
    )]
    pub without: Vec<String>,

    /// Only the keys that are active: those that `jwks sign` takes
    #[arg(long, help_heading = "Which keys")]
    pub active: bool,

    /// The time to go by for --active and --kid-from date, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Which keys"
    )]
    pub at: Option<String>,

    /// Name the one key so
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "kid_from",
        help_heading = "What is said of them"
    )]
    pub kid: Option<String>,

    /// Name every key anew; keys of forms without names get their thumbprint unless told
    #[arg(long, value_name = "SOURCE", help_heading = "What is said of them")]
    pub kid_from: Option<KidSource>,

    /// Set \"alg\"
    #[arg(long = "alg", value_name = "ALG", value_parser = algorithm(), help_heading = "What is said of them")]
    pub algorithm: Option<&'static Algorithm>,

    /// Set \"use\", and take \"key_ops\" out
    #[arg(
        long = "use",
        value_name = "USE",
        conflicts_with = "key_ops",
        help_heading = "What is said of them"
    )]
    pub key_use: Option<String>,

    /// Set \"key_ops\", and take \"use\" out
    #[arg(
        long,
        value_name = "OPS",
        value_delimiter = ',',
        help_heading = "What is said of them"
    )]
    pub key_ops: Vec<String>,

    /// Put the keys in this order
    #[arg(long, value_name = "ORDER", help_heading = "What is said of them")]
    pub sort: Option<KeyOrder>,

    /// Where the passphrase of a protected source comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,

    /// Where the passphrase for --encrypt comes from
    #[command(flatten)]
    pub new_passphrase: NewPassphraseArgs,

    /// How to fetch
    #[command(flatten)]
    pub network: NetworkArgs,
}
