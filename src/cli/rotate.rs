//! `rotate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::values::signing_algorithm;
use super::{PassphraseArgs, ReportFormat};
use crate::core::alg::Algorithm;
use crate::core::lifecycle::Reason;
use crate::core::time::parse_duration;

/// Start a key rotation, or revoke a key.
///
/// A new key like the active one is added. It takes over once every cached copy of the published
/// set has it (now + cache TTL + margin); the old one goes once every token that it signed has
/// expired (takeover + token lifetime + margin). Keys past their time are removed. While a new key
/// waits for its takeover, another rotation is refused (exit code 1).
///
/// The dates stand in the private file as nbf and exp; the published set holds public members of
/// live keys alone. The private file is written first, the published set then, and the date of the
/// takeover last: after a crash at any point the next call completes the work.
///
/// Where a key signs that the published set did not hold, while the one before it has not gone, that one
/// signs again until consumers know the new one.
///
/// With --revoke a key is withdrawn at once: a pending or a new key signs from now on, the revoked one
/// leaves the published set, and in the private file only its public members and its kid remain,
/// which is never used again.
///
/// A private file that is protected by a passphrase stays so, with no fewer iterations and with what
/// else its header says. A passphrase for one that is not protected is an error (exit code 3).
#[derive(Debug, Args)]
#[command(after_long_help = "Examples:
  jwks rotate key.json --public jwks.json
  jwks rotate key.json --public jwks.json --cache-ttl 1h --token-lifetime 15m --margin 5m
  jwks rotate key.json --public jwks.json --every 90d --standby
  jwks rotate key.json --public jwks.json --alg ES256
  jwks rotate key.json --public jwks.json --revoke KID --reason compromised
  jwks rotate key.json --dry-run --format json

Sign with `jwks sign --jwks key.json`, which goes by the same dates. A standby has the nbf
9999-12-31T23:59:59Z until it is needed.

Exit codes: 0 done, or not due; 1 refused: a rotation is under way, no key has the kid, the published
set is that of other keys, or different keys have one kid; 3 a file cannot be read or written, is locked, or was changed by
someone else meanwhile.

Standards: OpenID Federation 1.0 (iat, nbf, exp, revoked of keys), RFC 7517.")]
pub struct RotateArgs {
    /// The private keys
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Write the published set to this file, whenever it differs; it should be the live one, from
    /// which a later call sees what consumers could know
    #[arg(short, long, value_name = "FILE")]
    pub public: Option<PathBuf>,

    /// How long consumers may cache the published set
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    pub cache_ttl: Duration,

    /// The longest lifetime of a token
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = parse_duration)]
    pub token_lifetime: Duration,

    /// Delay of publishing, lag of signers and difference of clocks, together
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_duration)]
    pub margin: Duration,

    /// Rotate only when the active key has been in use that long; else say when, and leave the file
    /// byte for byte
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub every: Option<Duration>,

    /// Start a rotation also while one is under way: its key takes over as planned, the new one after
    /// it; publish different keys of one kid; and, also with --revoke, replace a published set in which
    /// no key is known
    #[arg(long, conflicts_with = "every")]
    pub force: bool,

    /// Keep one more key published that signs only when it is needed
    #[arg(long)]
    pub standby: bool,

    /// The algorithm of the new key, and of the standby that is kept with --standby; one of the active
    /// algorithm stays for an emergency until the new key has taken over
    #[arg(long = "alg", value_name = "ALG", value_parser = signing_algorithm())]
    pub algorithm: Option<&'static Algorithm>,

    /// Of several keys without dates, the one that is in use; the last one unless told
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    pub active: Option<String>,

    /// Withdraw this key for good, now
    #[arg(
        long,
        value_name = "KID",
        allow_hyphen_values = true,
        conflicts_with_all = ["every", "algorithm", "active"]
    )]
    pub revoke: Option<String>,

    /// Why it is withdrawn
    #[arg(
        long,
        value_name = "REASON",
        default_value = "unspecified",
        requires = "revoke"
    )]
    pub reason: ReasonArg,

    /// Revoke without asking for the kid to be typed
    #[arg(short, long)]
    pub yes: bool,

    /// Keep the private file as it was under a name with the time: FILE.20300131T120000Z.bak
    #[arg(long)]
    pub backup: bool,

    /// How long to wait while another process changes the file
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    pub lock_timeout: Duration,

    /// Show what would be done, with all warnings, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ReportFormat,

    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// The time to go by, instead of now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub at: Option<String>,

    /// Where the passphrase of a protected file comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}

impl RotateArgs {
    /// The form of the report.
    #[must_use]
    pub fn report_format(&self) -> ReportFormat {
        if self.json {
            ReportFormat::Json
        } else {
            self.format
        }
    }
}

/// Why a key is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReasonArg {
    /// Nothing is said
    Unspecified,
    /// Someone else has, or may have, the private half
    Compromised,
    /// Another key has taken its place
    Superseded,
}

impl From<ReasonArg> for Reason {
    fn from(argument: ReasonArg) -> Self {
        match argument {
            ReasonArg::Unspecified => Self::Unspecified,
            ReasonArg::Compromised => Self::Compromised,
            ReasonArg::Superseded => Self::Superseded,
        }
    }
}
