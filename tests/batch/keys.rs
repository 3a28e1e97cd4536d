//! Secrets that are the same in every run, and tokens signed with them: HMAC is quick in a debug build.

use jwks_cli::core::alg;
use jwks_cli::core::base64url::encode;
use jwks_cli::core::engine::Signer;
use jwks_cli::core::json::read_strict;
use jwks_cli::core::jwk::Jwk;
use serde_json::{Value, json};

use crate::support::place::Place;

/// Claims that hold at the time of the tests.
pub(crate) const CLAIMS: &str = r#"{"sub":"alice","exp":2000000000}"#;

/// A key to sign and to verify with.
pub(crate) struct Key {
    pub(crate) members: Value,
    algorithm: &'static str,
    kid: Option<String>,
}

impl Key {
    /// The key whose secret is this byte over and over.
    pub(crate) fn new(algorithm: &'static str, kid: Option<&str>, byte: u8) -> Self {
        let mut members = json!({"kty": "oct", "alg": algorithm, "k": encode(&[byte; 64])});
        if let Some(kid) = kid {
            members["kid"] = kid.into();
        }
        Self {
            members,
            algorithm,
            kid: kid.map(str::to_owned),
        }
    }

    /// The token that carries these claims, byte for byte.
    pub(crate) fn sign(&self, claims: impl AsRef<[u8]>) -> String {
        let mut header = json!({"alg": self.algorithm});
        if let Some(kid) = &self.kid {
            header["kid"] = kid.as_str().into();
        }
        let header = encode(header.to_string().as_bytes());
        let signed = format!("{header}.{}", encode(claims.as_ref()));
        let members = self.members.to_string();
        let node = read_strict(members.as_bytes()).expect("JSON");
        let jwk = Jwk::read(node.as_object().expect("an object"), 0).expect("a key");
        let algorithm = alg::by_name(self.algorithm).expect("an algorithm");
        let signer = Signer::new(jwk.material(), algorithm).expect("a signer");
        let signature = signer.sign(signed.as_bytes()).expect("a signature");
        format!("{signed}.{}", encode(&signature))
    }

    /// A token with a subject of its own.
    pub(crate) fn token(&self, number: usize) -> String {
        self.sign(format!(r#"{{"sub":"subject-{number}","exp":2000000000}}"#))
    }
}

/// A key of HS256 named "one".
pub(crate) fn one() -> Key {
    Key::new("HS256", Some("one"), 1)
}

/// A key of HS256 named "two".
pub(crate) fn two() -> Key {
    Key::new("HS256", Some("two"), 2)
}

/// A key of HS384 named "three".
pub(crate) fn three() -> Key {
    Key::new("HS384", Some("three"), 3)
}

/// A key of HS256 without a name.
pub(crate) fn nameless() -> Key {
    Key::new("HS256", None, 4)
}

/// A key of HS256 that is in no set.
pub(crate) fn unknown() -> Key {
    Key::new("HS256", Some("unknown"), 5)
}

/// A key of HS256 that is revoked in the set.
pub(crate) fn revoked() -> Key {
    let mut key = Key::new("HS256", Some("revoked"), 6);
    key.members["revoked"] = json!({"revoked_at": 1});
    key
}

/// The token that most tests take for a valid one.
pub(crate) fn valid() -> String {
    one().sign(CLAIMS)
}

/// The text of a set of these keys.
pub(crate) fn set(keys: &[Key]) -> String {
    let keys: Vec<&Value> = keys.iter().map(|key| &key.members).collect();
    json!({"keys": keys}).to_string()
}

/// A folder with the set of all these keys but the unknown one in `keys.json`.
pub(crate) fn place() -> Place {
    let place = Place::new();
    let keys = [one(), two(), three(), nameless(), revoked()];
    place.write("keys.json", set(&keys));
    place
}

/// Lines that hold no valid token, and the first reason for it.
pub(crate) fn broken() -> Vec<(Vec<u8>, &'static str)> {
    let valid = valid();
    let (signed, _) = valid.rsplit_once('.').expect("a signature");
    let expired = r#"{"exp":1000000000}"#;
    let texts = [
        (String::new(), "token-empty"),
        (" ".to_owned(), "token-character"),
        ("\t".to_owned(), "token-character"),
        ("garbage".to_owned(), "token-parts"),
        ("a.b".to_owned(), "token-parts"),
        ("a.b.c.d".to_owned(), "token-parts"),
        ("a.b.c.d.e".to_owned(), "token-encrypted"),
        (format!(" {valid}"), "token-character"),
        (format!("{valid} "), "token-character"),
        (format!("\u{feff}{valid}"), "token-character"),
        (format!("{valid}\u{2028}{valid}"), "token-character"),
        (format!("{valid}="), "token-character"),
        (format!("{signed}.A"), "token-base64"),
        (format!("{signed}.AA"), "signature-malformed"),
        (format!("{signed}."), "signature-malformed"),
        ("e30.e30.AA".to_owned(), "header-alg-missing"),
        ("W10.e30.AA".to_owned(), "header-malformed"),
        ("eyJhbGciOiJub25lIn0.e30.".to_owned(), "alg-none"),
        (unknown().token(0), "unknown-kid"),
        (revoked().token(0), "key-revoked"),
        (one().sign(expired), "expired"),
        (one().sign("[]"), "claims-malformed"),
        (one().sign("{"), "claims-malformed"),
    ];
    let mut broken: Vec<(Vec<u8>, &str)> = texts
        .into_iter()
        .map(|(text, code)| (text.into_bytes(), code))
        .collect();
    broken.extend([
        (b"\0".to_vec(), "token-character"),
        (b"\xff\xfe".to_vec(), "token-character"),
        (b"a\rb".to_vec(), "token-character"),
        (b"\x0b\x0c\x1b[2J".to_vec(), "token-character"),
        ((128..=255).collect(), "token-character"),
    ]);
    broken
}
