//! What is given in the place of a token, and tokens that were damaged on their way.

use serde_json::{Value, json};

use super::issuer::{self, sealed, signed, token, verify};
use super::story::{mistake, then};
use crate::support::Jwks;
use crate::support::place::{AT, Place};

/// A token that holds.
fn good() -> String {
    token(&json!({}), &json!({"exp": 1_800_000_900}))
}

#[test]
fn token_and_keys_change_places() {
    let place = Place::with_key();
    let (token, keys) = (place.path("token"), place.path("public.json"));
    let verify = |token, keys| Place::jwks("verify").arg(token).arg("--jwks").arg(keys);
    mistake(verify(&keys, &keys))
        .says(1, "token-character")
        .naming("--jwks");
    mistake(verify(&keys, &token))
        .says(3, "not-a-jwks")
        .naming("--jwks");
    then(verify(&token, &keys));
}

#[test]
fn a_private_key_is_given_for_a_token() {
    let place = Place::with_key();
    let pem = Jwks::new("convert")
        .arg(place.path("key.json"))
        .args(["--to", "pem", "--force"]);
    let pem = then(pem).text().to_owned();
    for secret in [place.read("key.json"), pem] {
        place.write("secret", &secret);
        let run = verify(&place, "secret").folder(place.path(""));
        mistake(run)
            .says(1, "token-character")
            .naming("--jwks")
            .not_naming(&secret);
    }
}

#[test]
fn a_web_page_or_a_binary_file_is_given_for_a_token() {
    let place = Place::with_key();
    place.write("page", "<!DOCTYPE html><title>Sign in</title>");
    mistake(verify(&place, "page").folder(place.path("")))
        .says(1, "token-character")
        .naming("web page");
    place.write("binary", "\u{1}\u{2} \u{0}\u{3} not a token");
    mistake(verify(&place, "binary").folder(place.path("")))
        .says(1, "token-character")
        .naming("binary file");
}

#[test]
fn the_header_of_a_request_is_copied_whole() {
    let place = Place::new();
    for before in [
        "Bearer ",
        "bearer ",
        "Authorization: Bearer ",
        "authorization: bearer ",
    ] {
        let copied = format!("{before}{}", good());
        mistake(verify(&place, &copied))
            .says(1, "token-character")
            .naming("\"Bearer\"");
        let alone = copied.rsplit(' ').next().expect("a token");
        then(verify(&place, alone));
    }
}

#[test]
fn quotes_are_copied_with_the_token() {
    let place = Place::new();
    for quote in ['"', '\''] {
        let copied = format!("{quote}{}{quote}", good());
        mistake(verify(&place, &copied))
            .says(1, "token-character")
            .naming("without quotes");
        then(verify(&place, copied.trim_matches(quote)));
    }
}

