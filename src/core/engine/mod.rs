//! Cryptography: the only module that knows which library does what.
//!
//! | Work | Library |
//! |---|---|
//! | verifying HMAC, RSA, ECDSA, Ed25519, ML-DSA; signing HMAC and ML-DSA; hashes, random octets | aws-lc-rs |
//! | PBKDF2, AES key wrap, AES-GCM, AES-CBC with HMAC, for files of keys | aws-lc-rs |
//! | generating RSA, EC and OKP keys; signing RSA, ECDSA, EdDSA; verifying Ed448 | josekit on OpenSSL |
//! | whether points lie on curves and halves belong together; SubjectPublicKeyInfo; AES-192 key unwrap | OpenSSL |
//! | keys, certificates and requests in DER and PEM, PKCS #12; the numbers of an RSA key | OpenSSL |
//! | what a modulus gives away of its primes | OpenSSL's big numbers |
//!
//! josekit is given only keys that our own checks have passed, and never foreign DER, PEM or tokens.

mod aws_lc;
pub mod decode;
mod edwards;
pub mod encode;
mod encryption;
mod jose;
pub mod modulus;
mod openssl;
mod pkey;
mod rsa_numbers;
pub mod x509;

use super::alg::{Algorithm, Curve, Hash, MlDsa, Scheme};
use super::failure::{Code, Failure};
use super::key::{Material, PrivateKey, PublicKey, Secret};

pub use encryption::{CONTENT_ENCRYPTIONS, ContentEncryption, derive, open, seal, unwrap, wrap};
pub use pkey::Recognized;
pub use rsa_numbers::{rsa_crt, rsa_primes};

/// SHA-256 of `octets`.
#[must_use]
pub fn sha256(octets: &[u8]) -> [u8; 32] {
    aws_lc::sha256(octets)
}

/// So many random octets.
///
/// # Errors
/// The library failed.
pub fn random_octets(length: usize) -> Result<Secret, Failure> {
    aws_lc::random_octets(length)
}

/// SHA-256 of octets that come piece by piece.
pub struct Sha256(aws_lc::Sha256);

impl Sha256 {
    /// The hash of nothing yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a hash has no natural default")]
    pub fn new() -> Self {
        Self(aws_lc::Sha256::new())
    }

    /// Adds a piece.
    pub fn update(&mut self, octets: &[u8]) {
        self.0.update(octets);
    }

    /// The hash of all pieces.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finish()
    }
}

/// A key made ready to verify signatures of one algorithm.
pub struct Verifier(VerifierEngine);

enum VerifierEngine {
    AwsLc(aws_lc::Verifier),
    Jose(jose::Verifier),
}

impl Verifier {
    /// Prepares `material` for `algorithm`.
    ///
    /// # Errors
    /// The key does not fit the algorithm, is off its curve, or is too short a secret.
    pub fn new(material: &Material, algorithm: &'static Algorithm) -> Result<Self, Failure> {
        require_fit(material, algorithm)?;
        // The libraries make a verifier of what is no point, and it finds every signature wrong.
        if let Some(public @ PublicKey::Okp { .. }) = material.public() {
            check_public(public)?;
        }
        let ed448 = material.curve() == Some(Curve::Ed448);
        Ok(Self(if ed448 {
            VerifierEngine::Jose(jose::Verifier::new(material, algorithm)?)
        } else {
            VerifierEngine::AwsLc(aws_lc::Verifier::new(material, algorithm)?)
        }))
    }

    /// True when `signature` is one of this key over `message`. Secrets are compared in constant time.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.0 {
            VerifierEngine::AwsLc(verifier) => verifier.verify(message, signature),
            VerifierEngine::Jose(verifier) => verifier.verify(message, signature),
        }
    }
}

/// A private or secret key made ready to sign with one algorithm.
pub struct Signer(SignerEngine);

enum SignerEngine {
    AwsLc(aws_lc::Signer),
    Jose(jose::Signer),
}

impl Signer {
    /// Prepares `material` for `algorithm`. The halves of the key are checked against each other.
    ///
    /// # Errors
    /// The key is public, does not fit the algorithm, or its halves disagree.
    pub fn new(material: &Material, algorithm: &'static Algorithm) -> Result<Self, Failure> {
        require_fit(material, algorithm)?;
        check_pair(material)?;
        Ok(Self(match algorithm.scheme {
            Scheme::Hmac(_) | Scheme::MlDsa(_) => {
                SignerEngine::AwsLc(aws_lc::Signer::new(material, algorithm)?)
            }
            _ => SignerEngine::Jose(jose::Signer::new(material, algorithm)?),
        }))
    }

    /// Signs `message`.
    ///
    /// # Errors
    /// The library failed.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        match &self.0 {
            SignerEngine::AwsLc(signer) => signer.sign(message),
            SignerEngine::Jose(signer) => signer.sign(message),
        }
    }
}

