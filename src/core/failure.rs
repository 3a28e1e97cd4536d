//! Why a token, a key or a set was refused: a stable code for scripts, a sentence for people.

use std::fmt;

use super::exposure::text_holds_secret;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $code:literal,)*) => {
        /// The stable name of a failure. Scripts match on it, so a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$meta])* $variant,)*
        }

        impl Code {
            /// Every code, in the order of the checks.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as scripts see it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }
        }
    };
}

codes! {
    /// A line of a batch has no name of its own before its token, or one that is too long or not UTF-8.
    IdInvalid = "id-invalid",
    /// The input holds no token at all.
    TokenEmpty = "token-empty",
    /// The token is longer than the limit.
    TokenTooLarge = "token-too-large",
    /// A character that no compact token has (RFC 7515 §7.1).
    TokenCharacter = "token-character",
    /// Not three parts (RFC 7515 §7.1).
    TokenParts = "token-parts",
    /// Five parts: an encrypted token (RFC 7516 §7.1).
    TokenEncrypted = "token-encrypted",
    /// A part is not canonical base64url (RFC 7515 §2).
    TokenBase64 = "token-base64",
    /// The header is no strict JSON object (RFC 7515 §4).
    HeaderMalformed = "header-malformed",
    /// A header parameter has the wrong type or value (RFC 7515 §4.1).
    HeaderInvalid = "header-invalid",
    /// A member name appears twice in the header or the claims (RFC 7515 §4, RFC 7519 §4).
    DuplicateMember = "duplicate-member",
    /// The header has no `alg` (RFC 7515 §4.1.1).
    AlgMissing = "header-alg-missing",
    /// `alg` is `none` in any case (RFC 8725 §3.2).
    AlgNone = "alg-none",
    /// `alg` is not an algorithm that signs and that this program knows.
    AlgUnknown = "alg-unknown",
    /// `alg` is not in the allow-list (RFC 8725 §3.1).
    AlgNotAllowed = "alg-not-allowed",
    /// `crit` breaks the rules of RFC 7515 §4.1.11.
    CritInvalid = "crit-invalid",
    /// `crit` names an extension that is not understood (RFC 7515 §4.1.11).
    CritNotUnderstood = "crit-not-understood",
    /// `b64` is used outside the rules of RFC 7797 §6 and §7.
    B64Invalid = "b64-invalid",
    /// `typ` is not the one asked for (RFC 8725 §3.11).
    TypMismatch = "typ-mismatch",
    /// The time for which the keys hold is over, and they could not be fetched again.
    KeysOutdated = "keys-outdated",
    /// The set has no key with the token's `kid`, and its server could not be asked for newer ones.
    KeysUnavailable = "keys-unavailable",
    /// The set has no key with the token's `kid`.
    UnknownKid = "unknown-kid",
    /// The set has keys, and none fits the token's header.
    NoMatchingKey = "no-matching-key",
    /// More keys fit a token without `kid` than are tried.
    TooManyMatchingKeys = "too-many-matching-keys",
    /// The key that the token names cannot be used, and why stands beside.
    KeyUnusable = "key-unusable",
    /// The key that the token names has been revoked (OpenID Federation 1.0).
    KeyRevoked = "key-revoked",
    /// A symmetric key came from a URL: anyone could have made the token (RFC 8725 §2.1).
    SymmetricKeyPublished = "symmetric-key-published",
    /// The signature's length or form is wrong for the algorithm.
    SignatureMalformed = "signature-malformed",
    /// The signature is not one of this key over this token.
    SignatureInvalid = "signature-invalid",
    /// Content was given beside a token that has a payload of its own (RFC 7515 appendix F).
    PayloadNotDetached = "payload-not-detached",
    /// The payload is no strict JSON object (RFC 7519 §7.2).
    ClaimsMalformed = "claims-malformed",
    /// A claim has the wrong type (RFC 7519 §4.1).
    ClaimInvalid = "claim-invalid",
    /// A claim that was asked for is not there.
    ClaimMissing = "claim-missing",
    /// `exp` has passed (RFC 7519 §4.1.4).
    Expired = "expired",
    /// `nbf` has not come (RFC 7519 §4.1.5).
    NotYetValid = "not-yet-valid",
    /// `iat` is in the future although an age was asked for (RFC 7519 §4.1.6).
    IssuedInFuture = "issued-in-future",
    /// `iat` is longer ago than `--max-age` allows.
    TooOld = "too-old",
    /// `iss` is another issuer (RFC 7519 §4.1.1).
    IssuerMismatch = "issuer-mismatch",
    /// `aud` names none of the audiences asked for (RFC 7519 §4.1.3).
    AudienceMismatch = "audience-mismatch",
    /// `sub` is another subject (RFC 7519 §4.1.2).
    SubjectMismatch = "subject-mismatch",
    /// Another claim has not the value asked for.
    ClaimMismatch = "claim-mismatch",
    /// A key set is not one, and what it is instead stands beside.
    NotAJwks = "not-a-jwks",
    /// `keys` is no array (RFC 7517 §5.1).
    KeysNotArray = "keys-not-array",
    /// A set has more keys than are read.
    TooManyKeys = "too-many-keys-to-read",
    /// A JWK lacks a member that it needs, or has one of the wrong type (RFC 7517 §4).
    MalformedKey = "malformed-key",
    /// `key_ops` is no array of distinct strings (RFC 7517 §4.3).
    KeyOpsInvalid = "keyops-invalid",
    /// A JWK has a member name twice (RFC 7517 §4).
    DuplicateKeyMember = "dup-json-member",
    /// `kty` is not one that is known (RFC 7517 §4.1).
    UnknownKty = "unknown-kty",
    /// `crv` is not one that is known (RFC 7518 §6.2.1.1).
    UnknownCrv = "unknown-crv",
    /// A value is base64url with padding (RFC 7515 §2).
    Base64Padding = "b64-padding",
    /// A value has characters outside the base64url alphabet (RFC 7515 §2).
    Base64Alphabet = "b64-alphabet",
    /// A value has unused bits that are not zero (RFC 4648 §3.5).
    Base64TrailingBits = "b64-trailing-bits",
    /// A coordinate or `d` of an EC key has not the field's length (RFC 7518 §6.2.1.2).
    EcCoordinateLength = "ec-coord-length",
    /// The point is not on the curve.
    EcOffCurve = "ec-off-curve",
    /// `x` or `d` of an OKP key has not the curve's length (RFC 8037 §2).
    OkpLength = "okp-length",
    /// The public key of an Edwards curve is no point on it (RFC 8032 §5.1.3, §5.2.3).
    OkpOffCurve = "okp-off-curve",
    /// The point has small order: signatures under it prove nothing (RFC 8032 §8.8).
    OkpSmallOrder = "okp-small-order",
    /// `pub` or `priv` of an ML-DSA key has the wrong length (RFC 9964).
    MlDsaLength = "mldsa-length",
    /// The modulus is shorter than 2,048 bits (RFC 7518 §3.3).
    RsaSmall = "rsa-small",
    /// The modulus is longer than any use needs.
    RsaHuge = "rsa-huge",
    /// The modulus is even.
    RsaModulusInvalid = "rsa-small-factor",
    /// The exponent is even, below 3 or not below the modulus.
    RsaExponentInvalid = "rsa-exponent-invalid",
    /// The exponent is longer than any library takes.
    RsaExponentUnusual = "rsa-exponent-unusual",
    /// `alg` cannot be used with a key of this type and curve (RFC 7517 §4.4).
    AlgKeyMismatch = "alg-key-mismatch",
    /// `alg` is missing from an AKP key, which requires it (RFC 9964).
    KeyAlgMissing = "alg-missing",
    /// The secret is shorter than the hash of its algorithm (RFC 7518 §3.2).
    OctShort = "oct-short",
    /// Private members disagree with each other.
    PrivateInconsistent = "private-inconsistent",
    /// The private half is not that of the public half.
    PrivatePublicMismatch = "private-public-mismatch",
    /// A published set holds private members (OpenID Connect Discovery 1.0 §3).
    PrivateMember = "private-member",
    /// A private key of a form that this program cannot sign with.
    UnsupportedKey = "unsupported-key",
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One reason why something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The stable name.
    pub code: Code,
    /// What is wrong: lower case, no full stop, never a secret.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The header parameter, claim or key member that it is about.
    pub member: Option<String>,
}

