//! What is wrong with keys and sets: rules, each a small function in a table.
//!
//! Rules see a document as it is written (places, repeated members, the spelling of base64) and its
//! keys as they are understood. What reading a key has told already is not found out again: such rules
//! give a fault its severity and its reason.

mod budget;
mod finding;
mod ignore;
mod known;
mod numbers;
mod rule;
mod rules;
mod selection;
mod subject;
mod weakness;

use std::cell::OnceCell;
use std::ops::Range;

use super::detect::Content;
use super::engine;
use super::failure::Failure;
use super::json::{Node, Object, Part, string_span};
use super::jwks::{Entry, JwkSet};
use super::key::{Material, PrivateKey, PublicKey};
use super::key_check::is_weakness;
use super::key_fault::KeyFault;
use super::time::NumericDate;

use budget::Budget;
use finding::{Findings, Reporter};
use rule::Check;
use subject::{Key, Peer, Set};

pub use finding::{Finding, Owner};
pub use ignore::Ignore;
pub use known::Known;
pub use rule::{Rule, Scope, Severity};
pub use selection::{Only, Selection};
pub use subject::{Served, Subject};
pub use weakness::weakness;

/// What the rules go by besides the documents.
pub struct Options<'o> {
    /// The time.
    pub now: NumericDate,
    /// Keys that the caller knows to be known.
    pub known: &'o Known,
    /// The rules that are asked for. What keeps one of them from looking is told as well.
    pub selection: Selection<'o>,
    /// True when every key is to be examined, however long that takes.
    pub is_thorough: bool,
    /// How many threads may work at once.
    pub threads: usize,
}

/// Every rule, in the order in which the table shows them.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let arithmetic_skipped = std::iter::once(&rules::ARITHMETIC_SKIPPED);
    rules::FAMILIES
        .into_iter()
        .flatten()
        .chain(arithmetic_skipped)
}

/// The rule of that name.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

/// What is wrong with each of `subjects`, in the order in which it stands in the document.
#[must_use]
pub fn lint(subjects: &[Subject<'_>], options: &Options<'_>) -> Vec<Vec<Finding>> {
    let mut examinations: Vec<Examination<'_>> = subjects
        .iter()
        .map(|subject| Examination::of(subject, options))
        .collect();
    numbers::examine(&mut examinations, options);
    examinations.into_iter().map(Examination::finish).collect()
}

/// A document while the rules look at it.
struct Examination<'s> {
    set: Set<'s>,
    budget: Budget,
    moduli_budget: Budget,
    findings: Findings,
    /// What nobody has asked for.
    unasked: Findings,
}

impl<'s> Examination<'s> {
    fn of(subject: &'s Subject<'s>, options: &Options<'_>) -> Self {
        let jwks = match subject.content {
            Content::Keys(jwks) => Some(jwks),
            _ => None,
        };
        let mut examination = Self {
            set: Set::of(subject, jwks, options.now),
            budget: Budget::new(budget::KEYS, options.is_thorough),
            moduli_budget: Budget::new(budget::MODULI, options.is_thorough),
            findings: Findings::default(),
            unasked: Findings::default(),
        };
        if let Some(jwks) = jwks {
            for entry in jwks.entries().iter() {
                examination.key(jwks, entry, options);
            }
        }
        examination.beside_each_other(options.selection);
        examination
    }

    /// Lets the rules look at one key; it is kept to be compared with others.
    fn key(&mut self, jwks: &'s JwkSet, entry: &'s Entry, options: &Options<'_>) {
        let part = jwks.entries().part(entry.index());
        let span = part.map_or(entry.offset()..entry.offset(), Part::span);
        let node = part.and_then(Part::node);
        let object = node.as_ref().and_then(Node::as_object);
        let peer = Peer::of(entry, span.clone(), object);
        let key = object.map(|object| Key {
            entry,
            object,
            owner: &peer.owner,
            document: self.set.subject.document,
            span,
            published: self.set.subject.published,
            options,
            budget: &self.budget,
            links: OnceCell::new(),
        });
        let selection = options.selection;
        let is_barrier = entry.jwk().is_none() && !selection.needs_nothing_read();
        let told = told(entry, object, selection, &self.budget);
        for rule in applying(self.set.subject) {
            let is_asked = selection.has(rule);
            let bars = is_barrier && rule.severity == Severity::Error;
            for check in rule.checks {
                let is_told = is_asked || (bars && matches!(check, Check::Told(_)));
                if !is_told && !selection.looks(rule) {
                    continue;
                }
                let findings = if is_told {
                    &mut self.findings
                } else {
                    &mut self.unasked
                };
                let mut reporter = Reporter { rule, findings };
                match (check, &key) {
                    (Check::Told(code), _) => told
                        .iter()
                        .filter(|fault| fault.failure.code == *code)
                        .for_each(|fault| {
                            let span = fault_span(&peer, object, fault, self.set.subject.document);
                            report_fault(&mut reporter, &peer, span, fault);
                        }),
                    (Check::Key(look), Some(key)) => look(key, &mut reporter),
                    (Check::Key(_), None) | (Check::Set(_) | Check::Unread(_), _) => {}
                }
            }
        }
        drop(key);
        self.set.keys.push(peer);
    }

