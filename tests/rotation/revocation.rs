//! `--revoke`: the bad key is gone at once and for good, and another one signs.

use serde_json::json;

use super::{T, keys, kids, place, report, rotate};
use crate::support::Jwks;
use crate::support::terminal::Terminal;

const REVOKE: [&str; 5] = ["--revoke", "one", "--reason", "compromised", "--yes"];

#[test]
fn a_revoked_key_leaves_both_files_and_a_fresh_one_signs() {
    let place = place();
    let secret = place.json("key.json")["d"]
        .as_str()
        .expect("a secret")
        .to_owned();
    let run = rotate(&place, T, &REVOKE);
    run.succeeds();
    for line in ["Exposed:", "purge the CDN", "Next:"] {
        assert!(run.text().contains(line), "{}", run.text());
    }
    let private = keys(&place, "key.json");
    assert_eq!(private[0]["kid"], "one");
    assert_eq!(
        private[0]["revoked"],
        json!({"revoked_at": T, "reason": "compromised"})
    );
    assert!(!place.read("key.json").contains(&secret));
    // By the whole margin earlier, for signers whose clocks are late.
    assert_eq!(private[1]["nbf"], T - 3_600);
    let fresh = private[1]["kid"].as_str().expect("a kid");
    assert_eq!(kids(&place, "public.json"), [fresh]);
    let sign = |options: &[&str]| {
        let call = Jwks::new("sign").arg("--jwks").arg(place.path("key.json"));
        call.args(["--at", &T.to_string()]).args(options).run()
    };
    sign(&[]).succeeds();
    assert_eq!(sign(&["--kid", "one"]).exit, Some(1));
    assert_eq!(sign(&["--kid", "one", "--force"]).exit, Some(1));
}

#[test]
fn the_tombstone_outlives_rotations_and_keeps_the_kid_from_coming_back() {
    let place = place();
    let backup = place.read("key.json");
    rotate(&place, T, &REVOKE).succeeds();
    for year in 1..5 {
        rotate(&place, T + year * 31_536_000, &[]).succeeds();
    }
    assert_eq!(kids(&place, "key.json")[0], "one");
    // Someone merges the backup.
    let file = place
        .read("key.json")
        .replacen("\"keys\": [", &format!("\"keys\": [{backup},"), 1);
    place.write("key.json", file);
    let at = T + 200_000_000;
    rotate(&place, at, &[]).succeeds();
    assert!(!kids(&place, "public.json").contains(&"one".to_owned()));
    let report = report(&rotate(&place, at + 1, &["--force", "--json"]));
    assert_eq!(report["keys"][0]["state"], "revoked");
    let again = rotate(&place, at + 2, &REVOKE);
    again.succeeds();
    assert!(keys(&place, "key.json")[0]["d"].is_null());
    let before = place.read("key.json");
    let run = rotate(&place, at + 3, &["--revoke", "one", "--yes", "--json"]);
    assert_eq!(super::report(&run)["outcome"], "revoked-before");
    assert_eq!(place.read("key.json"), before);
}

#[test]
fn a_standby_that_consumers_know_signs_at_once() {
    let place = place();
    rotate(&place, T, &["--standby"]).succeeds();
    let at = T + 1_000_000;
    let active = kids(&place, "key.json")[1].clone();
    let standby = kids(&place, "key.json")[2].clone();
    let run = rotate(
        &place,
        at,
        &["--revoke", &active, "--yes", "--standby", "--json"],
    );
    let report = report(&run);
    assert_eq!(report["revocation"]["exposed_until"], at + 25 * 3600);
    assert_eq!(report["revocation"]["reason"], "unspecified");
    let state = |kid: &str| {
        let keys = report["keys"].as_array().expect("keys");
        let key = keys.iter().find(|key| key["kid"] == kid);
        key.expect("the key")["state"].clone()
    };
    assert_eq!(
        (state(&active), state(&standby)),
        ("revoked".into(), "active".into())
    );
    assert!(!run.stderr.contains("was not published"), "{}", run.stderr);
    assert_eq!(
        keys(&place, "key.json").last().expect("a key")["nbf"],
        253_402_300_799_i64
    );
}

#[test]
fn a_revocation_needs_someone_to_agree() {
    let place = place();
    let before = place.read("key.json");
    let run = rotate(&place, T, &["--revoke", "one"]);
    run.fails(2, "usage");
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    rotate(&place, T, &["--revoke", "nobody", "--yes"]).fails(1, "unknown-kid");
    rotate(&place, T, &["--reason", "compromised"]).yields_nothing(2);
    rotate(&place, T, &["--revoke", "one", "--dry-run"]).succeeds();
    assert_eq!(place.read("key.json"), before);
}

#[test]
fn on_a_terminal_the_kid_is_typed() {
    for (typed, exit, is_revoked) in [("one", 0, true), ("on", 1, false), ("", 1, false)] {
        let place = place();
        let path = place.path("key.json").display().to_string();
        let at = T.to_string();
        let mut terminal = Terminal::run(["rotate", &path, "--at", &at, "--revoke", "one"]);
        terminal.answer("Type the kid", typed);
        terminal.finish().ends(exit);
        assert_eq!(place.read("key.json").contains("revoked_at"), is_revoked);
    }
}

