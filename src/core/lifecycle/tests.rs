use super::*;
use crate::core::alg::Curve;
use crate::core::engine::{Shape, generate};
use crate::core::jwk::{Parameters, PrivateJwk};

const HOUR: Duration = Duration::from_secs(3600);
const POLICY: RotationPolicy = RotationPolicy {
    cache_ttl: Duration::from_secs(24 * 3600),
    token_lifetime: Duration::from_secs(12 * 3600),
    margin: HOUR,
};

fn key(kid: &str, nbf: Option<i64>) -> PrivateJwk {
    let parameters = Parameters {
        kid: Some(kid.into()),
        alg: Some("ES256".into()),
        key_use: Some("sig".into()),
        nbf: nbf.map(NumericDate::from_seconds),
        ..Parameters::default()
    };
    let material = generate(Shape::Curve(Curve::P256)).unwrap();
    PrivateJwk::new(Jwk::from_material(material, parameters)).unwrap()
}

fn set(keys: &[RawObject]) -> JwkSet {
    let keys: Vec<String> = keys.iter().map(|key| key.to_json().to_string()).collect();
    let text = format!("{{\"keys\":[{}]}}", keys.join(","));
    JwkSet::read(text.as_bytes()).unwrap()
}

fn members(key: &PrivateJwk) -> RawObject {
    key.jwk().members().clone()
}

fn at(seconds: i64) -> NumericDate {
    NumericDate::from_seconds(seconds)
}

fn names(set: &JwkSet, now: i64) -> Vec<&'static str> {
    states(set, at(now)).into_iter().map(State::name).collect()
}

#[test]
fn a_rotation_publishes_takes_over_retires_and_removes_in_order() {
    let first = set(&[members(&key("a", None))]);
    let plan_one = plan(&first, &POLICY, at(0)).unwrap();
    let takeover = 25 * 3600;
    let leaves = takeover + 13 * 3600;
    assert_eq!(plan_one.successors[0].activates, at(takeover));
    assert_eq!(plan_one.retirements[0].leaves, at(leaves));

    let second = set(&apply(&first, &plan_one, &[key("b", Some(takeover))]));
    assert_eq!(names(&second, takeover - 1), ["active", "pending"]);
    assert_eq!(names(&second, takeover), ["retiring", "active"]);
    assert_eq!(names(&second, leaves - 1), ["retiring", "active"]);
    assert_eq!(names(&second, leaves), ["expired", "active"]);

    let refusal = plan(&second, &POLICY, at(takeover - 1)).unwrap_err();
    assert!(matches!(refusal, Refusal::UnderWay { activates, .. } if activates == at(takeover)));
    let early = plan(&second, &POLICY, at(takeover)).unwrap();
    assert!(early.removals.is_empty());
    let late = plan(&second, &POLICY, at(leaves)).unwrap();
    assert_eq!(late.removals, [0]);
}

#[test]
fn a_group_is_never_without_an_active_key() {
    let mut lone = key("a", Some(0)).jwk().clone();
    lone.set_exp(at(10));
    let set_of_one = set(&[lone.members().clone()]);
    assert_eq!(names(&set_of_one, 1_000), ["active"]);
    let plan = plan(&set_of_one, &POLICY, at(1_000)).unwrap();
    assert!(plan.removals.is_empty());
    assert!(plan.retirements[0].leaves > at(1_000));
}

#[test]
fn undated_keys_of_other_tools_are_accepted_and_the_last_signs() {
    let keys = set(&[members(&key("old", None)), members(&key("new", None))]);
    assert_eq!(names(&keys, 0), ["retiring", "active"]);
    let plan = plan(&keys, &POLICY, at(0)).unwrap();
    assert_eq!(plan.successors[0].like, 1);
    assert_eq!(plan.retirements[0].leaves, at(13 * 3600));
}

