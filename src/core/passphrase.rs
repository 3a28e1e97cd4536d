//! What is to be said of a new passphrase. It is advice: nobody is kept from a short one.
//!
//! Length is what counts, and whether everybody would try it first (NIST SP 800-63B-4 §3.1.1.2). More is not
//! estimated: that takes a dictionary, and copies of the passphrase that nobody wipes.

/// Fewest characters of a secret that is all that keeps someone out (NIST SP 800-63B-4 §3.1.1.2).
const ENOUGH: usize = 15;
/// Characters in an order that everybody knows, from rows of keys and the alphabet.
const RUNS: [&str; 4] = [
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901234567890",
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm1234567890",
];
/// Long ones that lists of passwords have, in lower case and without what stands between words.
const KNOWN: [&str; 6] = [
    "correcthorsebatterystaple",
    "thequickbrownfox",
    "thequickbrownfoxjumpsoverthelazydog",
    "tobeornottobethatisthequestion",
    "thisisasecretpassword",
    "mysecretpassphrase",
];

/// Why a new passphrase would not hold for long, as a sentence; none when nothing speaks against it.
#[must_use]
pub fn remark(passphrase: &[u8]) -> Option<String> {
    // Bytes that are no UTF-8 count one by one, as they would be tried.
    let length = std::str::from_utf8(passphrase)
        .map_or(passphrase.len(), |passphrase| passphrase.chars().count());
    if length < ENOUGH {
        let characters = if length == 1 {
            "character"
        } else {
            "characters"
        };
        return Some(format!(
            "a passphrase of {length} {characters} can be guessed by a machine: {ENOUGH} or more are better, \
             such as five random words"
        ));
    }
    let is_weak = is_repeated(passphrase) || is_run(passphrase) || is_known(passphrase);
    is_weak.then(|| {
        "this passphrase is among the first that anybody tries: five random words are better"
            .to_owned()
    })
}

/// True for a piece that is there twice or more, and perhaps its beginning once again.
fn is_repeated(passphrase: &[u8]) -> bool {
    (1..=passphrase.len() / 2)
        .any(|period| passphrase[period..] == passphrase[..passphrase.len() - period])
}

fn is_run(passphrase: &[u8]) -> bool {
    RUNS.iter().any(|run| {
        let mut windows = run.as_bytes().windows(passphrase.len());
        windows.any(|window| {
            let same = |(one, other): (&u8, &u8)| one.eq_ignore_ascii_case(other);
            window.iter().zip(passphrase).all(same) || window.iter().rev().zip(passphrase).all(same)
        })
    })
}

fn is_known(passphrase: &[u8]) -> bool {
    let letters = || passphrase.iter().filter(|byte| byte.is_ascii_alphabetic());
    KNOWN
        .iter()
        .any(|known| letters().map(u8::to_ascii_lowercase).eq(known.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_and_not_known_to_everybody_passes() {
        for good in [
            "vivid kettle marsh trombone oak",
            "x9Kq-22fW-pLz8-01aa",
            "ünüblich würzig öde",
        ] {
            assert_eq!(remark(good.as_bytes()), None, "{good}");
        }
        assert_eq!(
            remark(&[0xff, 0xfe, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]),
            None
        );
    }

    #[test]
    fn what_is_short_or_tried_first_is_remarked_on() {
        for (bad, expected) in [
            ("", "of 0 characters"),
            ("x", "of 1 character "),
            ("fünfzehn minus1", ""),
            ("vierzehn minus", "of 14 characters"),
            ("aaaaaaaaaaaaaaaaaaaa", "first"),
            ("passwordpasswordpass", "first"),
            ("QWERTYuiopasdfgh", "first"),
            ("ponmlkjihgfedcba", "first"),
            ("1234567890123456", "first"),
            ("Correct Horse Battery Staple!", "first"),
        ] {
            let remark = remark(bad.as_bytes()).unwrap_or_default();
            assert!(remark.contains(expected), "{bad}: {remark}");
            assert!(bad.len() < 2 || !remark.contains(bad), "{remark}");
        }
    }
}