#[test]
fn nobody_is_asked_to_type_a_kid_that_no_key_has() {
    let place = place();
    let path = place.path("key.json").display().to_string();
    let terminal = Terminal::run(["rotate", &path, "--revoke", "nobody"]);
    let ended = terminal.finish();
    ended.ends(1);
    ended.shows("unknown-kid").hides("Type the kid");
}

/// While a person thinks, a job rotates: its key is not lost, and the withdrawal is of what is there then.
#[test]
fn whoever_thinks_keeps_nobody_waiting_and_finds_what_others_did() {
    let place = place();
    let path = place.path("key.json").display().to_string();
    let at = (T + 60).to_string();
    let revoke = ["rotate", &path, "--at", &at, "--revoke", "one"];
    let mut terminal = Terminal::run(revoke);
    terminal.wait_for("Type the kid");
    rotate(&place, T, &["--lock-timeout=0s"]).succeeds();
    terminal.press("one\r");
    terminal.finish().ends(0);
    let keys = keys(&place, "key.json");
    assert_eq!(keys.len(), 2);
    assert!(keys[0]["revoked"].is_object() && keys[0]["d"].is_null());
    // The key that the job had brought signs at once.
    assert_eq!(keys[1]["nbf"], T + 60 - 3_600);
    // And where the key itself has gone meanwhile, that is said.
    let place = self::place();
    let path = place.path("key.json").display().to_string();
    let mut terminal = Terminal::run(["rotate", &path, "--at", &at, "--revoke", "one"]);
    terminal.wait_for("Type the kid");
    let renamed = place.read("key.json").replace("\"one\"", "\"two\"");
    place.write("key.json", &renamed);
    terminal.press("one\r");
    terminal.finish().ends(1).shows("unknown-kid");
    assert_eq!(place.read("key.json"), renamed);
}

#[test]
fn the_passphrase_of_a_protected_file_is_asked_for_once() {
    let place = place();
    let passphrase = place
        .write("passphrase", "correct horse")
        .display()
        .to_string();
    let call = Jwks::new("generate").args(["--alg", "Ed25519", "--kid", "one", "--encrypt"]);
    let call = call.args(["--passphrase-file", &passphrase, "-o"]);
    call.arg(place.path("key.jwe")).run().succeeds();
    let path = place.path("key.jwe").display().to_string();
    let mut terminal = Terminal::run(["rotate", &path, "--revoke", "one"]);
    terminal.answer("assphrase", "correct horse");
    terminal.answer("Type the kid", "one");
    terminal.finish().ends(0);
}

#[test]
fn a_key_without_kid_is_named_by_its_thumbprint() {
    let place = place();
    let key = place.read("key.json").replace("  \"kid\": \"one\",\n", "");
    place.write("key.json", key);
    let inspect = Jwks::new("inspect")
        .arg("--format=json")
        .arg(place.path("key.json"));
    let report: serde_json::Value = serde_json::from_slice(&inspect.run().stdout).expect("JSON");
    let thumbprint = report["keys"][0]["thumbprint"]
        .as_str()
        .expect("a thumbprint")
        .to_owned();
    rotate(&place, T, &["--revoke", &thumbprint, "--yes"]).succeeds();
    assert_eq!(kids(&place, "key.json")[0], thumbprint);
}

#[test]
fn a_key_that_cannot_be_read_can_be_revoked() {
    let place = place();
    let good = place.read("key.json");
    let bad = r#"{"kty":"EC","kid":"bad","crv":"P-256","x":"AA","d":"c2VjcmV0c2VjcmV0"}"#;
    place.write("key.json", format!("{{\"keys\":[{bad},{good}]}}"));
    rotate(&place, T, &["--revoke", "bad", "--yes"]).succeeds();
    assert!(!place.read("key.json").contains("c2VjcmV0"));
    assert_eq!(keys(&place, "key.json").len(), 2);
    assert_eq!(kids(&place, "public.json"), ["one"]);
}

#[test]
fn a_crash_before_the_publication_takes_no_withdrawal_back() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    let published = place.read("public.json");
    rotate(&place, T, &REVOKE).succeeds();
    // As if the process had ended between the two files.
    place.write("public.json", published);
    rotate(&place, T, &["--every", "90d"]).succeeds();
    assert!(!kids(&place, "public.json").contains(&"one".to_owned()));
}

#[test]
fn a_tombstone_in_the_published_set_is_no_reason_to_keep_it() {
    let place = place();
    place.write(
        "public.json",
        r#"{"keys":[{"kty":"OKP","kid":"old","revoked":{"revoked_at":1}}]}"#,
    );
    rotate(&place, T, &[]).succeeds();
    assert_eq!(kids(&place, "public.json").len(), 2);
    assert!(!place.read("public.json").contains("revoked"));
}

#[test]
fn a_standby_is_also_made_for_a_key_that_was_revoked_before() {
    let place = place();
    rotate(&place, T, &REVOKE).succeeds();
    let again: Vec<&str> = [&REVOKE[..], &["--standby", "--json"]].concat();
    let first = report(&rotate(&place, T + 1, &again));
    assert_eq!(first["outcome"], "revoked-before");
    assert_ne!(first["changed"], "nothing");
    assert_eq!(
        keys(&place, "key.json").last().expect("a key")["nbf"],
        253_402_300_799_i64
    );
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json")[1..]);
    let before = place.read("key.json");
    rotate(&place, T + 2, &again).succeeds();
    assert_eq!(place.read("key.json"), before);
}
