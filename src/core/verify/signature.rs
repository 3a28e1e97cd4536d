//! Which of the keys that may have signed did.

use super::Rules;
use super::attempt::{Candidate, ReadyKeys, Refusal};
use super::suspicion::explain;
use crate::core::alg::Algorithm;
use crate::core::check::Recorder;
use crate::core::failure::{Code, Failure};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, OTHER_KEYS};

/// A signature, and what it is over.
#[derive(Clone, Copy)]
pub(super) struct Signed<'t> {
    pub(super) algorithm: &'static Algorithm,
    pub(super) message: &'t [u8],
    pub(super) signature: &'t [u8],
}

impl<'s> Rules<'s> {
    /// Tries the keys that may have signed; the first that did.
    pub(super) fn signature<R: Recorder>(
        &self,
        signed: Signed<'_>,
        candidates: &[Candidate<'s>],
        keys: &mut ReadyKeys,
        steps: &mut R,
    ) -> Option<&'s Jwk> {
        let mut first_refusal = None;
        for candidate in candidates {
            let entry = candidate.entry();
            match candidate.check(signed, keys) {
                Ok(jwk) => {
                    steps.pass("signature", || {
                        format!("{} by {}", signed.algorithm.name, entry.label())
                    });
                    self.note_key_dates(entry, jwk, steps);
                    return Some(jwk);
                }
                Err(refusal) => first_refusal = first_refusal.or(Some(refusal)),
            }
        }
        match (first_refusal, candidates) {
            (Some(refusal), [candidate]) => steps.fail("signature", refusal.code(), |_| {
                self.explain_refusal(&refusal, candidate.entry(), signed)
            }),
            _ => steps.fail("signature", Code::SignatureInvalid, |code| {
                let count = candidates.len();
                let message = format!("none of the {count} keys that fit made this signature");
                Failure::new(code, message).hint(format!(
                    "the token was changed, or these are not the keys of its issuer: {OTHER_KEYS}"
                ))
            }),
        }
        None
    }

    fn explain_refusal(&self, refusal: &Refusal, entry: &Entry, signed: Signed<'_>) -> Failure {
        let failure = refusal.explain(entry, signed);
        let suspicion = match refusal {
            Refusal::Invalid => explain(self.set, entry, signed),
            _ => None,
        };
        match suspicion {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }

    fn note_key_dates<R: Recorder>(&self, entry: &Entry, jwk: &Jwk, steps: &mut R) {
        if let Some(exp) = jwk.parameters().exp.filter(|&exp| exp <= self.now) {
            steps.note(|| {
                format!(
                    "{} should have left the set: its own exp was {}",
                    entry.label(),
                    exp.relative_to(self.now)
                )
            });
        }
    }
}
