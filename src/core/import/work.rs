//! How long a passphrase is to be worked on, which whoever made the file has chosen.
//!
//! OpenSSL obeys any count. It is therefore looked up before: the parameters of PBKDF2, scrypt, PKCS #12
//! and its MAC stand outside of what they protect. What an encrypted part of a PKCS #12 file holds inside
//! cannot be seen.

use std::borrow::Cow;

/// Most iterations of a file, all its parts together: a few seconds of work.
const MOST_ITERATIONS: u64 = 10_000_000;
/// Most blocks that scrypt mixes (N·r·p), about a second of work.
const MOST_BLOCKS: u64 = 1 << 22;
/// Deeper than any of these files is.
const MOST_LEVELS: usize = 24;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const OCTET_STRING_IN_PIECES: u8 = 0x24;
const CONSTRUCTED: u8 = 0x20;

/// 1.2.840.113549.1.5, PKCS #5: its schemes have salt and iterations as parameters (RFC 8018).
const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
/// 1.2.840.113549.1.12.1, the schemes of PKCS #12 (RFC 7292 appendix C).
const PKCS12_SCHEMES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/// 1.2.840.113549.1.12.1.5 and .6, which encrypt with RC2 of 128 and 40 bits.
const RC2_SCHEMES: [u8; 2] = [5, 6];
/// 1.2.840.113549.1.12.10.1.1 and .2, private keys as they are and encrypted (RFC 7292 §4.2).
const KEY_BAGS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
/// 1.3.6.1.4.1.11591.4.11, scrypt (RFC 7914 §7).
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// What the outside of a protected file says.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Protection {
    iterations: u64,
    blocks: u64,
    /// Private keys in it that can be counted from outside.
    pub(super) keys: usize,
    /// True when a part is encrypted with RC2.
    pub(super) is_rc2: bool,
}

impl Protection {
    /// That of BER-encoded `bytes`.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut protection = Self::default();
        protection.visit(bytes, 0);
        protection.add_mac(bytes);
        protection
    }

    /// Adds that of another part of the same file.
    pub(super) fn add(&mut self, other: Self) {
        self.iterations = self.iterations.saturating_add(other.iterations);
        self.blocks = self.blocks.saturating_add(other.blocks);
        self.keys += other.keys;
        self.is_rc2 |= other.is_rc2;
    }

    /// True when nobody should wait for it.
    pub(super) fn is_excessive(&self) -> bool {
        self.iterations > MOST_ITERATIONS || self.blocks > MOST_BLOCKS
    }

    fn visit(&mut self, mut bytes: &[u8], level: usize) {
        while let Some((element, rest)) = Element::split(bytes, level) {
            bytes = rest;
            if element.tag == SEQUENCE {
                self.algorithm(element.content, level);
            }
            // What an octet string holds may be a document of its own, also when it comes in pieces.
            match element.tag {
                OCTET_STRING_IN_PIECES => self.visit(&joined(element.content, level), level + 1),
                OCTET_STRING => self.visit(element.content, level + 1),
                tag if tag & CONSTRUCTED != 0 || tag & 0x80 != 0 => {
                    self.visit(element.content, level + 1);
                }
                _ => {}
            }
        }
    }

    /// Takes down an AlgorithmIdentifier, or a bag with a key.
    fn algorithm(&mut self, content: &[u8], level: usize) {
        let Some((identifier, rest)) = Element::split(content, level) else {
            return;
        };
        if identifier.tag != OBJECT_IDENTIFIER {
            return;
        }
        let oid = identifier.content;
        if let Some(&[kind]) = oid.strip_prefix(KEY_BAGS) {
            self.keys += usize::from(kind == 1 || kind == 2);
        }
        let Some((parameters, _)) = Element::split(rest, level) else {
            return;
        };
        let numbers = || integers(parameters.content, level);
        if oid == SCRYPT {
            // N, r, p, and perhaps the length of the key.
            let product = numbers().take(3).fold(1_u64, u64::saturating_mul);
            self.blocks = self.blocks.saturating_add(product);
        } else if oid.starts_with(PKCS5) || oid.starts_with(PKCS12_SCHEMES) {
            let count = numbers().next().unwrap_or(0);
            self.iterations = self.iterations.saturating_add(count);
            let kind = oid.strip_prefix(PKCS12_SCHEMES);
            self.is_rc2 |=
                kind.is_some_and(|kind| matches!(kind, [kind] if RC2_SCHEMES.contains(kind)));
        }
    }

    /// MacData, the third member of a PFX: hash, salt and iterations (RFC 7292 §4).
    fn add_mac(&mut self, bytes: &[u8]) {
        let mac = || {
            let (pfx, _) = Element::split(bytes, 0)?;
            let (_version, rest) = Element::split(pfx.content, 1)?;
            let (_content, rest) = Element::split(rest, 1)?;
            let (mac, _) = Element::split(rest, 1)?;
            integers(mac.content, 2).next()
        };
        self.iterations = self.iterations.saturating_add(mac().unwrap_or(0));
    }
}

