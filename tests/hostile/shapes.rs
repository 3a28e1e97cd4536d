//! Documents whose shape is meant to cost: deep, long, or of very many parts. Each must end soon and
//! within a bounded memory, and must not flood standard error.

use jwks_cli::core::base64url;

use crate::support::Run;
use crate::support::place::{PATIENCE, Place, exit_of, start};

/// Longest key set that is read.
const FULL: usize = 4 << 20;
/// Enough to show that something is not linear.
const LONG: usize = 2 << 20;
/// Most that may be said about one document.
const SAID_AT_MOST: usize = 64 << 10;

fn filled(start: &str, part: &str, end: &str, length: usize) -> String {
    let count = (length - start.len() - end.len()) / part.len();
    format!("{start}{}{end}", part.repeat(count))
}

#[track_caller]
fn ends(run: &Run, exits: &[i32]) {
    let exit = exit_of(run);
    assert!(exits.contains(&exit), "{exit}: {}", start(&run.stderr));
    assert!(run.took < PATIENCE, "it took {:?}", run.took);
    let said = run.stderr.len();
    assert!(said < SAID_AT_MOST, "it said {said} bytes");
}

#[track_caller]
fn inspected(document: &str, exits: &[i32]) {
    let place = Place::new();
    let file = place.write("document", document);
    ends(&Place::jwks("inspect").arg(file).run(), exits);
}

/// A token without sense is checked against the document.
#[track_caller]
fn verified_with(document: &str, exits: &[i32]) {
    let place = Place::new();
    let file = place.write("document", document);
    let token = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA";
    let verify = Place::jwks("verify").arg(token).arg("--jwks").arg(file);
    ends(&verify.run(), exits);
}

#[test]
fn a_hundred_thousand_levels_do_no_harm_in_a_set() {
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    for document in [nested.clone(), format!("{{\"keys\":{nested}}}")] {
        inspected(&document, &[3]);
        verified_with(&document, &[3]);
    }
}

#[test]
fn a_hundred_thousand_levels_do_no_harm_in_a_token() {
    let place = Place::with_key();
    let nested = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
    let part = |json: &str| base64url::encode(json.as_bytes());
    let header = format!("{}.e30.AAAA", part(&nested));
    let claims = format!("{}.{}.AAAA", part("{\"alg\":\"ES256\"}"), part(&nested));
    for (token, code, inspected) in [
        (header, "header-malformed", 3),
        (claims, "claims-malformed", 0),
    ] {
        let file = place.write("token", token);
        Place::jwks("verify")
            .arg(&file)
            .arg("--jwks")
            .arg(place.path("key.json"))
            .run()
            .fails(1, code);
        ends(&Place::jwks("inspect").arg(&file).run(), &[inspected]);
    }
    let file = place.write("claims", nested);
    Place::jwks("sign")
        .arg("--jwks")
        .arg(place.path("key.json"))
        .arg("--claims")
        .arg(file)
        .run()
        .fails(3, "claims-malformed");
}

#[test]
fn deep_claims_on_the_command_line_are_wrong_usage() {
    let place = Place::with_key();
    let nested = "[".repeat(50_000) + &"]".repeat(50_000);
    let run = Place::jwks("sign")
        .arg("--jwks")
        .arg(place.path("key.json"))
        .args(["--claim", &format!("a:={nested}")])
        .run();
    assert_eq!(exit_of(&run), 2);
}

#[test]
fn four_mebibytes_of_open_brackets_are_refused() {
    let document = "[".repeat(FULL);
    inspected(&document, &[3]);
    verified_with(&document, &[3]);
}

#[test]
fn four_mebibytes_of_open_objects_are_refused() {
    let document = filled("", "{\"a\":", "", FULL);
    inspected(&document, &[3]);
    verified_with(&document, &[3]);
}

#[test]
fn brackets_that_close_again_cost_no_more() {
    let nested = "[".repeat(LONG / 2) + &"]".repeat(LONG / 2);
    inspected(&nested, &[3]);
    inspected(&format!("{{\"keys\":[{nested}]}}"), &[3]);
}

