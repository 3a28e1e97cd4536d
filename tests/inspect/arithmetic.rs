//! How far the arithmetic on weak keys goes.

use serde_json::{Value, json};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::fixtures::{codes, inspect_json, report};

/// A set of so many RSA keys of 2,048 bits. Their moduli are odd numbers and differ; that is all that
/// is to be said of them.
fn many_rsa_keys(count: u32) -> Value {
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