impl Failure {
    /// A failure without hint.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            member: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the member that it is about.
    #[must_use]
    pub fn member(mut self, member: impl Into<String>) -> Self {
        self.member = Some(member.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// What stands in the place of a text that must not be seen.
pub const WITHHELD: &str = "[a private key]";

/// A text out of a token or a document as it may be seen: without a private key that hides where a name
/// belongs.
#[must_use]
pub fn shown(text: &str) -> &str {
    if text_holds_secret(text) {
        WITHHELD
    } else {
        text
    }
}

/// A text out of a token or a document as a message shows it: in quotes, with control and
/// formatting characters escaped so that it cannot steer a terminal, and cut when it is long; nothing
/// of one that holds a private key.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 120;
    let text = shown(text);
    let mut quoted = String::from("\"");
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            quoted.push_str("...");
            break;
        }
        if character == '"' || character == '\\' {
            quoted.push('\\');
        }
        push_printable(&mut quoted, character);
    }
    quoted.push('"');
    quoted
}

/// The first `most` of `texts`, each [`quoted`], and how many more there are.
#[must_use]
pub fn quoted_list(texts: &[impl AsRef<str>], most: usize) -> String {
    let shown: Vec<String> = texts
        .iter()
        .take(most)
        .map(|text| quoted(text.as_ref()))
        .collect();
    let list = shown.join(", ");
    match texts.len().saturating_sub(most) {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

/// The name of a member as it stands in a list of names: as [`printable`], but in quotes where it is no single word
/// and could pass for words of our own.
#[must_use]
pub fn named(name: &str) -> String {
    let is_odd = |character: char| character.is_whitespace() || "`\"\\".contains(character);
    if name.is_empty() || name.contains(is_odd) {
        quoted(name)
    } else {
        printable(name)
    }
}

/// The whole text with control and formatting characters escaped, without quotes; nothing of one that
/// holds a private key.
#[must_use]
pub fn printable(text: &str) -> String {
    let text = shown(text);
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        push_printable(&mut printable, character);
    }
    printable
}

/// As [`printable`], with line breaks and tabs left as they are.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\n' | '\t') {
            shown.push(character);
        } else {
            push_printable(&mut shown, character);
        }
    }
    shown
}

