//! One key on one signature: the length that it must have, then the engine.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::signature::Signed;
use crate::core::alg::{Algorithm, Curve, KeyType, Scheme};
use crate::core::engine::Verifier;
use crate::core::failure::{Code, Failure};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, OTHER_KEYS};
use crate::core::key::{PublicKey, bit_length};

/// Most keys that are held ready by a thread: one of RSA takes some kilobytes.
const READY_LIMIT: usize = 512;

/// A key made ready to verify, or why it cannot be.
type Ready = Rc<Result<Verifier, Failure>>;

/// Keys made ready to verify. Making one costs more than using it once.
#[derive(Default)]
pub(super) struct ReadyKeys(HashMap<(usize, &'static str), Ready>);

impl ReadyKeys {
    /// True when there are so many that no more should be made before all are let go.
    pub(super) fn are_too_many(&self) -> bool {
        self.0.len() >= READY_LIMIT
    }

    /// Lets the keys go; candidates that hold one must go, too.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The key of `entry`, made ready for `algorithm` when it is asked for the first time.
    fn of(&mut self, entry: &Entry, jwk: &Jwk, algorithm: &'static Algorithm) -> Ready {
        let place = (entry.index(), algorithm.name);
        if let Some(ready) = self.0.get(&place) {
            return Rc::clone(ready);
        }
        let ready = Rc::new(Verifier::new(jwk.material(), algorithm));
        self.0.insert(place, Rc::clone(&ready));
        ready
    }
}

/// Why a key did not verify a signature.
pub(super) enum Refusal {
    /// The key itself is at fault.
    Unusable(Option<Failure>),
    /// The signature has not the length that one by this key has.
    Length {
        /// In bytes.
        expected: usize,
    },
    /// The signature is another one.
    Invalid,
}

/// A key that may have signed tokens of one header.
pub(super) struct Candidate<'s> {
    entry: &'s Entry,
    /// The key made ready, once a token has needed it.
    ready: OnceCell<Ready>,
}

impl<'s> Candidate<'s> {
    pub(super) fn new(entry: &'s Entry) -> Self {
        Self {
            entry,
            ready: OnceCell::new(),
        }
    }

    pub(super) fn entry(&self) -> &'s Entry {
        self.entry
    }

    /// Checks a signature with this key.
    pub(super) fn check(
        &self,
        signed: Signed<'_>,
        keys: &mut ReadyKeys,
    ) -> Result<&'s Jwk, Refusal> {
        let jwk = self.entry.usable().ok_or(Refusal::Unusable(None))?;
        let expected = signature_length(jwk, signed.algorithm);
        if signed.signature.len() != expected {
            return Err(Refusal::Length { expected });
        }
        let ready = self
            .ready
            .get_or_init(|| keys.of(self.entry, jwk, signed.algorithm));
        match &**ready {
            Err(failure) => Err(Refusal::Unusable(Some(failure.clone()))),
            Ok(verifier) if verifier.verify(signed.message, signed.signature) => Ok(jwk),
            Ok(_) => Err(Refusal::Invalid),
        }
    }
}

/// RFC 7518 §3.3 to §3.5, RFC 8037 §3.1: a signature has exactly one length.
fn signature_length(jwk: &Jwk, algorithm: &Algorithm) -> usize {
    match (algorithm.signature_bytes, jwk.material().public()) {
        (Some(bytes), _) => bytes,
        (None, Some(PublicKey::Rsa { n, .. })) => bit_length(n).div_ceil(8),
        (None, public) => match public.and_then(PublicKey::curve) {
            Some(Curve::Ed448) => 114,
            _ => 64,
        },
    }
}

impl Refusal {
    pub(super) fn code(&self) -> Code {
        match self {
            Self::Unusable(_) => Code::KeyUnusable,
            Self::Length { .. } => Code::SignatureMalformed,
            Self::Invalid => Code::SignatureInvalid,
        }
    }

    /// The reason in words.
    pub(super) fn explain(&self, entry: &Entry, signed: Signed<'_>) -> Failure {
        let label = entry.label();
        match self {
            Self::Unusable(None) => Failure::new(self.code(), format!("{label} cannot be used")),
            Self::Unusable(Some(failure)) => Failure::new(
                self.code(),
                format!(
                    "{label} cannot be used: {} ({})",
                    failure.message, failure.code
                ),
            ),
            Self::Length { expected } => wrong_length(*expected, signed),
            Self::Invalid => Failure::new(
                self.code(),
                format!("the signature was not made by {label} over this token"),
            )
            .hint(if signed.algorithm.key_type == KeyType::Oct {
                "the token was changed, or signed with another secret (is it base64url in the JWK?)"
                    .to_owned()
            } else {
                format!("the token was changed, or signed with another key: {OTHER_KEYS}")
            }),
        }
    }
}

fn wrong_length(expected: usize, signed: Signed<'_>) -> Failure {
    let Signed {
        algorithm,
        signature,
        ..
    } = signed;
    let failure = Failure::new(
        Code::SignatureMalformed,
        if signature.is_empty() {
            "the token has no signature".to_owned()
        } else {
            format!(
                "the signature has {} bytes, and one of {} by this key has {expected}",
                signature.len(),
                algorithm.name
            )
        },
    );
    if looks_like_der(algorithm, signature) {
        failure.hint(
            "this is a DER signature, as OpenSSL and X.509 use it; JWS needs R and S side by side (RFC 7518 section 3.4)",
        )
    } else if signature.len() < expected {
        failure.hint("the end of the token is missing: copy it whole")
    } else {
        failure
    }
}

fn looks_like_der(algorithm: &Algorithm, signature: &[u8]) -> bool {
    matches!(algorithm.scheme, Scheme::Ecdsa(_))
        && match signature {
            [0x30, 0x81, length, rest @ ..] | [0x30, length, rest @ ..] => {
                usize::from(*length) == rest.len()
            }
            _ => false,
        }
}
