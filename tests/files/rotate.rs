//! `rotate`: what it writes, what it leaves alone, and how it recovers.

use std::fs;
use std::os::unix::fs::symlink;

use jwks_cli::core::json::compact;
use serde_json::Value;

use super::{full_after, set_mode};
use crate::support::Run;
use crate::support::place::{Place, Shell, mode};

fn rotate(place: &Place, options: &[&str]) -> Run {
    let call = Place::jwks("rotate").arg(place.path("key.json"));
    call.args(options).run()
}

fn publish(place: &Place, public: &str) -> Run {
    let call = Place::jwks("rotate").arg(place.path("key.json"));
    call.arg("-p").arg(place.path(public)).run()
}

fn kids(document: &Value) -> Vec<&str> {
    let keys = document["keys"].as_array().expect("keys");
    keys.iter().filter_map(|key| key["kid"].as_str()).collect()
}

#[test]
fn a_rotation_writes_both_files_and_leaves_nothing_else() {
    let place = Place::with_key();
    publish(&place, "public.json").succeeds();
    let (private, public) = (place.json("key.json"), place.json("public.json"));
    assert_eq!(kids(&private).len(), 2);
    assert_eq!(kids(&private), kids(&public));
    assert_eq!(kids(&private)[0], "one");
    assert_eq!(mode(&place.path("key.json")), 0o600);
    assert_eq!(place.names(), ["key.json", "public.json", "token"]);
}

#[test]
fn the_private_file_keeps_its_mode_as_far_as_it_is_safe() {
    let pairs = [
        (0o600, 0o600),
        (0o400, 0o400),
        (0o640, 0o640),
        (0o644, 0o640),
        (0o660, 0o640),
        (0o777, 0o640),
    ];
    for (before, after) in pairs {
        let place = Place::with_key();
        set_mode(&place.path("key.json"), before);
        rotate(&place, &[]).succeeds();
        assert_eq!(mode(&place.path("key.json")), after, "was {before:o}");
    }
}

#[test]
fn the_public_file_follows_the_umask_and_then_keeps_its_mode() {
    let place = Place::with_key();
    let public = place.path("new-public.json");
    let run = |umask: &str| {
        let script = format!("umask {umask}; exec \"$@\"");
        let shell = Shell::new(&script)
            .arg("rotate")
            .arg(place.path("key.json"));
        shell
            .args(["--at", crate::support::place::AT, "-p"])
            .arg(&public)
            .run()
    };
    run("027").succeeds();
    assert_eq!(mode(&public), 0o640);
    fs::write(&public, "{\"keys\":[]}").expect("the file is changed");
    set_mode(&public, 0o604);
    run("000").fails(1, "rotation-under-way");
    assert_eq!(mode(&public), 0o604);
    assert_eq!(kids(&place.json("new-public.json")).len(), 2);
}

#[test]
fn a_dry_run_changes_nothing_byte_for_byte() {
    let place = Place::with_key();
    let before = (place.read("key.json"), place.read("public.json"));
    for options in [&["--dry-run"][..], &["--dry-run", "--format=json"]] {
        rotate(&place, options).succeeds();
    }
    let call = Place::jwks("rotate").arg(place.path("key.json"));
    let call = call.arg("-p").arg(place.path("other.json"));
    call.arg("--dry-run").run().succeeds();
    assert_eq!((place.read("key.json"), place.read("public.json")), before);
    assert_eq!(place.names(), ["key.json", "public.json", "token"]);
}

#[test]
fn a_refused_rotation_leaves_the_private_file_byte_for_byte() {
    let place = Place::with_key();
    rotate(&place, &[]).succeeds();
    let before = place.read("key.json");
    for options in [&[][..], &["--dry-run"], &["--format=json"]] {
        let run = rotate(&place, options);
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        assert!(run.has_code("rotation-under-way"), "{}", run.stderr);
        assert_eq!(place.read("key.json"), before);
    }
}

#[test]
fn a_refused_rotation_writes_the_public_file_when_it_differs() {
    let place = Place::with_key();
    rotate(&place, &[]).succeeds();
    let before = place.read("key.json");
    publish(&place, "missing.json").fails(1, "rotation-under-way");
    assert_eq!(kids(&place.json("missing.json")).len(), 2);
    // The file of the key's making holds the old key alone.
    publish(&place, "public.json").fails(1, "rotation-under-way");
    assert_eq!(place.read("public.json"), place.read("missing.json"));
    fs::remove_file(place.path("missing.json")).expect("the file goes");
    let call = Place::jwks("rotate")
        .arg(place.path("key.json"))
        .arg("--dry-run");
    let dry = call.arg("-p").arg(place.path("missing.json")).run();
    dry.fails(1, "rotation-under-way");
    assert!(
        !place.path("missing.json").exists(),
        "a dry run writes nothing"
    );
    assert_eq!(place.read("key.json"), before);
}

