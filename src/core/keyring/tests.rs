use super::*;
use crate::core::alg;
use crate::core::new_key::KidRule;
use crate::core::time::NumericDate;

const A: &str = r#""kty":"EC","crv":"P-256","x":"M2JuyniFPjI2B5GlT8tCsoHYfsG1Dj9AzLZLS7RYk54","y":"331jfWewGlDyz3UxgdJlWSOBdi4p6QDMu9b0V3jDPf8""#;
const B: &str = r#""kty":"EC","crv":"P-256","x":"hYQ_2SKxZZT3Cu6HbyJp6gGua8JO2QzJ4ejTy0bY7eI","y":"6REcmuxHp-wcX4myYHfgBwPXYZIE8kREW8wWd4YPHlM""#;
const SECRET: &str = r#""kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8""#;
const TOMBSTONE: &str = r#""kid":"gone","revoked":{"revoked_at":1}"#;

/// The key with more members.
fn key(key: &str, more: &str) -> String {
    format!("{{{key}{more}}}")
}

fn set(members: &str, keys: &[String]) -> JwkSet {
    let document = format!("{{{members}\"keys\":[{}]}}", keys.join(","));
    JwkSet::read(document.as_bytes()).unwrap()
}

fn ring(keys: &[String]) -> Keyring {
    Keyring::merge(&[("a", &set("", keys))]).0
}

fn kids(ring: &Keyring) -> Vec<Option<String>> {
    let set = ring.set().unwrap();
    let kids = set
        .entries()
        .iter()
        .map(|entry| entry.kid().map(str::to_owned));
    kids.collect()
}

/// A new pair on a curve.
fn pair(more: &str) -> String {
    let shape = engine::Shape::Curve(alg::Curve::Ed25519);
    let material = engine::generate(shape).unwrap();
    let jwk = Jwk::from_material(material, crate::core::jwk::Parameters::default());
    let text = jwk.members().to_json();
    format!("{}{more}}}", text.trim_end_matches('}'))
}

