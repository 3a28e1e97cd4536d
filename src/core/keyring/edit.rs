//! Changing what is said of keys.

use super::Keyring;
use crate::core::alg::Algorithm;
use crate::core::failure::{Code, Failure, quoted};
use crate::core::json::RawObject;
use crate::core::jwk::Jwk;
use crate::core::jwks::Entry;
use crate::core::lifecycle::Roster;
use crate::core::new_key::{KidRule, kid};

/// What is set in every key.
#[derive(Default)]
pub struct Edit<'e> {
    /// `kid`, by the place of the key, from 0.
    pub kids: Option<&'e dyn Fn(usize) -> KidRule>,
    /// `alg`.
    pub algorithm: Option<&'static Algorithm>,
    /// `use`; `key_ops` goes.
    pub key_use: Option<&'e str>,
    /// `key_ops`; `use` goes. None when it is empty.
    pub key_ops: &'e [String],
    /// Also what gives away a hash of a secret.
    pub force: bool,
}

impl Keyring {
    /// Sets members. Gives the keys that keep their names because they are revoked: under another one nobody would
    /// know any more what must not come back.
    ///
    /// # Errors
    /// A kid cannot be had; an algorithm cannot be used with a key.
    pub fn edit(&mut self, edit: &Edit<'_>) -> Result<Vec<String>, Failure> {
        let set = self.set()?;
        let roster = Roster::of(&set);
        let mut unchanged = Vec::new();
        for (entry, members) in set.entries().iter().zip(&mut self.keys) {
            if let Some(rule) = edit.kids {
                if roster.is_revoked(entry.index()) {
                    unchanged.push(entry.label());
                } else {
                    set_kid(entry, members, &rule(entry.index()), edit.force)?;
                }
            }
            if let Some(algorithm) = edit.algorithm {
                require_fit(entry, algorithm)?;
                members.set_string("alg", algorithm.name);
            }
            if let Some(key_use) = edit.key_use {
                members.retain(|name, _| name != "key_ops");
                members.set_string("use", key_use);
            }
            if !edit.key_ops.is_empty() {
                members.retain(|name, _| name != "use");
                let operations = serde_json::Value::from(edit.key_ops.to_vec());
                members.set_raw("key_ops", operations.to_string());
            }
        }
        Ok(unchanged)
    }
}

fn set_kid(
    entry: &Entry,
    members: &mut RawObject,
    rule: &KidRule,
    force: bool,
) -> Result<(), Failure> {
    let jwk = entry.jwk();
    let is_secret = jwk.is_some_and(|jwk| jwk.material().public().is_none());
    if *rule == KidRule::Thumbprint && is_secret && !force {
        let message = format!(
            "the thumbprint of {}, which is symmetric, is a hash of its secret, by which a guess can be checked",
            entry.label()
        );
        return Err(Failure::new(Code::UnsupportedKey, message)
            .hint("name it with --kid, or use --force where the secret is long and random"));
    }
    let named = match (rule, jwk) {
        (KidRule::Given(kid), _) => Some(kid.clone()),
        (KidRule::Absent, _) => None,
        (rule, Some(jwk)) => kid(jwk.material(), rule)?,
        // What cannot be read is told where the keys are checked.
        (_, None) => return Ok(()),
    };
    match named {
        Some(kid) => members.set_string("kid", &kid),
        None => members.retain(|name, _| name != "kid"),
    }
    Ok(())
}

fn require_fit(entry: &Entry, algorithm: &Algorithm) -> Result<(), Failure> {
    let material = entry.jwk().map(Jwk::material);
    let fits = material.is_none_or(|material| {
        crate::core::alg::ALGORITHMS.iter().any(|row| {
            row.name == algorithm.name && row.fits(material.key_type(), material.curve())
        })
    });
    if fits {
        return Ok(());
    }
    let description = material.map_or_else(String::new, crate::core::key::Material::description);
    let message = format!(
        "{} cannot be used with {}, which is {description}",
        quoted(algorithm.name),
        entry.label()
    );
    Err(Failure::new(Code::AlgKeyMismatch, message))
}
