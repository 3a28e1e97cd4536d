//! josekit: key generation, RSA, ECDSA and EdDSA signing, Ed448 verification.
//!
//! josekit trusts its input: lengths, ranges and curves are not checked, and it can panic on a key
//! that it has accepted. It therefore sees only keys that [`super::super::key_check`] and
//! [`super::check_pair`] have passed, rebuilt member by member, and never a `kid`, `use` or
//! `key_ops`, by which it would choose on its own. Should it panic all the same, the panic ends here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::EcCurve;
use josekit::jwk::alg::ecx::EcxCurve;
use josekit::jwk::alg::ed::EdCurve;
use josekit::jws::alg::ecdsa::EcdsaJwsAlgorithm;
use josekit::jws::alg::eddsa::EddsaJwsAlgorithm;
use josekit::jws::alg::rsassa::RsassaJwsAlgorithm;
use josekit::jws::alg::rsassa_pss::RsassaPssJwsAlgorithm;
use josekit::jws::{JwsSigner, JwsVerifier};
use josekit::{JoseError, Map, Value};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Algorithm, Code, Curve, Failure, Hash, Material, PrivateKey, PublicKey, Scheme, Secret,
    library_failure,
};
use crate::core::base64url;
use crate::core::key::{RsaCrt, minimal};

pub(super) struct Verifier(Box<dyn JwsVerifier>);

impl Verifier {
    pub(super) fn new(material: &Material, algorithm: &Algorithm) -> Result<Self, Failure> {
        let public = material
            .public()
            .ok_or_else(|| library_failure("verify with this key"))?;
        let mut jwk = public_jwk(public)?;
        let verifier = guarded("read the public key", || {
            Ok(match algorithm.scheme {
                Scheme::RsaPkcs1(hash) => boxed_verifier(pkcs1(hash).verifier_from_jwk(&jwk)?),
                Scheme::RsaPss(hash) => boxed_verifier(pss(hash).verifier_from_jwk(&jwk)?),
                Scheme::EdDsa => boxed_verifier(EddsaJwsAlgorithm::Eddsa.verifier_from_jwk(&jwk)?),
                _ => boxed_verifier(ecdsa(algorithm).verifier_from_jwk(&jwk)?),
            })
        });
        jwk.wipe();
        verifier.map(Self)
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        guarded("verify", || self.0.verify(message, signature)).is_ok()
    }
}

pub(super) struct Signer(Box<dyn JwsSigner>);

impl Signer {
    pub(super) fn new(material: &Material, algorithm: &Algorithm) -> Result<Self, Failure> {
        let Material::Pair(public, private) = material else {
            return Err(library_failure("sign with this key"));
        };
        let mut jwk = private_jwk(public, private)?;
        let signer = guarded("read the private key", || {
            Ok(match algorithm.scheme {
                Scheme::RsaPkcs1(hash) => boxed_signer(pkcs1(hash).signer_from_jwk(&jwk)?),
                Scheme::RsaPss(hash) => boxed_signer(pss(hash).signer_from_jwk(&jwk)?),
                Scheme::EdDsa => boxed_signer(EddsaJwsAlgorithm::Eddsa.signer_from_jwk(&jwk)?),
                _ => boxed_signer(ecdsa(algorithm).signer_from_jwk(&jwk)?),
            })
        });
        jwk.wipe();
        signer.map(Self)
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        guarded("sign", || self.0.sign(message))
    }
}

pub(super) fn generate_rsa(bits: usize) -> Result<Material, Failure> {
    let bits = u32::try_from(bits).map_err(|_| library_failure("make a key of this size"))?;
    let members = generated(guarded("make an RSA key", || Jwk::generate_rsa_key(bits))?);
    let number = |name| members.octets(name).map(|octets| minimal(&octets).to_vec());
    let secret = |name| members.octets(name).map(Secret::new);
    Ok(Material::Pair(
        PublicKey::Rsa {
            n: number("n")?,
            e: number("e")?,
        },
        PrivateKey::Rsa {
            d: secret("d")?,
            crt: Some(Box::new(RsaCrt {
                p: secret("p")?,
                q: secret("q")?,
                dp: secret("dp")?,
                dq: secret("dq")?,
                qi: secret("qi")?,
            })),
        },
    ))
}

pub(super) fn generate_on_curve(curve: Curve) -> Result<Material, Failure> {
    let members = generated(guarded("make a key", || match curve {
        Curve::P256 => Jwk::generate_ec_key(EcCurve::P256),
        Curve::P384 => Jwk::generate_ec_key(EcCurve::P384),
        Curve::P521 => Jwk::generate_ec_key(EcCurve::P521),
        Curve::Secp256k1 => Jwk::generate_ec_key(EcCurve::Secp256k1),
        Curve::Ed25519 => Jwk::generate_ed_key(EdCurve::Ed25519),
        Curve::Ed448 => Jwk::generate_ed_key(EdCurve::Ed448),
        Curve::X25519 => Jwk::generate_ecx_key(EcxCurve::X25519),
        Curve::X448 => Jwk::generate_ecx_key(EcxCurve::X448),
    })?);
    let length = curve.coordinate_bytes();
    let full_length = |name| {
        members
            .octets(name)
            .map(|octets| left_padded(&octets, length))
    };
    let x = full_length("x")?.to_vec();
    let d = Secret::new(full_length("d")?);
    Ok(match curve {
        Curve::P256 | Curve::P384 | Curve::P521 | Curve::Secp256k1 => {
            let y = full_length("y")?.to_vec();
            Material::Pair(PublicKey::Ec { curve, x, y }, PrivateKey::Ec { d })
        }
        _ => Material::Pair(PublicKey::Okp { curve, x }, PrivateKey::Okp { d }),
    })
}

