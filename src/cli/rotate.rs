//! `rotate`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::values::signing_algorithm;
use super::{PassphraseArgs, ReportFormat};
use crate::core::alg::Algorithm;
use crate::core::lifecycle::Reason;
use crate::core::time::parse_duration;

/// The usual times: M, L and the margin.
const CACHE_TTL: &str = "24h";
const TOKEN_LIFETIME: &str = "24h";
const MARGIN: &str = "1h";

const USAGE: &str = "jwks rotate FILE --public PUBLISHED [OPTIONS]
       jwks rotate FILE --public PUBLISHED --revoke KID [OPTIONS]";

const LESS: &str = "All options, examples and exit codes: jwks help rotate";

const MORE: &str = "Examples:
  Start a rotation, and write the set to publish:
    jwks rotate key.json --public jwks.json

  The same where caches and tokens are short-lived:
    jwks rotate key.json -p jwks.json --cache-ttl 1h --token-lifetime 15m

  For cron: only when it is time, with a key in reserve:
    jwks rotate key.json --public jwks.json --every 90d --standby

  Change to another algorithm:
    jwks rotate key.json --public jwks.json --alg Ed25519

  Withdraw a key that others have seen:
    jwks rotate key.json -p jwks.json --revoke 2026-01 --reason compromised -y

  What would be done, and nothing more:
    jwks rotate key.json --dry-run

Exit codes:
  0    done, or not due
  1    refused: a rotation is under way, no key has the kid,
       the published set is that of other keys, or different
       keys have one kid
  2    wrong usage
  3    a file cannot be read or written, is locked, or was
       changed by someone else meanwhile
  130  interrupted: Ctrl-C

Dates:
  They stand in the private file as nbf and exp; the published set holds public members of live \
  keys alone. Sign with `jwks sign --jwks key.json`, which goes by the same dates. A standby has \
  the nbf 9999-12-31T23:59:59Z until it is needed.

  A rotation has ended when the old key has left the published set: a call with --every takes it \
  out, and starts no other rotation before that is due. The report says when, and how.

  Where a key signs that the published set did not hold, while the one before it has not gone, \
  that one signs again until consumers know the new one.

Revocation:
  With --revoke a key is withdrawn at once: a pending or a new key signs from now on, the \
  revoked one leaves the published set, and in the private file only its public members and its \
  kid remain, which is never used again.

Security:
  The private file is written first, the published set then, and the date of the takeover last: \
  after a crash at any point the next call completes the work. Files are replaced whole or not at \
  all, and locked meanwhile. The private one keeps its owner, and of its mode what owner and group \
  may do: 0600 stays so.

  A private file that is protected by a passphrase stays so, with no fewer iterations and with \
  what else its header says. A passphrase for one that is not protected is an error (exit code \
  3).

Standards:
  OpenID Federation 1.0 (iat, nbf, exp, revoked of keys), RFC 7517 (JWK).";

/// Start a key rotation, or revoke a key.
///
/// A new key like the active one is added. It takes over once every cached copy of the published
/// set has it (now + cache TTL + margin); the old one goes once every token that it signed has
/// expired (takeover + token lifetime + margin). Keys past their time are removed. While a new key
/// waits for its takeover, another rotation is refused (exit code 1).
#[derive(Debug, Args)]
#[command(override_usage = USAGE, after_help = LESS, after_long_help = MORE)]
pub struct RotateArgs {
    /// The private keys
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Write the published set to this file, whenever it differs
    ///
    /// It should be the live one, from which a later call sees what consumers could know.
    #[arg(short, long, value_name = "FILE", help_heading = "Files")]
    pub public: Option<PathBuf>,

