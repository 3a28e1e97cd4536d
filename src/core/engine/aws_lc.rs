//! aws-lc-rs: all verification but Ed448, HMAC, ML-DSA, hashes and randomness.

use aws_lc_rs::constant_time;
use aws_lc_rs::encoding::{AsDer, AsRawBytes};
use aws_lc_rs::signature::{
    self, KeyPair, ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm,
    PqdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, VerificationAlgorithm,
};
use aws_lc_rs::{digest, hmac, rand};
use zeroize::Zeroizing;

use super::{
    Algorithm, Code, Curve, Failure, Hash, Material, MlDsa, PrivateKey, PublicKey, Scheme, Secret,
    library_failure,
};

pub(super) fn sha256(octets: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, octets).as_ref());
    hash
}

pub(super) struct Sha256(digest::Context);

impl Sha256 {
    pub(super) fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    pub(super) fn update(&mut self, octets: &[u8]) {
        self.0.update(octets);
    }

    pub(super) fn finish(self) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(self.0.finish().as_ref());
        hash
    }
}

pub(super) fn random_octets(length: usize) -> Result<Secret, Failure> {
    let mut octets = Zeroizing::new(vec![0; length]);
    rand::fill(&mut octets).map_err(|_| library_failure("make random octets"))?;
    Ok(Secret::new(octets))
}

pub(super) enum Verifier {
    Asymmetric(Box<ParsedPublicKey>),
    Hmac(Box<hmac::Key>),
}

impl Verifier {
    pub(super) fn new(material: &Material, algorithm: &Algorithm) -> Result<Self, Failure> {
        let public = match material {
            Material::Symmetric(secret) => {
                return hmac_key(secret, algorithm).map(|key| Self::Hmac(Box::new(key)));
            }
            Material::Public(public) | Material::Pair(public, _) => public,
        };
        let parsed = match public {
            PublicKey::Rsa { n, e } => {
                let parameters = rsa_parameters(algorithm).ok_or_else(|| no_verifier(algorithm))?;
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(parameters)
            }
            PublicKey::Ec { x, y, .. } => {
                // SEC 1 §2.3.3: the uncompressed form; a point off the curve is refused.
                let point = [&[4], x.as_slice(), y].concat();
                ParsedPublicKey::new(verification(algorithm, public)?, point)
            }
            PublicKey::Okp { x, .. } => ParsedPublicKey::new(verification(algorithm, public)?, x),
            PublicKey::Akp { public: octets, .. } => {
                ParsedPublicKey::new(verification(algorithm, public)?, octets)
            }
        };
        match parsed {
            Ok(key) => Ok(Self::Asymmetric(Box::new(key))),
            Err(_) => Err(match public {
                PublicKey::Ec { curve, .. } => super::openssl::off_curve(*curve),
                _ => Failure::new(
                    Code::MalformedKey,
                    "the public key is no valid key of its type",
                ),
            }),
        }
    }

    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Asymmetric(key) => key.verify_sig(message, signature).is_ok(),
            Self::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
        }
    }
}

pub(super) enum Signer {
    Hmac(Box<hmac::Key>),
    MlDsa(Box<PqdsaKeyPair>),
}

impl Signer {
    pub(super) fn new(material: &Material, algorithm: &Algorithm) -> Result<Self, Failure> {
        match material {
            // A short secret is refused where it is chosen; `--force` may still want it.
            Material::Symmetric(secret) => hmac_algorithm(algorithm)
                .map(|hash| Self::Hmac(Box::new(hmac::Key::new(hash, secret.expose()))))
                .ok_or_else(|| no_verifier(algorithm)),
            Material::Pair(_, PrivateKey::Akp { seed }) => {
                Ok(Self::MlDsa(Box::new(ml_dsa_pair(algorithm, seed)?)))
            }
            _ => Err(library_failure("sign with this key")),
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Self::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                pair.sign(message, &mut signature)
                    .map_err(|_| library_failure("sign"))?;
                Ok(signature)
            }
        }
    }
}

pub(super) fn generate_ml_dsa(
    algorithm: &'static Algorithm,
    parameters: MlDsa,
) -> Result<Material, Failure> {
    let seed = random_octets(MlDsa::SEED_BYTES)?;
    let public = ml_dsa_public(algorithm, &seed)?;
    debug_assert_eq!(public.len(), parameters.public_bytes());
    Ok(Material::Pair(
        PublicKey::Akp { algorithm, public },
        PrivateKey::Akp { seed },
    ))
}

pub(super) fn ml_dsa_public(algorithm: &Algorithm, seed: &Secret) -> Result<Vec<u8>, Failure> {
    Ok(ml_dsa_pair(algorithm, seed)?.public_key().as_ref().to_vec())
}

pub(super) fn ml_dsa_expands_to(
    algorithm: &Algorithm,
    seed: &Secret,
    expanded: &[u8],
) -> Result<bool, Failure> {
    let own = ml_dsa_pair(algorithm, seed)?
        .private_key()
        .as_raw_bytes()
        .map_err(|_| library_failure("derive the key pair from its seed"))?;
    Ok(constant_time::verify_slices_are_equal(own.as_ref(), expanded).is_ok())
}