fn boxed_verifier(verifier: impl JwsVerifier + 'static) -> Box<dyn JwsVerifier> {
    Box::new(verifier)
}

fn boxed_signer(signer: impl JwsSigner + 'static) -> Box<dyn JwsSigner> {
    Box::new(signer)
}

fn pkcs1(hash: Hash) -> RsassaJwsAlgorithm {
    match hash {
        Hash::Sha256 => RsassaJwsAlgorithm::Rs256,
        Hash::Sha384 => RsassaJwsAlgorithm::Rs384,
        Hash::Sha512 => RsassaJwsAlgorithm::Rs512,
    }
}

fn pss(hash: Hash) -> RsassaPssJwsAlgorithm {
    match hash {
        Hash::Sha256 => RsassaPssJwsAlgorithm::Ps256,
        Hash::Sha384 => RsassaPssJwsAlgorithm::Ps384,
        Hash::Sha512 => RsassaPssJwsAlgorithm::Ps512,
    }
}

fn ecdsa(algorithm: &Algorithm) -> EcdsaJwsAlgorithm {
    match algorithm.curves.first() {
        Some(Curve::P384) => EcdsaJwsAlgorithm::Es384,
        Some(Curve::P521) => EcdsaJwsAlgorithm::Es512,
        Some(Curve::Secp256k1) => EcdsaJwsAlgorithm::Es256k,
        _ => EcdsaJwsAlgorithm::Es256,
    }
}

/// The members of a josekit key, wiped when they have served.
struct Members(Map<String, Value>);

impl Members {
    fn octets(&self, name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.0
            .get(name)
            .and_then(Value::as_str)
            .and_then(|text| base64url::decode(text).ok())
            .ok_or_else(|| library_failure("make a whole key"))
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            if let Value::String(text) = value {
                text.zeroize();
            }
        }
    }
}

fn generated(jwk: Jwk) -> Members {
    Members(jwk.into())
}

trait Wipe {
    /// Overwrites the secrets in a key that has served.
    fn wipe(&mut self);
}

impl Wipe for Jwk {
    fn wipe(&mut self) {
        drop(generated(std::mem::replace(self, Self::new("oct"))));
    }
}

fn public_jwk(public: &PublicKey) -> Result<Jwk, Failure> {
    jwk_of(public, &public_members(public))
}

fn private_jwk(public: &PublicKey, private: &PrivateKey) -> Result<Jwk, Failure> {
    let mut members = public_members(public);
    match private {
        PrivateKey::Rsa { crt: None, .. } => {
            return Err(Failure::new(
                Code::UnsupportedKey,
                "an RSA key without \"p\", \"q\", \"dp\", \"dq\" and \"qi\" cannot sign",
            )
            .member("p")
            .hint("export the key again with all its members, as RFC 7518 section 6.3.2 asks"));
        }
        PrivateKey::Rsa { d, crt: Some(crt) } => members.extend([
            ("d", d.expose()),
            ("p", crt.p.expose()),
            ("q", crt.q.expose()),
            ("dp", crt.dp.expose()),
            ("dq", crt.dq.expose()),
            ("qi", crt.qi.expose()),
        ]),
        PrivateKey::Ec { d } | PrivateKey::Okp { d } => members.push(("d", d.expose())),
        PrivateKey::Akp { .. } => return Err(library_failure("sign with this key")),
    }
    jwk_of(public, &members)
}

fn public_members(public: &PublicKey) -> Vec<(&'static str, &[u8])> {
    match public {
        PublicKey::Rsa { n, e } => vec![("n", n), ("e", e)],
        PublicKey::Ec { x, y, .. } => vec![("x", x), ("y", y)],
        PublicKey::Okp { x, .. } => vec![("x", x)],
        PublicKey::Akp { .. } => Vec::new(),
    }
}

fn jwk_of(public: &PublicKey, members: &[(&'static str, &[u8])]) -> Result<Jwk, Failure> {
    let mut map = Map::new();
    map.insert("kty".to_owned(), Value::from(public.key_type().name()));
    if let Some(curve) = public.curve() {
        map.insert("crv".to_owned(), Value::from(curve.name()));
    }
    for (name, octets) in members {
        map.insert((*name).to_owned(), Value::String(base64url::encode(octets)));
    }
    guarded("read the key", || Jwk::from_map(map))
}

fn left_padded(octets: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut padded = Zeroizing::new(vec![0; length.saturating_sub(octets.len())]);
    padded.reserve_exact(octets.len());
    padded.extend_from_slice(octets);
    padded
}

/// Runs josekit; an error or a panic of its becomes an error that tells nothing of the key.
fn guarded<T>(what: &str, run: impl FnOnce() -> Result<T, JoseError>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) | Err(_) => Err(library_failure(what)),
    }
}