#[test]
fn objects_that_close_again_cost_no_more() {
    let levels = LONG / 6;
    let nested = "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels);
    inspected(&nested, &[3]);
}

#[test]
fn many_numbers_at_the_deepest_level_cost_no_more() {
    let (open, close) = ("[".repeat(63), "]".repeat(63));
    inspected(&filled(&open, "0,", &format!("0{close}"), LONG), &[3]);
}

#[test]
fn four_mebibytes_of_numbers_are_refused() {
    let document = filled("[", "0,", "0]", FULL);
    inspected(&document, &[3]);
    verified_with(&document, &[3]);
}

#[test]
fn four_mebibytes_of_numbers_for_keys_are_gone_through_by_verify() {
    verified_with(&filled("{\"keys\":[", "0,", "0]}", FULL), &[1, 3]);
}

#[test]
fn four_mebibytes_of_numbers_for_keys_are_gone_through_by_inspect() {
    inspected(&filled("{\"keys\":[", "0,", "0]}", FULL), &[0, 3]);
}

/// An address space of 1 GiB is 256 times the document.
#[cfg(target_os = "linux")]
#[test]
fn four_mebibytes_of_numbers_for_keys_fit_into_a_gibibyte() {
    let place = Place::new();
    let file = place.write("document", filled("{\"keys\":[", "0,", "0]}", FULL));
    let run = crate::support::place::Shell::new("ulimit -v 1048576; exec \"$@\"")
        .args(["verify", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "--jwks"])
        .arg(file)
        .run();
    ends(&run, &[1, 3]);
}

#[test]
fn a_hundred_thousand_tiny_keys_are_gone_through_by_verify() {
    let keys = vec!["{\"kty\":\"oct\"}"; 100_000].join(",");
    verified_with(&format!("{{\"keys\":[{keys}]}}"), &[1, 3]);
}

#[test]
fn a_hundred_thousand_tiny_keys_are_gone_through_by_inspect() {
    let keys = vec!["{\"kty\":\"oct\"}"; 100_000].join(",");
    inspected(&format!("{{\"keys\":[{keys}]}}"), &[0, 3]);
}

#[test]
fn a_long_kid_is_shown_without_delay() {
    let kid = filled(
        "{\"kty\":\"oct\",\"k\":\"AAAA\",\"kid\":\"",
        "k",
        "\"}",
        LONG,
    );
    inspected(&kid, &[0]);
    verified_with(&kid, &[1]);
}

#[test]
fn very_many_members_are_gone_through() {
    let members: Vec<String> = (0..100_000)
        .map(|index| format!(",\"m{index}\":0"))
        .collect();
    let members = members.concat();
    inspected(
        &format!("{{\"kty\":\"oct\",\"k\":\"AAAA\"{members}}}"),
        &[0],
    );
    inspected(&filled("{\"kty\":\"oct\"", ",\"a\":0", "}", LONG), &[0, 3]);
}

#[test]
fn long_texts_of_every_kind_are_answered() {
    let documents = [
        filled("[\"", "x", "\"]", LONG),
        filled("[\"", "\\\\", "\"]", LONG),
        filled("[\"", "\\u0041", "\"]", LONG),
        filled("[", "9", "]", LONG),
        filled("", "\0", "", LONG),
        filled("", " ", "", LONG),
        filled("", ".", "", LONG),
        filled("e30", ".e30", "", LONG),
        filled("", "\"", "", LONG),
        filled("0\u{81}", "0", "", LONG),
        filled("<html>", "<a>", "", LONG),
        filled("{\"a\":\"", "-----BEGIN A-----\\n", "\"}", LONG),
    ];
    for document in documents {
        inspected(&document, &[3]);
    }
}

#[test]
fn very_many_pem_blocks_are_not_listed_one_by_one() {
    inspected(&filled("", "-----BEGIN CERTIFICATE-----\n", "", LONG), &[3]);
}

#[test]
fn a_long_pem_label_is_not_quoted_whole() {
    inspected(&filled("-----BEGIN ", "X", "-----", LONG), &[3]);
}
