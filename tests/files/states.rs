//! `sign` goes by the state of each key: only the active one signs unless it is forced.

use serde_json::Value;

use crate::support::place::Place;
use crate::support::{Jwks, Run};

/// The first moment of a rotation at [`crate::support::place::AT`] with the default times, at which the new
/// key takes over: 24 h and the margin of 1 h later.
const TAKEOVER: &str = "2027-01-16T09:00:00Z";
const BEFORE: &str = "2027-01-16T08:59:59Z";
/// The old key leaves 25 h after that.
const DEPARTURE: &str = "2027-01-17T10:00:00Z";

struct Rotated {
    place: Place,
    new: String,
}

impl Rotated {
    fn new() -> Self {
        let place = Place::with_key();
        let call = Place::jwks("rotate").arg(place.path("key.json"));
        call.run().succeeds();
        let new = place.json("key.json")["keys"][1]["kid"].clone();
        Self {
            new: new.as_str().expect("a kid").to_owned(),
            place,
        }
    }

    fn sign(&self, at: &str, options: &[&str]) -> Run {
        let call = Jwks::new("sign")
            .arg("--jwks")
            .arg(self.place.path("key.json"));
        call.args(["--at", at]).args(options).run()
    }

    /// The kid of the key that signs when nobody names one.
    fn signer(&self, at: &str) -> String {
        let token = self.sign(at, &[]);
        let file = self.place.write("signed", token.succeeds().text());
        let inspect = Jwks::new("inspect").args(["--format", "json"]).arg(file);
        let report: Value = serde_json::from_slice(&inspect.run().stdout).expect("JSON");
        let kid = &report["tokens"][0]["header"]["kid"];
        kid.as_str().expect("a kid").to_owned()
    }
}

#[test]
fn the_active_key_signs_and_changes_at_the_takeover() {
    let rotated = Rotated::new();
    assert_eq!(rotated.signer(crate::support::place::AT), "one");
    assert_eq!(rotated.signer(BEFORE), "one");
    assert_eq!(rotated.signer(TAKEOVER), rotated.new);
    assert_eq!(rotated.signer(DEPARTURE), rotated.new);
}

#[test]
fn a_pending_key_signs_by_force_alone() {
    let rotated = Rotated::new();
    let kid = rotated.new.as_str();
    rotated
        .sign(BEFORE, &["--kid", kid])
        .fails(1, "key-not-active");
    rotated.sign(BEFORE, &["--kid", kid, "--force"]).succeeds();
    rotated.sign(TAKEOVER, &["--kid", kid]).succeeds();
}

#[test]
fn a_retiring_key_signs_by_force_alone() {
    let rotated = Rotated::new();
    rotated.sign(BEFORE, &["--kid=one"]).succeeds();
    for at in [TAKEOVER, DEPARTURE] {
        rotated.sign(at, &["--kid=one"]).fails(1, "key-not-active");
        rotated.sign(at, &["--kid=one", "--force"]).succeeds();
    }
}

#[test]
fn a_revoked_key_signs_by_force_alone() {
    let place = Place::with_key();
    let key = place.read("key.json");
    let revoked = key.trim_end().trim_end_matches('}').to_owned()
        + ",\"revoked\":{\"revoked_at\":1700000000,\"reason\":\"compromised\"}}";
    let file = place.write("key.json", revoked);
    let sign = |options: &[&str]| {
        let call = Place::jwks("sign").arg("--jwks").arg(&file);
        call.args(options).run()
    };
    sign(&[]).fails(1, "key-revoked");
    sign(&["--kid=one"]).fails(1, "key-revoked");
    sign(&["--kid=one", "--force"]).succeeds();
}

#[test]
fn a_weak_key_signs_by_force_alone() {
    let place = Place::new();
    let file = place.write(
        "key.json",
        r#"{"kty":"oct","alg":"HS256","kid":"weak","k":"AAECAw"}"#,
    );
    let sign = |options: &[&str]| {
        let call = Place::jwks("sign").arg("--jwks").arg(&file);
        call.args(options).run()
    };
    sign(&[]).fails(1, "oct-short");
    sign(&["--kid=weak"]).fails(1, "oct-short");
    sign(&["--kid=weak", "--force"]).succeeds();
}

#[test]
fn a_public_key_never_signs() {
    let place = Place::with_key();
    let sign = Place::jwks("sign")
        .arg("--jwks")
        .arg(place.path("public.json"));
    sign.run().fails(1, "public-key");
    let sign = Place::jwks("sign")
        .arg("--jwks")
        .arg(place.path("public.json"));
    sign.args(["--kid=one", "--force"])
        .run()
        .fails(1, "public-key");
}

#[test]
fn signing_leaves_the_file_alone() {
    let rotated = Rotated::new();
    let before = rotated.place.read("key.json");
    rotated.sign(TAKEOVER, &[]).succeeds();
    rotated
        .sign(TAKEOVER, &["--kid=one"])
        .fails(1, "key-not-active");
    assert_eq!(rotated.place.read("key.json"), before);
}