/// What key to make.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// RSA with a modulus of so many bits and the exponent 65537.
    Rsa(usize),
    /// A key on a curve, EC or OKP.
    Curve(Curve),
    /// An ML-DSA key of this algorithm.
    Akp(&'static Algorithm, MlDsa),
    /// So many random bytes.
    Octets(usize),
}

/// Makes a key.
///
/// # Errors
/// The library failed, or made a key that does not pass our own checks.
pub fn generate(shape: Shape) -> Result<Material, Failure> {
    let material = match shape {
        Shape::Rsa(bits) => jose::generate_rsa(bits)?,
        Shape::Curve(curve) => jose::generate_on_curve(curve)?,
        Shape::Akp(algorithm, parameters) => aws_lc::generate_ml_dsa(algorithm, parameters)?,
        Shape::Octets(length) => Material::Symmetric(random_octets(length)?),
    };
    check_pair(&material)?;
    Ok(material)
}

/// Checks what arithmetic alone can tell of a public key: that its point lies on the curve.
///
/// # Errors
/// [`Code::EcOffCurve`], [`Code::OkpOffCurve`].
pub fn check_public(public: &PublicKey) -> Result<(), Failure> {
    match public {
        PublicKey::Ec { curve, x, y } => openssl::check_point(*curve, x, y),
        PublicKey::Okp { curve, x } => edwards::check_point(*curve, x),
        PublicKey::Rsa { .. } | PublicKey::Akp { .. } => Ok(()),
    }
}

/// Checks all that arithmetic can tell of a key: its point, and that its halves belong together.
///
/// # Errors
/// As [`check_public`] and [`check_pair`].
pub fn check(material: &Material) -> Result<(), Failure> {
    match material {
        Material::Public(public) => check_public(public),
        other => check_pair(other),
    }
}

/// Checks that the private half belongs to the public one; nothing to do for other material.
///
/// # Errors
/// [`Code::PrivatePublicMismatch`] or [`Code::PrivateInconsistent`], naming the member.
pub fn check_pair(material: &Material) -> Result<(), Failure> {
    let Material::Pair(public, private) = material else {
        return Ok(());
    };
    check_public(public)?;
    match (public, private) {
        (PublicKey::Akp { algorithm, public }, PrivateKey::Akp { seed }) => {
            let derived = aws_lc::ml_dsa_public(algorithm, seed)?;
            if derived == *public {
                Ok(())
            } else {
                Err(mismatch(
                    "priv",
                    "\"pub\" is not the public key of the seed \"priv\"",
                ))
            }
        }
        _ => openssl::check_pair(public, private),
    }
}

/// The public key of an ML-DSA seed (FIPS 204 §5.1).
///
/// # Errors
/// The library failed.
pub fn ml_dsa_public(algorithm: &Algorithm, seed: &Secret) -> Result<Vec<u8>, Failure> {
    aws_lc::ml_dsa_public(algorithm, seed)
}

/// True when `expanded` is the private key of FIPS 204 that follows from the seed.
///
/// # Errors
/// The library failed.
pub fn ml_dsa_expands_to(
    algorithm: &Algorithm,
    seed: &Secret,
    expanded: &[u8],
) -> Result<bool, Failure> {
    aws_lc::ml_dsa_expands_to(algorithm, seed, expanded)
}

/// DER of the SubjectPublicKeyInfo (RFC 5280 §4.1).
///
/// # Errors
/// The key has no such form, or the library refused it.
pub fn subject_public_key_info(public: &PublicKey) -> Result<Vec<u8>, Failure> {
    match public {
        PublicKey::Akp { algorithm, public } => aws_lc::ml_dsa_public_key_info(algorithm, public),
        other => openssl::subject_public_key_info(other),
    }
}

fn require_fit(material: &Material, algorithm: &Algorithm) -> Result<(), Failure> {
    if !algorithm.signs() || !algorithm.fits(material.key_type(), material.curve()) {
        return Err(Failure::new(
            Code::AlgKeyMismatch,
            format!(
                "{} cannot be used with a key of type {}",
                algorithm.name,
                material.description()
            ),
        ));
    }
    if let Some(PublicKey::Akp { algorithm: own, .. }) = material.public()
        && own.name != algorithm.name
    {
        let message = format!(
            "{} cannot be used with a key of {}",
            algorithm.name, own.name
        );
        return Err(Failure::new(Code::AlgKeyMismatch, message));
    }
    Ok(())
}

fn mismatch(member: &str, message: &str) -> Failure {
    Failure::new(Code::PrivatePublicMismatch, message).member(member)
}

/// The library failed where only a fault of its own can be the reason.
fn library_failure(what: &str) -> Failure {
    Failure::new(
        Code::UnsupportedKey,
        format!("the cryptographic library could not {what}"),
    )
}

#[cfg(test)]
mod tests;