fn push_printable(shown: &mut String, character: char) {
    if is_unprintable(character) {
        shown.extend(character.escape_unicode());
    } else {
        shown.push(character);
    }
}

/// Control characters, and those that reorder, hide or widen their neighbours on a screen.
#[must_use]
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e01ef}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_spelled_alike() {
        for (index, code) in Code::ALL.iter().enumerate() {
            let text = code.as_str();
            assert!(
                text.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
                "{text}"
            );
            assert!(
                !Code::ALL[..index]
                    .iter()
                    .any(|other| other.as_str() == text),
                "{text} stands twice"
            );
        }
    }

    #[test]
    fn quoted_text_cannot_steer_a_terminal() {
        assert_eq!(
            quoted("a\"\u{1b}[31m\u{202e}\u{9b}\u{fe0f}"),
            "\"a\\\"\\u{1b}[31m\\u{202e}\\u{9b}\\u{fe0f}\""
        );
        assert_eq!(quoted("grün"), "\"grün\"");
        assert!(quoted(&"x".repeat(10_000)).chars().count() < 130);
    }

    #[test]
    fn a_private_key_in_the_place_of_a_name_is_not_repeated() {
        for text in [
            "-----BEGIN PRIVATE KEY-----\nSECRET",
            r#"{"kty":"oct","k":"SECRET"}"#,
            r#"see {"kty":"oct","k":"SECRET"}"#,
        ] {
            assert_eq!(quoted(text), "\"[a private key]\"");
            assert_eq!(printable(text), "[a private key]");
        }
    }
}