#[test]
fn an_unchanged_public_file_is_not_touched() {
    use std::os::unix::fs::MetadataExt;
    let place = Place::with_key();
    publish(&place, "public.json").succeeds();
    let inode = || {
        fs::metadata(place.path("public.json"))
            .expect("the file")
            .ino()
    };
    let before = inode();
    publish(&place, "public.json").fails(1, "rotation-under-way");
    assert_eq!(inode(), before);
}

#[test]
fn a_public_file_that_cannot_be_written_keeps_the_private_one_from_being_changed() {
    let place = Place::with_key();
    let before = place.read("key.json");
    fs::create_dir(place.path("folder")).expect("a folder");
    for (public, code) in [
        ("no/such/folder/public.json", "file-unwritable"),
        ("token/through-a-file", "file-unwritable"),
        ("folder", "is-a-directory"),
        ("token", "not-a-published-set"),
    ] {
        publish(&place, public).fails(3, code);
        let kept = place.read("key.json") == before;
        assert!(kept, "{public}");
    }
    publish(&place, "public.json").succeeds();
    let names = ["folder", "key.json", "public.json", "token"];
    assert_eq!(place.names(), names);
}

/// The private file, one line, with members and spellings that the tool does not know.
fn strange(place: &Place) -> String {
    let key = compact(&place.read("key.json")).to_string();
    let members = key.trim_end_matches('}');
    let odd = r#""x-number":1.500e+03,"x-big":123456789012345678901234567890.10,"z":{"b":[1,{}],"a":"\u00e9\/"},"A":null"#;
    format!(
        r#"{{"x-first":1e2,"keys":[{members},{odd}}},{{"kty":"x-unknown","d":"?"}}],"x-last":[ 1.0 ,2 ]}}"#
    )
}

#[test]
fn members_that_the_tool_does_not_know_keep_their_place_and_spelling() {
    let place = Place::with_key();
    let before = strange(&place);
    place.write("key.json", &before);
    rotate(&place, &[]).succeeds();
    let after = compact(&place.read("key.json")).to_string();
    let before = compact(&before).to_string();
    let (old_key, rest) = before
        .split_once("},{\"kty\":\"x-unknown\"")
        .expect("two keys");
    assert!(after.starts_with(&format!("{old_key},\"exp\":")), "{after}");
    let (unknown, end) = rest.split_once("}]").expect("the end");
    assert!(
        after.contains(&format!("}},{{\"kty\":\"x-unknown\"{unknown}}},")),
        "{after}"
    );
    assert!(after.ends_with(&format!("}}]{end}")), "{after}");
}

#[test]
fn a_full_disk_leaves_the_private_file_and_nothing_else() {
    let place = Place::with_key();
    let before = (place.read("key.json"), place.read("public.json"));
    for blocks in [0, 1] {
        let shell =
            Shell::new(&full_after(blocks)).args(["rotate", "--at", crate::support::place::AT]);
        let shell = shell
            .arg(place.path("key.json"))
            .arg("-p")
            .arg(place.path("public.json"));
        shell.run().fails(3, "file-unwritable");
        assert_eq!((place.read("key.json"), place.read("public.json")), before);
        assert_eq!(place.names(), ["key.json", "public.json", "token"]);
    }
}

#[test]
fn a_public_file_that_is_the_private_one_under_another_name_is_refused() {
    for spelling in ["./key.json", "folder/../key.json", "link", "folder/link"] {
        let place = Place::with_key();
        fs::create_dir(place.path("folder")).expect("a folder");
        symlink("key.json", place.path("link")).expect("a link");
        symlink("../key.json", place.path("folder/link")).expect("a link");
        let before = place.read("key.json");
        let run = publish(&place, spelling);
        assert_eq!(
            place.read("key.json"),
            before,
            "{spelling}: the key is lost"
        );
        run.fails(2, "usage");
    }
}

#[test]
fn the_set_that_is_published_cannot_be_rotated() {
    let place = Place::with_key();
    let before = place.read("public.json");
    let call = Place::jwks("rotate").arg(place.path("public.json"));
    call.run().fails(3, "public-key");
    assert_eq!(place.read("public.json"), before);
}

#[test]
fn files_that_hold_no_keys_are_left_alone() {
    let place = Place::with_key();
    let token = place.read("token");
    for content in [
        "",
        "{}",
        "[]",
        "{\"keys\":[]}",
        "{\"keys\":{}}",
        "x",
        &token,
    ] {
        let file = place.write("other.json", content);
        let run = Place::jwks("rotate").arg(file).run();
        assert_eq!(run.exit, Some(3), "{content}: {}", run.stderr);
        assert_eq!(place.read("other.json"), content);
    }
}