/// What a filter of the shell makes of a text.
#[cfg(unix)]
fn filtered(filter: &str, text: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut shell = Command::new("sh")
        .args(["-c", filter])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell");
    let mut stdin = shell.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("the filter reads");
    drop(stdin);
    let output = shell.wait_with_output().expect("the filter ends");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
#[cfg(unix)]
fn white_space_is_copied_with_the_token() {
    let place = Place::new();
    let (start, end) = (good(), good());
    let (start, end) = (&start[..40], &end[40..]);
    for copied in [
        format!(" {start}{end}"),
        format!("{start}{end} "),
        format!("{start}\n{end}"),
        format!("{start}\r\n  {end}\n\n"),
    ] {
        let hint = mistake(verify(&place, &copied)).says(1, "token-character");
        then(verify(&place, &filtered(&hint.command(), &copied)));
    }
}

#[test]
#[cfg(unix)]
fn the_token_is_in_the_other_base64() {
    let place = Place::new();
    let claims = json!({"exp": 1_800_000_900, "name": "?>?>?>~~~"});
    let token = token(&json!({}), &claims);
    let padded = token.replace('-', "+").replace('_', "/") + "==";
    assert!(padded.contains(['+', '/']));
    for copied in [padded, format!("{}==", good())] {
        let hint = mistake(verify(&place, &copied)).says(1, "token-character");
        then(verify(&place, &filtered(&hint.command(), &copied)));
    }
}

#[test]
fn a_part_of_the_token_is_not_copied() {
    let place = Place::new();
    let token = good();
    let dots: Vec<usize> = token.match_indices('.').map(|(at, _)| at).collect();
    for (copied, code) in [
        (&token[..dots[0] + 10], "token-parts"),
        (&token[..dots[1]], "token-parts"),
        (&token[..token.len() - 1], "token-base64"),
        (&token[..token.len() - 2], "signature-malformed"),
        (&token[..=dots[1]], "signature-malformed"),
        (&token[1..], "token-base64"),
    ] {
        mistake(verify(&place, copied))
            .says(1, code)
            .naming("copy it whole");
    }
    then(verify(&place, &token));
}

#[test]
fn the_answer_of_a_token_endpoint_is_given_whole() {
    let place = Place::new();
    let (token, other) = (good(), good());
    for answer in [
        json!({"access_token": token, "token_type": "Bearer", "expires_in": 900}),
        json!({"token_type": "Bearer", "access_token": token, "id_token": other}),
    ] {
        let file = place.write("answer.json", answer.to_string());
        let file = file.to_str().expect("a name");
        let hint = mistake(verify(&place, file)).says(1, "token-character");
        let member = &hint.quoted()[0];
        then(verify(&place, answer[member].as_str().expect("a token")));
    }
}

#[test]
fn a_signature_comes_in_the_other_serialization() {
    let place = Place::new();
    let token = good();
    let parts: Vec<&str> = token.split('.').collect();
    let flattened = json!({"payload": parts[1], "protected": parts[0], "signature": parts[2]});
    let hint = mistake(verify(&place, &flattened.to_string())).says(1, "token-character");
    let side_by_side = |from: &Value, names: &[String]| {
        let values = names
            .iter()
            .map(|name| from[name].as_str().expect("a member"));
        values.collect::<Vec<_>>().join(".")
    };
    then(verify(&place, &side_by_side(&flattened, &hint.quoted())));
    let signature = json!({"protected": parts[0], "signature": parts[2]});
    let general = json!({"payload": parts[1], "signatures": [signature, signature]});
    let hint = mistake(verify(&place, &general.to_string())).says(1, "token-character");
    assert_eq!(hint.quoted(), ["payload", "protected", "signature"]);
    let unprotected = json!({"payload": "e30", "header": {"kid": "a"}, "signature": "AA"});
    let hint = mistake(verify(&place, &unprotected.to_string()));
    hint.says(1, "token-character").naming("\"header\"");
}

#[test]
fn an_encrypted_token_is_given_to_be_verified() {
    let place = Place::new();
    let header = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0";
    let token = format!("{header}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA");
    mistake(verify(&place, &token))
        .says(1, "token-encrypted")
        .naming("recipient");
    let json = r#"{"protected":"e30","iv":"AA","ciphertext":"AA","tag":"AA"}"#;
    mistake(verify(&place, json))
        .says(1, "token-character")
        .naming("recipient");
}

#[test]
fn windows_saves_the_token_in_another_encoding() {
    let place = Place::new();
    let token = good();
    let utf_16: Vec<u8> = token.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for wrong in [
        [b"\xff\xfe", &utf_16[..]].concat(),
        utf_16.clone(),
        [b"\xef\xbb\xbf", token.as_bytes()].concat(),
    ] {
        let file = place.write("token.jwt", wrong);
        let run = verify(&place, file.to_str().expect("a name"));
        mistake(run)
            .says(1, "token-character")
            .naming("UTF-8 without byte order mark");
    }
    let file = place.write("token.jwt", token);
    then(verify(&place, file.to_str().expect("a name")));
}

#[test]
fn an_unsigned_token_is_signed_as_the_hint_says() {
    let place = Place::with_key();
    let unsigned = "eyJhbGciOiJub25lIn0.e30.";
    let hint = mistake(verify(&place, unsigned)).says(1, "alg-none");
    let sign = hint
        .jwks(&[])
        .args(["--at", AT])
        .arg("--jwks")
        .arg(place.path("key.json"));
    let token = then(sign).text().trim_end().to_owned();
    let verify = Place::jwks("verify").arg(token).arg("--jwks");
    then(verify.arg(place.path("public.json")));
}

#[test]
fn the_variable_that_should_hold_the_token_is_empty() {
    let place = Place::new();
    mistake(verify(&place, ""))
        .says(1, "token-empty")
        .naming("standard input");
    then(verify(&place, "-").stdin(good()));
}

#[test]
fn the_name_of_the_file_with_the_token_is_wrong() {
    let place = Place::new();
    place.write("token", good());
    mistake(verify(&place, "tokn").folder(place.path("")))
        .says(1, "token-parts")
        .naming("file");
    then(verify(&place, "token").folder(place.path("")));
    place.write("token.jwt", good());
    let hint = mistake(verify(&place, "tokne.jwt").folder(place.path("")));
    let hint = hint.says(3, "file-not-found");
    then(verify(&place, &hint.quoted()[0]).folder(place.path("")));
}

#[test]
fn the_content_travels_beside_the_signature() {
    let place = Place::new();
    let content = place.write("content", "what was signed");
    let token = signed(&json!({}), b"what was signed");
    let parts: Vec<&str> = token.split('.').collect();
    let token = format!("{}..{}", parts[0], parts[2]);
    let hint = mistake(verify(&place, &token)).says(1, "claims-malformed");
    then(
        verify(&place, &token)
            .arg(hint.word("--detached"))
            .arg(content),
    );
}

#[test]
fn what_is_signed_is_no_jwt() {
    let place = Place::new();
    let unencoded = sealed(&json!({"b64": false, "crit": ["b64"]}), "hello");
    for (token, code) in [
        (signed(&json!({}), b"hello"), "claims-malformed"),
        (unencoded, "b64-invalid"),
    ] {
        let hint = mistake(verify(&place, &token))
            .says(1, code)
            .naming("claims");
        let run = then(verify(&place, &token).arg(hint.word("--signature-only")));
        assert_eq!(run.text(), "hello");
    }
}

#[test]
fn a_token_is_signed_again() {
    let place = Place::new();
    let outer = signed(&json!({"cty": "JWT"}), good().as_bytes());
    let hint = mistake(verify(&place, &outer)).says(1, "claims-malformed");
    let inner = then(verify(&place, &outer).arg(hint.word("--signature-only")));
    then(verify(&place, inner.text()));
}

#[test]
fn inspect_says_the_same_of_a_damaged_token() {
    let place = Place::new();
    let token = place.write("token", good() + "==");
    let hint = mistake(Place::jwks("inspect").arg(token)).says(3, "token-character");
    hint.naming("base64url");
    let set = place.write("set.json", issuer::set());
    then(Place::jwks("inspect").arg(set));
}
