//! Thumbprints: of the key, and of nothing else in its document.

use std::sync::OnceLock;

use jwks_cli::core::json::{RawObject, read};
use jwks_cli::core::jwk::Jwk;
use jwks_cli::core::thumbprint::sha256;
use proptest::prelude::*;

use super::cases;
use super::keys::jwks;
use super::trees::json;

fn all() -> &'static [Jwk] {
    static KEYS: OnceLock<Vec<Jwk>> = OnceLock::new();
    KEYS.get_or_init(jwks)
}

fn thumbprint(document: &str) -> [u8; 32] {
    let node = read(document.as_bytes()).expect("JSON");
    let jwk = Jwk::read(node.as_object().expect("an object"), 0);
    let jwk = jwk.unwrap_or_else(|faults| panic!("{}", faults[0].failure));
    sha256(jwk.material())
}

/// A key, and its members in another order between members that nobody knows.
fn disguised() -> impl Strategy<Value = (usize, String)> {
    let unknown = prop::collection::vec(json(), 0..5);
    (0..all().len(), unknown).prop_flat_map(|(index, unknown)| {
        let members = all()[index].members();
        let mut texts: Vec<(String, String)> = members
            .names()
            .filter_map(|name| Some((name.to_owned(), members.get(name)?.to_owned())))
            .collect();
        texts.extend(
            unknown
                .into_iter()
                .enumerate()
                .map(|(number, value)| (format!("x-{number}"), value)),
        );
        let shuffled = Just(texts).prop_shuffle();
        shuffled.prop_map(move |texts| {
            let mut document = RawObject::new();
            for (name, value) in texts {
                document.set_raw(&name, value);
            }
            (index, document.to_json().to_string())
        })
    })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn order_and_unknown_members_change_no_thumbprint((index, document) in disguised()) {
        prop_assert_eq!(thumbprint(&document), sha256(all()[index].material()));
    }
}

#[test]
fn both_halves_have_one_thumbprint_and_different_keys_have_two() {
    for (index, jwk) in all().iter().enumerate() {
        if let Some(public) = jwk.to_public() {
            assert_eq!(sha256(public.jwk().material()), sha256(jwk.material()));
        }
        for other in &all()[..index] {
            let same = other.material() == jwk.material();
            assert_eq!(sha256(other.material()) == sha256(jwk.material()), same);
        }
    }
}
