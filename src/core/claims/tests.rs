use super::*;
use crate::core::check::Checks;

const NOW: i64 = 1_700_000_000;

fn codes(payload: &str, expected: &Expectations) -> Vec<Code> {
    let claims = Claims::read(payload.as_bytes()).unwrap();
    let mut checks = Checks::default();
    claims.check(expected, NumericDate::from_seconds(NOW), &mut checks);
    checks.failures().map(|failure| failure.code).collect()
}

fn code(payload: &str) -> Vec<Code> {
    codes(payload, &Expectations::default())
}

#[test]
fn times_are_compared_exactly_at_the_border() {
    assert_eq!(code(&format!(r#"{{"exp":{NOW}}}"#)), [Code::Expired]);
    assert_eq!(code(&format!(r#"{{"exp":{NOW}.000000001}}"#)), []);
    assert_eq!(code(&format!(r#"{{"exp":{}}}"#, NOW + 1)), []);
    assert_eq!(code(&format!(r#"{{"nbf":{NOW}}}"#)), []);
    assert_eq!(code(&format!(r#"{{"nbf":{NOW}.1}}"#)), [Code::NotYetValid]);
    let lenient = Expectations {
        leeway: Duration::from_secs(60),
        ..Expectations::default()
    };
    assert_eq!(codes(&format!(r#"{{"exp":{}}}"#, NOW - 59), &lenient), []);
    assert_eq!(
        codes(&format!(r#"{{"exp":{}}}"#, NOW - 60), &lenient),
        [Code::Expired]
    );
    assert_eq!(codes(&format!(r#"{{"nbf":{}}}"#, NOW + 60), &lenient), []);
    assert_eq!(
        codes(&format!(r#"{{"nbf":{}}}"#, NOW + 61), &lenient),
        [Code::NotYetValid]
    );
}

#[test]
fn numbers_of_any_size_are_judged() {
    assert_eq!(code(r#"{"exp":1e30}"#), []);
    assert_eq!(code(r#"{"exp":-1e30}"#), [Code::Expired]);
    assert_eq!(code(r#"{"nbf":1e400}"#), [Code::NotYetValid]);
    let aged = Expectations {
        max_age: Some(Duration::MAX),
        leeway: Duration::MAX,
        ..Expectations::default()
    };
    assert_eq!(codes(r#"{"iat":-1e300,"exp":1,"nbf":1e300}"#, &aged), []);
}

#[test]
fn a_wrong_type_is_an_error_and_never_absent() {
    for payload in [
        r#"{"exp":"9999999999"}"#,
        r#"{"nbf":null}"#,
        r#"{"iat":[1]}"#,
        r#"{"iss":5}"#,
        r#"{"sub":{}}"#,
        r#"{"jti":false}"#,
        r#"{"aud":["a",1]}"#,
        r#"{"aud":{"a":1}}"#,
        r#"{"iss":"a\u0000b"}"#,
    ] {
        assert_eq!(code(payload), [Code::ClaimInvalid], "{payload}");
    }
}

#[test]
fn every_failure_is_reported() {
    let expected = Expectations {
        issuer: Some("https://a.example".into()),
        audiences: vec!["x".into(), "y".into()],
        subject: Some("bob".into()),
        required: vec!["scope".into()],
        values: vec![("admin".into(), ExpectedValue::Json("true".into()))],
        max_age: Some(Duration::from_secs(10)),
        ..Expectations::default()
    };
    let payload = format!(
        r#"{{"iss":"https://a.example/","aud":"z","sub":"alice","exp":{},"iat":{},"admin":"true"}}"#,
        NOW - 5,
        NOW - 11
    );
    assert_eq!(
        codes(&payload, &expected),
        [
            Code::Expired,
            Code::TooOld,
            Code::IssuerMismatch,
            Code::SubjectMismatch,
            Code::AudienceMismatch,
            Code::ClaimMissing,
            Code::ClaimMismatch
        ]
    );
    assert_eq!(
        codes("{}", &expected),
        [
            Code::ClaimMissing,
            Code::ClaimMissing,
            Code::ClaimMissing,
            Code::ClaimMissing,
            Code::ClaimMissing,
            Code::ClaimMissing
        ]
    );
}

#[test]
fn values_are_compared_as_json() {
    let with = |json: &str| Expectations {
        values: vec![("v".into(), ExpectedValue::Json(json.into()))],
        ..Expectations::default()
    };
    assert_eq!(
        codes(
            r#"{"v":{"b":[1.0],"a":null}}"#,
            &with(r#"{"a":null,"b":[1]}"#)
        ),
        []
    );
    assert_eq!(
        codes(
            r#"{"v":18446744073709551617}"#,
            &with("18446744073709551618")
        ),
        [Code::ClaimMismatch]
    );
    let text = Expectations {
        values: vec![("v".into(), ExpectedValue::Text("1".into()))],
        ..Expectations::default()
    };
    assert_eq!(codes(r#"{"v":1}"#, &text), [Code::ClaimMismatch]);
    assert_eq!(codes(r#"{"v":"1"}"#, &text), []);
}

#[test]
fn the_payload_must_be_an_object_that_all_read_alike() {
    for payload in ["", "[]", "\"x\"", "{", "\u{feff}{}", "null"] {
        let failure = Claims::read(payload.as_bytes()).err().unwrap();
        assert_eq!(failure.code, Code::ClaimsMalformed, "{payload:?}");
    }
    let failure = Claims::read(br#"{"exp":1,"exp":9999999999}"#)
        .err()
        .unwrap();
    assert_eq!(failure.code, Code::DuplicateMember);
}
