//! `convert`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::values::algorithm;
use super::{KidSource, NetworkArgs, NewPassphraseArgs, PassphraseArgs};
use crate::core::alg::Algorithm;
use crate::core::time::parse_duration;

const USAGE: &str = "jwks convert SOURCE... [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help convert";

const MORE: &str = "Examples:
  A key of OpenSSL as a JWK Set:
    jwks convert key.pem -o keys.json

  The public half of a private set, to be published:
    jwks convert --public keys.json -o jwks.json

  One key of a set as PEM:
    jwks convert --to pem --only 2026-01 keys.json -o signing-key.pem

  The key of a certificate, with the certificate:
    jwks convert --x5c --alg ES256 tls.crt

  Several sources into one set, in which each key stands once:
    jwks convert a.json b.pem id_ed25519.pub

  The thumbprint of each key:
    jwks convert --to thumbprint jwks.json

Exit codes:
  0    written
  1    no key has the kid of --only or --without, no key is
       left, or a URL serves private keys
  2    wrong usage
  3    a source cannot be read, a key does not fit together,
       a form cannot hold a key, a file exists already, or
       it is a source and would lose keys
  4    a source could not be fetched
  130  interrupted: Ctrl-C

Security:
  Every key is checked: a point that is not on its curve, or a private half that is not that of \
  the public one, is refused. Private keys are written where they are in the source, unless \
  --public is given: give it for whatever is to be published. Files have mode 0600 from the \
  start.

  Whoever reads a published key takes it, whatever it says of itself. So --public leaves out \
  what is revoked, and what a rotation has let go by the time of --at; and forms that have no \
  place for \"revoked\" (all but jwks and jwk) never hold such a key, unless --only names it.

Standards:
  RFC 7517 (JWK), RFC 7468 (PEM), RFC 5958 (PKCS #8), RFC 7292 (PKCS #12), RFC 7638 \
  (thumbprints), RFC 9881 (ML-DSA).";

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

impl KeyForm {
    /// True when it holds what is said of a key, and not the key alone.
    #[must_use]
    pub fn holds_members(self) -> bool {
        matches!(self, Self::Jwks | Self::Jwk)
    }

    /// What is written, for a sentence.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Jwks => "a JWK Set",
            Self::Jwk => "a JWK",
            Self::Pem => "PEM",
            Self::Der => "DER",
            Self::Ssh => "OpenSSH's form",
            Self::Thumbprint | Self::SpkiHash => "a hash",
        }
    }
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
#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct ConvertArgs {
    /// Files, URLs, or - for standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<OsString>,

    /// jwks, jwk, pem, der, ssh, thumbprint or spki-hash
    ///
    /// - jwks: a JWK Set (RFC 7517)
    /// - jwk: a JWK (RFC 7517); one key alone
    /// - pem: PKCS #8 and SubjectPublicKeyInfo, a block for each key (RFC 7468)
    /// - der: the same in binary; one key alone
    /// - ssh: OpenSSH: a line for each public key, with the kid as its comment
    /// - thumbprint: the SHA-256 thumbprint of each key (RFC 7638)
    /// - spki-hash: SHA-256 of each SubjectPublicKeyInfo in base64url, the kid of Kubernetes
    #[arg(
        long,
        value_name = "FORM",
        default_value = "jwks",
        hide_possible_values = true,
        verbatim_doc_comment,
        help_heading = "Form"
    )]
    pub to: KeyForm,

    /// How the sources spell their keys
    #[arg(
        long,
        value_name = "FORM",
        default_value = "auto",
        hide_short_help = true,
        help_heading = "Form"
    )]
    pub from: SourceForm,

    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Form")]
    pub output: Option<PathBuf>,

    /// Replace an existing file
    ///
    /// Also: write a private key for OpenSSH, or the hash of a secret. A source is replaced only by what holds
    /// every key and private half in it.
    #[arg(long, hide_short_help = true, help_heading = "Form")]
    pub force: bool,

    /// How long to wait for another process that changes the file of --output
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10s",
        value_parser = parse_duration,
        requires = "output",
        hide_short_help = true,
        help_heading = "Form"
    )]
    pub lock_timeout: Duration,

    /// Leave the private halves out, and what is to be seen no more
    ///
    /// The keys that are revoked, and those whose exp has passed and that have a successor.
    #[arg(long, help_heading = "Form")]
    pub public: bool,

    /// PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der
    #[arg(long, hide_short_help = true, help_heading = "Form")]
    pub traditional: bool,

    /// Protect what is written with a passphrase
    #[arg(long, help_heading = "Form")]
    pub encrypt: bool,

    /// Keep the certificates of keys, as x5c, x5t and x5t#S256
    #[arg(long, help_heading = "Form")]
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

    /// Only the keys that `jwks sign` takes
    ///
    /// Those that are active.
    #[arg(long, help_heading = "Which keys")]
    pub active: bool,

    /// The time to go by for --public, --active and --kid-from date, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Which keys"
    )]
    pub at: Option<String>,

    /// Name the one key so
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "kid_from",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub kid: Option<String>,

    /// Name every key anew
    ///
    /// Keys of forms without names get their thumbprint unless told. What is revoked keeps its name.
    #[arg(
        long,
        value_name = "SOURCE",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub kid_from: Option<KidSource>,

    /// Set "alg"
    ///
    /// `jwks help algorithms` lists them.
    #[arg(
        long = "alg",
        value_name = "ALG",
        value_parser = algorithm(),
        hide_possible_values = true,
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub algorithm: Option<&'static Algorithm>,

    /// Set "use", and take "key_ops" out
    #[arg(
        long = "use",
        value_name = "USE",
        conflicts_with = "key_ops",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub key_use: Option<String>,

    /// Set "key_ops", and take "use" out
    #[arg(
        long,
        value_name = "OPS",
        value_delimiter = ',',
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub key_ops: Vec<String>,

    /// Put the keys in this order
    #[arg(
        long,
        value_name = "ORDER",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
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
