//! From key material to the members of a JWK (RFC 7518 §6, RFC 8037 §2, RFC 9964).

use zeroize::Zeroizing;

use super::base64url;
use super::json::RawObject;
use super::key::{Material, PrivateKey, PublicKey};

/// Writes the members of `material` behind those that are there; `kty` and `alg` are not among them.
pub(super) fn write_material(members: &mut RawObject, material: &Material) {
    match material.public() {
        Some(PublicKey::Rsa { n, e }) => {
            set_octets(members, "n", n);
            set_octets(members, "e", e);
        }
        Some(PublicKey::Ec { curve, x, y }) => {
            members.set_string("crv", curve.name());
            set_octets(members, "x", x);
            set_octets(members, "y", y);
        }
        Some(PublicKey::Okp { curve, x }) => {
            members.set_string("crv", curve.name());
            set_octets(members, "x", x);
        }
        Some(PublicKey::Akp { public, .. }) => set_octets(members, "pub", public),
        None => {}
    }
    match material {
        Material::Public(_) => {}
        Material::Symmetric(secret) => set_octets(members, "k", secret.expose()),
        Material::Pair(_, private) => write_private(members, private),
    }
}

fn write_private(members: &mut RawObject, private: &PrivateKey) {
    match private {
        PrivateKey::Rsa { d, crt } => {
            set_octets(members, "d", d.expose());
            if let Some(crt) = crt {
                set_octets(members, "p", crt.p.expose());
                set_octets(members, "q", crt.q.expose());
                set_octets(members, "dp", crt.dp.expose());
                set_octets(members, "dq", crt.dq.expose());
                set_octets(members, "qi", crt.qi.expose());
            }
        }
        PrivateKey::Ec { d } | PrivateKey::Okp { d } => set_octets(members, "d", d.expose()),
        PrivateKey::Akp { seed } => set_octets(members, "priv", seed.expose()),
    }
}

fn set_octets(members: &mut RawObject, name: &str, octets: &[u8]) {
    // base64url needs no escapes, so quotes are all that is missing; `set_string` would leave a
    // copy of a secret behind.
    let encoded = Zeroizing::new(base64url::encode(octets));
    let mut raw = String::with_capacity(encoded.len() + 2);
    raw.push('"');
    raw.push_str(&encoded);
    raw.push('"');
    members.set_raw(name, raw);
}
