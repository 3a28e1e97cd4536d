//! One private key under two names: it is withdrawn under both.

use serde_json::json;

use super::{T, keys, kids, place, rotate};
use crate::support::Jwks;

const REVOKE: [&str; 3] = ["--revoke", "one", "--yes"];

#[test]
fn a_revoked_key_signs_under_no_other_name() {
    let place = place();
    let one = place.json("key.json");
    let mut twin = one.clone();
    twin["kid"] = "twin".into();
    place.write("key.json", json!({"keys": [one, twin]}).to_string());
    rotate(&place, T, &REVOKE).succeeds();
    let private = keys(&place, "key.json");
    assert_eq!(kids(&place, "key.json")[..2], ["one", "twin"]);
    for key in &private[..2] {
        assert!(key["d"].is_null() && key["revoked"].is_object(), "{key}");
    }
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json")[2..]);
}

#[test]
fn a_revoked_key_does_not_come_back_under_another_name() {
    let place = place();
    let mut backup = place.json("key.json");
    backup["kid"] = "again".into();
    rotate(&place, T, &REVOKE).succeeds();
    let mut file = place.json("key.json");
    file["keys"].as_array_mut().expect("keys").push(backup);
    place.write("key.json", file.to_string());
    rotate(&place, T + 1, &["--every", "90d"]).succeeds();
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json")[1..2]);
    let sign = Jwks::new("sign").args(["--at", &(T + 1).to_string(), "--kid", "again"]);
    let sign = sign.arg("--jwks").arg(place.path("key.json"));
    sign.run().fails(1, "key-revoked");
    // The command is the same as ever for whoever wants it gone.
    rotate(&place, T + 2, &REVOKE).succeeds();
    assert!(keys(&place, "key.json")[2]["d"].is_null());
}
