//! Numbers of any size, in tokens, keys and options.

use jwks_cli::core::base64url;

use crate::support::Jwks;
use crate::support::place::{Place, exit_of};

/// Spellings that break readers which believe in 64 bits.
fn numbers() -> Vec<String> {
    let mut numbers: Vec<String> = [
        "0",
        "-0",
        "-1",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "1e308",
        "1e309",
        "-1e400",
        "1e-400",
        "1e9223372036854775808",
        "1e-9223372036854775809",
        "1E+99999999999999999999999999",
        "0.00000000000000000000000000000000000000001",
        "253402300800",
        "-377705116801",
    ]
    .map(str::to_owned)
    .to_vec();
    numbers.push("9".repeat(100_000));
    numbers.push(format!("0.{}1", "0".repeat(100_000)));
    numbers.push(format!("1e{}", "9".repeat(100_000)));
    numbers
}

/// Whether the number is a time after the fixed one of the tests.
fn is_in_future(number: &str) -> bool {
    let value: f64 = number.parse().expect("a number");
    value > 1_800_000_000.0
}

#[test]
fn times_of_any_size_in_a_token_are_compared() {
    let place = Place::with_key();
    for number in numbers() {
        let sign = |claim: &str| {
            let claims = place.write("claims", format!("{{\"exp\":2e9,\"{claim}\":{number}}}"));
            let claims = if claim == "exp" {
                place.write("claims", format!("{{\"exp\":{number}}}"))
            } else {
                claims
            };
            let run = key(&place, "sign").arg("--claims").arg(claims).run();
            run.succeeds().text().trim_end().to_owned()
        };
        for (claim, code) in [("exp", "expired"), ("nbf", "not-yet-valid")] {
            let file = place.write("token", sign(claim));
            let run = key(&place, "verify").arg(&file).arg("--explain").run();
            let rejected = is_in_future(&number) == (claim == "nbf");
            assert_eq!(exit_of(&run), i32::from(rejected), "{claim} {number:.40}");
            assert_eq!(run.has_code(code), rejected, "{claim} {number:.40}");
            assert_eq!(exit_of(&Place::jwks("inspect").arg(&file).run()), 0);
        }
        let file = place.write("token", sign("iat"));
        let run = key(&place, "verify")
            .arg(&file)
            .args(["--max-age", "1h"])
            .run();
        assert_eq!(exit_of(&run), 1, "iat {number:.40}");
    }
}

fn is_json(text: &str) -> bool {
    jwks_cli::core::json::read_strict(text.as_bytes()).is_ok()
}

fn key(place: &Place, command: &str) -> Jwks {
    Place::jwks(command)
        .arg("--jwks")
        .arg(place.path("key.json"))
}

#[test]
fn dates_of_any_size_in_a_key_are_understood() {
    let place = Place::with_key();
    let key = place.read("key.json");
    let key = key.trim_end().trim_end_matches('}').trim_end();
    for number in numbers() {
        let text = key.replace("1800000000", &number);
        assert_ne!(text, key);
        for name in ["nbf", "exp"] {
            let file = place.write("dated.json", format!("{text},\"{name}\":{number}}}"));
            assert_eq!(exit_of(&Place::jwks("inspect").arg(&file).run()), 0);
            let json = Place::jwks("inspect").args(["--format", "json"]).arg(&file);
            assert_eq!(exit_of(&json.run()), 0);
            let run = Place::jwks("rotate").arg(&file).run();
            let pending = name == "nbf" && is_in_future(&number);
            assert_eq!(exit_of(&run), i32::from(pending), "{name} {number:.40}");
            assert!(is_json(&place.read("dated.json")), "{name} {number:.40}");
        }
    }
}

