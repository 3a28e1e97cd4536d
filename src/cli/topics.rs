//! What `jwks help` says of matters that several commands share.

use crate::core::alg::{Algorithm, Standing, distinct};

/// A matter that has a page of its own.
pub struct Topic {
    /// Its name on the command line.
    pub name: &'static str,
    /// A line about it.
    pub about: &'static str,
    /// The page. A line that starts with spaces keeps them where it is wrapped.
    pub text: fn() -> String,
}

/// Every topic, in the order in which they are listed.
pub const TOPICS: [Topic; 4] = [
    Topic {
        name: "exit-codes",
        about: "How commands end, and what scripts can make of it",
        text: || EXIT_CODES.to_owned(),
    },
    Topic {
        name: "environment",
        about: "The variables that are looked at",
        text: || ENVIRONMENT.to_owned(),
    },
    Topic {
        name: "formats",
        about: "What SOURCE, TOKEN, TIME and DURATION may be; keys and reports",
        text: || FORMATS.to_owned(),
    },
    Topic {
        name: "algorithms",
        about: "The algorithms of --alg, with a word on each",
        text: algorithms,
    },
];

const EXIT_CODES: &str = "How commands end, and what scripts can make of it.

Exit codes:
  0    yes, or done
  1    no: token rejected, findings at --fail-on, sets
       differ, rotation refused, a key that is not there or
       must not sign, private keys published
  2    wrong usage
  3    a file, input or output cannot be read or written,
       exists already, or is not what was expected
  4    the network: could not fetch, a retry may help
  130  interrupted: Ctrl-C

In scripts:
  `if jwks verify ...` takes what could not be checked for what is bad. Where that matters, tell 1 \
  from 3 and 4:

    jwks verify - --jwks jwks.json < token.txt > claims.json
    case $? in
      0) echo \"good\" ;;
      1) echo \"bad: refuse it\" ;;
      4) echo \"open: try again later\" ;;
      *) echo \"our own fault: call someone\" ;;
    esac

  The page of each command says what the codes mean for it. Standard output holds the result and \
  nothing else; what is said to a person goes to standard error.

Codes of errors:
  Every failure has a code besides its sentence, which never changes its meaning: error[CODE] on \
  standard error, and \"code\" in the JSON of commands with --format json (jwks.error/1). A hint: \
  line follows where there is a next step. Scripts go by exit code and code, never by the sentence:

    error[file-not-found]: there is no file \"jwks.json\"

  error[usage] is what goes with exit code 2.";

const ENVIRONMENT: &str = "The variables that are looked at. One that is empty counts as one that is \
not set. No passphrase, token or key is ever taken from the environment.

Colour:
  --color goes before all of them.
  NO_COLOR
      No colour.
  CLICOLOR_FORCE
      Colour, also where no terminal is; 0 is no. NO_COLOR goes before it.
  TERM
      \"dumb\": no colour unless forced, and no characters beyond ASCII in drawings.

Terminal:
  COLUMNS
      The width to write for, instead of that of the terminal; 80 where there is neither. Help is \
never wider than 100 columns.
  LC_ALL, LC_CTYPE, LANG
      The first of them that is set: drawings have characters beyond ASCII where it names UTF-8.

Cache:
  JWKS_CACHE_DIR
      The directory of the cache, instead of the platform's. It must be the user's own and no link, \
and nobody else may write to it.
  XDG_CACHE_HOME
      On Linux, BSD and macOS: where caches are kept, an absolute path. The cache is the directory \
jwks in it.
  HOME
      Where XDG_CACHE_HOME is not set: the cache is .cache/jwks in it, on macOS Library/Caches/jwks.
  LOCALAPPDATA
      On Windows: the cache is the directory jwks in it.

Network:
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY
      The proxies for https, for http and for both; in small letters, too. This machine is never \