#[test]
fn the_published_set_holds_nothing_private_and_the_active_key_first() {
    let mut old = key("old", None).jwk().clone();
    old.set_exp(at(100_000));
    let keys = set(&[
        old.members().clone(),
        members(&key("next", Some(50))),
        members(&key("now", Some(10))),
    ]);
    let public = published(&keys, at(20)).unwrap();
    let kids: Vec<&str> = public.iter().filter_map(|key| key.get("kid")).collect();
    assert_eq!(kids, ["\"now\"", "\"next\"", "\"old\""]);
    for key in &public {
        for name in key.names() {
            assert!(!["d", "nbf", "exp", "iat"].contains(&name), "{name}");
        }
    }
}

#[test]
fn a_key_that_is_published_late_takes_over_late() {
    let first = set(&[members(&key("a", None))]);
    let plan_one = plan(&first, &POLICY, at(0)).unwrap();
    let takeover = 25 * 3600;
    let second = set(&apply(&first, &plan_one, &[key("b", Some(takeover))]));
    assert!(postpone(&second, &POLICY, at(3600), |_| true).is_none());
    let late = postpone(&second, &POLICY, at(3600), |_| false).unwrap();
    assert_eq!(late.activates, at(3600 + takeover));
    let third = set(&late.keys);
    assert_eq!(names(&third, 3600 + takeover - 1), ["active", "pending"]);
    assert_eq!(names(&third, 3600 + takeover), ["retiring", "active"]);
    let dates = |index: usize| third.entries()[index].jwk().unwrap().parameters().clone();
    assert_eq!(dates(0).exp, Some(at(3600 + takeover + 13 * 3600)));
    // Once it is active there is nothing to put off.
    assert!(postpone(&second, &POLICY, at(takeover), |_| false).is_none());
}

#[test]
fn keys_on_different_curves_do_not_succeed_each_other() {
    let on = |curve, alg: &str| {
        let parameters = Parameters {
            kid: Some(alg.into()),
            alg: Some("EdDSA".into()),
            ..Parameters::default()
        };
        let material = generate(Shape::Curve(curve)).unwrap();
        Jwk::from_material(material, parameters).members().clone()
    };
    let keys = set(&[on(Curve::Ed25519, "x"), on(Curve::Ed448, "y")]);
    assert_eq!(names(&keys, 0), ["active", "active"]);
    assert_eq!(plan(&keys, &POLICY, at(0)).unwrap().successors.len(), 2);
}

#[test]
fn public_and_symmetric_sets_are_told() {
    let public = key("a", None).jwk().to_public().unwrap();
    let keys = set(&[public.jwk().members().clone()]);
    assert!(matches!(
        plan(&keys, &POLICY, at(0)),
        Err(Refusal::PublicKeys(_))
    ));
    let secret = br#"{"kty":"oct","alg":"HS256","kid":"s","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    let keys = JwkSet::read(secret).unwrap();
    assert_eq!(published(&keys, at(0)).err().unwrap(), ["key \"s\""]);
    assert!(plan(&keys, &POLICY, at(0)).is_ok());
    let none = JwkSet::read(br#"{"keys":[]}"#).unwrap();
    assert_eq!(
        plan(&none, &POLICY, at(0)).err(),
        Some(Refusal::NothingToRotate)
    );
}

#[test]
fn members_that_nobody_knows_survive_a_rotation() {
    let text = key("a", None).jwk().members().to_json().to_string();
    let text = text.replacen('{', "{\"x-note\": {\"n\": 1.50e+3, \"s\":\"\\u00e4\"},", 1);
    let first = JwkSet::read(text.as_bytes()).unwrap();
    let plan = plan(&first, &POLICY, at(0)).unwrap();
    let keys = apply(&first, &plan, &[key("b", Some(1))]);
    assert_eq!(keys[0].names().next(), Some("x-note"));
    assert_eq!(
        keys[0].get("x-note"),
        Some("{\"n\": 1.50e+3, \"s\":\"\\u00e4\"}")
    );
}
