//! OpenSSH public keys, a line each, as in `authorized_keys` (sshd(8)) and in `.pub` files.

use ssh_key::PublicKey as SshKey;
use ssh_key::authorized_keys::AuthorizedKeys;
use ssh_key::public::{EcdsaPublicKey, KeyData};

use super::{Fault, Imported, ImportedKey};
use crate::core::alg::Curve;
use crate::core::failure::quoted;
use crate::core::key::{Material, PublicKey, minimal};

/// How the names of the types of keys begin (RFC 4253 §6.6, RFC 5656 §3.1, OpenSSH's PROTOCOL.u2f).
const TYPES: [&str; 4] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

/// The text, when its first line is a public key.
pub(super) fn recognize(text: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(text).ok()?;
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'))?;
    // Options may stand before the type, and base64 follows it.
    let words: Vec<&str> = first.split_ascii_whitespace().collect();
    let is_key = words.windows(2).any(|pair| {
        let is_type = TYPES.iter().any(|start| pair[0].starts_with(start));
        is_type && pair[1].starts_with("AAAA")
    });
    is_key.then_some(text)
}

/// Reads the keys.
pub(super) fn read(text: &str) -> Result<Imported, Fault> {
    let mut keys = Vec::new();
    for (index, entry) in AuthorizedKeys::new(text).enumerate() {
        let name = format!("key {}", index + 1);
        let entry = entry.map_err(|_| {
            Fault::Malformed(format!("{name} is no OpenSSH public key, or is cut off"))
        })?;
        let key = material(entry.public_key()).map_err(|fault| fault.of(&name))?;
        keys.push(key);
    }
    Ok(Imported {
        keys,
        passed_over: Vec::new(),
    })
}

fn material(key: &SshKey) -> Result<ImportedKey, Fault> {
    let public = match key.key_data() {
        KeyData::Ed25519(key) => PublicKey::Okp {
            curve: Curve::Ed25519,
            x: key.0.to_vec(),
        },
        KeyData::Rsa(key) => match (key.n.as_positive_bytes(), key.e.as_positive_bytes()) {
            (Some(n), Some(e)) => PublicKey::Rsa {
                n: minimal(n).to_vec(),
                e: minimal(e).to_vec(),
            },
            _ => return Err(Fault::Malformed("has a negative number".to_owned())),
        },
        KeyData::Ecdsa(key) => ecdsa(key)?,
        other => {
            return Err(Fault::Unsupported(format!(
                "is of type {}, which no JWK holds",
                quoted(other.algorithm().as_str())
            )));
        }
    };
    ImportedKey::new(Material::Public(public), None)
}

fn ecdsa(key: &EcdsaPublicKey) -> Result<PublicKey, Fault> {
    let curve = match key {
        EcdsaPublicKey::NistP256(_) => Curve::P256,
        EcdsaPublicKey::NistP384(_) => Curve::P384,
        EcdsaPublicKey::NistP521(_) => Curve::P521,
    };
    point(curve, key.as_sec1_bytes())
}

/// The key whose point is written uncompressed (SEC 1 §2.3.3).
pub(super) fn point(curve: Curve, octets: &[u8]) -> Result<PublicKey, Fault> {
    let length = curve.coordinate_bytes();
    match octets.split_first() {
        Some((4, coordinates)) if coordinates.len() == 2 * length => {
            let (x, y) = coordinates.split_at(length);
            Ok(PublicKey::Ec {
                curve,
                x: x.to_vec(),
                y: y.to_vec(),
            })
        }
        _ => Err(Fault::Malformed(format!(
            "holds no uncompressed point of {}",
            curve.name()
        ))),
    }
}
