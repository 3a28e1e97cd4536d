//! Keys of several documents, put together, chosen from and edited: what lies between reading keys in one
//! form and writing them in another.
//!
//! Members that are not known stay as they are, in their order. No step changes the material of a key.

mod edit;
mod loss;
mod merge;
mod selection;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::certificate_chain::links;
use super::engine;
use super::exposure::Secrets;
use super::failure::{Code, Failure, quoted};
use super::json::{RawObject, array, read};
use super::jwk::Jwk;
use super::jwks::{Entry, JwkSet};
use super::key_check::is_weakness;

pub use edit::Edit;
pub use merge::Source;
pub use selection::{Selected, Selection, Withheld};

/// Keys on their way from one form to another.
#[derive(Default)]
pub struct Keyring {
    /// The members of the set itself, without `keys`.
    members: RawObject,
    keys: Vec<RawObject>,
    /// Those of the documents, also of keys that are not here any more.
    secrets: Secrets,
}

/// An order of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By `kid`; keys without one come last.
    Kid,
    /// By `alg`, then by `kid`.
    Algorithm,
    /// By SHA-256 thumbprint (RFC 7638).
    Thumbprint,
    /// The newest `iat` first; keys without one come last.
    Newest,
}

impl Keyring {
    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys as a set.
    ///
    /// # Errors
    /// There are more than a set is read with.
    pub fn set(&self) -> Result<JwkSet, Failure> {
        JwkSet::read(self.to_json().as_bytes()).map_err(|fault| fault.failure)
    }

    /// The JWK Set.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let mut members = self.members.clone();
        members.set_raw("keys", array(&self.keys).as_str());
        members.to_json()
    }

    /// The JWK, when there is one alone.
    #[must_use]
    pub fn only(&self) -> Option<&RawObject> {
        match &self.keys[..] {
            [key] => Some(key),
            _ => None,
        }
    }

    /// Checks that every key is what it says: well-formed, on its curve, its halves those of each other.
    /// Gives what should be looked at and keeps nobody from using the keys.
    ///
    /// # Errors
    /// The first key that is not.
    pub fn require_sound(&self) -> Result<Vec<String>, Failure> {
        let set = self.set()?;
        let mut warnings = Vec::new();
        for entry in set.entries().iter() {
            if let Some(warning) = require_sound(entry)? {
                warnings.push(warning);
            }
        }
        warnings.extend(shared_kids(&set));
        Ok(warnings)
    }

    /// Takes the private halves out. Gives what was left out because it has no public half.
    ///
    /// # Errors
    /// [`Code::UnsupportedKey`]: nothing is left.
    pub fn strip(&mut self) -> Result<Vec<String>, Failure> {
        let set = self.set()?;
        let mut left_out = Vec::new();
        let mut keys = Vec::new();
        for (entry, members) in set.entries().iter().zip(&self.keys) {
            match entry.jwk() {
                Some(jwk) => match jwk.to_public_without(&self.secrets) {
                    Some(public) => keys.push(public.jwk().members().clone()),
                    None => left_out.push(format!("{}, which is symmetric,", entry.label())),
                },
                None => keys.push(self.secrets.without(members)),
            }
        }
        if keys.is_empty() && !self.is_empty() {
            let message = format!("no key has a public half: {}", left_out.join(" "));
            let message = message.trim_end_matches(',');
            return Err(Failure::new(Code::UnsupportedKey, message));
        }
        self.keys = keys;
        self.members = self.secrets.without(&self.members);
        Ok(left_out)
    }

    /// Puts the keys in order; those that are equal in it stay as they are.
    ///
    /// # Errors
    /// As [`Keyring::set`].
    pub fn sort(&mut self, order: Order) -> Result<(), Failure> {
        let set = self.set()?;
        let mut places: Vec<usize> = (0..self.keys.len()).collect();
        let kid = |entry: &Entry| (entry.kid().is_none(), entry.kid().map(str::to_owned));
        let entries = set.entries();
        match order {
            Order::Kid => places.sort_by_cached_key(|&place| kid(&entries[place])),
            Order::Algorithm => places.sort_by_cached_key(|&place| {
                let entry = &entries[place];
                let alg = entry.jwk().and_then(|jwk| jwk.parameters().alg.clone());
                (alg.is_none(), alg, kid(entry))
            }),
            Order::Thumbprint => places.sort_by_cached_key(|&place| {
                let hash = entries[place].jwk().and_then(Jwk::thumbprint);
                (hash.is_none(), hash)
            }),
            Order::Newest => places.sort_by_cached_key(|&place| {
                let iat = entries[place].jwk().and_then(|jwk| jwk.parameters().iat);
                (iat.is_none(), iat.map(std::cmp::Reverse))
            }),
        }
        self.keys = places
            .into_iter()
            .map(|place| self.keys[place].clone())
            .collect();
        Ok(())
    }
}

/// Names that several keys have, of which consumers may take either.
fn shared_kids(set: &JwkSet) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for kid in set.entries().iter().filter_map(Entry::kid) {
        *counts.entry(kid).or_default() += 1;
    }
    let shared = counts.into_iter().filter(|&(_, count)| count > 1);
    shared
        .map(|(kid, count)| {
            format!(
                "{count} keys have the kid {}, and consumers cannot tell them apart: --kid-from names them anew",
                quoted(kid)
            )
        })
        .collect()
}

fn require_sound(entry: &Entry) -> Result<Option<String>, Failure> {
    if entry.is_tombstone() {
        return Ok(None);
    }
    let label = entry.label();
    let is_harmless = |code| {
        is_weakness(code) || matches!(code, Code::UnknownKty | Code::UnknownCrv | Code::RsaHuge)
    };
    let (harmless, faults): (Vec<_>, Vec<_>) = entry
        .faults()
        .iter()
        .map(|fault| &fault.failure)
        .partition(|failure| is_harmless(failure.code));
    if let Some(failure) = faults.first() {
        let mut failure = (*failure).clone();
        failure.message = format!("{label}: {}", failure.message);
        failure.hint = failure.hint.or_else(|| Some(remedy(entry).to_owned()));
        return Err(failure);
    }
    if let Some(jwk) = entry.jwk() {
        engine::check(jwk.material()).map_err(|mut failure| {
            failure.message = format!("{label}: {}", failure.message);
            failure
        })?;
    }
    let weakness = harmless.first().map(|failure| failure.message.clone());
    let warning = weakness.or_else(|| foreign_certificate(entry));
    Ok(warning.map(|warning| format!("{label}: {warning}")))
}

fn remedy(entry: &Entry) -> &'static str {
    match entry.kid() {
        Some(_) => "mend it, or leave it out with --without",
        None => "mend it, or take it out of the source",
    }
}

/// That the key of `x5c` is another one (RFC 7517 §4.7).
fn foreign_certificate(entry: &Entry) -> Option<String> {
    let x5c = read(entry.members().get("x5c")?.as_bytes()).ok()?;
    let chain = links(&x5c)?;
    let certificate = chain.first()?.certificate.as_ref().ok()?;
    let is_foreign = certificate.certifies(entry.jwk()?.material().public()) == Some(false);
    is_foreign.then(|| {
        format!(
            "the first certificate of x5c, for {}, is that of another key, and who looks at it refuses this one",
            quoted(&certificate.subject())
        )
    })
}
