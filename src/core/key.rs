//! Key material, as plain octets: what a key is, apart from the document that it stands in.

use std::fmt;

use zeroize::Zeroizing;

use super::alg::{Algorithm, Curve, KeyType};

/// Octets that nobody may see: wiped on drop, hidden from `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the octets over.
    #[must_use]
    pub fn new(octets: Zeroizing<Vec<u8>>) -> Self {
        Self(octets)
    }

    /// The octets, for an engine or for writing the key where it is the result.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[secret]")
    }
}

/// The public half of an asymmetric key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA (RFC 7518 §6.3.1): big-endian without leading zero octets.
    Rsa {
        /// Modulus.
        n: Vec<u8>,
        /// Exponent.
        e: Vec<u8>,
    },
    /// Elliptic curve (RFC 7518 §6.2.1): coordinates of the field's full length.
    Ec {
        /// Curve.
        curve: Curve,
        /// x coordinate.
        x: Vec<u8>,
        /// y coordinate.
        y: Vec<u8>,
    },
    /// Octet key pair (RFC 8037 §2).
    Okp {
        /// Curve.
        curve: Curve,
        /// Public key as the curve's standard encodes it.
        x: Vec<u8>,
    },
    /// Algorithm key pair (RFC 9964).
    Akp {
        /// The algorithm, which is part of the key.
        algorithm: &'static Algorithm,
        /// Public key as FIPS 204 encodes it.
        public: Vec<u8>,
    },
}

impl PublicKey {
    /// The key type.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        match self {
            Self::Rsa { .. } => KeyType::Rsa,
            Self::Ec { .. } => KeyType::Ec,
            Self::Okp { .. } => KeyType::Okp,
            Self::Akp { .. } => KeyType::Akp,
        }
    }

    /// The curve, when the key has one.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        match self {
            Self::Ec { curve, .. } | Self::Okp { curve, .. } => Some(*curve),
            _ => None,
        }
    }
}

/// The private half of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrivateKey {
    /// RSA (RFC 7518 §6.3.2).
    Rsa {
        /// Private exponent.
        d: Secret,
        /// First and second prime, their CRT exponents, the CRT coefficient: `p q dp dq qi`.
        crt: Option<Box<RsaCrt>>,
    },
    /// Elliptic curve (RFC 7518 §6.2.2).
    Ec {
        /// The scalar, of the field's full length.
        d: Secret,
    },
    /// Octet key pair (RFC 8037 §2).
    Okp {
        /// Private key as the curve's standard encodes it.
        d: Secret,
    },
    /// Algorithm key pair (RFC 9964): the seed from which FIPS 204 derives the key.
    Akp {
        /// 32 bytes.
        seed: Secret,
    },
}

/// The Chinese-remainder members of an RSA key (RFC 7518 §6.3.2.2 to §6.3.2.6).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the registered member names")]
pub struct RsaCrt {
    pub p: Secret,
    pub q: Secret,
    pub dp: Secret,
    pub dq: Secret,
    pub qi: Secret,
}

/// The material of a JWK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// A public key.
    Public(PublicKey),
    /// Both halves of a key.
    Pair(PublicKey, PrivateKey),
    /// A secret shared by both sides.
    Symmetric(Secret),
}

impl Material {
    /// The key type.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.public().map_or(KeyType::Oct, PublicKey::key_type)
    }

    /// The curve, when the key has one.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        self.public().and_then(PublicKey::curve)
    }

    /// The public half; a symmetric key has none.
    #[must_use]
    pub fn public(&self) -> Option<&PublicKey> {
        match self {
            Self::Public(public) | Self::Pair(public, _) => Some(public),
            Self::Symmetric(_) => None,
        }
    }

    /// True when the material holds something that must stay secret.
    #[must_use]
    pub fn is_private(&self) -> bool {
        !matches!(self, Self::Public(_))
    }

    /// Size in bits as people name it: the RSA modulus, the curve's field, the secret.
    #[must_use]
    pub fn bits(&self) -> usize {
        match self {
            Self::Symmetric(secret) => secret.expose().len() * 8,
            Self::Public(public) | Self::Pair(public, _) => match public {
                PublicKey::Rsa { n, .. } => bit_length(n),
                PublicKey::Ec { curve, .. } | PublicKey::Okp { curve, .. } => match curve {
                    Curve::P521 => 521,
                    Curve::Ed448 => 448,
                    other => other.coordinate_bytes() * 8,
                },
                PublicKey::Akp { public, .. } => public.len() * 8,
            },
        }
    }

    /// Type and size for people: `RSA 2048`, `EC P-256`, `Ed25519`, `oct 256`, `ML-DSA-44`.
    #[must_use]
    pub fn description(&self) -> String {
        let name = self.key_type().name();
        match (self.public(), self.curve()) {
            (Some(PublicKey::Akp { algorithm, .. }), _) => algorithm.name.to_owned(),
            (Some(PublicKey::Okp { .. }), Some(curve)) => curve.name().to_owned(),
            (_, Some(curve)) => format!("{name} {}", curve.name()),
            (_, None) => format!("{name} {}", self.bits()),
        }
    }
}

/// Length in bits of a big-endian number.
#[must_use]
pub fn bit_length(number: &[u8]) -> usize {
    match number.iter().position(|&byte| byte != 0) {
        None => 0,
        Some(first) => (number.len() - first) * 8 - number[first].leading_zeros() as usize,
    }
}

/// A big-endian number without leading zero octets (RFC 7518 §2, Base64urlUInt); zero is one octet.
#[must_use]
pub fn minimal(number: &[u8]) -> &[u8] {
    match number.iter().position(|&byte| byte != 0) {
        Some(first) => &number[first..],
        None => &number[number.len().saturating_sub(1)..],
    }
}