    fn beside_each_other(&mut self, selection: Selection<'_>) {
        let is_unread = self.set.jwks.is_none();
        let bars = is_unread && !selection.needs_nothing_read();
        for rule in applying(self.set.subject) {
            let mut reporter = Reporter {
                rule,
                findings: &mut self.findings,
            };
            let is_asked = selection.has(rule);
            for check in rule.checks {
                match check {
                    Check::Set(look) if is_asked => look(&self.set, &mut reporter),
                    Check::Unread(look) if is_unread && (is_asked || bars) => {
                        look(&self.set, &mut reporter);
                    }
                    _ => {}
                }
            }
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        let left_out = self.budget.left_out() + self.moduli_budget.left_out();
        if left_out > 0 {
            let mut reporter = Reporter {
                rule: &rules::ARITHMETIC_SKIPPED,
                findings: &mut self.findings,
            };
            let message = format!(
                "the document takes more arithmetic than is done unasked; left out: {left_out}"
            );
            reporter.document(self.set.list.clone(), message);
        }
        self.findings.finish(&self.set.list)
    }
}

/// The rules that apply to `subject`.
pub fn applying(subject: &Subject<'_>) -> impl Iterator<Item = &'static Rule> + use<> {
    let (published, served) = (subject.published, subject.served.is_some());
    rules().filter(move |rule| match rule.scope {
        Scope::Always => true,
        Scope::Published => published,
        Scope::Fetched => served,
    })
}

fn report_fault(
    reporter: &mut Reporter<'_>,
    peer: &Peer<'_>,
    span: Range<usize>,
    fault: &KeyFault,
) {
    let finding = reporter.key(&peer.owner, span, fault.failure.message.as_str());
    finding.hint.clone_from(&fault.failure.hint);
    if let Some(member) = &fault.failure.member {
        finding.about(member.as_str());
    }
}

/// The bytes of what a fault is about: the value of its member, the name of one that stands twice, or
/// the whole key.
fn fault_span(
    peer: &Peer<'_>,
    object: Option<&Object<'_>>,
    fault: &KeyFault,
    document: &[u8],
) -> Range<usize> {
    let start = fault.offset;
    let name = fault.failure.member.as_deref();
    let value = name.and_then(|name| object?.get(name)).map(Node::span);
    match (value, name) {
        (Some(value), _) if value.start == start => value,
        (_, Some(_)) if start != peer.span.start => string_span(document, start),
        _ => peer.span.clone(),
    }
}

/// Everything that reading the key, judging its strength and comparing its halves has told. The last
/// is for those who ask for what it can tell.
fn told(
    entry: &Entry,
    object: Option<&Object<'_>>,
    selection: Selection<'_>,
    budget: &Budget,
) -> Vec<KeyFault> {
    if entry.is_tombstone() {
        return Vec::new();
    }
    let mut faults = entry.faults().to_vec();
    if !rules().any(|rule| rule.is_told() && selection.looks(rule)) {
        return faults;
    }
    let arithmetic = arithmetic_fault(entry, budget);
    faults.extend(arithmetic.map(|failure| {
        let member = failure.member.as_deref();
        let node = member.and_then(|name| object?.get(name));
        KeyFault {
            offset: node.map_or(entry.offset(), |node| node.span().start),
            failure,
        }
    }));
    faults
}

/// What arithmetic says of a key whose numbers have passed the cheap checks: those bound what it costs.
fn arithmetic_fault(entry: &Entry, budget: &Budget) -> Option<Failure> {
    let weak_at_most = |fault: &KeyFault| is_weakness(fault.failure.code);
    let jwk = entry
        .jwk()
        .filter(|_| entry.faults().iter().all(weak_at_most))?;
    match jwk.material() {
        Material::Public(public) => {
            let is_cheap = !matches!(public, PublicKey::Okp { .. });
            (is_cheap || budget.spend(budget::ENCODED_POINT))
                .then(|| engine::check_public(public).err())
                .flatten()
        }
        Material::Symmetric(_) => None,
        pair @ Material::Pair(_, private) => {
            let cost = match private {
                // With the secret exponent, and so in constant time.
                PrivateKey::Rsa { crt: None, .. } => 3 * budget::exponentiation(pair.bits()),
                _ => budget::COMPARISON,
            };
            budget
                .spend(cost)
                .then(|| engine::check_pair(pair).err())
                .flatten()
        }
    }
}
