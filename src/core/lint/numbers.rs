//! What the moduli of RSA keys give away, alone and beside each other: in all documents together,
//! since two keys that share a prime need not stand in one.

use std::collections::HashMap;
use std::thread;

use super::budget::{self, Budget};
use super::finding::Reporter;
use super::rules::{FERMAT, PRIME_OR_POWER, ROCA, SHARED_PRIME, SMALL_FACTOR};
use super::subject::Peer;
use super::{Examination, Options, Selection, rule};
use crate::core::alg::RSA_MAXIMUM_BITS;
use crate::core::engine::modulus::{self, PrimeOrPower};
use crate::core::failure::{Failure, quoted};
use crate::core::jwk::Jwk;
use crate::core::key::{PublicKey, bit_length};

/// The place of a key: that of its document, and its own in it.
type Place = (usize, usize);

/// A modulus, and the keys that have it.
struct Modulus<'s> {
    octets: &'s [u8],
    holders: Vec<Place>,
}

/// A rule, and what it has found of a modulus.
type Weakness = (&'static str, String);

/// What was found of a modulus; none when it could not be examined.
type Examined = Option<Vec<Weakness>>;

/// The rules that a modulus can break.
const RULES: [&str; 5] = [SMALL_FACTOR, PRIME_OR_POWER, ROCA, FERMAT, SHARED_PRIME];

/// Examines the moduli of all keys, as far as the budgets of their documents go.
pub(super) fn examine(examinations: &mut [Examination<'_>], options: &Options<'_>) {
    let selection = options.selection;
    let looks = |id: &&str| rule(id).is_some_and(|rule| selection.looks(rule));
    if !RULES.iter().any(looks) {
        return;
    }
    let mut moduli = gathered(examinations);
    // The cheap ones first, so that a few dear ones keep nobody from being examined.
    moduli.sort_by_key(|modulus| modulus.octets.len());
    moduli.retain(|modulus| is_affordable(modulus, examinations));
    let mut weaknesses = alone(&moduli, options.threads);
    beside_each_other(&moduli, examinations, options.threads, &mut weaknesses);
    for (modulus, weaknesses) in moduli.iter().zip(weaknesses) {
        for place in &modulus.holders {
            match &weaknesses {
                Some(weaknesses) => {
                    report(&mut examinations[place.0], place.1, weaknesses, selection);
                }
                None => examinations[place.0].moduli_budget.leave_out(),
            }
        }
    }
}

/// True when one of the documents that hold the modulus has enough left for it; where none has, each
/// notes that it was left out.
fn is_affordable(modulus: &Modulus<'_>, examinations: &[Examination<'_>]) -> bool {
    let cost = budget::modulus(bit_length(modulus.octets));
    let budgets = || {
        let holders = modulus.holders.iter();
        holders.map(|(document, _)| &examinations[*document].moduli_budget)
    };
    let affordable = budgets().any(|budget| budget.affords(cost));
    if !affordable {
        budgets().for_each(Budget::leave_out);
    }
    affordable
}

/// The distinct moduli of keys that are not too large to be examined.
fn gathered<'s>(examinations: &[Examination<'s>]) -> Vec<Modulus<'s>> {
    let mut moduli: Vec<Modulus<'s>> = Vec::new();
    let mut places: HashMap<&'s [u8], usize> = HashMap::new();
    for (document, examination) in examinations.iter().enumerate() {
        for (key, peer) in examination.set.keys.iter().enumerate() {
            let Some(octets) = modulus_of(peer) else {
                continue;
            };
            let place = *places.entry(octets).or_insert_with(|| {
                let holders = Vec::new();
                moduli.push(Modulus { octets, holders });
                moduli.len() - 1
            });
            moduli[place].holders.push((document, key));
        }
    }
    moduli
}

fn modulus_of<'s>(peer: &Peer<'s>) -> Option<&'s [u8]> {
    match peer.jwk().map(Jwk::material)?.public()? {
        PublicKey::Rsa { n, .. } if bit_length(n) <= RSA_MAXIMUM_BITS => Some(n),
        _ => None,
    }
}

