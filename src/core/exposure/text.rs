//! Private keys in a text: in PEM, as JSON between other words, or in base64.

use memchr::{memchr2, memmem};
use zeroize::Zeroizing;

use super::search;
use crate::core::json::{read, read_leading};

/// How every PEM block with a private key ends its first line, whatever the key (RFC 7468 §10, §11).
const PRIVATE_PEM: &[u8] = b"PRIVATE KEY-----";
/// A text of fewer bytes holds no private key of any form.
const SHORTEST: usize = PRIVATE_PEM.len();
/// So many times its own length is read of a text in search of JSON that turns out to be none.
const ATTEMPTS: usize = 8;

/// The bytes of base64 and base64url, of padding, and of the ends of lines between them.
const MAY_BE_BASE64: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'+' | b'/' | b'=' | b'\r' | b'\n');
        byte += 1;
    }
    table
};

/// True when a private key is in the text; what is too tangled to be searched is taken for the worst.
/// `strings` says how many more texts within texts are followed.
pub(super) fn holds_secret(text: &str, inside_key: bool, strings: usize) -> bool {
    if text.len() < SHORTEST {
        return false;
    }
    memmem::find(text.as_bytes(), PRIVATE_PEM).is_some()
        || (strings > 0
            && (in_json(text, inside_key, strings - 1) || in_base64(text, inside_key, strings - 1)))
}

/// Documents that were put into a string, whatever stands around them.
fn in_json(text: &str, inside_key: bool, strings: usize) -> bool {
    // What was made a string twice.
    if text.starts_with('"')
        && read(text.as_bytes()).is_ok_and(|node| search(&node, inside_key, strings))
    {
        return true;
    }
    let (mut rest, mut read_in_vain) = (text, 0);
    while let Some(start) = memchr2(b'{', b'[', rest.as_bytes()) {
        rest = &rest[start..];
        let passed = match read_leading(rest) {
            Ok(node) if search(&node, inside_key, strings) => return true,
            Ok(node) => node.raw().len(),
            Err(length) => {
                read_in_vain += length;
                1
            }
        };
        if read_in_vain / ATTEMPTS > text.len() {
            return true;
        }
        rest = &rest[passed..];
    }
    false
}

fn in_base64(text: &str, inside_key: bool, strings: usize) -> bool {
    let parts = text
        .as_bytes()
        .split(|&byte| !MAY_BE_BASE64[usize::from(byte)]);
    parts
        .map(<[u8]>::trim_ascii)
        .filter(|part| part.len() >= SHORTEST)
        .any(|part| match part {
            // How `{`, `[` and `-----` begin, with what can follow them.
            [b'e', b'w' | b'y', ..]
            | [b'W', b'1' | b'3' | b'w' | b'y', ..]
            | [b'L', b'S', b'0', b't', ..] => decoded(part).is_some_and(|octets| {
                std::str::from_utf8(&octets)
                    .is_ok_and(|text| holds_secret(text, inside_key, strings))
            }),
            [b'M', b'A'..=b'I', ..] => {
                decoded(&part[..SHORTEST]).is_some_and(|octets| is_private_der(&octets))
            }
            _ => false,
        })
}

/// The bytes of a text in base64 or base64url, strict or not.
pub(super) fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let standard = text.iter().map(|&byte| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    });
    let mut octets = Zeroizing::new(Vec::with_capacity(text.len()));
    octets.extend(standard);
    let length = base64_simd::forgiving_decode_inplace(&mut octets)
        .ok()?
        .len();
    octets.truncate(length);
    Some(octets)
}

/// True when DER that starts so is a private key: a version, and then what no certificate and no public
/// key has behind it (RFC 5958 §2, RFC 5915 §3, RFC 8017 appendix A.1.2).
#[must_use]
pub fn is_private_der(beginning: &[u8]) -> bool {
    let ([0x30, 0x82, _, _, content @ ..]
    | [0x30, 0x81, _, content @ ..]
    | [0x30, 0..=0x7f, content @ ..]) = beginning
    else {
        return false;
    };
    matches!(content, [2, 1, 0 | 1, 0x30 | 0x04 | 0x02, ..])
}
