//! What the header of a token decides: the algorithm, and the keys that may have signed. Tokens of
//! one issuer share their header, so that its judgement is kept.

use std::collections::HashMap;
use std::rc::Rc;

use super::Rules;
use super::attempt::Candidate;
use crate::core::alg::Algorithm;
use crate::core::check::Recorder;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::jwks::{Entry, Wanted};
use crate::core::jws::{CompactJws, ProtectedHeader, same_type};

/// Most headers whose judgement is kept.
const KEPT_HEADERS: usize = 512;
/// Longest header that is kept, in bytes of its segment: with `KEPT_HEADERS` a bound on memory.
const KEPT_LENGTH: usize = 4_096;

/// A header that was read, and what it decides.
pub(super) struct HeaderJudgement<'s, R> {
    /// The header.
    pub(super) header: ProtectedHeader,
    /// The algorithm, when it is known, whether it may be used or not.
    pub(super) named: Option<&'static Algorithm>,
    /// The algorithm and the keys, when there are such as may be used.
    pub(super) signers: Option<(&'static Algorithm, Vec<Candidate<'s>>)>,
    /// The steps that were taken, those about the signature's key included.
    pub(super) steps: R,
}

/// A judgement, or what keeps the segment from being a header.
pub(super) type Kept<'s, R> = Rc<Result<HeaderJudgement<'s, R>, Failure>>;

/// The judgements of the headers that were seen last.
pub(super) struct Headers<'s, R> {
    kept: HashMap<Box<[u8]>, Kept<'s, R>>,
    /// The segment that was asked for last, which is mostly the next one too.
    last: Option<(Box<[u8]>, Kept<'s, R>)>,
}

impl<'s, R: Recorder> Headers<'s, R> {
    pub(super) fn new() -> Self {
        Self {
            kept: HashMap::new(),
            last: None,
        }
    }

    /// The judgement of the header of `jws`.
    pub(super) fn judge(&mut self, jws: &CompactJws<'_>, rules: &Rules<'s>) -> Kept<'s, R> {
        let segment = jws.header_segment();
        match &self.last {
            Some((last, kept)) if **last == *segment => return Rc::clone(kept),
            _ => {}
        }
        if segment.len() > KEPT_LENGTH {
            return Rc::new(read(jws).map(|header| rules.header(header)));
        }
        let kept = match self.kept.get(segment) {
            Some(kept) => Rc::clone(kept),
            None => {
                if self.kept.len() >= KEPT_HEADERS {
                    self.kept.clear();
                }
                let judgement = Rc::new(read(jws).map(|header| rules.header(header)));
                self.kept.insert(segment.into(), Rc::clone(&judgement));
                judgement
            }
        };
        self.last = Some((segment.into(), Rc::clone(&kept)));
        kept
    }
}

/// Reads the header; what no token has anywhere is told by the caller.
fn read(jws: &CompactJws<'_>) -> Result<ProtectedHeader, Failure> {
    ProtectedHeader::read(&jws.header_octets()?)
}

impl<'s> Rules<'s> {
    /// The checks of a header.
    fn header<R: Recorder>(&self, header: ProtectedHeader) -> HeaderJudgement<'s, R> {
        let mut steps = R::default();
        if header.faults.is_empty() {
            steps.pass("header", || {
                "its parameters have the right types".to_owned()
            });
        }
        for fault in &header.faults {
            steps.refuse("header", fault.clone());
        }
        for pointer in &header.key_pointers {
            steps.note(|| {
                format!(
                    "the header's \"{pointer}\" was ignored: a token does not choose the key that checks it"
                )
            });
        }
        self.typ(header.typ.as_deref(), &mut steps);
        let (named, algorithm) = self.algorithm(&header, &mut steps);
        let signers = match algorithm {
            Some(algorithm) => self
                .candidates(&header, algorithm, &mut steps)
                .map(|keys| (algorithm, keys.into_iter().map(Candidate::new).collect())),
            None => {
                let reason = "no acceptable algorithm";
                steps.skip("key", reason);
                steps.skip("signature", reason);
                None
            }
        };
        HeaderJudgement {
            header,
            named,
            signers,
            steps,
        }
    }

    fn typ<R: Recorder>(&self, typ: Option<&str>, steps: &mut R) {
        let Some(expected) = &self.policy.typ else {
            return;
        };
        match typ {
            Some(typ) if same_type(typ, expected) => steps.pass("typ", || quoted(typ)),
            found => steps.fail("typ", Code::TypMismatch, |code| {
                let found = found.map_or_else(|| "missing".to_owned(), quoted);
                let message = format!("the header's \"typ\" is {found}, not {}", quoted(expected));
                Failure::new(code, message).member("typ")
            }),
        }
    }

    /// The algorithm that the header names, and again when it may be used.
    fn algorithm<R: Recorder>(
        &self,
        header: &ProtectedHeader,
        steps: &mut R,
    ) -> (Option<&'static Algorithm>, Option<&'static Algorithm>) {
        let algorithm = match header.algorithm() {
            None => return (None, None),
            Some(Err(failure)) => {
                steps.refuse("alg", failure);
                return (None, None);
            }
            Some(Ok(algorithm)) => algorithm,
        };
        let allowed = &self.policy.algorithms;
        if allowed.is_empty() || allowed.iter().any(|row| row.name == algorithm.name) {
            steps.pass("alg", || algorithm.name.to_owned());
            return (Some(algorithm), Some(algorithm));
        }
        steps.fail("alg", Code::AlgNotAllowed, |code| {
            let allowed: Vec<&str> = allowed.iter().map(|row| row.name).collect();
            let message = format!(
                "the token uses {}, and only {} is allowed",
                algorithm.name,
                allowed.join(" or ")
            );
            Failure::new(code, message).member("alg")
        });
        (Some(algorithm), None)
    }

    /// The keys that may have signed; none when that has been reported.
    fn candidates<R: Recorder>(
        &self,
        header: &ProtectedHeader,
        algorithm: &'static Algorithm,
        steps: &mut R,
    ) -> Option<Vec<&'s Entry>> {
        // A kid of a wrong type has been reported, and must not count as none.
        let about_kid = |fault: &Failure| fault.member.as_deref() == Some("kid");
        if header.faults.iter().any(about_kid) {
            steps.skip("key", "the header's kid is no string");
            return None;
        }
        let wanted = Wanted {
            kid: header.kid.as_deref(),
            algorithm,
            published: self.policy.keys_are_published,
        };
        match self.set.candidates(&wanted) {
            Ok(candidates) => {
                steps.pass("key", || {
                    let labels: Vec<String> =
                        candidates.iter().map(|entry| entry.label()).collect();
                    labels.join(", ")
                });
                Some(candidates)
            }
            Err(no_key) => {
                steps.fail("key", no_key.code(), |_| self.set.explain(&wanted, &no_key));
                steps.skip("signature", "there is no key to check it with");
                None
            }
        }
    }
}
