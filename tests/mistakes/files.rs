//! Files that are not there, or not what they should be.

use serde_json::json;

use super::issuer::{self, token};
use super::story::{Mistake, mistake, then};
use crate::support::Jwks;
use crate::support::place::Place;

/// `jwks verify` of a good token with keys of this name, in the folder of the place.
fn verify(place: &Place, keys: &str) -> Jwks {
    let token = token(&json!({}), &json!({"exp": 1_800_000_900}));
    let run = Place::jwks("verify").arg(token).args(["--jwks", keys]);
    run.folder(place.path(""))
}

/// The same, with keys that hold this.
fn verify_with(place: &Place, contents: impl AsRef<[u8]>) -> Mistake {
    place.write("keys", contents);
    mistake(verify(place, "keys"))
}

#[test]
fn the_name_of_the_file_is_mistyped() {
    let place = Place::new();
    place.write("keys.json", issuer::set());
    place.write("other.json", "{}");
    for typed in ["keys.josn", "key.json", "Keys.jsn", "./keys.josn"] {
        let hint = mistake(verify(&place, typed)).says(3, "file-not-found");
        then(verify(&place, &hint.quoted()[0]));
    }
    place.write("token.jwt", "e30.e30.AA");
    let run = Place::jwks("sign")
        .args(["--jwks", "keys.sjon"])
        .folder(place.path(""));
    mistake(run)
        .says(3, "file-not-found")
        .naming("\"keys.json\"");
    let run = Place::jwks("inspect")
        .arg("keys.jsno")
        .folder(place.path(""));
    let hint = mistake(run).says(3, "file-not-found");
    then(
        Place::jwks("inspect")
            .arg(&hint.quoted()[0])
            .folder(place.path("")),
    );
}

#[test]
fn a_folder_is_given() {
    let place = Place::new();
    std::fs::create_dir(place.path("keys")).expect("a folder");
    place.write("keys/a.json", issuer::set());
    let hint = mistake(verify(&place, "keys")).says(3, "is-a-directory");
    let seen = then(hint.jwks(&[("DIRECTORY", &place.path("keys"))]));
    assert!(seen.text().contains("a.json"));
    then(verify(&place, "keys/a.json"));
}

#[test]
fn the_scheme_of_a_url_is_missing_or_mistyped() {
    let place = Place::new();
    for typed in [
        "issuer.invalid/jwks.json",
        "https//issuer.invalid/jwks.json",
        "https:/issuer.invalid/jwks.json",
        "http:/issuer.invalid/jwks.json",
    ] {
        let hint = mistake(verify(&place, typed)).says(3, "file-not-found");
        assert_eq!(hint.word("https:"), "https://issuer.invalid/jwks.json");
    }
}

#[test]
fn the_file_is_empty() {
    let place = Place::new();
    let hint = verify_with(&place, "").says(3, "document-empty");
    // As it says, a fetch that fails leaves nothing.
    let file = place.path("fetched");
    let (url, retries) = ("http://127.0.0.1:1/jwks", ["--retries", "0"]);
    let fetch = hint.jwks(&[("URL", url.as_ref()), ("FILE", &file)]);
    mistake(fetch.args(retries)).says(4, "network-connect");
    assert!(!file.exists());
}

#[test]
fn windows_saves_the_set_in_another_encoding() {
    let place = Place::new();
    let set = issuer::set();
    let utf_16: Vec<u8> = set.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf_16 = [b"\xff\xfe", &utf_16[..]].concat();
    let hint = verify_with(&place, utf_16).says(3, "document-utf-16");
    let option = hint
        .naming("UTF-8 without byte order mark")
        .word("--output");
    let marked = format!("\u{feff}{set}");
    let hint = verify_with(&place, marked).says(3, "document-byte-order-mark");
    hint.naming("UTF-8 without byte order mark");
    // What the program itself writes is as it should be.
    let source = place.write("source", set);
    let run = Jwks::new("convert")
        .arg(source)
        .arg(option)
        .arg(place.path("written"));
    then(run);
    then(verify(&place, "written"));
}

#[test]
fn the_set_is_written_as_javascript() {
    let place = Place::new();
    let set = issuer::set();
    let with_comma = set.replace("}]}", "},]}");
    verify_with(&place, &with_comma)
        .says(3, "not-a-jwks")
        .naming("comma");
    then_verifies(&place, &with_comma.replace(",]", "]"));
    let with_comma = set.replace("}]}", ",}]}");
    verify_with(&place, with_comma)
        .says(3, "not-a-jwks")
        .naming("comma");
    for comment in ["// ours\n", "/* ours */", "# ours\n"] {
        let commented = set.replacen('{', &format!("{{{comment}"), 1);
        verify_with(&place, &commented)
            .says(3, "not-a-jwks")
            .naming("comment");
        then_verifies(&place, &commented.replace(comment, ""));
    }
    let unquoted = set.replace("\"keys\"", "keys");
    verify_with(&place, unquoted)
        .says(3, "not-a-jwks")
        .naming("quotation marks");
    let single = set.replace('"', "'");
    verify_with(&place, &single)
        .says(3, "not-a-jwks")
        .naming("quotation marks");
    then_verifies(&place, &single.replace('\'', "\""));
}

#[track_caller]
fn then_verifies(place: &Place, contents: &str) {
    place.write("mended", contents);
    then(verify(place, "mended"));
}

#[test]
fn the_download_stopped_in_the_middle() {
    let place = Place::new();
    let set = issuer::set();
    for length in [1, set.len() / 2, set.len() - 1] {
        let hint = verify_with(&place, &set[..length]).says(3, "not-a-jwks");
        hint.naming("whole");
    }
    then_verifies(&place, &set);
}

#[test]
fn the_place_of_the_fault_is_told() {
    let place = Place::new();
    place.write("keys", "{\n  \"keys\": [\n    {},\n  ]\n}");
    let run = verify(&place, "keys").run();
    assert!(run.stderr.contains("line 4, column 3"), "{}", run.stderr);
}

#[test]
fn the_output_is_there_already() {
    let place = Place::with_key();
    let before = place.read("key.json");
    let generate = |options: &[&str]| {
        let run = Place::jwks("generate")
            .args(["--alg", "ES256"])
            .args(options);
        run.folder(place.path(""))
    };
    let hint = mistake(generate(&["-o", "key.json"])).says(3, "file-exists");
    let force = hint.naming("lost").word("--force");
    assert_eq!(place.read("key.json"), before);
    then(generate(&["-o", "another.json"]));
    then(generate(&["-o", "key.json", &force]));
}
