//! What a new key is to be, and what it is to be called.

use std::sync::{Mutex, mpsc};

use super::alg::{self, Algorithm, Curve, KeyType, RSA_MAXIMUM_BITS, RSA_MINIMUM_BITS};
use super::bad_value::BadValue;
use super::base64url;
use super::engine::{self, Shape};
use super::failure::{Code, Failure};
use super::jwk::{Jwk, Parameters, PrivateJwk};
use super::key::{Material, PublicKey};

/// Longest HMAC secret that is made, in bits.
const SECRET_MAXIMUM_BITS: usize = 8192;

/// What `kid` a new key gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KidRule {
    /// This one.
    Given(String),
    /// SHA-256 thumbprint (RFC 7638).
    Thumbprint,
    /// base64url of SHA-256 of the SubjectPublicKeyInfo, the convention of Kubernetes.
    SubjectPublicKeyInfo,
    /// None.
    Absent,
}

/// The shape of a key for `algorithm`, of `size` bits or on `curve` where the algorithm leaves it open.
///
/// # Errors
/// The size or the curve cannot be had.
pub fn shape(
    algorithm: &'static Algorithm,
    size: Option<usize>,
    curve: Option<Curve>,
) -> Result<Shape, BadValue> {
    let algorithm = alg::row_for(algorithm, curve);
    if let Some(curve) = curve.filter(|curve| !algorithm.curves.contains(curve)) {
        let reason = format!("{} has no keys on {}", algorithm.name, curve.name());
        return Err(BadValue::new(reason).advice("leave out --curve"));
    }
    match (algorithm.key_type, algorithm.ml_dsa(), size) {
        (KeyType::Rsa, _, size) => {
            let bits = size.unwrap_or(RSA_MINIMUM_BITS);
            if !(RSA_MINIMUM_BITS..=RSA_MAXIMUM_BITS).contains(&bits) || bits % 8 != 0 {
                return Err(BadValue::new(format!(
                    "an RSA key has from {RSA_MINIMUM_BITS} to {RSA_MAXIMUM_BITS} bits, in whole bytes, and not {bits}"
                )));
            }
            Ok(Shape::Rsa(bits))
        }
        (KeyType::Oct, _, size) if !algorithm.signs() => {
            let bits = algorithm.symmetric_bytes * 8;
            if size.is_some_and(|size| size != bits) {
                let reason = format!("{} has keys of {bits} bits alone", algorithm.name);
                return Err(BadValue::new(reason).advice("leave out --size"));
            }
            Ok(Shape::Octets(algorithm.symmetric_bytes))
        }
        (KeyType::Oct, _, size) => {
            let least = algorithm.symmetric_bytes * 8;
            let bits = size.unwrap_or(least);
            if !(least..=SECRET_MAXIMUM_BITS).contains(&bits) || bits % 8 != 0 {
                return Err(BadValue::new(format!(
                    "a secret for {} has from {least} to {SECRET_MAXIMUM_BITS} bits, in whole bytes, and not {bits}",
                    algorithm.name
                )));
            }
            Ok(Shape::Octets(bits / 8))
        }
        (_, _, Some(_)) => {
            let reason = format!("{} fixes the size of its keys", algorithm.name);
            Err(BadValue::new(reason).advice("leave out --size"))
        }
        (_, Some(parameters), None) => Ok(Shape::Akp(algorithm, parameters)),
        (_, None, None) => match curve.or_else(|| algorithm.curves.first().copied()) {
            Some(curve) => Ok(Shape::Curve(curve)),
            None => {
                let reason = format!("no key can be made for {}", algorithm.name);
                Err(BadValue::new(reason))
            }
        },
    }
}

