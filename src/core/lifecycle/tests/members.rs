//! The same on the members of keys.

use super::*;

fn key(kid: &str, nbf: Option<i64>) -> PrivateJwk {
    let parameters = Parameters {
        kid: Some(kid.into()),
        alg: Some("Ed25519".into()),
        key_use: Some("sig".into()),
        nbf: nbf.map(at),
        ..Parameters::default()
    };
    let material = generate(Shape::Curve(Curve::Ed25519)).unwrap();
    PrivateJwk::new(Jwk::from_material(material, parameters)).unwrap()
}

fn set(keys: &[RawObject]) -> JwkSet {
    JwkSet::read(document(keys).as_bytes()).unwrap()
}

fn members(key: &PrivateJwk) -> RawObject {
    key.jwk().members().clone()
}

#[test]
fn a_plan_on_a_set_does_what_it_does_on_its_roster() {
    let mut old = key("old", Some(0)).jwk().clone();
    old.set_exp(at(10));
    let keys = set(&[
        old.members().clone(),
        members(&key("a", Some(5))),
        members(&key("b", Some(900))),
    ]);
    let before = Roster::of(&keys);
    let force = Request {
        force: true,
        standby: true,
        ..Request::default()
    };
    let rotation = plan(&before, &POLICY, &force, at(100)).unwrap();
    let named = |index| index == 1;
    let request = RevocationRequest {
        kid: "a",
        is_meant: &named,
        reason: Reason::Compromised,
        standby: true,
    };
    let withdrawal = plan_revocation(&before, &POLICY, &request, at(100)).unwrap();
    let late = repairs::mended(&before, |_| false, 100).plan;
    for plan in [rotation, withdrawal, late] {
        for stage in [Stage::Prepared, Stage::Done] {
            let made: Vec<PrivateJwk> = plan
                .new_keys
                .iter()
                .enumerate()
                .map(|(place, own)| {
                    let nbf = own.activates.unwrap_or_else(undated).seconds();
                    key(&format!("new-{}", place + 1), Some(nbf))
                })
                .collect();
            let mut expected = staged(&before, &plan, 100, stage).keys().to_vec();
            let after = set(&apply(&keys, &plan, &made, stage));
            for key in &mut expected {
                key.iat = None;
            }
            let found = Roster::of(&after).keys().to_vec();
            let without_contents = |keys: Vec<DatedKey>| -> Vec<DatedKey> {
                let keys = keys.into_iter();
                keys.map(|key| DatedKey {
                    group: None,
                    material: None,
                    ..key
                })
                .collect()
            };
            assert_eq!(
                without_contents(found),
                without_contents(expected),
                "{stage:?}"
            );
        }
    }
}

#[test]
fn of_a_revoked_key_nothing_secret_is_left() {
    let text = members(&key("a", Some(0))).to_json().to_string();
    let text = text.replacen(
        '{',
        "{\"x-note\":1.50,\"x-old\":{\"kty\":\"oct\",\"k\":\"c2VjcmV0c2VjcmV0\"},",
        1,
    );
    let secret = r#"{"kty":"oct","alg":"HS256","kid":"a","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    let broken = r#"{"kty":"EC","kid":"a","crv":"P-256","d":"AAAA","D":"BBBB","x-e":"CCCC"}"#;
    let keys = JwkSet::read(format!("[{text},{secret},{broken}]").as_bytes()).unwrap();
    let request = RevocationRequest {
        kid: "a",
        is_meant: &|_| true,
        reason: Reason::Compromised,
        standby: false,
    };
    let plan = plan_revocation(&Roster::of(&keys), &POLICY, &request, at(7)).unwrap();
    let after = apply(&keys, &plan, &[], Stage::Done);
    let revoked = "\"revoked\":{\"revoked_at\":7,\"reason\":\"compromised\"}";
    let texts: Vec<String> = after.iter().map(|key| key.to_json().to_string()).collect();
    assert!(
        texts[0].contains("\"x-note\":1.50") && texts[0].contains("\"x\":"),
        "{}",
        texts[0]
    );
    assert_eq!(
        texts[1],
        format!("{{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"a\",{revoked}}}")
    );
    assert_eq!(
        texts[2],
        format!("{{\"kty\":\"EC\",\"kid\":\"a\",{revoked}}}")
    );
    for text in &texts {
        assert!(text.contains(revoked), "{text}");
        for secret in ["\"d\"", "\"k\"", "\"D\"", "x-e", "x-old"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn the_published_set_holds_nothing_private_and_the_active_key_first() {
    let mut old = key("old", None).jwk().clone();
    old.set_exp(at(100_000));
    let gone = r#"{"kty":"OKP","kid":"gone","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","revoked":{}}"#;
    let texts = [
        old.members().to_json(),
        members(&key("next", Some(50))).to_json(),
        members(&key("now", Some(10))).to_json(),
        members(&key("gone", Some(11))).to_json(),
    ];
    let texts: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
    let keys = JwkSet::read(format!("[{gone},{}]", texts.join(",")).as_bytes()).unwrap();
    let public = published(&keys, at(20)).unwrap();
    let kids: Vec<&str> = public.iter().filter_map(|key| key.get("kid")).collect();
    assert_eq!(kids, ["\"now\"", "\"next\"", "\"old\""]);
    for key in &public {
        for name in key.names() {
            assert!(
                !["d", "nbf", "exp", "iat", "revoked"].contains(&name),
                "{name}"
            );
        }
    }
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
    assert_eq!(states(&keys, at(0)), [State::Active, State::Active]);
    let plan = plan(&Roster::of(&keys), &POLICY, &Request::default(), at(0)).unwrap();
    assert_eq!(plan.new_keys.len(), 2);
}

#[test]
fn symmetric_keys_rotate_and_are_not_published() {
    let secret = br#"{"kty":"oct","alg":"HS256","kid":"s","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}"#;
    let keys = JwkSet::read(secret).unwrap();
    assert_eq!(published(&keys, at(0)).err().unwrap(), ["key \"s\""]);
    assert!(plan(&Roster::of(&keys), &POLICY, &Request::default(), at(0)).is_ok());
}

#[test]
fn members_that_nobody_knows_survive_a_rotation() {
    let text = members(&key("a", None)).to_json().to_string();
    let text = text.replacen('{', "{\"x-note\": {\"n\": 1.50e+3, \"s\":\"\\u00e4\"},", 1);
    let first = JwkSet::read(text.as_bytes()).unwrap();
    let plan = plan(&Roster::of(&first), &POLICY, &Request::default(), at(0)).unwrap();
    let keys = apply(&first, &plan, &[key("b", Some(1))], Stage::Done);
    assert_eq!(keys[0].names().next(), Some("x-note"));
    let note = "{\"n\": 1.50e+3, \"s\":\"\\u00e4\"}";
    assert_eq!(keys[0].get("x-note"), Some(note));
}