/// What each modulus gives away by itself, found by up to `threads` threads.
fn alone(moduli: &[Modulus<'_>], threads: usize) -> Vec<Examined> {
    let threads = threads.clamp(1, moduli.len().max(1));
    let every_so_many = |first: usize| -> Vec<(usize, Examined)> {
        let own = moduli.iter().enumerate().skip(first).step_by(threads);
        own.map(|(place, modulus)| (place, weaknesses(modulus.octets).ok()))
            .collect()
    };
    let mut all = vec![None; moduli.len()];
    thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads)
            .map(|first| scope.spawn(move || every_so_many(first)))
            .collect();
        // A thread that does not come back has examined nothing.
        let helped = helpers.into_iter().filter_map(|helper| helper.join().ok());
        let found: Vec<_> = std::iter::once(every_so_many(0)).chain(helped).collect();
        for (place, examined) in found.into_iter().flatten() {
            all[place] = examined;
        }
    });
    all
}

fn weaknesses(modulus: &[u8]) -> Result<Vec<Weakness>, Failure> {
    // An even one has been told of by whoever reads the key; a factor explains everything else.
    if modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Ok(Vec::new());
    }
    if let Some(factor) = modulus::small_factor(modulus) {
        let message = format!("the modulus is divisible by {factor}");
        return Ok(vec![(SMALL_FACTOR, message)]);
    }
    let mut found = Vec::new();
    match modulus::prime_or_power(modulus)? {
        Some(PrimeOrPower::Prime) => {
            found.push((PRIME_OR_POWER, "the modulus is a prime".to_owned()));
        }
        Some(PrimeOrPower::Power { exponent }) => {
            let message = format!(
                "the modulus is a power: the {} of another number",
                ordinal(exponent)
            );
            found.push((PRIME_OR_POWER, message));
        }
        None => {}
    }
    if modulus::is_roca(modulus) {
        let message = "the modulus has the fingerprint of the library of CVE-2017-15361 (ROCA)";
        found.push((ROCA, message.to_owned()));
    }
    if modulus::close_factors(modulus)?.is_some() {
        let message =
            "the factors of the modulus are so close to each other that a hundred steps find them";
        found.push((FERMAT, message.to_owned()));
    }
    Ok(found)
}

fn ordinal(exponent: u32) -> String {
    match exponent {
        2 => "square".to_owned(),
        3 => "cube".to_owned(),
        exponent => format!("power of {exponent}"),
    }
}

/// Adds to the weaknesses of the moduli those that come from what they have in common.
fn beside_each_other(
    moduli: &[Modulus<'_>],
    examinations: &[Examination<'_>],
    threads: usize,
    weaknesses: &mut [Examined],
) {
    let octets: Vec<&[u8]> = moduli.iter().map(|modulus| modulus.octets).collect();
    let Ok(factors) = modulus::shared_factors(&octets, threads) else {
        return weaknesses.fill(None);
    };
    let mut sharers: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (place, factors) in factors.iter().enumerate() {
        for factor in factors {
            sharers.entry(factor).or_default().push(place);
        }
    }
    for (place, factors) in factors.iter().enumerate() {
        let Some(weaknesses) = &mut weaknesses[place] else {
            continue;
        };
        let other = factors.iter().find_map(|factor| {
            let sharers = sharers.get(&factor[..])?;
            sharers.iter().find(|sharer| **sharer != place)
        });
        match other {
            Some(other) => {
                let own = moduli[place].holders[0].0;
                let label = label(moduli[*other].holders[0], own, examinations);
                weaknesses.push((
                    SHARED_PRIME,
                    format!("the modulus shares a prime with {label}"),
                ));
            }
            None if !factors.is_empty() => {
                let message = "the modulus shares a prime with another that was given";
                weaknesses.push((SHARED_PRIME, message.to_owned()));
            }
            None => {}
        }
    }
}

/// A key as the findings on the document `from` name it.
fn label(place: Place, from: usize, examinations: &[Examination<'_>]) -> String {
    let set = &examinations[place.0].set;
    let label = &set.keys[place.1].owner.label;
    if place.0 == from {
        label.clone()
    } else {
        format!("{label} of {}", quoted(set.subject.name))
    }
}

fn report(
    examination: &mut Examination<'_>,
    key: usize,
    weaknesses: &[Weakness],
    selection: Selection<'_>,
) {
    let peer = &examination.set.keys[key];
    for (id, message) in weaknesses {
        let Some(rule) = rule(id).filter(|rule| selection.has(rule)) else {
            continue;
        };
        let mut reporter = Reporter {
            rule,
            findings: &mut examination.findings,
        };
        let span = peer
            .modulus_span
            .clone()
            .unwrap_or_else(|| peer.span.clone());
        reporter.key(&peer.owner, span, message.as_str()).about("n");
    }
}
