//! Keys lost, exposed or made to sign too early by a rotation.

use std::fs;

use serde_json::json;

use jwks_cli::core::base64url;

use super::{AT, DAY_LATER, copied, data, read, rotate, written};
use crate::support::place::make_pipe;
use crate::support::{Jwks, scratch};

#[test]
fn a_rotation_never_publishes_over_private_keys() {
    let folder = scratch();
    let place = folder.path();
    let file = copied(place, "key.json", "ed25519.json");
    let other = copied(place, "other.json", "es256.json");
    let before = (fs::read(&file).unwrap(), fs::read(&other).unwrap());
    let link = place.join("link.json");
    std::os::unix::fs::symlink("key.json", &link).unwrap();
    rotate(&file, &place.join(".").join("key.json")).fails(2, "usage");
    rotate(&file, &link).fails(2, "usage");
    rotate(&file, &other).fails(3, "not-a-published-set");
    assert_eq!(
        before,
        (fs::read(&file).unwrap(), fs::read(&other).unwrap())
    );
    let run = Jwks::new("generate")
        .args(["--alg", "ES256", "--force", "-o"])
        .arg(place.join(".").join("key.json"))
        .arg("-p")
        .arg(&file)
        .run();
    run.fails(2, "usage");
    assert_eq!(fs::read(&file).unwrap(), before.0);
}

#[test]
fn nothing_is_rotated_when_it_cannot_be_published() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let before = fs::read(&file).unwrap();
    let pipe = folder.path().join("pipe");
    make_pipe(&pipe);
    rotate(&file, &pipe).fails(3, "not-a-regular-file");
    rotate(&file, folder.path()).fails(3, "is-a-directory");
    rotate(&file, &folder.path().join("missing/jwks.json")).fails(3, "file-unwritable");
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_dangling_link_is_published_through() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let link = folder.path().join("link.json");
    std::os::unix::fs::symlink("target.json", &link).unwrap();
    rotate(&file, &link).succeeds();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        read(&folder.path().join("target.json"))["keys"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_key_that_is_published_late_takes_over_late() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let public = folder.path().join("jwks.json");
    Jwks::new("rotate").arg(&file).args(AT).run().succeeds();
    let first = read(&file)["keys"][1]["nbf"].as_i64().unwrap();
    let late = Jwks::new("rotate")
        .arg(&file)
        .arg("--public")
        .arg(&public)
        .args(DAY_LATER)
        .run();
    late.fails(1, "rotation-under-way");
    assert!(late.stderr.contains("warning: "), "{}", late.stderr);
    let keys = read(&file);
    assert_eq!(keys["keys"][1]["nbf"], first + 86_400);
    assert_eq!(keys["keys"][0]["exp"], first + 86_400 + 90_000);
    // Published now, so the next call leaves everything as it is.
    let before = fs::read(&file).unwrap();
    Jwks::new("rotate")
        .arg(&file)
        .arg("--public")
        .arg(&public)
        .args(["--at", "2026-11-02T01:30:00Z"])
        .run()
        .fails(1, "rotation-under-way");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_rotated_file_can_always_be_read_again() {
    let folder = scratch();
    let mut key = read(&data("ed25519.json"));
    let deep = (0..62).fold(json!(1), |inner, _| json!([inner]));
    key["x-deep"] = deep.clone();
    let file = written(folder.path(), "deep.json", &key);
    let before = fs::read(&file).unwrap();
    let run = Jwks::new("rotate").arg(&file).args(AT).run();
    run.yields_nothing(3);
    assert_eq!(fs::read(&file).unwrap(), before);
    // Laid out with its indentation this would be 60 times as long.
    let wide = (0..58).fold(json!(vec![0; 60_000]), |inner, _| json!([inner]));
    key["x-deep"] = wide;
    let file = written(folder.path(), "wide.json", &key);
    Jwks::new("rotate").arg(&file).args(AT).run().succeeds();
    assert_eq!(read(&file)["keys"].as_array().unwrap().len(), 2);
    Jwks::new("sign")
        .arg("--jwks")
        .arg(&file)
        .args(AT)
        .run()
        .succeeds();
}

#[test]
fn secrets_under_other_names_are_not_published() {
    let folder = scratch();
    let mut key = read(&data("ed25519.json"));
    key["D"] = key["d"].clone();
    key["x-pem"] = json!("-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n");
    key["x-old"] = json!([{"kty": "oct", "k": "c2VjcmV0"}]);
    key["x-note"] = json!("kept");
    let d = key["d"].as_str().expect("a secret").to_owned();
    let octets = base64url::decode(&d).expect("base64url");
    let spelled = |part: &dyn Fn(&u8) -> String, between: &str| {
        let parts: Vec<String> = octets.iter().map(part).collect();
        parts.join(between)
    };
    key["x-hex"] = json!(spelled(&|octet| format!("{octet:02x}"), ""));
    key["x-colons"] = json!(spelled(&|octet| format!("{octet:02X}"), ":"));
    key["x-octets"] = json!(*octets);
    key["key_ops"] = json!(["sign", d]);
    let set = json!({"keys": [key], "x-backup": d, "x-issuer": "kept"});
    let file = written(folder.path(), "key.json", &set);
    let public = folder.path().join("jwks.json");
    rotate(&file, &public).succeeds();
    let published = fs::read_to_string(&public).unwrap();
    assert!(published.contains("x-note"), "{published}");
    let convert = || Jwks::new("convert").arg(&file).arg("--public");
    let converted = convert().args(AT).run();
    assert!(converted.succeeds().text().contains("x-note"));
    // Its secret is one also where the key is left out.
    let later = convert().args(["--at", "2027-11-01T00:00:00Z"]).run();
    assert!(!later.succeeds().text().contains("x-note"));
    assert!(later.text().contains("x-issuer"), "{}", later.text());
    for published in [&published, converted.text(), later.text()] {
        for secret in [
            "\"D\"", "\"d\"", "PRIVATE", "c2VjcmV0", "x-hex", "x-colons", "x-octets", &d,
        ] {
            assert!(!published.contains(secret), "{secret} in {published}");
        }
    }
}

#[test]
fn files_that_hide_private_keys_are_not_published_over() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    for content in [
        json!({"keys": [], "privateKey": "-----BEGIN PRIVATE KEY-----\nMA=="}),
        json!({"keys": [{"kid": "old", "private": {"kty": "EC", "d": "x"}}]}),
        json!({"keys": ["-----BEGIN PRIVATE KEY-----\nMA=="]}),
        json!({"keys": ["something"]}),
    ] {
        let public = written(folder.path(), "public.json", &content);
        rotate(&file, &public).fails(3, "not-a-published-set");
        assert_eq!(read(&public), content);
    }
}