/// The shape of a key like `material`.
///
/// # Errors
/// A key of an algorithm that makes none.
pub fn shape_like(material: &Material) -> Result<Shape, Failure> {
    match material {
        Material::Symmetric(secret) => Ok(Shape::Octets(secret.expose().len())),
        Material::Public(public) | Material::Pair(public, _) => match public {
            PublicKey::Rsa { .. } => Ok(Shape::Rsa(material.bits().next_multiple_of(8))),
            PublicKey::Ec { curve, .. } | PublicKey::Okp { curve, .. } => Ok(Shape::Curve(*curve)),
            PublicKey::Akp { algorithm, .. } => match algorithm.ml_dsa() {
                Some(parameters) => Ok(Shape::Akp(algorithm, parameters)),
                None => Err(Failure::new(
                    Code::UnsupportedKey,
                    format!("no key can be made for {}", algorithm.name),
                )),
            },
        },
    }
}

/// Makes a key with these parameters and the `kid` that the rule says.
///
/// # Errors
/// The library failed, or a symmetric key is to be named by its public half.
pub fn make(
    shape: Shape,
    mut parameters: Parameters,
    rule: &KidRule,
) -> Result<PrivateJwk, Failure> {
    let material = engine::generate(shape)?;
    parameters.kid = kid(&material, rule)?;
    let jwk = Jwk::from_material(material, parameters);
    PrivateJwk::new(jwk)
        .ok_or_else(|| Failure::new(Code::UnsupportedKey, "the key that was made is not private"))
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct Order {
    /// What it is to be.
    pub shape: Shape,
    /// What is said of it, without its `kid`.
    pub parameters: Parameters,
    /// What it is to be called.
    pub kid: KidRule,
}

/// Makes keys on so many threads, in the order in which they were ordered. `made` is told how many are
/// there each time that one is.
///
/// # Errors
/// The first order that cannot be met; see [`make`].
pub fn make_all(
    orders: Vec<Order>,
    threads: usize,
    made: &mut dyn FnMut(usize),
) -> Result<Vec<PrivateJwk>, Failure> {
    let count = orders.len();
    let next = Mutex::new(orders.into_iter().enumerate());
    let mut keys: Vec<Option<PrivateJwk>> = Vec::new();
    keys.resize_with(count, || None);
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..threads.clamp(1, count.max(1)) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((place, order)) = taken(next) {
                    let key = make(order.shape, order.parameters, &order.kid);
                    if sender.send((place, key)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (done, (place, key)) in receiver.into_iter().enumerate() {
            keys[place] = Some(key?);
            made(done + 1);
        }
        Ok(())
    })?;
    Ok(keys.into_iter().flatten().collect())
}

/// The next order; none also when a thread that held the list has panicked.
fn taken(next: &Mutex<impl Iterator<Item = (usize, Order)>>) -> Option<(usize, Order)> {
    next.lock().ok()?.next()
}

/// The `kid` that the rule gives a key.
///
/// # Errors
/// A symmetric key is to be named by its public half.
pub fn kid(material: &Material, rule: &KidRule) -> Result<Option<String>, Failure> {
    Ok(match rule {
        KidRule::Given(kid) => Some(kid.clone()),
        KidRule::Absent => None,
        KidRule::Thumbprint => Some(base64url::encode(&super::thumbprint::sha256(material))),
        KidRule::SubjectPublicKeyInfo => {
            if let Some(public) = material.public() {
                Some(subject_public_key_info_kid(public)?)
            } else {
                let message = "a symmetric key has no SubjectPublicKeyInfo to be named by";
                return Err(Failure::new(Code::UnsupportedKey, message));
            }
        }
    })
}

fn subject_public_key_info_kid(public: &PublicKey) -> Result<String, Failure> {
    let der = engine::subject_public_key_info(public)?;
    Ok(base64url::encode(&engine::sha256(&der)))
}

/// The rule by which `jwk` seems to have been named; the thumbprint where none shows.
#[must_use]
pub fn kid_rule_of(jwk: &Jwk) -> KidRule {
    let by_key_info = jwk
        .material()
        .public()
        .and_then(|public| subject_public_key_info_kid(public).ok());
    match (&jwk.parameters().kid, by_key_info) {
        (Some(kid), Some(by_key_info)) if *kid == by_key_info => KidRule::SubjectPublicKeyInfo,
        _ => KidRule::Thumbprint,
    }
}
