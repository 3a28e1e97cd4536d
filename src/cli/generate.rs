//! `generate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::PassphraseArgs;
use super::values::{algorithm, curve};
use crate::core::alg::{Algorithm, Curve};
use crate::core::time::parse_duration;

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
/// key type, curve, size and use follow from it. Key files are made with mode 0600, whole or not at
/// all, and never over an existing file without --force.
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks generate --alg ES256 -o key.json -p jwks.json
  jwks generate --alg RS256 --size 3072 --kid-from spki
  jwks generate --alg ES256 --alg Ed25519 --set
  jwks generate --alg ES256 --encrypt -o key.jwe -p jwks.json
  jwks generate --alg ECDH-ES --curve X25519 --into keys.json
  jwks generate --alg RS256 --to pem -o key.pem

Standards: RFC 7517 (JWK), RFC 7518 (JWA), RFC 7638 (thumbprints), RFC 8037 and RFC 9864 (EdDSA),
RFC 8812 (ES256K), RFC 9964 (ML-DSA).")]
pub struct GenerateArgs {
    /// The algorithm of the key; repeat it for several keys
    #[arg(short, long = "alg", value_name = "ALG", value_parser = algorithm())]
    pub algorithms: Vec<&'static Algorithm>,

    /// How many keys to make for each algorithm
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub count: u16,

    /// Wrap the result in a JWK Set, also when it is one key
    #[arg(long)]
    pub set: bool,

    /// Size in bits: of an RSA modulus (2048 to 8192, default 2048), or of an HMAC secret
    #[arg(long, value_name = "BITS")]
    pub size: Option<usize>,

    /// The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)
    #[arg(long, value_name = "CURVE", value_parser = curve())]
    pub curve: Option<Curve>,

    /// The key ID
    #[arg(
        long,
        value_name = "TEXT",
        allow_hyphen_values = true,
        conflicts_with = "kid_from"
    )]
    pub kid: Option<String>,

    /// Where the key ID comes from
    #[arg(long, value_name = "SOURCE", default_value = "thumbprint")]
    pub kid_from: KidSource,

    /// The value of "use", instead of sig or enc, which follows from the algorithm
    #[arg(long = "use", value_name = "USE")]
    pub key_use: Option<String>,

    /// The value of "key_ops", which then stands instead of "use"
    #[arg(
        long,
        value_name = "OPS",
        value_delimiter = ',',
        conflicts_with = "key_use"
    )]
    pub key_ops: Vec<String>,

    /// Add the keys to this private set, which keeps all else that is in it; its passphrase, where it has
    /// one, protects them, too
    #[arg(long, value_name = "SET", conflicts_with_all = ["output", "set", "encrypt", "to"])]
    pub into: Option<PathBuf>,

    /// How long to wait for another process that changes the set of --into
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration, requires = "into")]
    pub lock_timeout: Duration,

    /// Write the private half to this file
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write the public half to this file, as a JWK Set
    #[arg(short, long, value_name = "FILE")]
    pub public: Option<PathBuf>,

    /// Replace existing files
    #[arg(long)]
    pub force: bool,

    /// The form to write
    #[arg(long, value_name = "FORM", default_value = "jwk")]
    pub to: NewKeyForm,

    /// Protect the private half with a passphrase: a JWE as in RFC 7517 section 7, or encrypted PKCS #8
    #[arg(long)]
    pub encrypt: bool,

    /// The time of making, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,

    /// Where the passphrase of a protected file comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}
