//! From a token, a set and a policy to a verdict. Every check is taken, every failure reported; a
//! [`Verified`] comes into being here and nowhere else.

mod attempt;
mod policy;
mod suspicion;

use std::borrow::Cow;

use crate::core::alg::Algorithm;
use crate::core::check::Checks;
use crate::core::claims::Claims;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::jwk::Jwk;
use crate::core::jwks::{Entry, JwkSet};
use crate::core::jws::{CompactJws, ProtectedHeader, same_type};
use crate::core::time::NumericDate;
use attempt::try_key;
pub use policy::{Content, Policy};
use suspicion::explain;

/// A token that has passed every check. Only [`verify`] makes one.
#[derive(Debug, Clone)]
pub struct Verified {
    payload: Vec<u8>,
    algorithm: &'static Algorithm,
    kid: Option<String>,
    thumbprint: Option<String>,
    expires: Option<NumericDate>,
    is_content: bool,
}

impl Verified {
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
        self.kid.as_deref()
    }

    /// Thumbprint of the key that verified; a symmetric key has none that may be told.
    #[must_use]
    pub fn thumbprint(&self) -> Option<&str> {
        self.thumbprint.as_deref()
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
pub struct Verification {
    /// Every step.
    pub checks: Checks,
    /// What the caller should know although it decides nothing.
    pub notes: Vec<String>,
    /// The token, when every check passed.
    pub verified: Option<Verified>,
}

/// Checks `token` against the keys of `set` at the time `now`.
#[must_use]
pub fn verify(token: &[u8], set: &JwkSet, policy: &Policy, now: NumericDate) -> Verification {
    let mut run = Run {
        policy,
        now,
        checks: Checks::default(),
        notes: Vec::new(),
    };
    let candidate = run.token(token, set);
    Verification {
        verified: candidate.filter(|_| run.checks.none_failed()),
        checks: run.checks,
        notes: run.notes,
    }
}

struct Run<'p> {
    policy: &'p Policy,
    now: NumericDate,
    checks: Checks,
    notes: Vec<String>,
}

