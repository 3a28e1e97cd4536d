//! Characters that steer a terminal: what is shown of foreign text holds none of them.

use jwks_cli::core::base64url;
use serde_json::{Value, json};

use crate::support::place::{AT, Place, exit_of};
use crate::support::{Jwks, Run};

/// Bell, backspace, escape sequences, C1 controls, and marks that hide or turn around their neighbours.
pub(crate) const STEERING: &str = "a\u{7}\u{8}\u{1b}[31m\u{1b}]0;t\u{7}\r\n\u{7f}\u{85}\u{9b}31m\u{9d}\
    \u{ad}\u{61c}\u{200b}\u{200e}\u{2028}\u{202e}\u{2066}\u{feff}\u{fff9}\u{e0041}z";

/// The first character that must not be shown as it is.
pub(crate) fn steering(text: &str) -> Option<char> {
    text.chars().find(|&character| {
        let code = u32::from(character);
        let hides = matches!(code, 0xad | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
            | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe007f);
        (character.is_control() && character != '\n') || hides
    })
}

#[track_caller]
fn is_harmless(run: &Run, what: &str) {
    exit_of(run);
    assert_eq!(steering(&run.stderr), None, "{what}: {:?}", run.stderr);
    assert_eq!(steering(run.text()), None, "{what}: {:?}", run.text());
}

/// Keys that hold the text wherever a key holds text.
fn hostile_keys(text: &str) -> Vec<Value> {
    let k = base64url::encode(&[7; 32]);
    vec![
        json!({"kty": "oct", "k": k, "kid": text, "use": text, "key_ops": [text], "alg": text}),
        json!({"kty": "oct", "k": k, "kid": text, "alg": "HS512"}),
        json!({"kty": text, "kid": text}),
        json!({"kty": "EC", "crv": text, "kid": text}),
        json!({"kty": "AKP", "alg": text, "pub": text}),
        json!({"kty": "oct", "k": text}),
        json!({"kty": "oct", "k": k, "kid": {text: text}}),
        json!({"kid": text, "revoked": {"reason": text}}),
        json!(text),
    ]
}

fn hostile_documents(text: &str) -> Vec<String> {
    let keys = hostile_keys(text);
    let name = Value::from(text).to_string();
    let mut documents: Vec<String> = keys.iter().map(Value::to_string).collect();
    documents.extend([
        json!({"keys": keys, text: text}).to_string(),
        json!({"keys": text}).to_string(),
        json!({"issuer": text, "jwks_uri": text}).to_string(),
        json!({text: "-----BEGIN CERTIFICATE-----"}).to_string(),
        format!("{{\"kty\":\"oct\",{name}:1,{name}:2}}"),
        format!("{{\"keys\":[],{name}:1,{name}:2}}"),
        format!("-----BEGIN {text}-----"),
        text.to_owned(),
        format!("[\"{text}"),
    ]);
    documents
}

#[test]
fn documents_cannot_steer_a_terminal() {
    let place = Place::with_key();
    for text in [STEERING, "a\0b", "\u{1b}c", "\u{9b}", "\u{202e}"] {
        for document in hostile_documents(text) {
            let file = place.write("document", &document);
            let token = place.path("token");
            let calls = [
                Place::jwks("inspect").arg(&file),
                Place::jwks("inspect").arg("--published").arg(&file),
                Place::jwks("verify").arg(token).arg("--jwks").arg(&file),
                Place::jwks("sign").arg("--jwks").arg(&file).arg("--kid=x"),
                Place::jwks("rotate").arg("--dry-run").arg(&file),
            ];
            for call in calls {
                is_harmless(&call.run(), &document);
            }
        }
    }
}

fn token(header: &Value, claims: &str) -> String {
    let header = base64url::encode(header.to_string().as_bytes());
    format!("{header}.{}.AAAA", base64url::encode(claims.as_bytes()))
}

fn hostile_tokens(text: &str) -> Vec<String> {
    let claims = json!({
        "iss": text, "sub": text, "aud": [text], "jti": text, "exp": text, "nbf": text, text: text,
    })
    .to_string();
    let name = Value::from(text).to_string();
    vec![
        token(&json!({"alg": "ES256", "kid": text}), &claims),
        token(&json!({"alg": text, "typ": text, "cty": text}), &claims),
        token(
            &json!({"alg": "ES256", "crit": [text], text: text}),
            &claims,
        ),
        token(&json!({"alg": "ES256", "crit": [text]}), &claims),
        token(
            &json!({"alg": "ES256", "crit": [text, text], text: 1}),
            &claims,
        ),
        token(
            &json!({"alg": "ES256", "jku": text, "jwk": {text: text}}),
            &claims,
        ),
        token(&json!({"alg": "ES256"}), &format!("{{{name}:1,{name}:2}}")),
        token(&json!({"alg": "ES256"}), text),
        token(&json!({"alg": "ES256"}), &format!("\"{text}")),
        format!("e30.e30.{text}"),
        text.to_owned(),
    ]
}

