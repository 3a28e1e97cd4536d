//! What is revoked keeps its name, and gets no private half back.

use serde_json::{Value, json};

use super::{convert, keys};
use crate::support::place::Place;
use crate::support::{Jwks, Run};

fn run(place: &Place, command: &str, arguments: &[&str]) -> Run {
    let call = Jwks::new(command).folder(place.path(""));
    call.args(["--at", "1800000000"]).args(arguments).run()
}

/// A set with a key that is revoked and one that signs, and the set as it was before.
fn place() -> Place {
    place_of("ES256", "bad")
}

/// The same with keys for this algorithm, the revoked one of this name.
fn place_of(algorithm: &str, kid: &str) -> Place {
    let place = Place::new();
    let generate = ["--alg", algorithm, "--kid", kid, "-o", "backup.json"];
    run(&place, "generate", &generate).succeeds();
    place.write("keys.json", place.read("backup.json"));
    let revoke = ["keys.json", "--revoke", kid, "--yes"];
    run(&place, "rotate", &revoke).succeeds();
    place
}

fn revoked(keys: &[Value]) -> Vec<&Value> {
    keys.iter()
        .filter(|key| key.get("revoked").is_some_and(Value::is_object))
        .collect()
}

#[test]
fn a_withdrawn_name_is_never_free_again() {
    let place = place();
    for source in ["uuid", "thumbprint", "spki", "date", "none"] {
        let run = convert(&place, &["keys.json", "--kid-from", source]);
        let keys = keys(&run);
        assert_eq!(revoked(&keys)[0]["kid"], "bad", "{source}");
        let note = "note: key \"bad\", which is revoked, keeps its name";
        assert!(run.stderr.contains(note), "{}", run.stderr);
    }
    let named = convert(&place, &["keys.json", "--only", "bad", "--kid", "good"]);
    named.fails(2, "usage");
}

#[test]
fn no_backup_gives_a_private_half_back() {
    let place = place();
    let backup = place.json("backup.json");
    // Some programs write that a key is not revoked.
    for value in [Value::Null, json!(false)] {
        let mut other = backup.clone();
        other["revoked"] = value;
        place.write("other.json", other.to_string());
        for sources in [
            ["keys.json", "backup.json"],
            ["backup.json", "keys.json"],
            ["other.json", "keys.json"],
            ["keys.json", "other.json"],
        ] {
            let run = convert(&place, &sources);
            let keys = keys(&run);
            let [tombstone] = revoked(&keys)[..] else {
                panic!("{keys:?}");
            };
            assert_eq!(
                (&tombstone["kid"], tombstone.get("d")),
                (&json!("bad"), None)
            );
            assert_eq!(keys.len(), 2);
            let note = "key \"bad\" is revoked: its private half is left out";
            assert!(run.stderr.contains(note), "{}", run.stderr);
        }
    }
    // A private half that is still there is nobody's to take.
    let mut whole = backup.clone();
    whole["revoked"] = json!({"revoked_at": 1});
    place.write("whole.json", whole.to_string());
    let mut public = backup.clone();
    public.as_object_mut().expect("a key").remove("d");
    place.write("public.json", public.to_string());
    let both = keys(&convert(&place, &["whole.json", "public.json"]));
    assert_eq!(both[0]["d"], backup["d"]);
}

#[test]
fn what_is_left_of_a_revoked_secret_is_kept_and_keeps_its_name() {
    let place = place_of("HS256", "h1");
    for arguments in [
        &["keys.json"][..],
        &["keys.json", "--sort", "kid", "--force", "-o", "keys.json"],
        &["keys.json", "backup.json"],
    ] {
        convert(&place, arguments).succeeds();
    }
    let kept = keys(&convert(&place, &["keys.json"]));
    assert_eq!(revoked(&kept).len(), 1);
    // Of a public set as well, nobody takes the mark away by the name alone.
    let less = ["keys.json", "--without", "h1", "--force", "-o", "keys.json"];
    convert(&place, &less).fails(3, "source-would-lose");
}

#[test]
fn a_backup_beside_what_is_left_of_a_key_makes_no_token_valid() {
    let place = place_of("HS256", "h1");
    let token = run(&place, "sign", &["--jwks", "backup.json", "--sub", "x"]);
    place.write("token", token.succeeds().text());
    let mut set = place.json("keys.json");
    let all = set["keys"].as_array_mut().expect("keys");
    all.push(place.json("backup.json"));
    place.write("both.json", set.to_string());
    let verified = run(&place, "verify", &["token", "--jwks", "both.json"]);
    assert_eq!(verified.exit, Some(1), "{verified:?}");
    assert!(
        verified.stderr.contains("key-revoked"),
        "{}",
        verified.stderr
    );
}
