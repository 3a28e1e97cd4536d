//! From a token, a set and a policy to a verdict. Every check is taken, every failure reported; a
//! [`Verified`] comes into being here and nowhere else.
//!
//! A [`Judge`] takes token after token. What tokens share is worked out once: the judgement of a
//! header, and a key made ready to verify. [`verify`] is a judge of one token who tells everything.

mod attempt;
mod content;
mod header;
mod policy;
mod signature;
mod suspicion;

use std::borrow::Cow;

use crate::core::alg::Algorithm;
use crate::core::check::{Checks, Recorder};
use crate::core::failure::{Code, Failure};
use crate::core::jwk::Jwk;
use crate::core::jwks::JwkSet;
use crate::core::jws::{CompactJws, ProtectedHeader, explained};
use crate::core::time::NumericDate;
use attempt::ReadyKeys;
use header::{HeaderJudgement, Headers, Kept};
pub use policy::{Content, Policy};
use signature::Signed;

/// A token that has passed every check. Only a [`Judge`] makes one.
#[derive(Debug, Clone)]
pub struct Verified<'t> {
    payload: Cow<'t, [u8]>,
    algorithm: &'static Algorithm,
    jwk: &'t Jwk,
    expires: Option<NumericDate>,
    is_content: bool,
}

impl Verified<'_> {
    /// The octets that were signed: claims, or any content.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The algorithm of the signature.
    #[must_use]
    pub fn algorithm(&self) -> &'static Algorithm {
        self.algorithm
    }

    /// `kid` of the key that verified.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.jwk.parameters().kid.as_deref()
    }

    /// Thumbprint of the key that verified; a symmetric key has none that may be told.
    #[must_use]
    pub fn thumbprint(&self) -> Option<String> {
        self.jwk.thumbprint()
    }

    /// True when the payload is content whose claims, if it has any, were not checked.
    #[must_use]
    pub fn is_content(&self) -> bool {
        self.is_content
    }

    /// `exp` of the token.
    #[must_use]
    pub fn expires(&self) -> Option<NumericDate> {
        self.expires
    }
}

/// The verdict on a token, and how it came about.
#[derive(Debug)]
pub struct Verification<'s> {
    /// Every step.
    pub checks: Checks,
    /// The token, when every check passed.
    pub verified: Option<Verified<'s>>,
}

/// Checks `token` against the keys of `set` at the time `now`.
#[must_use]
pub fn verify<'s>(
    token: &[u8],
    set: &'s JwkSet,
    policy: &'s Policy,
    now: NumericDate,
) -> Verification<'s> {
    let mut judge = Judge::<Checks>::new(set, policy, now);
    let (run, _) = judge.run(token);
    let payload = Cow::Owned(std::mem::take(&mut judge.payload));
    Verification {
        verified: run
            .passed
            .map(|passed| judge.rules.verified(passed, payload)),
        checks: run.steps,
    }
}

/// What every token is judged by.
struct Rules<'s> {
    set: &'s JwkSet,
    policy: &'s Policy,
    now: NumericDate,
}

/// Judges token after token by one set, one policy and one time. What it says of a token does not
/// depend on those before.
pub struct Judge<'s, R> {
    rules: Rules<'s>,
    headers: Headers<'s, R>,
    keys: ReadyKeys,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What a [`Judge`] says of a token.
pub struct Judgement<'j, 's, R> {
    /// The steps that were taken.
    pub steps: R,
    /// The token, when every check passed.
    pub verified: Option<Verified<'j>>,
    header: Option<Kept<'s, R>>,
}

impl<R> Judgement<'_, '_, R> {
    /// `kid` of the key that verified, or else the one that the header says.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        let verified = self.verified.as_ref().and_then(Verified::kid);
        verified.or_else(|| self.header()?.header.kid.as_deref())
    }

    /// The algorithm that the header names, when it is known.
    #[must_use]
    pub fn algorithm(&self) -> Option<&'static Algorithm> {
        self.header()?.named
    }

    fn header(&self) -> Option<&HeaderJudgement<'_, R>> {
        self.header.as_ref()?.as_ref().as_ref().ok()
    }
}

/// The steps of a token, and what a token has that failed none of them.
struct Run<'s, R> {
    steps: R,
    passed: Option<Passed<'s>>,
}

#[derive(Clone, Copy)]
struct Passed<'s> {
    jwk: &'s Jwk,
    algorithm: &'static Algorithm,
    expires: Option<NumericDate>,
}

impl<'s, R: Recorder> Judge<'s, R> {
    /// A judge who has seen no token.
    #[must_use]
    pub fn new(set: &'s JwkSet, policy: &'s Policy, now: NumericDate) -> Self {
        Self {
            rules: Rules { set, policy, now },
            headers: Headers::new(),
            keys: ReadyKeys::default(),
            payload: Vec::new(),
            signature: Vec::new(),
        }
    }

