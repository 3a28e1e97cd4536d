//! Rotations that are published late, or given other times while one is under way.

use super::{T, TAKEOVER, keys, kids, place, report, rotate};
use crate::support::place::Place;
use crate::support::{Jwks, Run};

const HOUR: i64 = 3600;
const WEEK: &str = "--token-lifetime=7d";

/// `jwks rotate key.json` at a time, which publishes nothing.
fn rotate_unpublished(place: &Place, at: i64, options: &[&str]) -> Run {
    let call = Jwks::new("rotate").args(["--at", &at.to_string()]);
    call.arg(place.path("key.json")).args(options).run()
}

/// A folder with a key that is published.
fn published() -> Place {
    let place = place();
    rotate(&place, T, &["--every=90d"]).succeeds();
    place
}

fn dates(place: &Place, member: &str) -> Vec<Option<i64>> {
    let keys = keys(place, "key.json").into_iter();
    keys.map(|key| key[member].as_i64()).collect()
}

/// The same call again changes neither file and warns of nothing.
fn is_settled(place: &Place, at: i64, options: &[&str]) {
    let before = (place.read("key.json"), place.read("public.json"));
    assert_eq!(rotate(place, at, options).succeeds().stderr, "");
    let after = (place.read("key.json"), place.read("public.json"));
    assert_eq!(before, after);
}

#[test]
fn two_keys_that_are_published_late_are_both_put_off() {
    for place in [published(), place()] {
        let start = T + 24 * HOUR;
        rotate_unpublished(&place, start, &[]).succeeds();
        rotate_unpublished(&place, start, &["--force"]).succeeds();
        let late = T + 48 * HOUR;
        let run = rotate(&place, late, &["--every=90d"]);
        let told = run.succeeds().stderr.clone();
        assert_eq!(told.matches("its takeover is put off to").count(), 2);
        let takeover = late + TAKEOVER;
        let nbf = [None, Some(takeover), Some(takeover + 1)];
        assert_eq!(dates(&place, "nbf"), nbf);
        let leaves = takeover + TAKEOVER;
        let exp = [Some(leaves), Some(leaves + 1), None];
        assert_eq!(dates(&place, "exp"), exp);
        is_settled(&place, late + 60, &["--every=90d"]);
    }
}

#[test]
fn a_key_that_was_forced_without_publication_is_put_off_behind_a_published_one() {
    let place = published();
    rotate(&place, T + 24 * HOUR, &[]).succeeds();
    rotate_unpublished(&place, T + 24 * HOUR, &["--force"]).succeeds();
    let late = T + 48 * HOUR;
    rotate(&place, late, &["--every=90d"]).succeeds();
    let nbf = dates(&place, "nbf");
    assert_eq!(nbf[1..], [Some(T + 49 * HOUR), Some(late + TAKEOVER)]);
    is_settled(&place, late, &["--every=90d"]);
}

#[test]
fn a_standby_that_is_published_late_is_put_off() {
    let place = published();
    rotate_unpublished(&place, T + HOUR, &["--standby"]).succeeds();
    rotate_unpublished(&place, T + 30 * HOUR, &[]).succeeds();
    let late = T + 50 * HOUR;
    rotate(&place, late, &["--every=90d"]).succeeds();
    // Behind the one that took over before anybody knew it.
    let nbf = dates(&place, "nbf");
    assert_eq!(nbf, [None, Some(late + TAKEOVER), Some(late + 30 * HOUR)]);
}

#[test]
fn smaller_times_do_not_hide_that_a_key_is_published_late() {
    let place = published();
    rotate_unpublished(&place, T + 24 * HOUR, &["--cache-ttl=7d"]).succeeds();
    let late = T + 192 * HOUR;
    // Refused, and made good all the same.
    let run = rotate(&place, late, &[]);
    run.fails(1, "rotation-under-way");
    assert!(run.stderr.contains("is put off to"), "{}", run.stderr);
    assert_eq!(dates(&place, "nbf")[1], Some(late + TAKEOVER));
    assert_eq!(kids(&place, "public.json"), kids(&place, "key.json"));
}

#[test]
fn where_nothing_is_put_off_twice_that_is_told() {
    let place = place();
    rotate_unpublished(&place, T, &[]).succeeds();
    let publish = |hours: i64| {
        let run = rotate(&place, T + hours * HOUR, &["--every=90d"]);
        std::fs::remove_file(place.path("public.json")).expect("a published set");
        run.succeeds().stderr.clone()
    };
    assert!(publish(24).contains("is put off to"));
    let again = publish(48);
    assert!(!again.contains("is put off to"), "{again}");
    assert!(again.contains("is not put off"));
}

