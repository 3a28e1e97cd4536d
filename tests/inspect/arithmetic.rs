//! How far the arithmetic on weak keys goes.

use serde_json::{Value, json};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::fixtures::{codes, inspect_json, report};

/// A set of so many RSA keys of 2,048 bits. Their moduli are odd numbers and differ; that is all that
/// is to be said of them.
pub(crate) fn many_rsa_keys(count: u32) -> Value {
    let keys: Vec<Value> = (0..count)
        .map(|number| {
            let mut modulus = [0xa5_u8; 256];
            // Numbers that a multiplication spreads, so that no two are close.
            for (place, octet) in modulus.iter_mut().enumerate().skip(1) {
                let place = u32::try_from(place).expect("a small number");
                let spread = number
                    .wrapping_mul(2_654_435_761)
                    .wrapping_add(place * place * 7_919);
                *octet = spread.to_le_bytes()[2];
            }
            modulus[255] |= 1;
            json!({"kid": number.to_string(), "kty": "RSA", "alg": "RS256", "use": "sig",
                "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB"})
        })
        .collect();
    json!({"keys": keys})
}

#[test]
fn a_document_of_thousands_of_keys_is_examined_as_far_as_it_is_worth() {
    let run = inspect_json()
        .arg("-")
        .stdin(many_rsa_keys(3_000).to_string())
        .run();
    run.succeeds();
    let report = report(&run);
    let found = codes(&report);
    assert_eq!(
        found
            .iter()
            .filter(|code| *code == "arithmetic-skipped")
            .count(),
        1
    );
}

#[test]
fn a_set_of_honest_size_is_examined_to_the_last_key() {
    let run = inspect_json()
        .arg("-")
        .stdin(many_rsa_keys(100).to_string())
        .run();
    let found = codes(&report(run.succeeds()));
    assert!(!found.iter().any(|code| code == "arithmetic-skipped"));
}

/// An odd number of so many bytes that 3 divides.
fn divisible(bytes: usize) -> String {
    let mut modulus = vec![0xff; bytes];
    modulus[bytes - 1] = if bytes.is_multiple_of(2) { 0xff } else { 0xfc };
    URL_SAFE_NO_PAD.encode(modulus)
}

#[test]
fn dear_keys_do_not_keep_others_from_being_examined() {
    let mut set = many_rsa_keys(400);
    let keys = set["keys"].as_array_mut().expect("keys");
    for number in 0..30_u8 {
        let mut modulus = [0xa7_u8; 1024];
        modulus[500] = number;
        let n = URL_SAFE_NO_PAD.encode(modulus);
        let huge = json!({"kid": format!("huge-{number}"), "kty": "RSA", "alg": "RS256", "use": "sig", "n": n, "e": "AQAB"});
        keys.insert(0, huge);
    }
    let weak = json!({"kid": "weak", "kty": "RSA", "alg": "RS256", "use": "sig", "n": divisible(256), "e": "AQAB"});
    let alone = json!({"keys": [weak.clone()]});
    keys.insert(0, weak);
    for (document, is_cut) in [(alone, false), (set, true)] {
        let fail_on = ["--fail-on", "error"];
        let run = inspect_json()
            .arg("-")
            .args(fail_on)
            .stdin(document.to_string())
            .run();
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        let report = report(&run);
        let is_weak =
            |finding: &Value| finding["code"] == "rsa-small-factor" && finding["key"] == 0;
        assert!(
            report["findings"]
                .as_array()
                .is_some_and(|all| all.iter().any(is_weak))
        );
        assert_eq!(
            codes(&report).contains(&"arithmetic-skipped".to_owned()),
            is_cut
        );
    }
}
