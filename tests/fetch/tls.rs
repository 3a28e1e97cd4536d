//! Whom TLS trusts.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::fixtures::{Authority, LOOPBACK, fetch, public_set, self_signed, token_from, verify};
use crate::support::scratch;
use crate::support::server::{Answer, Server};

/// An authority and the file that names it.
fn authority() -> (Authority, TempDir, PathBuf) {
    let authority = Authority::new();
    let folder = scratch();
    let file = folder.path().join("ca.pem");
    fs::write(&file, authority.pem()).unwrap();
    (authority, folder, file)
}

fn serves_the_set(tls: Arc<ServerConfig>) -> Server {
    Server::https(tls, |_| Answer::body(public_set()))
}

#[test]
fn an_authority_named_with_cacert_is_trusted() {
    let (authority, _folder, file) = authority();
    let server = serves_the_set(authority.vouch_for(&LOOPBACK));
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    assert_eq!(run.succeeds().text(), public_set());
}

#[test]
fn a_server_is_reached_by_name_as_by_address() {
    let (authority, _folder, file) = authority();
    let server = serves_the_set(authority.vouch_for(&LOOPBACK));
    let url = format!("https://localhost:{}/jwks.json", server.address().port());
    let run = fetch(url).arg("--cacert").arg(file).run();
    assert_eq!(run.succeeds().text(), public_set());
}

#[test]
fn verify_takes_its_keys_over_https() {
    let (authority, _folder, file) = authority();
    let server = serves_the_set(authority.vouch_for(&LOOPBACK));
    let run = verify(&token_from("https://issuer.example"))
        .args(["--jwks", &server.url("/jwks.json")])
        .args(["--iss", "https://issuer.example"])
        .arg("--cacert")
        .arg(file)
        .run();
    let claims: Value = serde_json::from_str(run.succeeds().text()).unwrap();
    assert_eq!(
        claims,
        json!({"iss": "https://issuer.example", "exp": 4_102_444_800_u32})
    );
    assert_eq!(server.targets(), ["/jwks.json"]);
}

#[test]
fn every_certificate_in_the_file_counts_whatever_stands_between() {
    let (authority, _folder, file) = authority();
    let text = format!(
        "# first\n{}\r\n# second\n{}# end",
        Authority::new().pem(),
        authority.pem()
    );
    fs::write(&file, text).unwrap();
    let server = serves_the_set(authority.vouch_for(&LOOPBACK));
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    run.succeeds();
}

#[test]
fn an_unknown_authority_is_not_trusted() {
    let (authority, ..) = authority();
    let server = serves_the_set(authority.vouch_for(&LOOPBACK));
    let url = server.url("/jwks.json");
    fetch(&url).run().fails(4, "network-tls-issuer");
    verify(&token_from("x"))
        .args(["--jwks", &url])
        .run()
        .fails(4, "network-tls-issuer");
    assert_eq!(server.targets(), [""; 0]);
}

#[test]
fn an_authority_vouches_for_its_own_servers_alone() {
    let (_, _folder, file) = authority();
    let server = serves_the_set(Authority::new().vouch_for(&LOOPBACK));
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    run.fails(4, "network-tls-issuer");
}

#[test]
fn a_certificate_for_another_host_is_not_trusted() {
    let (authority, _folder, file) = authority();
    let server = serves_the_set(authority.vouch_for(&["other.example"]));
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    run.fails(4, "network-tls-host");
}

#[test]
fn an_expired_certificate_is_not_trusted() {
    let (authority, _folder, file) = authority();
    let server = serves_the_set(authority.vouched_once(&LOOPBACK));
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    run.fails(4, "network-tls-expired");
}

#[test]
fn a_self_signed_certificate_is_not_trusted() {
    let (_, _folder, file) = authority();
    let server = serves_the_set(self_signed(&LOOPBACK));
    let url = server.url("/jwks.json");
    fetch(&url).run().fails(4, "network-tls-issuer");
    fetch(&url)
        .arg("--cacert")
        .arg(file)
        .run()
        .fails(4, "network-tls-issuer");
}

#[test]
fn a_redirect_goes_through_the_same_checks() {
    let (authority, _folder, file) = authority();
    let other = serves_the_set(self_signed(&LOOPBACK));
    let target = other.url("/jwks.json");
    let server = Server::https(authority.vouch_for(&LOOPBACK), move |_| {
        Answer::redirect(&target)
    });
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(file)
        .run();
    run.fails(4, "network-tls-issuer");
    assert_eq!(server.targets(), ["/jwks.json"]);
}

#[test]
fn a_file_that_holds_no_certificate_is_refused_before_anything_is_asked() {
    let server = Server::http(|_| Answer::body(public_set()));
    let (authority, folder, file) = authority();
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cut = &authority.pem()[..200];
    let mixed = format!("{}{damaged}", authority.pem());
    for content in ["", "no PEM at all", &key, damaged, cut, &mixed] {
        fs::write(&file, content).unwrap();
        let run = fetch(server.url("/jwks.json"))
            .arg("--cacert")
            .arg(&file)
            .run();
        run.fails(3, "cacert-invalid");
    }
    let missing = folder.path().join("missing.pem");
    let run = fetch(server.url("/jwks.json"))
        .arg("--cacert")
        .arg(missing)
        .run();
    run.fails(3, "file-not-found");
    assert_eq!(server.connections(), 0);
}

/// Where the platform's authorities are files that the environment names: small images have none.
#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_authorities_reaches_what_needs_none() {
    let (authority, folder, file) = authority();
    let without = |url: &str| {
        fetch(url)
            .env("SSL_CERT_FILE", "/dev/null")
            .env("SSL_CERT_DIR", folder.path().join("none"))
    };
    let https = serves_the_set(authority.vouch_for(&LOOPBACK));
    let url = https.url("/jwks.json");
    without(&url).run().fails(4, "network-tls");
    without(&url).arg("--cacert").arg(file).run().succeeds();
    let http = Server::http(|_| Answer::body(public_set()));
    without(&http.url("/jwks.json")).run().succeeds();
}

/// The platform's own authorities count, too: here they are those of the environment.
#[cfg(target_os = "linux")]
#[test]
fn the_authorities_of_the_platform_are_trusted_with_and_without_cacert() {
    let (authority, _folder, file) = authority();
    let server = serves_the_set(authority.vouch_for(&LOOPBACK));
    let other = scratch();
    let other_file = other.path().join("other.pem");
    fs::write(&other_file, Authority::new().pem()).unwrap();
    let url = server.url("/jwks.json");
    fetch(&url).env("SSL_CERT_FILE", &file).run().succeeds();
    let run = fetch(&url)
        .env("SSL_CERT_FILE", &file)
        .arg("--cacert")
        .arg(other_file)
        .run();
    run.succeeds();
}
