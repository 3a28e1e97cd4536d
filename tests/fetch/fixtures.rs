//! Keys, tokens and runs that the tests share.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::Jwks;
pub(crate) use crate::support::tls::{Authority, LOOPBACK, self_signed};

/// The seed of the key that signs: what stands in private sets and must not leave them.
const SEED: [u8; 32] = *b"a seed that everyone may know of";

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&SEED).expect("a seed")
}

/// The public key that signs, under the kid "one".
pub(crate) fn public_key() -> Value {
    let x = base64url(pair().public_key().as_ref());
    json!({"kty": "OKP", "crv": "Ed25519", "kid": "one", "alg": "EdDSA", "use": "sig", "x": x})
}

/// The private key that signs, under the kid "one".
pub(crate) fn private_key() -> Value {
    let mut key = public_key();
    key["d"] = json!(private_member());
    key
}

/// The `d` of the key that signs.
pub(crate) fn private_member() -> String {
    base64url(&SEED)
}

/// The set of the public key that signs, with a line break at its end.
pub(crate) fn public_set() -> String {
    format!("{}\n", json!({"keys": [public_key()]}))
}

/// The metadata of an issuer.
pub(crate) fn metadata(issuer: &str, jwks_uri: &str) -> String {
    json!({"issuer": issuer, "jwks_uri": jwks_uri}).to_string()
}

/// A token with the claims and, besides `alg` and `kid`, the members of `header`.
pub(crate) fn token(header: &Value, claims: &Value) -> String {
    let mut all = json!({"alg": "EdDSA", "kid": "one"});
    for (name, value) in header.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    let signed = format!(
        "{}.{}",
        base64url(all.to_string().as_bytes()),
        base64url(claims.to_string().as_bytes())
    );
    let signature = pair().sign(signed.as_bytes());
    format!("{signed}.{}", base64url(signature.as_ref()))
}

/// A token from `issuer` that holds until the year 2100.
pub(crate) fn token_from(issuer: &str) -> String {
    token(
        &json!({}),
        &json!({"iss": issuer, "exp": 4_102_444_800_u32}),
    )
}

/// `jwks fetch URL` without retries.
pub(crate) fn fetch(url: impl AsRef<str>) -> Jwks {
    Jwks::new("fetch")
        .arg(url.as_ref())
        .args(["--retries", "0"])
}

/// `jwks verify TOKEN` without retries.
pub(crate) fn verify(token: &str) -> Jwks {
    Jwks::new("verify").arg(token).args(["--retries", "0"])
}