#[test]
fn a_longer_lifetime_of_tokens_holds_for_the_rotation_under_way() {
    let place = published();
    rotate(&place, T, &[]).succeeds();
    let leaves = T + TAKEOVER + 169 * HOUR;
    let run = rotate(&place, T + HOUR, &[WEEK, "--every=90d"]);
    let text = run.succeeds().text();
    assert!(
        text.contains("Changed: key \"one\" stays until 20"),
        "{text}"
    );
    assert_eq!(dates(&place, "exp"), [Some(leaves), None]);
    is_settled(&place, T + HOUR, &[WEEK, "--every=90d"]);
    is_settled(&place, T + HOUR, &["--every=90d"]);
    rotate(&place, leaves - 1, &["--every=1000d"]).succeeds();
    assert_eq!(kids(&place, "public.json").len(), 2);
    rotate(&place, leaves, &["--every=1000d"]).succeeds();
    assert_eq!(kids(&place, "public.json").len(), 1);
}

#[test]
fn a_refused_rotation_lets_keys_stay_as_well_with_and_without_a_published_set() {
    for run in [rotate, rotate_unpublished] {
        let place = published();
        run(&place, T, &[]).succeeds();
        let refused = run(&place, T + HOUR, &[WEEK]);
        refused.fails(1, "rotation-under-way");
        assert!(refused.stderr.contains("stays until"));
        assert_eq!(dates(&place, "exp")[0], Some(T + TAKEOVER + 169 * HOUR));
    }
}

#[test]
fn keys_that_stay_longer_are_marked_in_the_report() {
    let place = published();
    rotate(&place, T, &[]).succeeds();
    let told = report(&rotate(&place, T, &[WEEK, "--every=90d", "--json"]));
    let marks: Vec<bool> = told["keys"]
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| key["prolonged"] == true)
        .collect();
    assert_eq!(marks, [true, false]);
}

#[test]
fn a_key_that_signs_without_having_been_published_waits_until_it_is_known() {
    let place = published();
    rotate_unpublished(&place, T, &[]).succeeds();
    let sign = |at: i64| {
        let call = Jwks::new("sign").arg("--jwks").arg(place.path("key.json"));
        let token = call.args(["--at", &at.to_string()]).run();
        token.succeeds().text().to_owned()
    };
    let header = |token: String| token.split('.').next().expect("a header").to_owned();
    let (old, at) = (header(sign(T)), T + TAKEOVER + HOUR);
    assert_ne!(header(sign(at)), old);
    let dry = rotate(&place, at, &["--every=90d", "--dry-run"]);
    let run = rotate(&place, at, &["--every=90d"]);
    let said = &run.succeeds().stderr;
    assert!(said.contains("the key before it signs again"), "{said}");
    assert_eq!(dry.succeeds().stderr, warnings(said));
    assert_eq!(dates(&place, "nbf")[1], Some(at + TAKEOVER));
    assert_eq!(dates(&place, "exp")[0], Some(at + 2 * TAKEOVER));
    assert_eq!(header(sign(at + TAKEOVER - 1)), old);
    assert_ne!(header(sign(at + TAKEOVER)), old);
    is_settled(&place, at + 60, &["--every=90d"]);
}

fn warnings(said: &str) -> String {
    let lines = said.split_inclusive('\n');
    lines
        .filter(|line| !line.starts_with("note: wrote"))
        .collect()
}

/// What is put off, what is not, what signs unknown, and what is to be published by others.
#[test]
fn a_dry_run_says_all_that_the_real_run_says() {
    let same = |place: &Place, run: fn(&Place, i64, &[&str]) -> Run, at, options: &[&str]| {
        let before = (place.read("key.json"), place.names());
        let dry = run(place, at, &[options, &["--dry-run"]].concat());
        assert_eq!((place.read("key.json"), place.names()), before);
        let real = run(place, at, options);
        assert_eq!(warnings(&real.stderr), dry.stderr);
        assert_eq!(real.exit, dry.exit);
        dry.stderr
    };
    let place = published();
    let said = same(&place, rotate_unpublished, T, &["--standby"]);
    assert!(said.contains("publish the public halves"), "{said}");
    let said = same(&place, rotate, T + HOUR, &[]);
    assert!(said.contains("is put off to"), "{said}");
    std::fs::remove_file(place.path("public.json")).expect("a published set");
    let said = same(&place, rotate, T + 2 * HOUR, &["--every=90d"]);
    assert!(said.contains("is not put off"), "{said}");
    assert!(said.contains("--revoke="), "{said}");
    let said = same(&place, rotate, T + 3 * HOUR, &[WEEK]);
    assert!(said.contains("stays until"), "{said}");
    // Nobody could know a key that was never published, and none before it can sign.
    let place = self::place();
    place.write("public.json", "");
    let said = same(&place, rotate, T + 2 * HOUR, &["--every=90d"]);
    assert!(said.contains("signs already"), "{said}");
}
