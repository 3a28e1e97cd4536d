use super::*;
use crate::core::json::read_strict;
use crate::core::jwk::Jwk;

const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

fn code(text: &str) -> (Code, usize) {
    let node = read_strict(text.as_bytes()).unwrap();
    match Jwk::read(node.as_object().unwrap(), 0) {
        Ok(_) => panic!("{text} was read"),
        Err(faults) => (faults[0].failure.code, faults[0].offset),
    }
}

#[test]
fn each_fault_has_its_code_and_place() {
    let ec = |x: &str, y: &str| format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
    assert_eq!(code(r#"{"kid":"a"}"#), (Code::MalformedKey, 0));
    assert_eq!(code(r#"{"kty":7}"#), (Code::MalformedKey, 7));
    assert_eq!(code(r#"{"kty":"ec"}"#).0, Code::UnknownKty);
    assert_eq!(code(r#"{"kty":"EC","crv":"P-257"}"#).0, Code::UnknownCrv);
    assert_eq!(
        code(r#"{"kty":"EC","crv":"Ed25519"}"#).0,
        Code::MalformedKey
    );
    assert_eq!(code(&ec(X, "")).0, Code::MalformedKey);
    assert_eq!(code(&ec(X, &format!("{Y}="))).0, Code::Base64Padding);
    assert_eq!(code(&ec(X, &Y.replace('_', "/"))).0, Code::Base64Alphabet);
    assert_eq!(
        code(&ec(X, "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1")).0,
        Code::Base64TrailingBits
    );
    assert_eq!(code(&ec(X, "AAAA")).0, Code::EcCoordinateLength);
    assert_eq!(
        code(r#"{"kty":"OKP","crv":"Ed25519","x":"AAAA"}"#).0,
        Code::OkpLength
    );
    assert_eq!(code(r#"{"kty":"AKP","pub":"AAAA"}"#).0, Code::KeyAlgMissing);
    assert_eq!(
        code(r#"{"kty":"AKP","alg":"ES256","pub":"AAAA"}"#).0,
        Code::AlgKeyMismatch
    );
    assert_eq!(
        code(r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}"#).0,
        Code::MlDsaLength
    );
    assert_eq!(
        code(r#"{"kty":"RSA","n":"AQAB","e":"AQAB","p":"AQAB"}"#).0,
        Code::MalformedKey
    );
    assert_eq!(
        code(r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","q":"AQAB"}"#).0,
        Code::MalformedKey
    );
    assert_eq!(
        code(r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB","oth":[{}]}"#).0,
        Code::UnsupportedKey
    );
    assert_eq!(
        code(r#"{"kty":"oct","k":"AQAB","kid":5}"#).0,
        Code::MalformedKey
    );
    assert_eq!(
        code(r#"{"kty":"oct","k":"AQAB","key_ops":"sign"}"#).0,
        Code::KeyOpsInvalid
    );
}

#[test]
fn all_faults_of_a_key_are_told_at_once() {
    let text = r#"{"kty":"EC","kid":5,"alg":[],"crv":"P-256","x":"AAAA","y":"A","d":"!"}"#;
    let node = read_strict(text.as_bytes()).unwrap();
    let faults = Jwk::read(node.as_object().unwrap(), 0).unwrap_err();
    let members: Vec<_> = faults
        .iter()
        .map(|fault| fault.failure.member.as_deref().unwrap())
        .collect();
    assert_eq!(members, ["kid", "alg", "x", "y", "d"]);
}

#[test]
fn a_repeated_member_makes_one_key_unusable() {
    let text = br#"{"kty":"oct","k":"AQAB","k":"AQAC"}"#;
    let node = crate::core::json::read(text).unwrap();
    let faults = Jwk::read(node.as_object().unwrap(), 0).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(
        (faults[0].failure.code, faults[0].offset),
        (Code::DuplicateKeyMember, 24)
    );
}

#[test]
fn numbers_lose_leading_zero_octets() {
    let node = read_strict(br#"{"kty":"RSA","n":"AAEAAQ","e":"AAAD"}"#).unwrap();
    let jwk = Jwk::read(node.as_object().unwrap(), 0).unwrap();
    let expected = PublicKey::Rsa {
        n: vec![1, 0, 1],
        e: vec![3],
    };
    assert_eq!(jwk.material().public(), Some(&expected));
}

#[test]
fn a_fault_in_a_secret_tells_nothing_of_it() {
    let node = read_strict(br#"{"kty":"oct","k":"c2VjcmV0!c2VjcmV0"}"#).unwrap();
    let faults = Jwk::read(node.as_object().unwrap(), 0).unwrap_err();
    let shown = format!("{faults:?} {}", faults[0].failure);
    assert!(!shown.contains("c2Vj") && !shown.contains('!'), "{shown}");
}
