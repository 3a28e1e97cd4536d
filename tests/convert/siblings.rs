//! The other commands take keys of the same forms, since sources are told by their content.

use openssl::nid::Nid;
use serde_json::{Value, json};

use super::convert;
use crate::support::foreign::{PASSPHRASE, ec};
use crate::support::place::Place;
use crate::support::server::{Answer, Server};
use crate::support::{Jwks, Run};

fn run(place: &Place, command: &str, arguments: &[&str]) -> Run {
    let call = Jwks::new(command).folder(place.path(""));
    call.args(["--at", "1800000000"]).args(arguments).run()
}

fn place() -> Place {
    let place = Place::new();
    let key = ec(Nid::X9_62_PRIME256V1);
    place.write("x.pem", key.private_key_to_pem_pkcs8().expect("PEM"));
    place.write("x.pub.pem", key.public_key_to_pem().expect("PEM"));
    place.write("x.der", key.private_key_to_der().expect("DER"));
    place.write("passphrase", PASSPHRASE);
    let encrypt = [
        "--to",
        "pem",
        "--encrypt",
        "--passphrase-file",
        "passphrase",
    ];
    convert(
        &place,
        &[&encrypt[..], &["x.pem", "-o", "x.enc.pem"]].concat(),
    )
    .succeeds();
    convert(&place, &["--public", "x.pem", "-o", "x.json"]).succeeds();
    place
}

#[test]
fn sign_and_verify_take_pem() {
    let place = place();
    for key in ["x.pem", "x.der"] {
        let token = run(&place, "sign", &["--jwks", key, "--sub", "alice"]);
        place.write("token", token.succeeds().text());
        for public in ["x.pub.pem", "x.json", "x.pem"] {
            let verified = run(&place, "verify", &["token", "--jwks", public]);
            let claims: Value = serde_json::from_slice(&verified.succeeds().stdout).expect("JSON");
            assert_eq!(claims["sub"], "alice", "{key} {public}");
        }
    }
    let protected = ["--jwks", "x.enc.pem", "--passphrase-file", "passphrase"];
    run(&place, "sign", &protected).succeeds();
    let other = ec(Nid::X9_62_PRIME256V1);
    place.write("other.pem", other.public_key_to_pem().expect("PEM"));
    run(&place, "verify", &["token", "--jwks", "other.pem"]).yields_nothing(1);
    run(&place, "sign", &["--jwks", "x.pub.pem"]).fails(1, "public-key");
}

#[test]
fn a_protected_key_is_told_where_nobody_can_open_it() {
    let place = place();
    let token = run(&place, "sign", &["--jwks", "x.pem"]);
    place.write("token", token.succeeds().text());
    run(&place, "verify", &["token", "--jwks", "x.enc.pem"]).fails(3, "passphrase-needed");
    run_without_time(&place, "diff", &["x.enc.pem", "x.json"]).yields_nothing(3);
}

#[test]
fn diff_finds_the_same_key_in_every_form() {
    let place = place();
    for other in ["x.pub.pem", "x.pem", "x.der"] {
        let diff = run_without_time(&place, "diff", &["x.json", other]);
        assert!(matches!(diff.exit, Some(0 | 1)), "{}", diff.stderr);
        assert!(!diff.text().contains("added"), "{}", diff.text());
    }
}

fn run_without_time(place: &Place, command: &str, arguments: &[&str]) -> Run {
    Jwks::new(command)
        .folder(place.path(""))
        .args(arguments)
        .run()
}

#[test]
fn inspect_shows_what_convert_makes_of_it() {
    let place = place();
    let thumbprint = convert(&place, &["--to", "thumbprint", "x.pem"]);
    for key in ["x.pem", "x.pub.pem", "x.der"] {
        let report = run(&place, "inspect", &["--format", "json", key]);
        let text = report.succeeds().text();
        assert!(text.contains(thumbprint.text().trim()), "{key}");
        assert!(
            report.stderr.contains("jwks convert --x5c"),
            "{}",
            report.stderr
        );
    }
}

#[test]
fn what_anyone_can_fetch_is_public() {
    let place = place();
    let pem = place.read("x.pub.pem");
    let server = Server::http(move |_| Answer::body(pem.clone()));
    let kid = |run: &Run| super::only_key(run)["kid"].clone();
    let fetched = convert(&place, &[&server.url("/x.pem")]);
    assert_eq!(kid(&fetched), kid(&convert(&place, &["x.pem"])));
    let secret = ["--from", "raw", &server.url("/secret")];
    convert(&place, &secret).fails(2, "usage");
    let pem = place.read("x.pem");
    let server = Server::http(move |_| Answer::body(pem.clone()));
    let private = convert(&place, &["--public", &server.url("/x.pem")]);
    private.fails(1, "private-key-in-public-set");
}

#[test]
fn what_a_server_lets_slip_is_refused_wherever_it_is() {
    let place = place();
    let key = |arguments: &[&str]| super::only_key(&convert(&place, arguments));
    let (public, private) = (key(&["x.json"]), key(&["x.pem", "--kid", "old"]));
    let with = |value: Value| {
        let mut key = public.clone();
        key["more"] = value;
        key
    };
    let pem = place.read("x.pem");
    let set = |key: Value| json!({ "keys": [key] }).to_string();
    for body in [
        json!({"keys": [public], "backup": private}).to_string(),
        json!({"keys": [public], "backup": pem}).to_string(),
        json!({"keys": [public], "note": {"old": {"d": private["d"]}}}).to_string(),
        set(with(private.clone())),
        set(with(json!([pem]))),
        set(with(json!(private.to_string()))),
        with(private.clone()).to_string(),
        json!({"keys": [public, private.to_string()]}).to_string(),
        json!({"keys": [public], "d": private["d"]}).to_string(),
        format!("{}\n{private}\n", place.read("x.pub.pem")),
    ] {
        let answer = body.clone();
        let server = Server::http(move |_| Answer::body(answer.clone()));
        let url = server.url("/jwks.json");
        for options in [&[][..], &["--public"], &["--to", "pem"]] {
            let refused = convert(&place, &[&[url.as_str()], options].concat());
            refused.fails(1, "private-key-in-public-set");
        }
        if body.starts_with("{\"keys\"") {
            let fetched = run_without_time(&place, "fetch", &["--no-cache", &url]);
            assert!(fetched.has_code("private-key-in-public-set"), "{body}");
        }
    }
}

#[test]
fn rotate_says_how_to_make_a_set_of_it() {
    let place = place();
    let before = place.read("x.pem");
    let rotate = run(&place, "rotate", &["x.pem"]);
    rotate.fails(3, "not-a-jwks");
    assert!(rotate.stderr.contains("jwks convert"), "{}", rotate.stderr);
    assert_eq!(place.read("x.pem"), before);
}
