//! Tokens: one that was changed in any way does not verify with another payload.

use std::sync::OnceLock;

use jwks_cli::core::alg::{self, Algorithm};
use jwks_cli::core::base64url;
use jwks_cli::core::json::{RawObject, read_strict};
use jwks_cli::core::jwk::Jwk;
use jwks_cli::core::jwks::JwkSet;
use jwks_cli::core::signing::sign;
use jwks_cli::core::time::NumericDate;
use jwks_cli::core::verify::{Content, Policy, verify};
use proptest::prelude::*;
use proptest::sample::Index;

use super::cases;
use super::documents::{changed, changes};
use super::keys::{jwk, set};

const PAYLOAD: &str = r#"{"iss":"https://issuer.example","sub":"alice","exp":2000000000}"#;

/// One of each kind of signature.
const ALGORITHMS: [&str; 8] = [
    "HS256",
    "RS256",
    "PS256",
    "ES256",
    "ES512",
    "Ed25519",
    "Ed448",
    "ML-DSA-44",
];

pub(crate) struct Signed {
    pub(crate) set: JwkSet,
    pub(crate) tokens: Vec<String>,
}

pub(crate) fn signed() -> &'static Signed {
    static SIGNED: OnceLock<Signed> = OnceLock::new();
    SIGNED.get_or_init(|| {
        let rows = ALGORITHMS.map(|name| alg::by_name(name).expect("an algorithm"));
        let keys: Vec<Jwk> = rows.into_iter().map(jwk).collect();
        let tokens = rows
            .into_iter()
            .zip(&keys)
            .map(|(row, key)| token(row, key));
        Signed {
            tokens: tokens.collect(),
            set: set(&keys),
        }
    })
}

fn token(algorithm: &'static Algorithm, key: &Jwk) -> String {
    let mut header = RawObject::new();
    header.set_string("alg", algorithm.name);
    header.set_string("kid", algorithm.name);
    let claims = read_strict(PAYLOAD.as_bytes()).expect("claims");
    let claims = RawObject::of(claims.as_object().expect("an object"));
    sign(key, algorithm, &header, &claims).expect("a token")
}

/// The payload that a token is accepted with.
fn accepted(token: &[u8], set: &JwkSet) -> Option<Vec<u8>> {
    let now = NumericDate::from_seconds(1_800_000_000);
    let claims = Policy::default();
    let strict = verify(token, set, &claims, now);
    let octets = Policy {
        content: Content::Octets,
        ..Policy::default()
    };
    let loose = verify(token, set, &octets, now);
    let payload = strict.verified.map(|verified| verified.payload().to_vec());
    let content = loose.verified.map(|verified| verified.payload().to_vec());
    // What passes every check of the claims passes that of the signature alone.
    assert!(payload.is_none() || payload == content);
    content
}

#[test]
fn tokens_that_were_not_changed_verify() {
    for token in &signed().tokens {
        let payload = accepted(token.as_bytes(), &signed().set);
        assert_eq!(payload.as_deref(), Some(PAYLOAD.as_bytes()));
    }
}

#[test]
fn no_bit_of_a_short_token_can_be_flipped() {
    let token = signed().tokens[0].as_bytes();
    for at in 0..token.len() {
        for bit in 0..8 {
            let mut changed = token.to_vec();
            changed[at] ^= 1 << bit;
            assert_eq!(
                accepted(&changed, &signed().set),
                None,
                "bit {bit} of byte {at}"
            );
        }
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn no_byte_of_a_token_can_be_another(index in 0..ALGORITHMS.len(), at in any::<Index>(), byte in any::<u8>()) {
        let mut token = signed().tokens[index].clone().into_bytes();
        let at = at.index(token.len());
        prop_assume!(token[at] != byte);
        token[at] = byte;
        prop_assert_eq!(accepted(&token, &signed().set), None);
    }

    #[test]
    fn a_token_changed_in_any_way_keeps_its_payload_or_is_rejected(
        index in 0..ALGORITHMS.len(),
        changes in changes(),
    ) {
        let token = changed(signed().tokens[index].as_bytes(), &changes);
        if let Some(payload) = accepted(&token, &signed().set) {
            prop_assert_eq!(payload, PAYLOAD.as_bytes());
        }
    }

    #[test]
    fn parts_of_different_tokens_make_no_token(parts in prop::array::uniform3(0..ALGORITHMS.len())) {
        let part = |place: usize| signed().tokens[parts[place]].split('.').nth(place).expect("a part");
        let mixed = format!("{}.{}.{}", part(0), part(1), part(2));
        let whole = parts[0] == parts[2];
        prop_assert_eq!(accepted(mixed.as_bytes(), &signed().set).is_some(), whole);
    }

    #[test]
    fn no_header_and_no_bytes_make_verification_panic(
        header in super::trees::json(),
        claims in prop_oneof![super::trees::json(), any::<String>()],
        signature in prop::collection::vec(any::<u8>(), 0..80),
        bytes in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let encode = |text: &str| base64url::encode(text.as_bytes());
        let token = format!("{}.{}.{}", encode(&header), encode(&claims), base64url::encode(&signature));
        prop_assert_eq!(accepted(token.as_bytes(), &signed().set), None);
        prop_assert_eq!(accepted(&bytes, &signed().set), None);
    }
}