#[test]
fn a_key_that_is_there_again_is_told_and_kept_once_with_what_any_says_of_it() {
    let first = set(
        r#""issuer":"x","#,
        &[key(A, r#","kid":"1","own":{"z":1.50,"a":2}"#), key(B, "")],
    );
    let second = set(
        r#""issuer":"y","more":[1],"#,
        &[
            key(A, r#","kid":"2","alg":"ES256""#),
            key(SECRET, ""),
            key(SECRET, ""),
        ],
    );
    let (ring, notes) = Keyring::merge(&[("\"a\"", &first), ("\"b\"", &second)]);
    assert_eq!(ring.len(), 3);
    let json = ring.to_json();
    assert!(
        json.contains(r#""kid":"1","own":{"z":1.50,"a":2},"alg":"ES256""#),
        "{}",
        *json
    );
    assert!(
        json.starts_with(r#"{"issuer":"x","more":[1],"keys":["#),
        "{}",
        *json
    );
    let notes = notes.join("\n");
    for part in [
        "the set in \"b\" has another \"issuer\"",
        "is in \"a\" and in \"b\", also under the kid \"1\", which is kept",
        "is twice in \"b\": it is kept once",
    ] {
        assert!(notes.contains(part), "no {part} in {notes}");
    }
    assert_eq!(notes.lines().count(), 3);
}

#[test]
fn the_private_half_of_one_source_joins_the_public_one_of_another() {
    let private = pair("");
    let d = private.find("\"d\"").unwrap();
    let public = format!("{}\"kid\":\"named\"}}", &private[..d]);
    let (ring, _) = Keyring::merge(&[("a", &set("", &[public])), ("b", &set("", &[private]))]);
    let set = ring.set().unwrap();
    let entry = set.entries().only().unwrap();
    assert_eq!(entry.kid(), Some("named"));
    assert!(entry.jwk().unwrap().material().is_private());
    assert!(ring.require_sound().unwrap().is_empty());
}

#[test]
fn keys_are_chosen_by_kid() {
    let keys = [
        key(A, r#","kid":"1""#),
        key(B, r#","kid":"2""#),
        key(SECRET, ""),
    ];
    let text = |kids: &[&str]| kids.iter().map(|kid| (*kid).to_owned()).collect::<Vec<_>>();
    let select = |only: &[&str], without: &[&str]| {
        let mut ring = ring(&keys);
        let (only, without) = (text(only), text(without));
        let selection = Selection {
            only: &only,
            without: &without,
            ..Selection::default()
        };
        ring.select(&selection).map(|_| kids(&ring))
    };
    let some = |kid: &str| Some(kid.to_owned());
    assert_eq!(select(&["2"], &[]).unwrap(), [some("2")]);
    assert_eq!(select(&["2", "1"], &[]).unwrap(), [some("1"), some("2")]);
    assert_eq!(select(&[], &["1"]).unwrap(), [some("2"), None]);
    assert_eq!(select(&["1", "2"], &["1"]).unwrap(), [some("2")]);
    assert_eq!(
        select(&["1"], &["1"]).unwrap_err().code,
        Code::NoMatchingKey
    );
    for (only, without) in [(&["3"][..], &[][..]), (&[], &["3"]), (&["1", "3"], &[])] {
        let failure = select(only, without).unwrap_err();
        assert_eq!(failure.code, Code::UnknownKid);
        assert!(failure.hint.unwrap().contains("\"1\", \"2\""));
    }
}

#[test]
fn the_active_key_is_that_of_the_time() {
    let keys = [
        key(A, r#","kid":"1","alg":"ES256","nbf":100,"exp":300"#),
        key(B, r#","kid":"2","alg":"ES256","nbf":200"#),
        key(TOMBSTONE, ""),
    ];
    for (now, kid) in [(100, "1"), (199, "1"), (200, "2"), (299, "2"), (1_000, "2")] {
        let mut ring = ring(&keys);
        let selection = Selection {
            active_at: Some(NumericDate::from_seconds(now)),
            ..Selection::default()
        };
        ring.select(&selection).unwrap();
        assert_eq!(kids(&ring), [Some(kid.to_owned())], "at {now}");
    }
}

/// The keys that are selected from some in every state of a rotation, and what is told of the others.
fn selected_at(
    only: &[&str],
    withheld: Withheld,
    spares_named: bool,
) -> Result<(String, Selected), Failure> {
    let ended = |from: u32, to: u32| format!(r#","alg":"ES256","nbf":{from},"exp":{to}"#);
    let keys = [
        key(
            A,
            &format!(
                r#","kid":"bad","revoked":{{"revoked_at":1}}{}"#,
                ended(1, 900)
            ),
        ),
        key(B, &format!(r#","kid":"old"{}"#, ended(1, 300))),
        pair(r#","kid":"now","alg":"Ed25519","nbf":1,"exp":200"#),
        pair(r#","kid":"next","alg":"Ed25519","nbf":100"#),
        // No date says that one succeeds the other.
        pair(r#","kid":"e1","use":"enc""#),
        pair(r#","kid":"e2","use":"enc""#),
        // Brought back under another name.
        key(A, r#","kid":"again""#),
        key(TOMBSTONE, ""),
    ];
    let set = set("", &keys);
    let members = set.entries().iter().map(|entry| entry.members().clone());
    // Merging would keep a key once that is there twice.
    let mut ring = Keyring {
        keys: members.collect(),
        ..Keyring::default()
    };
    let only: Vec<String> = only.iter().map(|kid| (*kid).to_owned()).collect();
    let selection = Selection {
        only: &only,
        withheld,
        spares_named,
        ..Selection::default()
    };
    let selected = ring.select(&selection)?;
    let kids: Vec<String> = kids(&ring).into_iter().flatten().collect();
    Ok((kids.join(" "), selected))
}

#[test]
fn what_consumers_must_not_see_is_withheld_and_told() {
    let at = |now| Withheld::Departed(NumericDate::from_seconds(now));
    for (withheld, kept) in [
        (Withheld::Nothing, "bad old now next e1 e2 again gone"),
        (Withheld::Revoked, "old now next e1 e2"),
        (at(199), "old now next e1 e2"),
        (at(200), "old next e1 e2"),
        (at(300), "next e1 e2"),
    ] {
        let (kids, selected) = selected_at(&[], withheld, true).unwrap();
        assert_eq!(kids, kept, "{withheld:?}");
        assert_eq!(selected.left_out.len(), 8 - kids.split(' ').count());
        assert_eq!(selected.spared, [""; 0]);
    }
    let (kids, selected) = selected_at(&["bad", "next"], at(200), false).unwrap();
    assert_eq!(
        (kids.as_str(), &selected.left_out[..]),
        ("next", &["key \"bad\", which is revoked,".to_owned()][..])
    );
    let (kids, selected) = selected_at(&["bad", "now"], at(200), true).unwrap();
    assert_eq!(kids, "bad now");
    assert_eq!(selected.spared.len(), 2);
    let failure = selected_at(&["bad"], Withheld::Revoked, false).unwrap_err();
    assert_eq!(failure.code, Code::NoMatchingKey);
    assert!(
        failure.message.contains("\"bad\", which is revoked"),
        "{}",
        failure.message
    );
}

#[test]
fn editing_changes_what_is_asked_for_alone() {
    let keys = [
        key(A, r#","kid":"1","use":"sig","x-own":[1.0]"#),
        key(B, ""),
    ];
    let mut own = ring(&keys);
    let rule = |index: usize| match index {
        0 => KidRule::Absent,
        _ => KidRule::Given(format!("n{index}")),
    };
    own.edit(&Edit {
        kids: Some(&rule),
        algorithm: alg::by_name("ES256"),
        key_ops: &["verify".to_owned()],
        ..Edit::default()
    })
    .unwrap();
    let json = own.to_json();
    let first = format!(r#"{{{A},"x-own":[1.0],"alg":"ES256","key_ops":["verify"]}}"#);
    let second = format!(r#"{{{B},"kid":"n1","alg":"ES256","key_ops":["verify"]}}"#);
    assert_eq!(*json, format!(r#"{{"keys":[{first},{second}]}}"#));
    own.edit(&Edit {
        key_use: Some("sig"),
        ..Edit::default()
    })
    .unwrap();
    assert!(!own.to_json().contains("key_ops"));
    // An algorithm of other keys.
    let mut own = ring(&keys);
    let edit = Edit {
        algorithm: alg::by_name("RS256"),
        ..Edit::default()
    };
    assert_eq!(own.edit(&edit).unwrap_err().code, Code::AlgKeyMismatch);
}

#[test]
fn the_hash_of_a_secret_becomes_a_name_by_force_alone() {
    let thumbprint = |_| KidRule::Thumbprint;
    let edit = |force| Edit {
        kids: Some(&thumbprint),
        force,
        ..Edit::default()
    };
    let mut own = ring(&[key(SECRET, "")]);
    assert_eq!(
        own.edit(&edit(false)).unwrap_err().code,
        Code::UnsupportedKey
    );
    assert_eq!(kids(&own), [None]);
    own.edit(&edit(true)).unwrap();
    assert!(kids(&own)[0].is_some());
    let spki = |_| KidRule::SubjectPublicKeyInfo;
    let edit = Edit {
        kids: Some(&spki),
        force: true,
        ..Edit::default()
    };
    assert!(ring(&[key(SECRET, "")]).edit(&edit).is_err());
}

#[test]
fn stripping_leaves_no_secret_and_tells_what_has_no_public_half() {
    let private = pair(r#","kid":"1","x-own":true"#);
    let keys = [private, key(SECRET, r#","kid":"2""#), key(A, "")];
    let mut own = ring(&keys);
    let left_out = own.strip().unwrap().join("\n");
    assert!(left_out.contains("\"2\""), "{left_out}");
    let json = own.to_json();
    for secret in ["\"d\"", "\"k\"", "\"oct\""] {
        assert!(!json.contains(secret), "{}", *json);
    }
    assert!(json.contains("\"x-own\":true"));
    assert_eq!(own.len(), 2);
    let failure = ring(&[key(SECRET, "")]).strip().unwrap_err();
    assert_eq!(failure.code, Code::UnsupportedKey);
    assert!(Keyring::default().strip().unwrap().is_empty());
}

#[test]
fn keys_are_put_in_order() {
    let keys = [
        key(A, r#","iat":1"#),
        key(B, r#","kid":"b","alg":"ES256","iat":3"#),
        pair(r#","kid":"a","alg":"Ed25519","iat":2"#),
        key(SECRET, r#","kid":"c","alg":"ES256""#),
    ];
    let sorted = |order| {
        let mut ring = ring(&keys);
        ring.sort(order).unwrap();
        let name = |kid: Option<String>| kid.unwrap_or_else(|| "-".to_owned());
        kids(&ring).into_iter().map(name).collect::<String>()
    };
    assert_eq!(sorted(Order::Kid), "abc-");
    assert_eq!(sorted(Order::Algorithm), "bca-");
    assert_eq!(sorted(Order::Newest), "ba-c");
    let mut own = ring(&keys);
    own.sort(Order::Thumbprint).unwrap();
    let set = own.set().unwrap();
    let prints = set
        .entries()
        .iter()
        .map(|entry| entry.jwk().unwrap().thumbprint());
    assert!(
        prints
            .collect::<Vec<_>>()
            .windows(2)
            .all(|pair| pair[0] <= pair[1] || pair[1].is_none())
    );
}

#[test]
fn keys_that_are_not_what_they_say_are_refused() {
    let off_curve = A.replace("M2JuyniF", "M2JuyniG");
    let of_another = format!(r#"{A},"d":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8""#);
    for (material, code) in [
        (off_curve.as_str(), Code::EcOffCurve),
        (&of_another, Code::PrivatePublicMismatch),
    ] {
        let failure = ring(&[key(B, ""), key(material, r#","kid":"1""#)]).require_sound();
        let failure = failure.unwrap_err();
        assert_eq!(failure.code, code);
        assert!(failure.message.contains("\"1\""), "{}", failure.message);
    }
    let weak = ring(&[key(r#""kty":"new","q":"1""#, "")]);
    assert_eq!(weak.require_sound().unwrap().len(), 1);
    assert!(
        ring(&[key(TOMBSTONE, "")])
            .require_sound()
            .unwrap()
            .is_empty()
    );
}