#[test]
fn options_of_any_size_are_taken_or_refused() {
    let place = Place::with_key();
    let token = place.path("token");
    let durations = [
        "0",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999s",
        "9223372036854775807s",
        "P9999999D",
        "-1s",
        "1e9",
        "",
    ];
    for duration in durations {
        for option in ["--leeway", "--max-age", "--timeout"] {
            let run = key(&place, "verify")
                .arg(&token)
                .args([option, duration])
                .run();
            assert!([0, 1, 2].contains(&exit_of(&run)), "{option} {duration}");
        }
        for option in ["--cache-ttl", "--token-lifetime", "--margin"] {
            let file = place.write("copy.json", place.read("key.json"));
            let run = Place::jwks("rotate")
                .arg(file)
                .args([option, duration])
                .run();
            assert!([0, 2].contains(&exit_of(&run)), "{option} {duration}");
            assert!(is_json(&place.read("copy.json")));
        }
        let file = place.path("key.json");
        let sign = Jwks::new("sign")
            .arg("--jwks")
            .arg(file)
            .args(["--exp", duration]);
        assert!([0, 2].contains(&exit_of(&sign.run())), "--exp {duration}");
    }
}

#[test]
fn times_of_any_size_are_taken_or_refused() {
    let place = Place::with_key();
    for time in [
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "9999-12-31T23:59:59.999999999Z",
        "-009999-01-01T00:00:00Z",
        "+9223372036854775807s",
        "-9223372036854775807s",
        "2027-02-30T00:00:00Z",
        "",
    ] {
        let file = place.write("copy.json", place.read("key.json"));
        let calls = [
            Jwks::new("inspect").arg(&file),
            Jwks::new("verify")
                .arg(place.path("token"))
                .arg("--jwks")
                .arg(&file),
            Jwks::new("sign").arg("--jwks").arg(&file),
            Jwks::new("generate").args(["--alg", "ES256", "--kid-from", "date"]),
            Jwks::new("rotate").arg(&file),
        ];
        for call in calls {
            let run = call.args(["--at", time]).run();
            assert!([0, 1, 2].contains(&exit_of(&run)), "{time}: {}", run.stderr);
        }
        assert!(is_json(&place.read("copy.json")));
    }
}

#[test]
fn sizes_that_no_key_has_are_wrong_usage() {
    for size in [
        "0",
        "1",
        "2047",
        "2049",
        "8193",
        "100000000",
        "18446744073709551615",
        "-1",
    ] {
        for algorithm in ["RS256", "HS256", "ES256"] {
            let call = Jwks::new("generate").args(["--alg", algorithm, "--size", size]);
            assert_eq!(exit_of(&call.run()), 2, "{algorithm} {size}");
        }
    }
    for count in ["0", "1001", "65536", "-1"] {
        let call = Jwks::new("generate").args(["--alg", "ES256", "--count", count]);
        assert_eq!(exit_of(&call.run()), 2, "{count}");
    }
}

#[test]
fn a_width_of_any_size_does_no_harm() {
    let place = Place::with_key();
    let file = place.path("key.json");
    for columns in [
        "0",
        "1",
        "2",
        "7",
        "65535",
        "65536",
        "18446744073709551616",
        "-1",
        "x",
    ] {
        for command in ["inspect", "rotate"] {
            let copy = place.write("copy.json", place.read("key.json"));
            let run = Place::jwks(command).arg(copy).env("COLUMNS", columns).run();
            assert_eq!(exit_of(&run), 0, "{columns}");
        }
        let run = Place::jwks("inspect")
            .arg(&file)
            .env("COLUMNS", columns)
            .run();
        assert!(run.text().contains("KID") || columns.len() < 2, "{columns}");
    }
}

#[test]
fn exponents_and_moduli_of_any_size_are_judged() {
    let place = Place::new();
    let octets = |length: usize| base64url::encode(&vec![0xff; length]);
    for (n, e) in [
        (1, 3),
        (256, 257),
        (3000, 1),
        (100_000, 3),
        (1, 100_000),
        (256, 100_000),
    ] {
        let key = format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, octets(n), octets(e));
        let file = place.write("rsa.json", key);
        let call = Place::jwks("inspect")
            .arg(file)
            .args(["--fail-on", "warning"]);
        assert_eq!(exit_of(&call.run()), 1, "n {n}, e {e}");
    }
}
