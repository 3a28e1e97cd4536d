//! An issuer that writes into its tokens whatever a test wants.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::Jwks;
use crate::support::place::Place;

/// The seed of its key.
const SEED: [u8; 32] = *b"a seed that everyone may know of";

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&SEED).expect("a seed")
}

/// Its key set.
pub(crate) fn set() -> String {
    set_with_kid("one")
}

/// Its key set, with its key under another name.
pub(crate) fn set_with_kid(kid: &str) -> String {
    let x = base64url(pair().public_key().as_ref());
    let key =
        json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "alg": "Ed25519", "use": "sig", "x": x});
    json!({"keys": [key]}).to_string()
}

/// A token with the claims; the members of `header` stand beside `alg` and `kid`, and null takes one out.
pub(crate) fn token(header: &Value, claims: &Value) -> String {
    signed(header, claims.to_string().as_bytes())
}

/// A token with any payload.
pub(crate) fn signed(header: &Value, payload: &[u8]) -> String {
    sealed(header, &base64url(payload))
}

/// A token whose payload stands in it as given.
pub(crate) fn sealed(header: &Value, payload: &str) -> String {
    let mut all = json!({"alg": "Ed25519", "kid": "one"});
    let members = all.as_object_mut().expect("an object");
    for (name, value) in header.as_object().expect("an object") {
        members.insert(name.clone(), value.clone());
    }
    members.retain(|_, value| !value.is_null());
    let input = format!("{}.{payload}", base64url(all.to_string().as_bytes()));
    let signature = pair().sign(input.as_bytes());
    format!("{input}.{}", base64url(signature.as_ref()))
}

/// `jwks verify TOKEN` with the keys of the issuer.
pub(crate) fn verify(place: &Place, token: &str) -> Jwks {
    let set = place.write("issuer.json", set());
    Place::jwks("verify").arg(token).arg("--jwks").arg(set)
}
