//! Keys under a passphrase.

use std::path::PathBuf;

use super::story::{mistake, then};
use crate::support::Jwks;
use crate::support::place::Place;

/// A folder with `protected.json`, which `right` opens and `wrong` does not.
fn protected() -> (Place, PathBuf) {
    let place = Place::with_key();
    let file = place.path("protected.json");
    let right = place.write("right", "open sesame\n");
    place.write("wrong", "open sesame \n");
    let run = Jwks::new("convert")
        .arg(place.path("key.json"))
        .arg("--encrypt");
    then(
        run.arg("--new-passphrase-file")
            .arg(right)
            .arg("-o")
            .arg(&file),
    );
    (place, file)
}

#[test]
fn a_passphrase_is_needed_and_nobody_is_there_or_it_is_wrong() {
    let (place, file) = protected();
    let sign = || Place::jwks("sign").arg("--jwks").arg(&file);
    let hint = mistake(sign()).says(2, "usage");
    let option = hint.word("--passphrase-file");
    let with = |name: &str| sign().arg(&option).arg(place.path(name));
    mistake(with("wrong"))
        .says(3, "wrong-passphrase")
        .naming("space");
    then(with("right"));
}

#[test]
fn protected_keys_are_to_verify() {
    let (place, file) = protected();
    let verify = |keys: PathBuf| {
        let run = Place::jwks("verify").arg(place.path("token"));
        run.arg("--jwks").arg(keys)
    };
    let hint = mistake(verify(file.clone())).says(3, "not-a-jwks");
    let convert = hint.jwks(&[("FILE", &file)]);
    let hint = mistake(convert).says(2, "usage");
    let convert = Jwks::new("convert").arg(&file).arg("--public");
    let convert = convert
        .arg(hint.word("--passphrase-file"))
        .arg(place.path("right"));
    let public = place.write("opened.json", then(convert).text());
    then(verify(public));
}

#[test]
fn a_token_or_a_key_is_typed_where_a_file_belongs() {
    let place = Place::with_key();
    let (token, key) = (place.read("token"), place.read("key.json"));
    for secret in [token.trim_end(), &key] {
        let verify = Place::jwks("verify").arg(place.path("token"));
        let run = verify.arg("--jwks").arg(secret).run();
        assert_eq!(run.exit, Some(3), "{}", run.stderr);
        assert!(run.stderr.contains("hint: ") && !run.stderr.contains(secret));
    }
    let verify = Place::jwks("verify").arg(place.path("token"));
    then(
        verify
            .args(["--jwks", "-"])
            .stdin(place.read("public.json")),
    );
}
