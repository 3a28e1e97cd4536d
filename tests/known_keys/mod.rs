//! The keys and secrets that everybody knows: src/core/lint holds their thumbprints, which are made
//! from tests/known_keys/keys.json, the keys as their documents print them. After a change of it run
//! `JWKS_UPDATE=1 cargo test --test main known_keys::` and commit what that writes.

use std::collections::BTreeMap;
use std::fs;

use jwks_cli::core::engine::sha256;
use jwks_cli::core::jwks::JwkSet;
use jwks_cli::core::key::{Material, PublicKey};
use jwks_cli::core::{base64url, thumbprint};
use serde::Deserialize;
use serde_json::Value;

use crate::support::repository::root;

const KEYS: &str = "tests/known_keys/keys.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    keys: Vec<KnownKey>,
    secrets: Vec<String>,
}

/// A key that a document prints; where it is not known as a whole, its thumbprint is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KnownKey {
    source: String,
    jwk: Option<Value>,
    thumbprint: Option<String>,
}

impl KnownKey {
    fn material(&self) -> Option<Material> {
        let jwk = self.jwk.as_ref()?;
        let set = JwkSet::read(jwk.to_string().as_bytes()).expect("a key");
        let entry = set.entries().only().expect("one key");
        let jwk = entry.jwk().expect("a key that can be read");
        Some(jwk.material().clone())
    }

    fn modulus_hash(&self) -> Option<String> {
        match self.material()?.public()? {
            PublicKey::Rsa { n, .. } => Some(base64url::encode(&sha256(n))),
            _ => None,
        }
    }

    fn thumbprint(&self) -> String {
        let computed = self
            .material()
            .map(|material| base64url::encode(&thumbprint::sha256(&material)));
        match (computed, &self.thumbprint) {
            (Some(computed), Some(stated)) => {
                assert_eq!(computed, *stated, "{}", self.source);
                computed
            }
            (Some(one), None) => one,
            (None, stated) => stated.clone().expect("a key or its thumbprint"),
        }
    }
}

fn require(name: &str, expected: &str) {
    let path = root().join("src/core/lint").join(name);
    if std::env::var_os("JWKS_UPDATE").is_some() {
        fs::write(&path, expected).expect("the table is written");
    }
    let found = fs::read_to_string(&path).expect("the table is read");
    assert!(found == expected, "{name} is not what {KEYS} says");
}

#[test]
fn the_tables_are_made_of_the_printed_keys() {
    let text = fs::read(root().join(KEYS)).expect("the keys are read");
    let known: Known = serde_json::from_slice(&text).expect("the keys are keys");
    assert!(known.keys.len() >= 40, "only {} keys", known.keys.len());
    // The first document that prints a key names it.
    let mut keys: BTreeMap<String, &str> = BTreeMap::new();
    let mut moduli: BTreeMap<String, &str> = BTreeMap::new();
    for key in &known.keys {
        keys.entry(key.thumbprint()).or_insert(&key.source);
        if let Some(hash) = key.modulus_hash() {
            moduli.entry(hash).or_insert(&key.source);
        }
    }
    for (name, lines) in [("known-keys.txt", keys), ("known-moduli.txt", moduli)] {
        let table: Vec<String> = lines
            .iter()
            .map(|(hash, source)| format!("{hash} {source}"))
            .collect();
        require(name, &(table.join("\n") + "\n"));
    }
    require("known-secrets.txt", &(known.secrets.join("\n") + "\n"));
}
