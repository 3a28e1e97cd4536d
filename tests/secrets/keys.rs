//! Keys whose private members are known.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::place::{AT, Place};
use crate::support::watch::{PRIVATE_MEMBERS, Watch};
use crate::support::{Jwks, Run};

/// Every algorithm that signs.
pub(crate) const ALGORITHMS: [&str; 19] = [
    "HS256",
    "HS384",
    "HS512",
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "ES256K",
    "Ed25519",
    "Ed448",
    "EdDSA",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
];

/// A private key in `key.json` of a folder of its own, and a token that it signed in `token`.
pub(crate) struct Key {
    pub(crate) algorithm: String,
    pub(crate) place: Place,
    /// The private members with their values.
    pub(crate) private: Vec<(&'static str, String)>,
}

/// The text of a key of each algorithm, made once.
static TEXTS: OnceLock<HashMap<&str, String>> = OnceLock::new();

fn texts() -> HashMap<&'static str, String> {
    // RSA keys take time to make, and one serves each of their algorithms.
    let rsa = generated("RS256");
    ALGORITHMS
        .into_iter()
        .map(|algorithm| match &algorithm[..2] {
            "RS" | "PS" => (algorithm, rsa.replace("RS256", algorithm)),
            _ => (algorithm, generated(algorithm)),
        })
        .collect()
}

fn generated(algorithm: &str) -> String {
    let options = ["--alg", algorithm, "--kid", "one", "--at", AT];
    let run = Jwks::new("generate").args(options).run();
    run.succeeds().text().to_owned()
}

impl Key {
    pub(crate) fn of(algorithm: &str) -> Self {
        let place = Place::new();
        place.write("key.json", &TEXTS.get_or_init(texts)[algorithm]);
        let key = Self {
            algorithm: algorithm.to_owned(),
            private: private_members(&place.json("key.json")),
            place,
        };
        assert!(!key.private.is_empty(), "{algorithm} has no private member");
        let token = key.sign(&[]);
        key.place.write("token", token.succeeds().text());
        key
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.place.path("key.json")
    }

    pub(crate) fn text(&self) -> String {
        self.place.read("key.json")
    }

    pub(crate) fn watch(&self) -> Watch {
        let mut watch = Watch::default();
        for (_, value) in &self.private {
            watch.add(value);
        }
        watch
    }

    pub(crate) fn sign(&self, options: &[&str]) -> Run {
        let call = Place::jwks("sign").arg("--jwks").arg(self.file());
        call.args(options).run()
    }

    pub(crate) fn verify(&self, token: &str, options: &[&str]) -> Run {
        let call = Place::jwks("verify").arg(self.place.path(token));
        call.arg("--jwks").arg(self.file()).args(options).run()
    }
}

fn private_members(key: &Value) -> Vec<(&'static str, String)> {
    PRIVATE_MEMBERS
        .into_iter()
        .filter_map(|name| Some((name, key[name].as_str()?.to_owned())))
        .collect()
}

/// Watches for every private member in a document of one or several keys.
pub(crate) fn watch_of(document: &Value) -> Watch {
    let mut watch = Watch::default();
    let one = vec![document.clone()];
    for key in document["keys"].as_array().unwrap_or(&one) {
        for (_, value) in private_members(key) {
            watch.add(&value);
        }
    }
    watch
}