    /// Life of copies of the set
    ///
    /// How long consumers may cache the published set.
    #[arg(
        long,
        value_name = "DURATION",
        default_value = CACHE_TTL,
        value_parser = parse_duration,
        help_heading = "Times"
    )]
    pub cache_ttl: Duration,

    /// Longest lifetime of a token
    #[arg(
        long,
        value_name = "DURATION",
        default_value = TOKEN_LIFETIME,
        value_parser = parse_duration,
        help_heading = "Times"
    )]
    pub token_lifetime: Duration,

    /// Delay of publishing, lag of signers and difference of clocks, together
    #[arg(
        long,
        value_name = "DURATION",
        default_value = MARGIN,
        value_parser = parse_duration,
        hide_short_help = true,
        help_heading = "Times"
    )]
    pub margin: Duration,

    /// Rotate only when the key is that old
    ///
    /// That is, when the active key has been in use that long. Else it says when, and leaves the file byte
    /// for byte.
    #[arg(long, value_name = "DURATION", value_parser = parse_duration, help_heading = "Times")]
    pub every: Option<Duration>,

    /// Start a rotation also while one is under way
    ///
    /// Its key takes over as planned, the new one after it. Different keys of one kid are published, too;
    /// and, also with --revoke, a published set in which no key is known is replaced.
    #[arg(
        long,
        conflicts_with = "every",
        hide_short_help = true,
        help_heading = "Keys"
    )]
    pub force: bool,

    /// Keep one more key published, in reserve
    ///
    /// It signs only when it is needed.
    #[arg(long, help_heading = "Keys")]
    pub standby: bool,

    /// The algorithm of the new key
    ///
    /// And of the standby that is kept with --standby; one of the active algorithm stays for an emergency
    /// until the new key has taken over. `jwks help algorithms` lists them.
    #[arg(
        long = "alg",
        value_name = "ALG",
        value_parser = signing_algorithm(),
        hide_possible_values = true,
        help_heading = "Keys"
    )]
    pub algorithm: Option<&'static Algorithm>,

    /// Of several keys without dates, the one that is in use; the last one unless told
    #[arg(
        long,
        value_name = "KID",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Keys"
    )]
    pub active: Option<String>,

    /// Withdraw this key for good, now
    #[arg(
        long,
        value_name = "KID",
        allow_hyphen_values = true,
        conflicts_with_all = ["every", "algorithm", "active"],
        help_heading = "Keys"
    )]
    pub revoke: Option<String>,

    /// Why: unspecified, compromised or superseded
    ///
    /// - unspecified: nothing is said
    /// - compromised: someone else has, or may have, the private half
    /// - superseded: another key has taken its place
    #[arg(
        long,
        value_name = "REASON",
        default_value = "unspecified",
        requires = "revoke",
        hide_possible_values = true,
        hide_short_help = true,
        verbatim_doc_comment,
        help_heading = "Keys"
    )]
    pub reason: ReasonArg,

    /// Revoke without asking for the kid to be typed
    #[arg(short, long, hide_short_help = true, help_heading = "Keys")]
    pub yes: bool,

    /// Keep the private file as it was under a name with the time
    ///
    /// The name is FILE.20300131T120000Z.bak.
    #[arg(long, hide_short_help = true, help_heading = "Files")]
    pub backup: bool,

    /// How long to wait while another process changes the file
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10s",
        value_parser = parse_duration,
        hide_short_help = true,
        help_heading = "Files"
    )]
    pub lock_timeout: Duration,

    /// Show what would be done, and write nothing
    ///
    /// With all warnings.
    #[arg(long, help_heading = "Files")]
    pub dry_run: bool,

    /// The form of the report
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_short_help = true,
        help_heading = "Report"
    )]
    pub format: ReportFormat,

    /// The same as --format json
    #[arg(
        long,
        conflicts_with = "format",
        hide_short_help = true,
        help_heading = "Report"
    )]
    pub json: bool,

    /// The time to go by, instead of now
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        hide_short_help = true,
        help_heading = "Times"
    )]
    pub at: Option<String>,

    /// Where the passphrase of a protected file comes from
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}

impl RotateArgs {
    /// The times that are not the usual ones, by their options.
    pub fn unusual_times(&self) -> impl Iterator<Item = (&'static str, Duration)> {
        let times = [
            ("--cache-ttl", CACHE_TTL, self.cache_ttl),
            ("--token-lifetime", TOKEN_LIFETIME, self.token_lifetime),
            ("--margin", MARGIN, self.margin),
        ];
        let unusual = times
            .into_iter()
            .filter(|(_, usual, time)| parse_duration(usual).ok() != Some(*time));
        unusual.map(|(option, _, time)| (option, time))
    }

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