/// The parts of a token, decoded.
struct Parts<'a> {
    jws: CompactJws<'a>,
    header: ProtectedHeader,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Run<'_> {
    fn token(&mut self, token: &[u8], set: &JwkSet) -> Option<Verified> {
        let parts = match self.parts(token) {
            Ok(parts) => {
                let found = "three parts, a JSON header without repeated members";
                self.checks.pass("structure", found);
                parts
            }
            Err(failure) => {
                self.checks.fail("structure", failure);
                return None;
            }
        };
        let algorithm = self.header(&parts.header);
        let verifying = if let Some(algorithm) = algorithm {
            self.signature(&parts, algorithm, set)
        } else {
            let reason = "no acceptable algorithm";
            self.checks.skip("key", reason);
            self.checks.skip("signature", reason);
            None
        };
        let expires = self.content(&parts);
        let (jwk, algorithm) = verifying?;
        Some(Verified {
            payload: match &self.policy.content {
                Content::Detached(content) => content.clone(),
                _ => parts.payload,
            },
            algorithm,
            kid: jwk.parameters().kid.clone(),
            thumbprint: jwk.thumbprint(),
            expires,
            is_content: !matches!(self.policy.content, Content::Claims),
        })
    }

    fn parts<'a>(&self, token: &'a [u8]) -> Result<Parts<'a>, Failure> {
        let jws = CompactJws::split(token, self.policy.token_limit)?;
        let header = ProtectedHeader::read(&jws.header_octets()?)?;
        let payload = jws.payload_octets(header.b64)?;
        let signature = jws.signature_octets()?;
        Ok(Parts {
            jws,
            header,
            payload,
            signature,
        })
    }

    /// The checks of the header; the algorithm when it is one that may be used.
    fn header(&mut self, header: &ProtectedHeader) -> Option<&'static Algorithm> {
        if header.faults.is_empty() {
            self.checks
                .pass("header", "its parameters have the right types");
        }
        for fault in &header.faults {
            self.checks.fail("header", fault.clone());
        }
        for pointer in &header.key_pointers {
            self.notes.push(format!(
                "the header's \"{pointer}\" was ignored: a token does not choose the key that checks it"
            ));
        }
        self.typ(header.typ.as_deref());
        match header.algorithm()? {
            Err(failure) => {
                self.checks.fail("alg", failure);
                None
            }
            Ok(algorithm) if self.allows(algorithm) => {
                self.checks.pass("alg", algorithm.name);
                Some(algorithm)
            }
            Ok(algorithm) => {
                let allowed: Vec<&str> =
                    self.policy.algorithms.iter().map(|row| row.name).collect();
                let message = format!(
                    "the token uses {}, and only {} is allowed",
                    algorithm.name,
                    allowed.join(" or ")
                );
                self.checks.fail(
                    "alg",
                    Failure::new(Code::AlgNotAllowed, message).member("alg"),
                );
                None
            }
        }
    }

    fn allows(&self, algorithm: &Algorithm) -> bool {
        let allowed = &self.policy.algorithms;
        allowed.is_empty() || allowed.iter().any(|row| row.name == algorithm.name)
    }

    fn typ(&mut self, typ: Option<&str>) {
        let Some(expected) = &self.policy.typ else {
            return;
        };
        let result = match typ {
            Some(typ) if same_type(typ, expected) => Ok(quoted(typ)),
            found => {
                let found = found.map_or_else(|| "missing".to_owned(), quoted);
                let message = format!("the header's \"typ\" is {found}, not {}", quoted(expected));
                Err(Failure::new(Code::TypMismatch, message).member("typ"))
            }
        };
        self.checks.record("typ", result);
    }

    /// The keys that may have signed; none when that has been reported.
    fn candidates<'s>(
        &mut self,
        header: &ProtectedHeader,
        algorithm: &'static Algorithm,
        set: &'s JwkSet,
    ) -> Option<Vec<&'s Entry>> {
        // A kid of a wrong type has been reported, and must not count as none.
        let about_kid = |fault: &Failure| fault.member.as_deref() == Some("kid");
        if header.faults.iter().any(about_kid) {
            self.checks.skip("key", "the header's kid is no string");
            return None;
        }
        let kid = header.kid.as_deref();
        match set.candidates(kid, algorithm, self.policy.keys_are_published) {
            Ok(candidates) => Some(candidates),
            Err(failure) => {
                self.checks.fail("key", failure);
                let reason = "there is no key to check it with";
                self.checks.skip("signature", reason);
                None
            }
        }
    }

    /// Tries the keys that may have signed.
    fn signature<'s>(
        &mut self,
        parts: &Parts<'_>,
        algorithm: &'static Algorithm,
        set: &'s JwkSet,
    ) -> Option<(&'s Jwk, &'static Algorithm)> {
        let candidates = self.candidates(&parts.header, algorithm, set)?;
        let labels: Vec<String> = candidates.iter().map(|entry| entry.label()).collect();
        self.checks.pass("key", labels.join(", "));
        let signing_input = self.signing_input(parts);
        let mut first_failure = None;
        for entry in &candidates {
            match try_key(entry, algorithm, &signing_input, &parts.signature) {
                Ok(jwk) => {
                    self.checks.pass(
                        "signature",
                        format!("{} by {}", algorithm.name, entry.label()),
                    );
                    self.note_key_dates(entry, jwk);
                    return Some((jwk, algorithm));
                }
                Err(failure) => first_failure = first_failure.or(Some(failure)),
            }
        }
        let failure = match (first_failure, &candidates[..]) {
            (Some(failure), [entry]) if failure.code == Code::SignatureInvalid => {
                match explain(set, entry, algorithm, &signing_input, &parts.signature) {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
            (Some(failure), [_]) => failure,
            (_, candidates) => Failure::new(
                Code::SignatureInvalid,
                format!(
                    "none of the {} keys that fit made this signature",
                    candidates.len()
                ),
            ),
        };
        self.checks.fail("signature", failure);
        None
    }

    fn signing_input<'a>(&self, parts: &Parts<'a>) -> Cow<'a, [u8]> {
        match &self.policy.content {
            Content::Detached(content) => {
                Cow::Owned(parts.jws.detached_signing_input(content, parts.header.b64))
            }
            _ => Cow::Borrowed(parts.jws.signing_input()),
        }
    }

    fn note_key_dates(&mut self, entry: &Entry, jwk: &Jwk) {
        if let Some(exp) = jwk.parameters().exp.filter(|&exp| exp <= self.now) {
            self.notes.push(format!(
                "{} should have left the set: its own exp was {}",
                entry.label(),
                exp.relative_to(self.now)
            ));
        }
    }

    /// The checks of the payload; `exp` when there is one.
    fn content(&mut self, parts: &Parts<'_>) -> Option<NumericDate> {
        let detached = matches!(self.policy.content, Content::Detached(_));
        if detached && !parts.jws.is_detached() {
            let message = "detached content was given, and the token carries a payload of its own";
            self.checks.fail(
                "payload",
                Failure::new(Code::ClaimsMalformed, message)
                    .hint("verify the token without --detached"),
            );
            return None;
        }
        if !parts.header.b64 && matches!(self.policy.content, Content::Claims) {
            let message = "\"b64\" is false, which a JWT must not use (RFC 7797 section 7)";
            self.checks.fail(
                "payload",
                Failure::new(Code::B64Invalid, message)
                    .member("b64")
                    .hint("for a JWS that is no JWT use --signature-only, or --detached FILE when its content travels beside it"),
            );
            return None;
        }
        if !matches!(self.policy.content, Content::Claims) {
            self.checks
                .skip("claims", "only the signature was asked for");
            return None;
        }
        match Claims::read(&parts.payload) {
            Err(failure) => {
                self.checks
                    .fail("claims", nested_hint(&parts.header, failure));
                None
            }
            Ok(claims) => {
                claims.check(&self.policy.expectations, self.now, &mut self.checks);
                claims.date("exp")
            }
        }
    }
}

/// RFC 7519 §5.2: `cty: JWT` says that the payload is a token itself.
fn nested_hint(header: &ProtectedHeader, failure: Failure) -> Failure {
    match &header.cty {
        Some(cty) if same_type(cty, "JWT") => failure.hint(
            "the payload is a token itself (cty is JWT): check the outer one with --signature-only, and give what it prints to verify again",
        ),
        _ => failure,
    }
}

#[cfg(test)]
mod tests;
