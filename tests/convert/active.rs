//! `sign` and `convert --active` agree about which key is active, at every time of a rotation.

use serde_json::Value;

use crate::support::place::Place;
use crate::support::{Jwks, Run};

const T: i64 = 1_800_000_000;
const HOUR: i64 = 3600;

fn at(command: &str, place: &Place, time: i64, arguments: &[&str]) -> Run {
    let call = Jwks::new(command).folder(place.path(""));
    call.args(["--at", &time.to_string()]).args(arguments).run()
}

/// The kid of the key that signs.
fn signer(place: &Place, time: i64) -> Option<String> {
    let run = at("sign", place, time, &["--jwks", "key.json"]);
    let header = run.text().split('.').next()?;
    let header = jwks_cli::core::base64url::decode(header).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    header["kid"].as_str().map(str::to_owned)
}

/// The kid of the key that is active.
fn active(place: &Place, time: i64) -> Option<String> {
    let arguments = ["--active", "--to", "jwk", "key.json"];
    let run = at("convert", place, time, &arguments);
    let key: Value = serde_json::from_slice(&run.stdout).ok()?;
    key["kid"].as_str().map(str::to_owned)
}

#[test]
fn the_key_that_signs_is_the_active_one_all_around_a_rotation() {
    let place = Place::new();
    let make = ["--alg", "Ed25519", "--kid", "one", "-o", "key.json"];
    at("generate", &place, T, &make).succeeds();
    at("rotate", &place, T, &["key.json", "--standby"]).succeeds();
    let takeover = T + 25 * HOUR;
    let mut seen = Vec::new();
    for time in [
        T,
        T + HOUR,
        takeover - 1,
        takeover,
        takeover + 1,
        takeover + 24 * HOUR,
        takeover + 90 * 24 * HOUR,
    ] {
        let signer = signer(&place, time);
        assert!(signer.is_some(), "nobody signs at {time}");
        assert_eq!(signer, active(&place, time), "at {time}");
        seen.extend(signer);
    }
    seen.dedup();
    assert_eq!(seen.len(), 2, "{seen:?}");
    // After a revocation, too.
    let revoke = ["key.json", "--revoke", seen[1].as_str(), "--yes"];
    at("rotate", &place, takeover + 2, &revoke).succeeds();
    for time in [takeover + 2, takeover + HOUR, takeover + 90 * 24 * HOUR] {
        let signer = signer(&place, time);
        assert_ne!(signer, Some(seen[1].clone()));
        assert_eq!(signer, active(&place, time), "at {time}");
    }
}

#[test]
fn no_key_is_active_before_any_is() {
    let place = Place::new();
    let make = ["--alg", "Ed25519", "--kid", "one", "-o", "key.json"];
    at("generate", &place, T, &make).succeeds();
    let key = place.read("key.json");
    place.write(
        "key.json",
        key.replacen('{', &format!("{{\"nbf\": {}, ", T + 10), 1),
    );
    let run = at("convert", &place, T, &["--active", "key.json"]);
    run.fails(1, "no-matching-key");
    assert_eq!(signer(&place, T), None);
    assert_eq!(active(&place, T + 10), signer(&place, T + 10));
    assert!(active(&place, T + 10).is_some());
}