asked for through one.
  NO_PROXY
      For which hosts none is used, with commas between them.
  SSL_CERT_FILE, SSL_CERT_DIR
      On Linux and BSD: the certificate authorities to trust, instead of the platform's: a PEM file, \
and directories of them. --cacert adds to them for one command. Answers in the cache are kept \
apart by them.";

const FORMATS: &str = "What arguments may be, which forms of keys are read and written, and what \
reports look like.

SOURCE:
  A path, - for standard input, or a URL. What it holds is told by its content, never by its name. \
  At most one argument can be standard input. Private keys are never fetched.

    jwks.json
    -
    https://issuer.example/jwks.json

TOKEN:
  A compact token (three parts with dots between them), a path to a file that holds one, or - for \
  standard input. In a script take the last: a stranger's token could be an option, or the name of \
  a file.

TIME:
  RFC 3339, Unix seconds, or relative to now. --at TIME is the time to go by instead of now, on \
  every command that looks at the clock.

    2030-01-31T12:00:00Z
    1700000000
    +15m
    -2h
    now

DURATION:
  A bare number is seconds; a day has 24 hours. Months and years are refused: their length varies.

    90s
    15m
    12h
    7d
    \"2 weeks\"
    P90D

Keys that are read:
  A JWK, a JWK Set or a plain array of JWKs (RFC 7517), also protected by a passphrase (an \
  encrypted JWK or JWK Set, RFC 7517 section 7); PEM with any number of blocks (PKCS #1, SEC 1, \
  PKCS #8, encrypted or not, public keys, certificates, certificate requests); the same as DER; \
  PKCS #12; OpenSSH public and private keys. Secrets as octets, in hexadecimal or in base64 with \
  `jwks convert --from`.

Keys that are written:
  `jwks generate` writes JWK and JWK Set, PEM (PKCS #8 and SubjectPublicKeyInfo) and DER, also \
  under a passphrase (PBES2 JWE, encrypted PKCS #8); `jwks convert` OpenSSH, thumbprints \
  (RFC 7638) and hashes of SubjectPublicKeyInfo as well. Members that are not known are kept, in \
  order, numbers to the last digit.

Reports:
  --format picks the form of a report; JSON reports carry \"schema\", whose name has the command \
  and a version in it:

    jwks.diff/1            diff, and fetch --diff
    jwks.error/1           an error of a command with --format json
    jwks.fetch.event/1     a line of fetch --watch
    jwks.inspect/1         inspect
    jwks.inspect.rules/1   inspect --rules
    jwks.rotate/1          rotate
    jwks.verify/1          verify
    jwks.verify.record/1   a line of verify --batch
    jwks.verify.summary/1  the summary of a batch

  inspect writes sarif (SARIF 2.1.0), junit (JUnit XML), github (workflow commands) and gitlab \
  (Code Quality), too.";

/// The table of algorithms, as generate offers them.
fn algorithms() -> String {
    let mut text =
        "The algorithms of --alg. Names are case-sensitive.\n\nFor signatures:\n".to_owned();
    for row in distinct().filter(|row| row.signs()) {
        text += &format!("  {}\n      {}\n", row.name, row.advice);
        if let Standing::Deprecated(reason) = row.standing {
            text += &format!("      Deprecated: {reason}\n");
        }
    }
    text += "\nFor encryption, which generate and convert know alone:\n";
    for row in distinct().filter(|row| !row.signs()) {
        text += &format!("  {:<16}  {}\n", row.name, keys_of(row));
    }
    text += "\nRefused:\n  none and RSA1_5 are never accepted and never made.";
    text
}

/// What the keys of an algorithm that encrypts are.
fn keys_of(row: &Algorithm) -> String {
    match row.symmetric_bytes {
        0 if row.curves.is_empty() => "an RSA key".to_owned(),
        0 => "a key on a curve: --curve".to_owned(),
        bytes => format!("a secret of {} bits", bytes * 8),
    }
}