    /// Takes every check of `token`.
    #[must_use]
    pub fn judge(&mut self, token: &[u8]) -> Judgement<'_, 's, R> {
        let (run, header) = self.run(token);
        let payload = Cow::Borrowed(self.payload.as_slice());
        Judgement {
            verified: run
                .passed
                .map(|passed| self.rules.verified(passed, payload)),
            steps: run.steps,
            header,
        }
    }

    fn run(&mut self, token: &[u8]) -> (Run<'s, R>, Option<Kept<'s, R>>) {
        let jws = match CompactJws::split(token, self.rules.policy.token_limit) {
            Ok(jws) => jws,
            Err(failure) => return (malformed(token, failure), None),
        };
        if self.keys.are_too_many() {
            // The candidates of the headers hold them as well.
            self.headers.clear();
            self.keys.clear();
        }
        let kept = self.headers.judge(&jws, &self.rules);
        let run = match self.decode(&jws, &kept) {
            Err(failure) => malformed(token, failure),
            Ok(judgement) => self.parts(&jws, judgement),
        };
        (run, Some(kept))
    }

    /// Decodes the parts of the token.
    fn decode<'h>(
        &mut self,
        jws: &CompactJws<'_>,
        header: &'h Result<HeaderJudgement<'s, R>, Failure>,
    ) -> Result<&'h HeaderJudgement<'s, R>, Failure> {
        let judgement = match header {
            Ok(judgement) => judgement,
            Err(failure) => {
                // What no token has anywhere is told first.
                jws.require_token_characters()?;
                return Err(failure.clone());
            }
        };
        jws.payload_octets(judgement.header.b64, &mut self.payload)?;
        jws.signature_octets(&mut self.signature)?;
        Ok(judgement)
    }

    /// The checks of a token whose parts are decoded.
    fn parts(&mut self, jws: &CompactJws<'_>, judgement: &HeaderJudgement<'s, R>) -> Run<'s, R> {
        let mut steps = R::default();
        steps.pass("structure", || {
            "three parts, a JSON header without repeated members".to_owned()
        });
        steps.append(&judgement.steps);
        if self.rules.has_two_payloads(jws) {
            steps.fail("payload", Code::PayloadNotDetached, |code| {
                let message =
                    "content was given beside the token, which carries a payload of its own";
                Failure::new(code, message).hint("verify the token without --detached")
            });
            return Run {
                steps,
                passed: None,
            };
        }
        let signer = match &judgement.signers {
            Some((algorithm, candidates)) => {
                let signed = Signed {
                    algorithm,
                    message: &self.rules.signing_input(jws, &judgement.header),
                    signature: &self.signature,
                };
                self.rules
                    .signature(signed, candidates, &mut self.keys, &mut steps)
                    .map(|jwk| (jwk, *algorithm))
            }
            None => None,
        };
        let expires = self
            .rules
            .content(jws, &judgement.header, &self.payload, &mut steps);
        let passed = signer
            .filter(|_| steps.none_failed())
            .map(|(jwk, algorithm)| Passed {
                jwk,
                algorithm,
                expires,
            });
        Run { steps, passed }
    }
}

/// The run of what is no token.
fn malformed<'s, R: Recorder>(token: &[u8], failure: Failure) -> Run<'s, R> {
    let mut steps = R::default();
    steps.fail("structure", failure.code, |_| explained(token, failure));
    Run {
        steps,
        passed: None,
    }
}

impl<'s> Rules<'s> {
    fn verified<'t>(&self, passed: Passed<'t>, payload: Cow<'t, [u8]>) -> Verified<'t>
    where
        's: 't,
    {
        Verified {
            payload: match &self.policy.content {
                Content::Detached(content) => Cow::Borrowed(content),
                _ => payload,
            },
            algorithm: passed.algorithm,
            jwk: passed.jwk,
            expires: passed.expires,
            is_content: !matches!(self.policy.content, Content::Claims),
        }
    }

    /// True when nobody could tell which of the two the signature is to cover.
    fn has_two_payloads(&self, jws: &CompactJws<'_>) -> bool {
        matches!(self.policy.content, Content::Detached(_)) && !jws.is_detached()
    }

    fn signing_input<'t>(&self, jws: &CompactJws<'t>, header: &ProtectedHeader) -> Cow<'t, [u8]> {
        match &self.policy.content {
            Content::Detached(content) => {
                Cow::Owned(jws.detached_signing_input(content, header.b64))
            }
            _ => Cow::Borrowed(jws.signing_input()),
        }
    }
}

#[cfg(test)]
mod tests;
