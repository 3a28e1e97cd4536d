//! `generate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::PassphraseArgs;
use super::values::{algorithm, curve};
use crate::core::alg::{Algorithm, Curve};
use crate::core::time::parse_duration;

const USAGE: &str = "jwks generate --alg ALG [OPTIONS]
       jwks generate --alg ALG --into SET [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help generate";

const MORE: &str = "Examples:
  A key to sign with, and the set to publish:
    jwks generate --alg ES256 -o key.json -p jwks.json

  An RSA key for Kubernetes:
    jwks generate --alg RS256 --size 3072 --kid-from spki

  Two keys in one set:
    jwks generate --alg ES256 --alg Ed25519 --set

  A key that only a passphrase opens:
    jwks generate --alg ES256 --encrypt --passphrase-file pass.txt -o key.jwe

  A key for encryption, added to a private set and published:
    jwks generate --alg ECDH-ES --curve X25519 --into keys.json -p jwks.json

  PEM for a server that knows no JWK:
    jwks generate --alg RS256 --to pem -o key.pem

Exit codes:
  0    the keys were made and written
  2    wrong usage, or a size or a curve that does not fit
  3    a file exists already, or cannot be read or written
  130  interrupted: Ctrl-C

Security:
  Without -o the private key goes to standard output: into a file with -o it has mode 0600 from \
  the start. Files are written whole or not at all, and never over an existing one without \
  --force. RSA keys below 2048 bits are not made.

  A passphrase is never taken from the command line or the environment, which others can see: \
  it comes from a file, a file descriptor or the prompt.

  Publish what -p writes, and never the private half. A key of HS256 and the like has no public \
  half: whoever can check its tokens can make them.

Standards:
  RFC 7517 (JWK), RFC 7518 (JWA), RFC 7638 (thumbprints), RFC 8037 and RFC 9864 (EdDSA), \
  RFC 8812 (ES256K), RFC 9964 (ML-DSA).";

/// Where a kid comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KidSource {
    /// SHA-256 thumbprint of the key (RFC 7638)
    Thumbprint,
    /// SHA-256 of the SubjectPublicKeyInfo, as Kubernetes does it
    Spki,
    /// A random UUID
    Uuid,
    /// The time of making
    Date,
    /// No kid
    None,
}

/// A form in which new keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewKeyForm {
    /// JSON: a JWK, or a JWK Set of several (RFC 7517)
    Jwk,
    /// PEM: PKCS #8, and SubjectPublicKeyInfo for the public half
    Pem,
    /// The same in binary; one key alone
    Der,
}

/// Make keys.
///
/// Prints a private JWK, or a JWK Set when there are several keys. The algorithm alone is enough:
/// key type, curve, size and use follow from it.
#[derive(Debug, Clone, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct GenerateArgs {
    /// The algorithm of the key; repeat it for several keys
    ///
    /// `jwks help algorithms` lists them.
    #[arg(
        short,
        long = "alg",
        value_name = "ALG",
        value_parser = algorithm(),
        hide_possible_values = true,
        help_heading = "Keys"
    )]
    pub algorithms: Vec<&'static Algorithm>,

    /// How many keys to make for each algorithm
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u16).range(1..=1000),
        hide_short_help = true,
        help_heading = "Keys"
    )]
    pub count: u16,

    /// Wrap the result in a JWK Set, also when it is one key
    #[arg(long, hide_short_help = true, help_heading = "Files")]
    pub set: bool,

    /// Size in bits, for RSA and HMAC
    ///
    /// Of an RSA modulus (2048 to 8192, default 2048), or of an HMAC secret.
    #[arg(long, value_name = "BITS", help_heading = "Keys")]
    pub size: Option<usize>,

    /// The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)
    ///
    /// P-256, P-384, P-521, secp256k1, Ed25519, Ed448, X25519 or X448.
    #[arg(
        long,
        value_name = "CURVE",
        value_parser = curve(),
        hide_possible_values = true,
        help_heading = "Keys"
    )]
    pub curve: Option<Curve>,

    /// The key ID
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "kid_from",
        help_heading = "What is said of them"
    )]
    pub kid: Option<String>,

    /// Where the key ID comes from, instead of the thumbprint
    #[arg(
        long,
        value_name = "SOURCE",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub kid_from: Option<KidSource>,

    /// The value of "use", instead of sig or enc, which follows from the algorithm
    #[arg(
        long = "use",
        value_name = "USE",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub key_use: Option<String>,

    /// The value of "key_ops", which then stands instead of "use"
    #[arg(
        long,
        value_name = "OPS",
        value_delimiter = ',',
        conflicts_with = "key_use",
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub key_ops: Vec<String>,

    /// Add the keys to this private set
    ///
    /// The set keeps all else that is in it; its passphrase, where it has one, protects them, too.
    #[arg(
        long,
        value_name = "SET",
        conflicts_with_all = ["output", "set", "encrypt", "to"],
        help_heading = "Files"
    )]
    pub into: Option<PathBuf>,

    /// How long to wait for another process that changes the set of --into
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10s",
        value_parser = parse_duration,
        requires = "into",
        hide_short_help = true,
        help_heading = "Files"
    )]
    pub lock_timeout: Duration,

    /// Write the private half to this file
    #[arg(short, long, value_name = "FILE", help_heading = "Files")]
    pub output: Option<PathBuf>,

    /// Write the public half to this file, as a JWK Set
    ///
    /// With --into it is the published set of all keys, as rotate writes it, and is kept up to date without
    /// --force.
    #[arg(short, long, value_name = "FILE", help_heading = "Files")]
    pub public: Option<PathBuf>,

    /// Replace existing files
    #[arg(long, help_heading = "Files")]
    pub force: bool,

    /// The form to write
    #[arg(
        long,
        value_name = "FORM",
        default_value = "jwk",
        hide_short_help = true,
        help_heading = "Files"
    )]
    pub to: NewKeyForm,

    /// Protect the private half with a passphrase
    ///
    /// It becomes a JWE as in RFC 7517 section 7, or encrypted PKCS #8.
    #[arg(long, help_heading = "Files")]
    pub encrypt: bool,

    /// The time of making, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "What is said of them"
    )]
    pub at: Option<String>,

    /// Where the passphrase of a protected file comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}
