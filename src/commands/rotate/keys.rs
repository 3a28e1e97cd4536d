//! Making the keys that a plan asks for.

use std::collections::HashSet;

use crate::core::alg::KeyType;
use crate::core::failure::{Code, Failure};
use crate::core::jwk::{Jwk, Parameters, PrivateJwk};
use crate::core::jwks::{Entry, JwkSet};
use crate::core::key::{Material, PublicKey};
use crate::core::lifecycle::{NewKey, Plan, undated};
use crate::core::new_key::{kid_rule_of, make, shape, shape_like};
use crate::core::time::NumericDate;
use crate::error::{CommandError, Exit};

/// The new keys of `plan`, in its order.
///
/// # Errors
/// The library failed, or no key can be made like the one that is there.
pub(super) fn new_keys(
    set: &JwkSet,
    plan: &Plan,
    now: NumericDate,
) -> Result<Vec<PrivateJwk>, CommandError> {
    let failed =
        |failure| CommandError::from_failure(Exit::File, "cannot make the new key", &failure);
    // Those of withdrawn keys among them.
    let entries = set.entries().iter().filter(|_| !plan.new_keys.is_empty());
    let mut kids: HashSet<String> = entries.filter_map(Entry::kid).map(str::to_owned).collect();
    let keys = plan.new_keys.iter().map(|wanted| {
        let key = new_key(set, wanted, now)?;
        match &key.jwk().parameters().kid {
            Some(kid) if !kids.insert(kid.clone()) => {
                Err(impossible("the new key has the kid of another".to_owned()))
            }
            _ => Ok(key),
        }
    });
    keys.collect::<Result<_, Failure>>().map_err(failed)
}

fn impossible(message: String) -> Failure {
    Failure::new(Code::UnsupportedKey, message)
}

fn new_key(set: &JwkSet, wanted: &NewKey, now: NumericDate) -> Result<PrivateJwk, Failure> {
    let like = set.entries().get(wanted.like).and_then(|entry| entry.jwk());
    let like = like.ok_or_else(|| impossible("the key to make one like is gone".to_owned()))?;
    let own = like.parameters();
    let shape = match wanted.algorithm {
        None => shape_like(like.material())?,
        Some(algorithm) => shape(algorithm, rsa_size(like, algorithm.key_type), None)
            .map_err(|problem| impossible(problem.reason))?,
    };
    let alg = wanted.algorithm.map(|algorithm| algorithm.name.to_owned());
    let parameters = Parameters {
        alg: alg.or_else(|| own.alg.clone()),
        key_use: own.key_use.clone(),
        key_ops: own.key_ops.clone(),
        iat: Some(now),
        nbf: Some(wanted.activates.unwrap_or_else(undated)),
        ..Parameters::default()
    };
    make(shape, parameters, &kid_rule_of(like))
}

/// A change from one algorithm of RSA to another keeps the size.
fn rsa_size(like: &Jwk, key_type: KeyType) -> Option<usize> {
    match like.material() {
        Material::Public(PublicKey::Rsa { .. }) | Material::Pair(PublicKey::Rsa { .. }, _)
            if key_type == KeyType::Rsa =>
        {
            Some(like.material().bits().next_multiple_of(8))
        }
        _ => None,
    }
}
