//! Tokens whose claims are not what the caller asks for.

use serde_json::{Value, json};

use super::issuer::{token, verify};
use super::story::{mistake, then};
use crate::support::Jwks;
use crate::support::place::Place;

/// [`crate::support::place::AT`] in seconds.
const NOW: i64 = 1_800_000_000;

fn claims(claims: &Value) -> String {
    token(&json!({}), claims)
}

#[test]
fn an_old_token_is_looked_at_with_the_time_of_its_day() {
    let place = Place::new();
    let set = place.write("set.json", super::issuer::set());
    let token = claims(&json!({"exp": 1_600_000_000}));
    let verify = || Jwks::new("verify").arg(&token).arg("--jwks").arg(&set);
    let hint = mistake(verify()).says(1, "expired");
    then(verify().arg(hint.word("--at=")));
}

#[test]
fn clocks_differ_by_seconds() {
    let place = Place::new();
    for (wrong, code) in [
        (json!({"exp": NOW - 4}), "expired"),
        (json!({"exp": NOW - 290}), "expired"),
        (json!({"nbf": NOW + 4}), "not-yet-valid"),
    ] {
        let token = claims(&wrong);
        let hint = mistake(verify(&place, &token)).says(1, code);
        then(verify(&place, &token).arg(hint.word("--leeway=")));
    }
    let token = claims(&json!({"iat": NOW + 4}));
    let aged = || verify(&place, &token).arg("--max-age=1h");
    let hint = mistake(aged()).says(1, "issued-in-future");
    then(aged().arg(hint.word("--leeway=")));
}

#[test]
fn a_token_comes_before_its_time() {
    let place = Place::new();
    let set = place.write("set.json", super::issuer::set());
    let token = claims(&json!({"nbf": 4_000_000_000_i64}));
    let verify = || Jwks::new("verify").arg(&token).arg("--jwks").arg(&set);
    let hint = mistake(verify()).says(1, "not-yet-valid");
    then(verify().arg(hint.word("--at=")));
}

#[test]
fn the_audience_is_written_in_another_way() {
    let place = Place::new();
    let token = claims(&json!({"aud": ["https://api.example", "billing"]}));
    let asked = |aud: &str| verify(&place, &token).arg(aud);
    let hint = mistake(asked("--aud=api")).says(1, "audience-mismatch");
    then(asked(&hint.word("--aud=")));
}

#[test]
fn the_issuer_is_written_with_a_slash_or_without_tls() {
    let place = Place::new();
    for issuer in [
        "https://a.example/t",
        "https://a.example/t/",
        "http://a.example/t",
    ] {
        let token = claims(&json!({"iss": issuer}));
        for asked in [
            "https://a.example/t",
            "https://a.example/t/",
            "https://A.example/t",
        ] {
            if asked == issuer {
                continue;
            }
            let hint = mistake(verify(&place, &token).args(["--iss", asked]));
            let hint = hint.says(1, "issuer-mismatch");
            then(verify(&place, &token).arg(hint.word("--iss=")));
        }
    }
}

#[test]
fn the_token_is_of_another_issuer_or_about_somebody_else() {
    let place = Place::new();
    let token = claims(&json!({"iss": "https://b.example", "sub": "bob"}));
    for (asked, code, right) in [
        ("--iss=https://a.example", "issuer-mismatch", "--iss="),
        ("--sub=alice", "subject-mismatch", "--sub="),
    ] {
        let hint = mistake(verify(&place, &token).arg(asked)).says(1, code);
        then(verify(&place, &token).arg(hint.word(right)));
    }
}

#[test]
fn a_name_from_a_token_does_nothing_in_a_shell() {
    let place = Place::new();
    for name in [
        "$(touch x)",
        "`id`",
        "a; id",
        "it's",
        "a\"b",
        "a\u{1b}[31m",
        "a\nb",
        "-- x",
    ] {
        let token = claims(&json!({"aud": name, "iss": name, "sub": name}));
        let asked = ["--aud=a", "--iss=b", "--sub=c"];
        for (code, option) in [
            ("audience-mismatch", "--aud=VALUE"),
            ("issuer-mismatch", "--iss=VALUE"),
            ("subject-mismatch", "--sub=VALUE"),
        ] {
            let hint = mistake(verify(&place, &token).args(asked)).says(1, code);
            hint.naming(option).not_naming(name);
        }
    }
}

#[test]
fn dates_count_milliseconds() {
    let place = Place::new();
    let token_of = |name: &str, date: &str| {
        let mut claims = json!({"exp": NOW + 60});
        claims[name] = date.parse().map(|date: i64| json!(date)).expect("a date");
        super::claims::claims(&claims)
    };
    let early = token_of("nbf", "1799999999000");
    let hint = mistake(verify(&place, &early)).says(1, "not-yet-valid");
    then(verify(&place, &token_of("nbf", &hint.word("17"))));
    // A token that holds for ever is taken, and this is said.
    let late = token_of("exp", "1800000060000");
    let note = mistake(verify(&place, &late)).notes().naming("\"exp\"");
    let run = then(verify(&place, &token_of("exp", &note.word("18"))));
    assert!(!run.stderr.contains("milliseconds"), "{}", run.stderr);
}

#[test]
fn whoever_mints_milliseconds_is_told() {
    let place = Place::with_key();
    let key = place.path("key.json");
    let sign = |exp: &str| {
        let exp = format!("exp:={exp}");
        Place::jwks("sign")
            .arg("--jwks")
            .arg(&key)
            .args(["--claim", &exp])
    };
    let note = mistake(sign("1800000060000")).notes().naming("\"exp\"");
    let run = then(sign(&note.word("18")));
    assert_eq!(run.stderr, "");
}

#[test]
fn a_date_is_written_as_a_string() {
    let place = Place::new();
    for wrong in ["1800000060", "2027-01-15T08:01:00Z"] {
        let token = claims(&json!({"exp": wrong}));
        let hint = mistake(verify(&place, &token)).says(1, "claim-invalid");
        let member = format!("{{{}}}", hint.naming("\"exp\":").written_member());
        let right: Value = serde_json::from_str(&member).expect("a member");
        assert_eq!(right, json!({"exp": 1_800_000_060}));
        then(verify(&place, &claims(&right)));
    }
}

#[test]
fn an_id_token_is_given_for_an_access_token() {
    let place = Place::new();
    let asked = |typ: &str, wanted: &str| {
        let token = token(&json!({"typ": typ}), &json!({"exp": NOW + 60}));
        verify(&place, &token).arg(wanted)
    };
    let hint = mistake(asked("JWT", "--typ=at+jwt")).says(1, "typ-mismatch");
    let hint = hint.naming("access token");
    then(asked("at+jwt", "--typ=at+jwt"));
    then(asked("JWT", &hint.word("--typ=")));
    mistake(asked("a b", "--typ=JWT"))
        .says(1, "typ-mismatch")
        .naming("--typ=TYPE");
}

#[test]
fn the_algorithm_is_not_in_the_list() {
    let place = Place::new();
    let token = claims(&json!({"exp": NOW + 60}));
    let asked = |alg: &str| verify(&place, &token).arg(alg);
    let hint = mistake(asked("--alg=ES256")).says(1, "alg-not-allowed");
    then(asked(&hint.word("--alg=")));
}

#[test]
fn a_token_is_older_than_allowed() {
    let place = Place::new();
    let token = claims(&json!({"iat": NOW - 600}));
    let asked = |age: &str| verify(&place, &token).arg(age);
    let hint = mistake(asked("--max-age=5m")).says(1, "too-old");
    let option = hint.word("--max-age");
    then(asked(&format!("{option}=15m")));
}
