//! The rows, in the order in which to offer them.

use super::{Algorithm, Curve, Hash, KeyType, MlDsa, Scheme, Standing};

const NONE: Algorithm = Algorithm {
    name: "",
    scheme: Scheme::KeyManagement,
    key_type: KeyType::Oct,
    curves: &[],
    symmetric_bytes: 0,
    signature_bytes: None,
    standing: Standing::Current,
    advice: "",
};

const fn hmac(name: &'static str, hash: Hash, bytes: usize) -> Algorithm {
    Algorithm {
        name,
        scheme: Scheme::Hmac(hash),
        key_type: KeyType::Oct,
        symmetric_bytes: bytes,
        signature_bytes: Some(bytes),
        advice: "one secret shared by signer and verifiers; never publish it",
        ..NONE
    }
}

const fn rsa(name: &'static str, scheme: Scheme, advice: &'static str) -> Algorithm {
    Algorithm {
        name,
        scheme,
        key_type: KeyType::Rsa,
        advice,
        ..NONE
    }
}

const fn elliptic(
    name: &'static str,
    scheme: Scheme,
    key_type: KeyType,
    curves: &'static [Curve],
    signature_bytes: Option<usize>,
    advice: &'static str,
) -> Algorithm {
    Algorithm {
        name,
        scheme,
        key_type,
        curves,
        signature_bytes,
        advice,
        ..NONE
    }
}

const fn ml_dsa(name: &'static str, parameters: MlDsa, signature_bytes: usize) -> Algorithm {
    Algorithm {
        name,
        scheme: Scheme::MlDsa(parameters),
        key_type: KeyType::Akp,
        signature_bytes: Some(signature_bytes),
        advice: "post-quantum; large keys and signatures, few consumers yet",
        ..NONE
    }
}

const fn symmetric_encryption(name: &'static str, scheme: Scheme, bytes: usize) -> Algorithm {
    Algorithm {
        name,
        scheme,
        symmetric_bytes: bytes,
        advice: match scheme {
            Scheme::ContentEncryption => "one shared secret that encrypts the content itself (dir)",
            _ => "one shared secret that encrypts a key for each message",
        },
        ..NONE
    }
}

const fn deprecated(row: &Algorithm, reason: &'static str) -> Algorithm {
    Algorithm {
        standing: Standing::Deprecated(reason),
        ..*row
    }
}

/// ECDH-ES takes keys of two types; a row names one, so each name has a row for each.
const fn agreement(name: &'static str, key_type: KeyType, advice: &'static str) -> Algorithm {
    let curves: &[Curve] = match key_type {
        KeyType::Okp => &[Curve::X25519, Curve::X448],
        _ => &[Curve::P256, Curve::P384, Curve::P521],
    };
    elliptic(name, Scheme::KeyManagement, key_type, curves, None, advice)
}

const AGREED: &str = "small and fast keys; for one recipient";
const WRAPPED: &str = "small and fast keys; for several recipients, too";

