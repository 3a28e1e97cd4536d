//! Many rotations, and many keys.

use std::time::Duration;

use jwks_cli::core::json::compact;
use jwks_cli::core::jwks::JwkSet;

use jwks_cli::core::alg::Curve;
use jwks_cli::core::engine::{Shape, generate};
use jwks_cli::core::jwk::{Jwk, Parameters, PrivateJwk};
use jwks_cli::core::jwks::document;
use jwks_cli::core::lifecycle::{Plan, Request, Roster, RotationPolicy, Stage, apply, plan};
use jwks_cli::core::time::NumericDate;

const POLICY: RotationPolicy = RotationPolicy {
    cache_ttl: Duration::from_secs(3600),
    token_lifetime: Duration::from_secs(900),
    margin: Duration::from_secs(300),
};

fn new_keys(plan: &Plan, round: i64) -> Vec<PrivateJwk> {
    let keys = plan.new_keys.iter().map(|wanted| {
        let parameters = Parameters {
            kid: Some(format!("key-{round}")),
            alg: Some("Ed25519".to_owned()),
            nbf: wanted.activates,
            ..Parameters::default()
        };
        let material = generate(Shape::Curve(Curve::Ed25519)).expect("a key");
        PrivateJwk::new(Jwk::from_material(material, parameters)).expect("a private key")
    });
    keys.collect()
}

/// The members of a set and of a key that no rotation may touch.
const SET: &str = r#""x-first":1e2,"x-last":[ 1.0 ,2 ]"#;
const KEY: &str = r#"{"kty":"x-unknown","d":"?","n":1.500e+03,"big":123456789012345678901234567890.10,"z":{"b":[1,{}],"a":"\u00e9\/"},"A":null}"#;

#[test]
fn strange_members_survive_a_thousand_rotations() {
    let first = r#"{"kty":"OKP","kid":"key-0","alg":"Ed25519","crv":"Ed25519","x":"YzpsGpGrvYD1s5SGuI2BKHkODELLiLz5oMHFy3Z9uA8","d":"J_A5CfuCZCmbdaqYANAQ0tLB4vwrck57gnDzgqZ9oMQ"}"#;
    let members = SET.split_once(",\"x-last\"").expect("two members");
    let text = format!(
        "{{{},\"keys\":[{KEY},{first}],\"x-last\"{}}}",
        members.0, members.1
    );
    let mut set = JwkSet::read(text.as_bytes()).expect("a set");
    for round in 1..=1_000_i64 {
        let now = NumericDate::from_seconds(round * 86_400);
        let roster = Roster::of(&set);
        let plan = plan(&roster, &POLICY, &Request::default(), now).expect("a plan");
        let keys = apply(&set, &plan, &new_keys(&plan, round), Stage::Done);
        let mut members = set.members().clone();
        let list = document(&keys);
        let list = list
            .strip_prefix("{\"keys\":")
            .and_then(|list| list.strip_suffix('}'));
        members.set_raw("keys", list.expect("an array"));
        set = JwkSet::read(members.to_json().as_bytes()).expect("it can be read again");
        assert_eq!(set.entries().len(), 3, "round {round}");
    }
    let names: Vec<&str> = set.members().names().collect();
    assert_eq!(names, ["x-first", "keys", "x-last"]);
    assert_eq!(set.members().get("x-first"), Some("1e2"));
    assert_eq!(set.members().get("x-last"), Some("[ 1.0 ,2 ]"));
    let unknown = set.entries()[0].members().to_json();
    assert_eq!(compact(&unknown), compact(KEY));
    assert_eq!(set.entries()[2].kid(), Some("key-1000"));
}

#[test]
fn a_file_of_ten_thousand_keys_rotates() {
    let one = r#"{"kty":"OKP","kid":"NAME","alg":"Ed25519","crv":"Ed25519","x":"YzpsGpGrvYD1s5SGuI2BKHkODELLiLz5oMHFy3Z9uA8","d":"J_A5CfuCZCmbdaqYANAQ0tLB4vwrck57gnDzgqZ9oMQ","nbf":1,"exp":9}"#;
    let keys: Vec<String> = (0..10_000)
        .map(|index| one.replace("NAME", &index.to_string()))
        .collect();
    let place = super::Place::new();
    place.write("key.json", format!("{{\"keys\":[{}]}}", keys.join(",")));
    super::rotate(&place, super::T, &[]).succeeds();
    assert_eq!(super::kids(&place, "key.json")[0], "9999");
    assert_eq!(super::keys(&place, "public.json").len(), 2);
}
