//! What the header of a token decides: the algorithm, and the keys that may have signed. Tokens of
//! one issuer share their header, so that its judgement is kept.

use std::collections::HashMap;
use std::rc::Rc;

use super::Rules;
use super::attempt::Candidate;
use crate::core::alg::Algorithm;
use crate::core::check::Recorder;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::jwks::{Entry, JwkSet, NoKey, Wanted};
use crate::core::jws::{CompactJws, ProtectedHeader, same_type};
use crate::core::shell::typed;

/// Most headers whose judgement is kept.
const KEPT_HEADERS: usize = 512;
/// Most choices of keys that are kept; one can name every key of a set.
const KEPT_CHOICES: usize = 16;
/// Longest kid under which a choice is kept, in bytes.
const KEPT_KID: usize = 1_024;
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
    choices: Choices<'s>,
}

/// The keys that were chosen for a kid and an algorithm. In a large set they take long to find, and
/// headers that differ in something else ask for them again.
#[derive(Default)]
struct Choices<'s>(HashMap<(Option<Box<str>>, &'static str), Choice<'s>>);

type Choice<'s> = Rc<Result<Vec<&'s Entry>, NoKey<'s>>>;

impl<'s> Choices<'s> {
    fn of(&mut self, set: &'s JwkSet, wanted: &Wanted<'_>) -> Choice<'s> {
        let question = (wanted.kid.map(Box::from), wanted.algorithm.name);
        if let Some(choice) = self.0.get(&question) {
            return Rc::clone(choice);
        }
        if self.0.len() >= KEPT_CHOICES {
            self.0.clear();
        }
        let choice = Rc::new(set.candidates(wanted));
        if wanted.kid.is_none_or(|kid| kid.len() <= KEPT_KID) {
            self.0.insert(question, Rc::clone(&choice));
        }
        choice
    }
}

impl<'s, R: Recorder> Headers<'s, R> {
    pub(super) fn new() -> Self {
        Self {
            kept: HashMap::new(),
            last: None,
            choices: Choices::default(),
        }
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.last = None;
    }

    /// The judgement of the header of `jws`.
    pub(super) fn judge(&mut self, jws: &CompactJws<'_>, rules: &Rules<'s>) -> Kept<'s, R> {
        let segment = jws.header_segment();
        match &self.last {
            Some((last, kept)) if **last == *segment => return Rc::clone(kept),
            _ => {}
        }
        if segment.len() > KEPT_LENGTH {
            return Rc::new(self.decide(jws, rules));
        }
        let kept = match self.kept.get(segment) {
            Some(kept) => Rc::clone(kept),
            None => {
                if self.kept.len() >= KEPT_HEADERS {
                    self.kept.clear();
                }
                let judgement = Rc::new(self.decide(jws, rules));
                self.kept.insert(segment.into(), Rc::clone(&judgement));
                judgement
            }
        };
        self.last = Some((segment.into(), Rc::clone(&kept)));
        kept
    }

    /// Reads the header and judges it; what no token has anywhere is told by the caller.
    fn decide(
        &mut self,
        jws: &CompactJws<'_>,
        rules: &Rules<'s>,
    ) -> Result<HeaderJudgement<'s, R>, Failure> {
        let header = ProtectedHeader::read(&jws.header_octets()?)?;
        Ok(rules.header(header, &mut self.choices))
    }
}

impl<'s> Rules<'s> {
    /// The checks of a header.
    fn header<R: Recorder>(
        &self,
        header: ProtectedHeader,
        choices: &mut Choices<'s>,
    ) -> HeaderJudgement<'s, R> {
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
                .candidates(&header, algorithm, choices, &mut steps)
                .map(|keys| (algorithm, keys)),
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
                let shown = found.map_or_else(|| "missing".to_owned(), quoted);
                let message = format!("the header's \"typ\" is {shown}, not {}", quoted(expected));
                Failure::new(code, message)
                    .member("typ")
                    .hint(typ_hint(found, expected))
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
            Failure::new(code, message).member("alg").hint(format!(
                "only if its issuer means to use it: --alg={}",
                algorithm.name
            ))
        });
        (Some(algorithm), None)
    }

    /// The keys that may have signed; none when that has been reported.
    fn candidates<R: Recorder>(
        &self,
        header: &ProtectedHeader,
        algorithm: &'static Algorithm,
        choices: &mut Choices<'s>,
        steps: &mut R,
    ) -> Option<Vec<Candidate<'s>>> {
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
        match &*choices.of(self.set, &wanted) {
            Ok(candidates) => {
                steps.pass("key", || {
                    let labels: Vec<String> =
                        candidates.iter().map(|entry| entry.label()).collect();
                    labels.join(", ")
                });
                Some(candidates.iter().copied().map(Candidate::new).collect())
            }
            Err(no_key) => {
                steps.fail("key", no_key.code(), |_| self.set.explain(&wanted, no_key));
                steps.skip("signature", "there is no key to check it with");
                None
            }
        }
    }
}

/// What to do about a token of another type. RFC 8725 §3.11: the type keeps a token that was made for one
/// purpose from being taken for another.
fn typ_hint(found: Option<&str>, expected: &str) -> String {
    let kind = if same_type(expected, "at+jwt") {
        "this may be an ID token: give the access token (RFC 9068)"
    } else {
        "this may be a token for another purpose: give the right one"
    };
    match found {
        Some(found) => format!(
            "{kind}; only if the issuer makes no other: --typ={}, which takes every token of that type",
            typed(found, "TYPE")
        ),
        None => format!("{kind}; only if its issuer writes no type, leave --typ out"),
    }
}