#[test]
fn tokens_cannot_steer_a_terminal() {
    let place = Place::with_key();
    let key = place.path("key.json");
    for text in [STEERING, "a\0b", "\u{9b}"] {
        for token in hostile_tokens(text) {
            let file = place.write("token", &token);
            let verify = || Place::jwks("verify").arg(&file).arg("--jwks").arg(&key);
            let calls = [
                Place::jwks("inspect").arg(&file),
                verify(),
                verify().arg("--explain"),
                verify()
                    .arg("--explain")
                    .arg("--iss=a")
                    .arg("--sub=a")
                    .arg("--typ=a"),
                verify()
                    .arg("--explain")
                    .arg("--aud=a")
                    .arg("--claim=jti=a"),
            ];
            for call in calls {
                is_harmless(&call.run(), &token);
            }
        }
    }
}

#[test]
fn what_is_demanded_of_a_token_cannot_steer_a_terminal() {
    let place = Place::with_key();
    for option in [
        "iss", "sub", "aud", "typ", "require", "claim=a", "claim", "kid",
    ] {
        let value = match option {
            "claim" => format!("--claim={STEERING}=x"),
            other => format!("--{other}={STEERING}"),
        };
        let verify = Place::jwks("verify")
            .arg(place.path("token"))
            .arg("--explain");
        let run = match option {
            "kid" => Place::jwks("sign")
                .arg("--jwks")
                .arg(place.path("key.json"))
                .arg(value),
            _ => verify.arg("--jwks").arg(place.path("key.json")).arg(value),
        }
        .run();
        assert_eq!(exit_of(&run), 1, "{option}");
        is_harmless(&run, option);
    }
}

#[test]
fn a_hostile_kid_signs_verifies_and_rotates_harmlessly() {
    let place = Place::new();
    let file = place.path("key.json");
    Jwks::new("generate")
        .args(["--alg", "ES256", "--at", AT, "--kid", STEERING, "-o"])
        .arg(&file)
        .run()
        .succeeds();
    let signed = Place::jwks("sign")
        .arg("--jwks")
        .arg(&file)
        .arg(format!("--claim=a={STEERING}"))
        .run();
    let verify = Place::jwks("verify")
        .arg(signed.succeeds().text().trim_end())
        .args(["--explain", "--jwks"])
        .arg(&file)
        .run();
    assert_eq!(steering(&verify.succeeds().stderr), None);
    let claims: Value = serde_json::from_slice(&verify.stdout).expect("claims");
    assert_eq!(claims["a"], STEERING, "claims in a pipe keep their value");
    let rotated = Place::jwks("rotate").arg(&file).run();
    is_harmless(rotated.succeeds(), "rotate");
    is_harmless(
        Place::jwks("rotate")
            .arg(&file)
            .run()
            .fails(1, "rotation-under-way"),
        "again",
    );
    is_harmless(
        Place::jwks("inspect").arg(&file).run().succeeds(),
        "inspect",
    );
    let public = Place::jwks("rotate")
        .arg(&file)
        .arg("-p")
        .arg(place.path("public.json"));
    is_harmless(&public.run(), "publish");
    assert_eq!(place.json("public.json")["keys"][0]["kid"], STEERING);
}

#[cfg(unix)]
#[test]
fn a_hostile_file_name_is_not_shown_as_it_is() {
    let place = Place::with_key();
    let name = STEERING.replace(['\r', '\n'], "");
    for content in ["key.json", "token", "public.json"] {
        let file = place.write(&name, place.read(content));
        let calls = [
            Place::jwks("inspect").arg(&file),
            Place::jwks("verify")
                .arg(place.path("token"))
                .arg("--jwks")
                .arg(&file),
            Place::jwks("verify")
                .arg(&file)
                .arg("--jwks")
                .arg(place.path("key.json")),
            Place::jwks("sign").arg("--jwks").arg(&file).arg("--kid=x"),
            Place::jwks("rotate").arg("--dry-run").arg(&file),
            Jwks::new("generate")
                .arg("--alg=ES256")
                .arg("-o")
                .arg(&file),
        ];
        for call in calls {
            is_harmless(&call.run(), content);
        }
        let broken = place.write(&name, "{\"keys\":[{\"kty\":\"X\"}]}");
        is_harmless(&Place::jwks("inspect").arg(broken).run(), "a finding");
    }
}
