//! Tokens: none of what a stranger writes is valid, since no key here is known to anyone.

#![no_main]

use std::sync::LazyLock;

use jwks_cli::core::alg::{Algorithm, Scheme, signing};
use jwks_cli::core::engine::{Shape, generate};
use jwks_cli::core::jwk::{Jwk, Parameters};
use jwks_cli::core::jwks::{JwkSet, document};
use jwks_cli::core::key::Material;
use jwks_cli::core::new_key::shape;
use jwks_cli::core::time::NumericDate;
use jwks_cli::core::token_review::review;
use jwks_cli::core::verify::{Policy, verify};
use libfuzzer_sys::fuzz_target;

static SET: LazyLock<JwkSet> = LazyLock::new(|| {
    let key = |row: &'static Algorithm| {
        let shape = match row.scheme {
            Scheme::Hmac(_) => Shape::Octets(64),
            _ => shape(row, None, None).unwrap_or_else(|problem| panic!("{problem}")),
        };
        let material = generate(shape).unwrap_or_else(|failure| panic!("{failure}"));
        let public = match &material {
            Material::Pair(public, _) => Material::Public(public.clone()),
            other => other.clone(),
        };
        let parameters = Parameters {
            alg: Some(row.name.to_owned()),
            ..Parameters::default()
        };
        Jwk::from_material(public, parameters).members().clone()
    };
    let keys: Vec<_> = signing().map(key).collect();
    JwkSet::read(document(&keys).as_bytes()).unwrap_or_else(|fault| panic!("{}", fault.failure))
});

fuzz_target!(|token: &[u8]| {
    let now = NumericDate::from_seconds(1_800_000_000);
    let policy = Policy::default();
    let verification = verify(token, &SET, &policy, now);
    assert!(verification.verified.is_none(), "a stranger's token is valid");
    let half = token.len() / 2;
    let _ = review(&token[..half], &token[half..], token.len(), now);
});
