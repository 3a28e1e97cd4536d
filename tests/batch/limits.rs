//! `--token-limit`: to the byte, and lines of any length have their hash.

use super::batch;
use super::keys::{CLAIMS, one, place, valid};
use super::records::{code, hash, records};
use crate::support::place::Place;

/// A valid token of so many bytes, or up to three more: base64 knows not every length.
fn token_of(length: usize) -> String {
    let frame = one().sign(r#"{"a":""}"#).len();
    let claims = |padding: usize| format!(r#"{{"a":"{}"}}"#, "a".repeat(padding));
    let mut padding = (length - frame) / 4 * 3;
    loop {
        let token = one().sign(claims(padding));
        if token.len() >= length {
            return token;
        }
        padding += 1;
    }
}

/// What is said of a line: its first code and its hash.
fn said(place: &Place, options: &[&str], line: &[u8]) -> (Option<String>, String) {
    let run = batch(place).args(options).stdin(line).run();
    let records = records(&run.stdout);
    assert_eq!(records.len(), 1, "{}", run.stderr);
    let said = code(&records[0]).map(str::to_owned);
    (said, records[0]["sha256"].as_str().unwrap().to_owned())
}

fn too_large(hash: String) -> (Option<String>, String) {
    (Some("token-too-large".to_owned()), hash)
}

#[test]
fn a_token_may_be_as_long_as_the_limit_and_not_a_byte_longer() {
    let place = place();
    let valid = valid();
    let hash = hash(valid.as_bytes());
    let at_limit = format!("--token-limit={}", valid.len());
    let below = format!("--token-limit={}", valid.len() - 1);
    for end in ["", "\n", "\r\n"] {
        let line = format!("{valid}{end}");
        let within = said(&place, &[&at_limit], line.as_bytes());
        assert_eq!(within, (None, hash.clone()), "{end:?}");
        let over = said(&place, &[&below], line.as_bytes());
        assert_eq!(over, too_large(hash.clone()), "{end:?}");
    }
}

#[test]
fn the_default_limit_is_a_mebibyte_to_the_byte() {
    let place = place();
    let token = token_of(1 << 20);
    // Base64 has no token of some lengths; one too long is cut, which the limit does not see.
    let within = said(
        &place,
        &[&format!("--token-limit={}", token.len())],
        token.as_bytes(),
    );
    assert_eq!(within, (None, hash(token.as_bytes())));
    let longest = &token.as_bytes()[..1 << 20];
    let (code, found) = said(&place, &[], longest);
    assert_ne!(code.as_deref(), Some("token-too-large"));
    assert_eq!(found, hash(longest));
    let over = [longest, b"a"].concat();
    assert_eq!(said(&place, &[], &over), too_large(hash(&over)));
}

#[test]
fn lines_around_the_limit_keep_their_places_and_their_hashes() {
    let place = place();
    let valid = valid();
    for limit in [0, 1, 100, 65_535, 65_536, 65_537, 131_072] {
        let lengths: Vec<usize> = (limit.max(4) - 4..limit + 5).chain([3 * limit]).collect();
        for end in ["\n", "\r\n"] {
            let mut input = Vec::new();
            for &length in &lengths {
                input.resize(input.len() + length, b'a');
                input.extend_from_slice(format!("{end}{valid}{end}").as_bytes());
            }
            let option = format!("--token-limit={limit}");
            let run = batch(&place).arg(option).stdin(input).run();
            let records = records(&run.stdout);
            assert_eq!(records.len(), 2 * lengths.len(), "{}", run.stderr);
            for (pair, &length) in records.chunks(2).zip(&lengths) {
                let is_too_large = code(&pair[0]) == Some("token-too-large");
                assert_eq!(is_too_large, length > limit, "{length} of {limit}");
                assert_eq!(pair[0]["sha256"], hash(&vec![b'a'; length]));
                let is_valid = pair[1]["valid"] == true;
                assert_eq!(is_valid, valid.len() <= limit, "{length} of {limit}");
                assert_eq!(pair[1]["sha256"], hash(valid.as_bytes()));
            }
        }
    }
}

#[test]
fn a_line_of_three_mebibytes_is_hashed_whole_and_without_its_end() {
    let place = place();
    let mut long = vec![b'a'; 3 << 20];
    long[2 << 20] = b'\r';
    let valid = valid();
    for end in ["\n", "\r\n"] {
        let head = format!("{valid}{end}").into_bytes();
        let tail = format!("{end}{valid}").into_bytes();
        let input = [head, long.clone(), tail].concat();
        let run = batch(&place).stdin(input).run();
        let records = records(&run.stdout);
        assert_eq!(records.len(), 3, "{}", run.stderr);
        assert_eq!(records[0]["valid"], true);
        assert_eq!(code(&records[1]), Some("token-too-large"));
        assert_eq!(records[1]["sha256"], hash(&long), "{end:?}");
        assert_eq!(records[2]["valid"], true);
    }
}

#[test]
fn a_long_line_ends_as_a_short_one_does() {
    let place = place();
    for length in [10, 100_000, 3 << 20] {
        let body = vec![b'a'; length];
        for (end, is_part) in [
            (&b""[..], true),
            (b"\r", true),
            (b"\r\r", true),
            (b"\n", false),
            (b"\r\n", false),
        ] {
            let line = [&body, end].concat();
            let token = if is_part { &line } else { &body };
            let (_, found) = said(&place, &["--token-limit=5"], &line);
            assert_eq!(found, hash(token), "{length} bytes and {end:?}");
        }
        let (_, found) = said(
            &place,
            &["--token-limit=5"],
            &[&body[..], b"\r\r\n"].concat(),
        );
        assert_eq!(found, hash(&[&body[..], b"\r"].concat()), "{length} bytes");
    }
}

#[test]
fn a_limit_may_be_anything() {
    let place = place();
    let line = one().sign(CLAIMS);
    let greatest = format!("--token-limit={}", u64::MAX);
    for options in [&[greatest.as_str()][..], &[&greatest, "--id-field"]] {
        let line = if options.len() == 2 {
            format!("a\t{line}")
        } else {
            line.clone()
        };
        let (code, _) = said(&place, options, line.as_bytes());
        assert_eq!(code, None, "{options:?}");
    }
    let (code, _) = said(&place, &["--token-limit=0"], b"\n");
    assert_eq!(code.as_deref(), Some("token-empty"));
    let (code, _) = said(&place, &["--token-limit=0"], b"a\n");
    assert_eq!(code.as_deref(), Some("token-too-large"));
}