#[test]
fn a_takeover_is_put_off_once() {
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    let public = folder.path().join("jwks.json");
    let at = |time: &str| {
        let _ = fs::remove_file(&public);
        let call = Jwks::new("rotate").arg(&file).arg("--public").arg(&public);
        call.args(["--at", time]).run()
    };
    at("2026-11-01T00:30:00Z").succeeds();
    at("2026-11-01T12:30:00Z").fails(1, "rotation-under-way");
    let put_off = read(&file)["keys"][1]["nbf"].clone();
    at("2026-11-02T00:30:00Z").fails(1, "rotation-under-way");
    assert_eq!(read(&file)["keys"][1]["nbf"], put_off);
}

#[test]
fn a_pipe_is_no_private_file() {
    let folder = scratch();
    let pipe = folder.path().join("pipe");
    make_pipe(&pipe);
    // Opened, it would wait for a writer who never comes, and hold the lock of the folder.
    rotate(&pipe, &folder.path().join("jwks.json")).fails(3, "not-a-regular-file");
    rotate(folder.path(), &folder.path().join("jwks.json")).fails(3, "is-a-directory");
}

#[test]
fn a_report_that_cannot_be_written_does_not_hide_the_rotation() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let folder = scratch();
    let file = copied(folder.path(), "key.json", "ed25519.json");
    for (options, says) in [
        (&["--dry-run"][..], false),
        (&[], true),
        (&["--every", "90d"], false),
    ] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jwks"))
            .arg("rotate")
            .arg(&file)
            .args(AT)
            .args(options)
            .stdout(fs::File::create("/dev/full").unwrap())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(stderr.contains("output-failed"), "{stderr}");
        assert_eq!(stderr.contains("was made"), says, "{stderr}");
    }
}