/// A value with its tag (ITU-T X.690 §8.1).
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first value of `bytes`, and what follows it.
    fn split(bytes: &'a [u8], level: usize) -> Option<(Self, &'a [u8])> {
        let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
        if level > MOST_LEVELS || tag & 0x1f == 0x1f {
            return None;
        }
        if first == 0x80 {
            return Self::of_unknown_length(tag, rest, level);
        }
        let (length, rest) = match usize::from(first) {
            length @ 0..=0x7f => (length, rest),
            octets => {
                let count = octets & 0x7f;
                let (length, rest) = rest.split_at_checked(count)?;
                let digits = length.iter().skip_while(|&&digit| digit == 0);
                let mut value = 0_usize;
                for &digit in digits {
                    value = value.checked_mul(256)?.checked_add(usize::from(digit))?;
                }
                (value, rest)
            }
        };
        let (content, rest) = rest.split_at_checked(length)?;
        Some((Self { tag, content }, rest))
    }

    /// One whose end is marked by two zero octets (§8.1.3.6).
    fn of_unknown_length(tag: u8, bytes: &'a [u8], level: usize) -> Option<(Self, &'a [u8])> {
        let mut rest = bytes;
        loop {
            if let Some(after) = rest.strip_prefix(&[0, 0]) {
                let content = &bytes[..bytes.len() - rest.len()];
                return Some((Self { tag, content }, after));
            }
            (_, rest) = Element::split(rest, level + 1)?;
        }
    }
}

/// The whole numbers directly in `content`; one too long to be a count is the greatest there is.
fn integers(mut content: &[u8], level: usize) -> impl Iterator<Item = u64> {
    std::iter::from_fn(move || {
        loop {
            let (element, rest) = Element::split(content, level)?;
            content = rest;
            if element.tag == INTEGER {
                let digits = element.content.iter();
                return Some(digits.fold(0_u64, |value, &digit| {
                    value.saturating_mul(256).saturating_add(u64::from(digit))
                }));
            }
        }
    })
}

/// The content of an octet string in pieces (§8.7.3).
fn joined(mut pieces: &[u8], level: usize) -> Cow<'_, [u8]> {
    let mut whole = Vec::new();
    while let Some((piece, rest)) = Element::split(pieces, level + 1) {
        pieces = rest;
        match piece.tag {
            OCTET_STRING_IN_PIECES => whole.extend_from_slice(&joined(piece.content, level + 1)),
            _ => whole.extend_from_slice(piece.content),
        }
    }
    Cow::Owned(whole)
}

/// True when `document` is one value of BER from its first byte to its last.
pub(super) fn is_one_sequence(document: &[u8]) -> bool {
    document.first() == Some(&SEQUENCE)
        && Element::split(document, 0).is_some_and(|(_, rest)| rest.is_empty())
}
