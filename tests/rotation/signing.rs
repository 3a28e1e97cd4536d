//! `sign` and `rotate` agree about which key is active at a time.

use serde_json::Value;

use super::{T, place, report, rotate};
use crate::support::Jwks;

#[test]
fn the_key_that_signs_is_the_one_that_is_said_to_be_active() {
    let place = place();
    let day = 86_400;
    rotate(&place, T, &["--standby"]).succeeds();
    rotate(&place, T + day / 2, &["--force", "--standby"]).succeeds();
    rotate(&place, T + 3 * day, &["--revoke", "one", "--yes"]).succeeds();
    rotate(&place, T + 40 * day, &["--alg", "ES256"]).succeeds();
    for hours in (0..60 * 24).step_by(29) {
        let at = (T + hours * 3600).to_string();
        let show =
            Jwks::new("rotate").args(["--at", &at, "--json", "--dry-run", "--every", "99999d"]);
        let report = report(&show.arg(place.path("key.json")).run());
        let active: Vec<&Value> = report["keys"]
            .as_array()
            .expect("keys")
            .iter()
            .filter(|key| key["state"] == "active")
            .collect();
        assert!(active.len() <= 1, "{report}");
        let sign = Jwks::new("sign").args(["--at", &at, "--jwks"]);
        let signed = sign.arg(place.path("key.json")).run();
        let Some(active) = active.first() else {
            signed.fails(1, "no-active-key");
            continue;
        };
        let inspect = Jwks::new("inspect").args(["--format", "json", "-"]);
        let token = inspect.stdin(signed.succeeds().text()).run();
        let token: Value = serde_json::from_slice(&token.stdout).expect("JSON");
        assert_eq!(
            token["tokens"][0]["header"]["kid"], active["kid"],
            "at {at}"
        );
    }
}
