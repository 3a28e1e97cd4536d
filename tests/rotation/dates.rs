//! A clock that was years ahead: what it left behind is told, and the command that is named mends it.

use super::{T, TAKEOVER, keys, kids, place, rotate};
use crate::support::place::Place;
use crate::support::{Jwks, Run};

const FIVE_YEARS: i64 = 5 * 365 * 86_400;

/// The command between the backticks of what was said, with the rest of what it takes.
fn told_command(place: &Place, said: &str, at: i64) -> Run {
    let command = said.split('`').nth(1).expect("a command");
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[..2], ["jwks", "rotate"]);
    let call = Jwks::new("rotate").folder(place.path("."));
    call.args(&words[2..])
        .args(["--yes", "--at", &at.to_string()])
        .run()
}

#[test]
fn a_takeover_in_years_is_told_and_undone_by_the_command_that_is_named() {
    let place = place();
    rotate(&place, T + FIVE_YEARS, &[]).succeeds();
    let far = kids(&place, "key.json")[1].clone();
    let quiet = rotate(&place, T, &["--every", "90d"]);
    quiet.succeeds();
    for word in ["warning: ", &far, "2032-01-15T", "if a clock was ahead"] {
        assert!(quiet.stderr.contains(word), "{word}: {}", quiet.stderr);
    }
    let refused = rotate(&place, T, &[]);
    refused.fails(1, "rotation-under-way");
    let hint = refused.stderr.lines().last().expect("a hint");
    assert!(hint.starts_with("hint: if a clock was ahead"), "{hint}");
    told_command(&place, hint, T).succeeds();
    let after = keys(&place, "key.json");
    assert!(after[1]["d"].is_null() && after[1]["revoked"].is_object());
    assert_eq!(after[2]["nbf"], T + TAKEOVER);
    let settled = rotate(&place, T + 1, &["--every", "90d"]);
    assert_eq!(settled.succeeds().stderr, "");
    rotate(&place, T + TAKEOVER, &[]).succeeds();
}

#[test]
fn several_of_them_go_one_after_the_other() {
    let place = place();
    rotate(&place, T + FIVE_YEARS, &["--standby"]).succeeds();
    rotate(&place, T + FIVE_YEARS, &["--force", "--standby"]).succeeds();
    for at in [T, T + 1] {
        let refused = rotate(&place, at, &[]);
        refused.fails(1, "rotation-under-way");
        let hint = refused.stderr.lines().last().expect("a hint").to_owned();
        told_command(&place, &hint, at).succeeds();
    }
    let run = rotate(&place, T + 2, &[]);
    run.fails(1, "rotation-under-way");
    assert!(!run.stderr.contains("was ahead"), "{}", run.stderr);
    rotate(&place, T + 1 + TAKEOVER, &[]).succeeds();
}

#[test]
fn by_a_clock_that_is_late_nobody_is_told_to_revoke_a_key() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    let mut file = place.json("key.json");
    file["keys"][0]["nbf"] = T.into();
    place.write("key.json", file.to_string());
    let run = rotate(&place, 5_000, &[]);
    run.fails(1, "rotation-under-way");
    assert!(run.stderr.contains("is the clock of this machine right?"));
    assert!(!run.stderr.contains("--revoke"), "{}", run.stderr);
}

#[test]
fn a_birth_in_the_future_is_told() {
    let place = place();
    let run = rotate(&place, T - 7_200, &["--every", "90d"]);
    run.succeeds();
    assert!(run.stderr.contains("was made at 2027-01-15T08:00:00Z"));
    let run = rotate(&place, T - 3_600, &["--every", "90d"]);
    assert_eq!(run.succeeds().stderr.matches("warning").count(), 0);
    let (place, one) = (
        super::place(),
        place.json("key.json")["keys"][0].to_string(),
    );
    let many = (0..20).map(|name| one.replace("\"one\"", &format!("\"{name}\"")));
    let many = many.collect::<Vec<_>>().join(",");
    place.write("key.json", format!("[{many}]"));
    let run = rotate(&place, T - 7_200, &["--every", "90d"]);
    let said = &run.stderr;
    assert!(
        said.contains("12 more keys have dates like these"),
        "{said}"
    );
}

#[test]
fn a_name_that_means_something_to_a_shell_is_not_put_into_a_command() {
    let place = place();
    let text = place.read("key.json").replace("\"one\"", "\"$(id)\"");
    place.write("key.json", text);
    let mut file = place.json("key.json");
    file["nbf"] = (T + FIVE_YEARS).into();
    let mut old = file.clone();
    old["kid"] = "old".into();
    old["nbf"] = 0.into();
    let both = serde_json::json!({"keys": [old, file]});
    place.write("key.json", both.to_string());
    let run = rotate(&place, T, &["--every", "90d"]);
    run.succeeds();
    assert!(run.stderr.contains("--revoke=KID"), "{}", run.stderr);
}
