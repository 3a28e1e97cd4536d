//! JWK thumbprints (RFC 7638 §3, RFC 8037 §2, RFC 9964; URN of RFC 9278).

use zeroize::Zeroizing;

use super::base64url;
use super::engine;
use super::key::{Material, PublicKey};

/// Prefix of the URN of a SHA-256 thumbprint (RFC 9278 §3).
pub const URN_PREFIX: &str = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:";

/// SHA-256 over the required members in lexical order, without white space.
#[must_use]
pub fn sha256(material: &Material) -> [u8; 32] {
    engine::sha256(canonical(material).as_bytes())
}

/// The text that is hashed. For a symmetric key it spells the secret.
fn canonical(material: &Material) -> Zeroizing<String> {
    let encode = base64url::encode;
    Zeroizing::new(match material {
        Material::Symmetric(secret) => {
            let k = Zeroizing::new(encode(secret.expose()));
            format!(r#"{{"k":"{}","kty":"oct"}}"#, k.as_str())
        }
        Material::Public(public) | Material::Pair(public, _) => match public {
            PublicKey::Rsa { n, e } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n))
            }
            PublicKey::Ec { curve, x, y } => format!(
                r#"{{"crv":"{}","kty":"EC","x":"{}","y":"{}"}}"#,
                curve.name(),
                encode(x),
                encode(y)
            ),
            PublicKey::Okp { curve, x } => format!(
                r#"{{"crv":"{}","kty":"OKP","x":"{}"}}"#,
                curve.name(),
                encode(x)
            ),
            PublicKey::Akp { algorithm, public } => format!(
                r#"{{"alg":"{}","kty":"AKP","pub":"{}"}}"#,
                algorithm.name,
                encode(public)
            ),
        },
    })
}