pub(super) fn ml_dsa_public_key_info(
    algorithm: &Algorithm,
    public: &[u8],
) -> Result<Vec<u8>, Failure> {
    let failure = || library_failure("encode the public key");
    let verification = ml_dsa_verification(algorithm).ok_or_else(failure)?;
    let key = ParsedPublicKey::new(verification, public).map_err(|_| failure())?;
    let der = key.as_der().map_err(|_| failure())?;
    Ok(der.as_ref().to_vec())
}

fn ml_dsa_pair(algorithm: &Algorithm, seed: &Secret) -> Result<PqdsaKeyPair, Failure> {
    let failure = || library_failure("derive the key pair from its seed");
    let signing = ml_dsa_signing(algorithm).ok_or_else(failure)?;
    PqdsaKeyPair::from_seed(signing, seed.expose()).map_err(|_| failure())
}

fn hmac_key(secret: &Secret, algorithm: &Algorithm) -> Result<hmac::Key, Failure> {
    let length = secret.expose().len();
    if length < algorithm.symmetric_bytes {
        return Err(Failure::new(
            Code::OctShort,
            format!(
                "the secret has {length} bytes, and {} needs at least {}",
                algorithm.name, algorithm.symmetric_bytes
            ),
        )
        .member("k"));
    }
    hmac_algorithm(algorithm)
        .map(|hash| hmac::Key::new(hash, secret.expose()))
        .ok_or_else(|| no_verifier(algorithm))
}

fn hmac_algorithm(algorithm: &Algorithm) -> Option<hmac::Algorithm> {
    match algorithm.scheme {
        Scheme::Hmac(Hash::Sha256) => Some(hmac::HMAC_SHA256),
        Scheme::Hmac(Hash::Sha384) => Some(hmac::HMAC_SHA384),
        Scheme::Hmac(Hash::Sha512) => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

fn rsa_parameters(algorithm: &Algorithm) -> Option<&'static RsaParameters> {
    match algorithm.scheme {
        Scheme::RsaPkcs1(Hash::Sha256) => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
        Scheme::RsaPkcs1(Hash::Sha384) => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        Scheme::RsaPkcs1(Hash::Sha512) => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
        Scheme::RsaPss(Hash::Sha256) => Some(&signature::RSA_PSS_2048_8192_SHA256),
        Scheme::RsaPss(Hash::Sha384) => Some(&signature::RSA_PSS_2048_8192_SHA384),
        Scheme::RsaPss(Hash::Sha512) => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

fn verification(
    algorithm: &Algorithm,
    public: &PublicKey,
) -> Result<&'static dyn VerificationAlgorithm, Failure> {
    let row: Option<&'static dyn VerificationAlgorithm> = match (algorithm.scheme, public.curve()) {
        (Scheme::Ecdsa(Hash::Sha256), Some(Curve::P256)) => {
            Some(&signature::ECDSA_P256_SHA256_FIXED)
        }
        (Scheme::Ecdsa(Hash::Sha384), Some(Curve::P384)) => {
            Some(&signature::ECDSA_P384_SHA384_FIXED)
        }
        (Scheme::Ecdsa(Hash::Sha512), Some(Curve::P521)) => {
            Some(&signature::ECDSA_P521_SHA512_FIXED)
        }
        (Scheme::Ecdsa(Hash::Sha256), Some(Curve::Secp256k1)) => {
            Some(&signature::ECDSA_P256K1_SHA256_FIXED)
        }
        (Scheme::EdDsa, Some(Curve::Ed25519)) => Some(&signature::ED25519),
        _ => match ml_dsa_verification(algorithm) {
            Some(verification) => Some(verification),
            None => None,
        },
    };
    row.ok_or_else(|| no_verifier(algorithm))
}

fn ml_dsa_verification(algorithm: &Algorithm) -> Option<&'static PqdsaVerificationAlgorithm> {
    Some(match algorithm.ml_dsa()? {
        MlDsa::MlDsa44 => &signature::ML_DSA_44,
        MlDsa::MlDsa65 => &signature::ML_DSA_65,
        MlDsa::MlDsa87 => &signature::ML_DSA_87,
    })
}

fn ml_dsa_signing(algorithm: &Algorithm) -> Option<&'static PqdsaSigningAlgorithm> {
    Some(match algorithm.ml_dsa()? {
        MlDsa::MlDsa44 => &signature::ML_DSA_44_SIGNING,
        MlDsa::MlDsa65 => &signature::ML_DSA_65_SIGNING,
        MlDsa::MlDsa87 => &signature::ML_DSA_87_SIGNING,
    })
}

fn no_verifier(algorithm: &Algorithm) -> Failure {
    Failure::new(
        Code::AlgKeyMismatch,
        format!("{} cannot be used with a key of this type", algorithm.name),
    )
}
