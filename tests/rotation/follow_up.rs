//! The end of the report: whoever follows it finishes a rotation, and starts no other.

use super::{T, TAKEOVER, keys, kids, place, rotate};
use crate::support::place::Place;
use crate::support::{Jwks, Run};

const HOUR: i64 = 3600;

/// The line of the report that starts with this word, and those that belong to it.
fn told(run: &Run, head: &str) -> Vec<String> {
    let text = run.succeeds().text();
    let lines = text.lines().skip_while(|line| !line.starts_with(head));
    let own = lines
        .enumerate()
        .take_while(|(place, line)| *place == 0 || line.starts_with("   "));
    own.map(|(_, line)| line.trim().to_owned()).collect()
}

/// Does at a time what the report tells.
fn follow(line: &str, at: i64) -> Run {
    let mut words = line.split(' ');
    assert_eq!(words.next(), Some("jwks"));
    let call = Jwks::new(words.next().expect("a command")).args(words.map(str::to_owned));
    call.args(["--at", &at.to_string()]).run()
}

#[test]
fn what_is_told_finishes_the_rotation_and_starts_no_other() {
    let year: &[&str] = &["--token-lifetime", "365d", "--cache-ttl=90s", "--standby"];
    for (options, leaves) in [
        (&[][..], 2 * TAKEOVER),
        (year, 90 + HOUR + 365 * 24 * HOUR + HOUR),
    ] {
        let place = place();
        let run = rotate(&place, T, options);
        let next = told(&run, "Next:");
        assert!(
            next[0].contains("take key \"one\" out of the published set"),
            "{next:?}"
        );
        assert!(!told(&run, "Safe:").is_empty());
        let before = kids(&place, "key.json");
        let early = follow(&next[1], T + leaves - 1);
        assert!(kids(&place, "public.json").contains(&"one".to_owned()));
        assert!(told(&early, "Next:")[0].contains("run it again: it takes key \"one\""));
        let done = follow(&next[1], T + leaves);
        assert_eq!(kids(&place, "public.json"), before[1..]);
        assert_eq!(kids(&place, "key.json"), before);
        // Nothing is left to be done but the next rotation.
        assert!(
            told(&done, "Next:")[0].starts_with("Next:    due at "),
            "{}",
            done.text()
        );
    }
}

#[test]
fn a_job_that_runs_by_itself_tells_when_the_old_key_goes() {
    let place = place();
    let every = ["--every", "90d"];
    let at = T + 90 * 24 * HOUR;
    let first = rotate(&place, at, &every);
    for run in [first, rotate(&place, at + 60, &every)] {
        assert!(
            told(&run, "Due:")[0].contains("the next rotation at 20"),
            "{}",
            run.text()
        );
        let next = told(&run, "Next:");
        assert!(next[0].ends_with("run it again: it takes key \"one\" out of the published set"));
    }
    let last = rotate(&place, at + 2 * TAKEOVER, &every);
    assert_eq!(kids(&place, "public.json").len(), 1);
    assert!(!last.text().contains("Due:"), "{}", last.text());
}

#[test]
fn without_a_published_set_it_is_told_what_others_have_to_do() {
    let run = |place: &Place| {
        let call = Jwks::new("rotate").arg(place.path("key.json"));
        call.args(["--at", &T.to_string()]).run()
    };
    let place = place();
    let next = told(&run(&place), "Next:");
    assert!(
        next[0].ends_with("take key \"one\" out of what you publish"),
        "{next:?}"
    );
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "HS256", "--kid", "one"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("key.json")).run().succeeds();
    let next = told(&run(&place), "Next:");
    assert!(next[0].ends_with("take key \"one\" away from those who share the secret"));
}

#[test]
fn after_a_withdrawal_what_is_told_can_be_done() {
    let place = place();
    rotate(&place, T, &[]).succeeds();
    let second = kids(&place, "key.json").remove(1);
    let run = rotate(&place, T + 60, &["--revoke", &second, "--yes"]);
    let next = told(&run, "Next:");
    assert!(!next[1].contains("--revoke"), "{next:?}");
    let leaves = keys(&place, "key.json")[0]["exp"].as_i64().expect("a date");
    follow(&next[1], leaves).succeeds();
    assert_eq!(kids(&place, "public.json").len(), 1);
    assert_eq!(kids(&place, "key.json").len(), 3);
    // A single key that is withdrawn leaves at once, and nothing is left to be done.
    let place = self::place();
    let run = rotate(&place, T, &["--revoke", "one", "--yes"]);
    assert!(
        told(&run, "Next:")[0].contains("another rotation is safe from"),
        "{}",
        run.text()
    );
}

#[test]
fn keys_to_encrypt_to_are_not_said_to_sign() {
    let place = Place::new();
    let call = Jwks::new("generate").args(["--alg", "ECDH-ES", "--kid", "one"]);
    let call = call.args(["--at", "1800000000", "-o"]);
    call.arg(place.path("key.json")).run().succeeds();
    let run = rotate(&place, T, &[]);
    let text = run.succeeds().text();
    assert!(
        text.contains("ACTIVE FROM") && !text.contains("sign"),
        "{text}"
    );
    // The public half goes when its successor is there, and the private one stays.
    let next = told(&run, "Next:");
    assert!(
        next[0].starts_with("Next:    at 2027-01-16T09:00:00Z or later"),
        "{next:?}"
    );
    follow(&next[1], T + TAKEOVER).succeeds();
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json")[1..]);
    let run = rotate(&place, T + TAKEOVER, &["--revoke", "one", "--yes"]);
    let exposed = told(&run, "Exposed:");
    assert!(exposed[0].contains("encrypt to it until"), "{exposed:?}");
    assert!(!run.text().contains("sign"), "{}", run.text());
}
