//! The published set before a call: what it says about the keys.

use crate::{T, TAKEOVER, keys, place, rotate};

#[test]
fn a_key_that_was_published_under_another_name_is_late() {
    for (member, value) in [("kid", "renamed"), ("alg", "EdDSA")] {
        let place = place();
        rotate(&place, T, &[]).succeeds();
        let mut file = place.json("key.json");
        file["keys"][1][member] = value.into();
        if member == "alg" {
            file["keys"][0][member] = value.into();
        }
        place.write("key.json", file.to_string());
        let at = T + TAKEOVER - 3_600;
        let run = rotate(&place, at, &[]);
        run.fails(1, "rotation-under-way");
        assert!(run.stderr.contains("is put off"), "{}", run.stderr);
        assert_eq!(keys(&place, "key.json")[1]["nbf"], at + TAKEOVER);
    }
}

#[test]
fn a_key_that_was_published_without_alg_is_not_late() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    let mut public = place.json("public.json");
    for key in public["keys"].as_array_mut().expect("keys") {
        key.as_object_mut().expect("a key").remove("alg");
    }
    place.write("public.json", public.to_string());
    let before = place.read("key.json");
    rotate(&place, T + 3_600, &[]).fails(1, "rotation-under-way");
    assert_eq!(place.read("key.json"), before);
}