/// Every algorithm that is known, those for signing first, in the order in which to offer them.
pub static ALGORITHMS: &[Algorithm] = &[
    elliptic(
        "ES256",
        Scheme::Ecdsa(Hash::Sha256),
        KeyType::Ec,
        &[Curve::P256],
        Some(64),
        "the usual choice: small, fast, taken nearly everywhere",
    ),
    elliptic(
        "Ed25519",
        Scheme::EdDsa,
        KeyType::Okp,
        &[Curve::Ed25519],
        Some(64),
        "the best choice where every consumer knows it (RFC 9864)",
    ),
    rsa(
        "RS256",
        Scheme::RsaPkcs1(Hash::Sha256),
        "taken everywhere, OpenID Connect's default",
    ),
    rsa(
        "PS256",
        Scheme::RsaPss(Hash::Sha256),
        "RSA with modern padding; FAPI asks for it or ES256",
    ),
    elliptic(
        "ES384",
        Scheme::Ecdsa(Hash::Sha384),
        KeyType::Ec,
        &[Curve::P384],
        Some(96),
        "for policies that demand 192-bit security",
    ),
    elliptic(
        "ES512",
        Scheme::Ecdsa(Hash::Sha512),
        KeyType::Ec,
        &[Curve::P521],
        Some(132),
        "for policies that demand 256-bit security",
    ),
    elliptic(
        "ES256K",
        Scheme::Ecdsa(Hash::Sha256),
        KeyType::Ec,
        &[Curve::Secp256k1],
        Some(64),
        "blockchain systems alone (RFC 8812)",
    ),
    elliptic(
        "Ed448",
        Scheme::EdDsa,
        KeyType::Okp,
        &[Curve::Ed448],
        Some(114),
        "stronger than Ed25519, known to few consumers",
    ),
    deprecated(
        &elliptic(
            "EdDSA",
            Scheme::EdDsa,
            KeyType::Okp,
            &[Curve::Ed25519, Curve::Ed448],
            None,
            "the old name for Ed25519, for consumers that know no other",
        ),
        "RFC 9864 replaces it by the fully-specified Ed25519 and Ed448",
    ),
    rsa(
        "RS384",
        Scheme::RsaPkcs1(Hash::Sha384),
        "RS256 with a longer hash",
    ),
    rsa(
        "RS512",
        Scheme::RsaPkcs1(Hash::Sha512),
        "RS256 with a longer hash",
    ),
    rsa(
        "PS384",
        Scheme::RsaPss(Hash::Sha384),
        "PS256 with a longer hash",
    ),
    rsa(
        "PS512",
        Scheme::RsaPss(Hash::Sha512),
        "PS256 with a longer hash",
    ),
    ml_dsa("ML-DSA-44", MlDsa::MlDsa44, 2420),
    ml_dsa("ML-DSA-65", MlDsa::MlDsa65, 3309),
    ml_dsa("ML-DSA-87", MlDsa::MlDsa87, 4627),
    hmac("HS256", Hash::Sha256, 32),
    hmac("HS384", Hash::Sha384, 48),
    hmac("HS512", Hash::Sha512, 64),
    rsa(
        "RSA-OAEP-256",
        Scheme::KeyManagement,
        "the usual choice: taken nearly everywhere",
    ),
    rsa(
        "RSA-OAEP",
        Scheme::KeyManagement,
        "the same with SHA-1, for consumers that know no other",
    ),
    rsa(
        "RSA-OAEP-384",
        Scheme::KeyManagement,
        "RSA-OAEP-256 with a longer hash",
    ),
    rsa(
        "RSA-OAEP-512",
        Scheme::KeyManagement,
        "RSA-OAEP-256 with a longer hash",
    ),
    Algorithm {
        standing: Standing::Prohibited {
            reason: "open to Bleichenbacher's attack",
            instead: "RSA-OAEP-256",
        },
        ..rsa("RSA1_5", Scheme::KeyManagement, "")
    },
    agreement("ECDH-ES", KeyType::Ec, AGREED),
    agreement("ECDH-ES+A128KW", KeyType::Ec, WRAPPED),
    agreement("ECDH-ES+A192KW", KeyType::Ec, WRAPPED),
    agreement("ECDH-ES+A256KW", KeyType::Ec, WRAPPED),
    agreement("ECDH-ES", KeyType::Okp, AGREED),
    agreement("ECDH-ES+A128KW", KeyType::Okp, WRAPPED),
    agreement("ECDH-ES+A192KW", KeyType::Okp, WRAPPED),
    agreement("ECDH-ES+A256KW", KeyType::Okp, WRAPPED),
    symmetric_encryption("A128KW", Scheme::KeyManagement, 16),
    symmetric_encryption("A192KW", Scheme::KeyManagement, 24),
    symmetric_encryption("A256KW", Scheme::KeyManagement, 32),
    symmetric_encryption("A128GCMKW", Scheme::KeyManagement, 16),
    symmetric_encryption("A192GCMKW", Scheme::KeyManagement, 24),
    symmetric_encryption("A256GCMKW", Scheme::KeyManagement, 32),
    symmetric_encryption("A128GCM", Scheme::ContentEncryption, 16),
    symmetric_encryption("A192GCM", Scheme::ContentEncryption, 24),
    symmetric_encryption("A256GCM", Scheme::ContentEncryption, 32),
    symmetric_encryption("A128CBC-HS256", Scheme::ContentEncryption, 32),
    symmetric_encryption("A192CBC-HS384", Scheme::ContentEncryption, 48),
    symmetric_encryption("A256CBC-HS512", Scheme::ContentEncryption, 64),
];
