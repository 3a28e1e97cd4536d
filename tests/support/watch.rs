//! Finds secrets in what a program prints.

use std::collections::HashSet;

use jwks_cli::core::base64url;

use crate::support::Run;

/// The members of a key that hold secrets.
pub(crate) const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "k", "priv"];

/// So many characters of base64url in a row give a secret away: 72 bits.
const TEXT_WINDOW: usize = 12;
/// The same for hexadecimal digits: 64 bits.
const HEX_WINDOW: usize = 16;
/// The same for bytes, as they are or as a list of numbers.
const BYTE_WINDOW: usize = 6;

/// Pieces of secrets in every spelling in which they could slip out.
#[derive(Default)]
pub(crate) struct Watch {
    text: HashSet<Vec<u8>>,
    hex: HashSet<Vec<u8>>,
    bytes: HashSet<Vec<u8>>,
    lists: Vec<String>,
}

impl Watch {
    /// Looks out for a secret, given in base64url.
    pub(crate) fn add(&mut self, secret: &str) {
        let bytes = base64url::decode(secret).expect("a secret in base64url");
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = digits.concat();
        self.text.extend(windows(secret.as_bytes(), TEXT_WINDOW));
        self.hex.extend(windows(hex.as_bytes(), HEX_WINDOW));
        self.bytes.extend(windows(&bytes, BYTE_WINDOW));
        self.lists.extend(bytes.windows(BYTE_WINDOW).map(|window| {
            let numbers: Vec<String> = window.iter().map(u8::to_string).collect();
            format!(",{},", numbers.join(","))
        }));
    }

    /// True when a piece of a secret is in `output`.
    pub(crate) fn sees(&self, output: &[u8]) -> bool {
        let lower = output.to_ascii_lowercase();
        let any = |pieces: &HashSet<Vec<u8>>, output: &[u8], window: usize| {
            output.windows(window).any(|piece| pieces.contains(piece))
        };
        any(&self.text, output, TEXT_WINDOW)
            || any(&self.hex, &lower, HEX_WINDOW)
            || any(&self.bytes, output, BYTE_WINDOW)
            || self.sees_list(output)
    }

    /// Lists of numbers, however they are laid out.
    fn sees_list(&self, output: &[u8]) -> bool {
        let numbers: String = String::from_utf8_lossy(output)
            .chars()
            .filter(|character| !character.is_whitespace())
            .map(|character| {
                if matches!(character, '[' | ']') {
                    ','
                } else {
                    character
                }
            })
            .collect();
        // Only a text with many numbers in a row can hold such a list.
        numbers.matches(',').count() > BYTE_WINDOW
            && self.lists.iter().any(|list| numbers.contains(list))
    }

    #[track_caller]
    pub(crate) fn sees_nothing_in(&self, run: &Run, what: &str) {
        crate::support::place::exit_of(run);
        // The output itself is not told: it holds the secret.
        assert!(!self.sees(&run.stdout), "{what}: standard output leaks");
        assert!(
            !self.sees(run.stderr.as_bytes()),
            "{what}: standard error leaks"
        );
    }
}

fn windows(text: &[u8], length: usize) -> impl Iterator<Item = Vec<u8>> {
    text.windows(length).map(<[u8]>::to_vec)
}

#[test]
fn the_watch_sees_each_spelling_and_nothing_else() {
    let mut watch = Watch::default();
    let bytes: Vec<u8> = (100..132).collect();
    let secret = base64url::encode(&bytes);
    watch.add(&secret);
    assert!(watch.sees(format!("x{}x", &secret[9..21]).as_bytes()));
    assert!(watch.sees(b"x6A6b6c6D6e6f7071x"));
    assert!(watch.sees(&bytes[3..9]));
    assert!(watch.sees(format!("{:?}", &bytes[4..12]).as_bytes()));
    assert!(watch.sees(format!("{:#?}", &bytes[4..12]).as_bytes()));
    assert!(!watch.sees(format!("x{}x", &secret[9..20]).as_bytes()));
    assert!(!watch.sees(b"an ordinary text, with 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 numbers"));
}
