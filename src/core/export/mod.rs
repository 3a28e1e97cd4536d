//! Keys in the forms that other tools read: PEM, DER, OpenSSH, and the hashes by which they are known.

mod protect;
mod ssh;
#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use super::alg::KeyType;
use super::base64url;
use super::engine::{self, encode};
use super::failure::{Code, Failure};
use super::jwk::Jwk;
use super::key::{Material, PrivateKey, PublicKey};
use super::pem;

pub use ssh::{SshForm, ssh};

/// The structure in which a key is written as DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// PKCS #8 for private keys (RFC 5958), SubjectPublicKeyInfo for public ones.
    Pkcs8,
    /// What came before: PKCS #1 for RSA (RFC 8017), SEC 1 for EC (RFC 5915).
    Traditional,
}

/// A key as DER, and the label of its PEM.
pub struct Encoded {
    /// As RFC 7468 names it.
    pub label: &'static str,
    /// The octets.
    pub der: Zeroizing<Vec<u8>>,
}

impl Encoded {
    /// The PEM block (RFC 7468).
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        pem::encode(self.label, &self.der)
    }
}

/// The key as DER.
///
/// # Errors
/// [`Code::UnsupportedKey`]: the structure cannot hold this key.
pub fn der(material: &Material, structure: Structure) -> Result<Encoded, Failure> {
    match (material, structure) {
        (Material::Symmetric(_), _) => Err(unsupported(
            "a symmetric key has no PEM or DER form",
            "write it as a JWK; PEM is for asymmetric keys",
        )),
        (Material::Public(public), Structure::Pkcs8) => public_key_info(public),
        (Material::Pair(public, private), Structure::Pkcs8) => private_key_info(public, private),
        (Material::Public(PublicKey::Rsa { n, e }), Structure::Traditional) => Ok(Encoded {
            label: "RSA PUBLIC KEY",
            der: Zeroizing::new(encode::rsa_public_key(n, e)?),
        }),
        (Material::Public(public), Structure::Traditional) => {
            Err(no_traditional(public.key_type(), "public"))
        }
        (Material::Pair(public, private), Structure::Traditional) => traditional(public, private),
    }
}

fn public_key_info(public: &PublicKey) -> Result<Encoded, Failure> {
    Ok(Encoded {
        label: "PUBLIC KEY",
        der: Zeroizing::new(engine::subject_public_key_info(public)?),
    })
}

fn private_key_info(public: &PublicKey, private: &PrivateKey) -> Result<Encoded, Failure> {
    let der = match (public, private) {
        (PublicKey::Akp { algorithm, .. }, PrivateKey::Akp { seed }) => algorithm
            .ml_dsa()
            .map(|parameters| {
                ml_dsa_private_key_info(parameters.object_identifier(), seed.expose())
            })
            .transpose()?,
        _ => encode::private_key_info(public, &with_primes(public, private)?)?,
    };
    let der = der.ok_or_else(|| {
        unsupported(
            "this key has no PKCS #8 form",
            "write it as a JWK, which holds every key",
        )
    })?;
    let label = "PRIVATE KEY";
    Ok(Encoded { label, der })
}

fn traditional(public: &PublicKey, private: &PrivateKey) -> Result<Encoded, Failure> {
    let key_type = public.key_type();
    let label = match key_type {
        KeyType::Rsa => "RSA PRIVATE KEY",
        _ => "EC PRIVATE KEY",
    };
    let private = with_primes(public, private)?;
    match encode::traditional_private_key(public, &private)? {
        Some(der) => Ok(Encoded { label, der }),
        None => Err(no_traditional(key_type, "private")),
    }
}

/// The private half with the primes that PKCS #1 and PKCS #8 ask for, also where the JWK leaves them
/// out (RFC 7518 §6.3.2).
fn with_primes(public: &PublicKey, private: &PrivateKey) -> Result<PrivateKey, Failure> {
    let (PublicKey::Rsa { n, e }, PrivateKey::Rsa { d, crt: None }) = (public, private) else {
        return Ok(private.clone());
    };
    match engine::rsa_primes(n, e, d)? {
        Some(crt) => Ok(PrivateKey::Rsa {
            d: d.clone(),
            crt: Some(Box::new(crt)),
        }),
        None => Err(Failure::new(
            Code::PrivateInconsistent,
            "\"d\" is not the inverse of \"e\"",
        )
        .member("d")),
    }
}

/// The seed of an ML-DSA key in a PrivateKeyInfo (RFC 9881 §6).
fn ml_dsa_private_key_info(oid: &str, seed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
    use pkcs8::der::Encode;
    use pkcs8::der::asn1::OctetStringRef;
    use pkcs8::spki::AlgorithmIdentifier;
    use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
    const SEED: [u8; 2] = [0x80, 0x20];
    let encoded = || {
        let choice = Zeroizing::new([&SEED, seed].concat());
        let algorithm = AlgorithmIdentifier {
            oid: ObjectIdentifier::new(oid).ok()?,
            parameters: None,
        };
        let octets = OctetStringRef::new(&choice).ok()?;
        PrivateKeyInfoRef::new(algorithm, octets).to_der().ok()
    };
    encoded()
        .map(Zeroizing::new)
        .ok_or_else(|| Failure::new(Code::UnsupportedKey, "this key could not be encoded"))
}

/// The key protected by a passphrase, as an EncryptedPrivateKeyInfo (RFC 5958 §3).
///
/// # Errors
/// As [`der`], and where there is nothing to protect.
pub fn encrypted_der(material: &Material, passphrase: &[u8]) -> Result<Encoded, Failure> {
    if !material.is_private() {
        return Err(unsupported(
            "a public key holds nothing to protect",
            "leave out --encrypt, or leave out --public",
        ));
    }
    let plain = der(material, Structure::Pkcs8)?;
    Ok(Encoded {
        label: "ENCRYPTED PRIVATE KEY",
        der: Zeroizing::new(protect::encrypted(&plain.der, passphrase)?),
    })
}

/// base64url of SHA-256 of the SubjectPublicKeyInfo, by which Kubernetes and many pins name a key.
///
/// # Errors
/// [`Code::UnsupportedKey`]: a symmetric key has none.
pub fn public_key_info_hash(material: &Material) -> Result<String, Failure> {
    let Some(public) = material.public() else {
        return Err(unsupported(
            "a symmetric key has no SubjectPublicKeyInfo",
            "name it by --kid",
        ));
    };
    let der = engine::subject_public_key_info(public)?;
    Ok(base64url::encode(&engine::sha256(&der)))
}

/// SHA-256 thumbprint (RFC 7638) in base64url; of a symmetric key only where `even_of_secrets`.
///
/// # Errors
/// [`Code::UnsupportedKey`]: it would be a hash of a secret (RFC 7638 §7).
pub fn thumbprint(jwk: &Jwk, even_of_secrets: bool) -> Result<String, Failure> {
    if !even_of_secrets && jwk.material().public().is_none() {
        return Err(unsupported(
            "the thumbprint of a symmetric key is a hash of its secret, by which a guess can be checked",
            "use --force where the secret is long and random",
        ));
    }
    Ok(base64url::encode(&super::thumbprint::sha256(
        jwk.material(),
    )))
}

fn no_traditional(key_type: KeyType, half: &str) -> Failure {
    unsupported(
        &format!(
            "a {half} key of type {} has no traditional form",
            key_type.name()
        ),
        "leave out --traditional: PKCS #8 and SubjectPublicKeyInfo hold every kind of key",
    )
}

fn unsupported(message: &str, hint: &str) -> Failure {
    Failure::new(Code::UnsupportedKey, message).hint(hint)
}
