//! Keys whose parts do not belong together are refused on every way in, with the member that is wrong.

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey, EcPoint};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Rsa, RsaPrivateKeyBuilder};
use serde_json::{Value, json};

use super::{convert, only_key};
use crate::support::foreign::{ec, pkeys, rsa};
use crate::support::place::Place;

/// An RSA key with one of its numbers changed: n, e, d, p, q, dp, dq, qi.
fn changed_rsa(key: &Rsa<Private>, place: usize) -> Rsa<Private> {
    let numbers = [
        key.n(),
        key.e(),
        key.d(),
        key.p().expect("p"),
        key.q().expect("q"),
        key.dmp1().expect("dp"),
        key.dmq1().expect("dq"),
        key.iqmp().expect("qi"),
    ];
    let mut numbers = numbers.map(|number| number.to_owned().expect("a number"));
    numbers[place].add_word(2).expect("a number");
    let [n, e, d, p, q, dp, dq, qi] = numbers;
    let builder = RsaPrivateKeyBuilder::new(n, e, d).expect("a key");
    let builder = builder.set_factors(p, q).expect("a key");
    builder.set_crt_params(dp, dq, qi).expect("a key").build()
}

#[test]
fn rsa_numbers_that_disagree_are_refused_in_every_form() {
    let place = Place::new();
    let key = rsa(2048).rsa().expect("RSA");
    for (index, member) in ["n", "e", "d", "p", "q", "dp", "dq", "qi"]
        .iter()
        .enumerate()
    {
        let changed = changed_rsa(&key, index);
        place.write("pkcs1.pem", changed.private_key_to_pem().expect("PEM"));
        let pkey = PKey::from_rsa(changed).expect("a key");
        place.write("pkcs8.pem", pkey.private_key_to_pem_pkcs8().expect("PEM"));
        for file in ["pkcs1.pem", "pkcs8.pem"] {
            let run = convert(&place, &[file]);
            run.fails(3, "private-inconsistent");
            assert!(run.stderr.contains('"'), "{member}: {}", run.stderr);
        }
    }
}

#[test]
fn members_of_a_jwk_that_disagree_are_refused_by_name() {
    let place = Place::new();
    for (kind, key) in pkeys() {
        place.write("key.pem", key.private_key_to_pem_pkcs8().expect("PEM"));
        let jwk = only_key(&convert(&place, &["key.pem"]));
        let other = pkeys()
            .into_iter()
            .find(|(own, _)| *own == kind)
            .expect("one more");
        place.write(
            "other.pem",
            other.1.private_key_to_pem_pkcs8().expect("PEM"),
        );
        let other = only_key(&convert(&place, &["other.pem"]));
        for member in ["x", "y", "d", "n", "p", "q", "dp", "dq", "qi"] {
            if jwk.get(member).is_none() {
                continue;
            }
            let mut mixed = jwk.clone();
            mixed[member] = other[member].clone();
            place.write("mixed.json", mixed.to_string());
            let run = convert(&place, &["mixed.json"]);
            assert_eq!(run.exit, Some(3), "{kind} {member}: {}", run.text());
            assert_eq!(run.text(), "");
            assert!(run.stderr.contains('"'), "{kind} {member}: {}", run.stderr);
        }
    }
}

#[test]
fn lengths_are_checked() {
    let place = Place::new();
    for (kind, key) in pkeys() {
        place.write("key.pem", key.private_key_to_pem_pkcs8().expect("PEM"));
        let jwk = only_key(&convert(&place, &["key.pem"]));
        for member in ["x", "y", "d"] {
            let Some(text) = jwk.get(member).and_then(Value::as_str) else {
                continue;
            };
            if kind == "RSA" {
                continue;
            }
            let octets = jwks_cli::core::base64url::decode(text).expect("octets");
            for octets in [&octets[1..], &[&[0], &octets[..]].concat(), &[]] {
                let mut changed = jwk.clone();
                changed[member] = json!(jwks_cli::core::base64url::encode(octets));
                place.write("changed.json", changed.to_string());
                let run = convert(&place, &["changed.json"]);
                assert_eq!(run.exit, Some(3), "{kind} {member}: {}", run.text());
            }
        }
    }
}

/// SEC 1 and PKCS #8 hold the public half beside the private one.
#[test]
fn an_ec_key_with_the_point_of_another_is_refused() {
    let place = Place::new();
    for nid in [
        Nid::X9_62_PRIME256V1,
        Nid::SECP384R1,
        Nid::SECP521R1,
        Nid::SECP256K1,
    ] {
        let (one, other) = (ec(nid).ec_key().expect("EC"), ec(nid).ec_key().expect("EC"));
        let group = EcGroup::from_curve_name(nid).expect("a group");
        let mixed = EcKey::from_private_components(&group, one.private_key(), other.public_key());
        let mixed = mixed.expect("a key");
        place.write("sec1.pem", mixed.private_key_to_pem().expect("PEM"));
        let pkey = PKey::from_ec_key(mixed).expect("a key");
        place.write("pkcs8.pem", pkey.private_key_to_pem_pkcs8().expect("PEM"));
        for file in ["sec1.pem", "pkcs8.pem"] {
            convert(&place, &[file]).fails(3, "private-public-mismatch");
        }
    }
}

#[test]
fn scalars_out_of_range_are_refused() {
    let place = Place::new();
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a group");
    let mut context = BigNumContext::new().expect("a context");
    let mut order = BigNum::new().expect("a number");
    group.order(&mut order, &mut context).expect("the order");
    let key = EcKey::generate(&group).expect("a key");
    let mut point = EcPoint::new(&group).expect("a point");
    point
        .mul_generator2(&group, key.private_key(), &mut context)
        .expect("a point");
    let jwk = {
        let pkey = PKey::from_ec_key(key.clone()).expect("a key");
        place.write("key.pem", pkey.private_key_to_pem_pkcs8().expect("PEM"));
        only_key(&convert(&place, &["key.pem"]))
    };
    let mut plus = BigNum::new().expect("a number");
    plus.checked_add(key.private_key(), &order).expect("a sum");
    let zero = vec![0; 32];
    let order = order.to_vec_padded(32).expect("octets");
    for d in [zero, order] {
        let mut changed = jwk.clone();
        changed["d"] = json!(jwks_cli::core::base64url::encode(&d));
        place.write("changed.json", changed.to_string());
        convert(&place, &["changed.json"]).fails(3, "private-inconsistent");
    }
}

/// Ed25519 with its public half, as RFC 5958 allows, and some libraries write.
#[test]
fn a_second_version_of_pkcs8_is_read_and_its_halves_are_compared() {
    let place = Place::new();
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
    let der = pair.serialize_der();
    place.write("key.der", &der);
    let jwk = only_key(&convert(&place, &["key.der"]));
    assert_eq!(
        jwk["x"],
        jwks_cli::core::base64url::encode(pair.public_key_raw())
    );
    let mut changed = der.clone();
    let last = changed.len() - 1;
    changed[last] ^= 1;
    assert!(der.ends_with(pair.public_key_raw()), "no public half in it");
    place.write("key.der", changed);
    convert(&place, &["key.der"]).fails(3, "private-public-mismatch");
}
