//! How long a passphrase is to be worked on, which whoever made the file has chosen.
//!
//! OpenSSL obeys any count. It is therefore looked up before: the parameters of PBKDF2, scrypt, PKCS #12
//! and its MAC stand outside of what they protect, and so do the rounds of OpenSSH's bcrypt_pbkdf. What an encrypted part of a PKCS #12 file holds inside
//! cannot be seen.

/// Most iterations of a file, all its parts together: a few seconds of work.
const MOST_ITERATIONS: u64 = 10_000_000;
/// Most rounds of bcrypt_pbkdf in a file, all its keys together: some seconds. `ssh-keygen` takes 24 unless
/// told.
const MOST_ROUNDS: u64 = 1_000;
/// Most blocks that scrypt mixes (N·r·p), about a second of work.
const MOST_BLOCKS: u64 = 1 << 22;
/// Deeper than any of these files is; what is deeper is not looked into, and not read either.
const MOST_LEVELS: usize = 24;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTET_STRING: u8 = 0x04;
const OCTET_STRING_IN_PIECES: u8 = 0x24;
const CONSTRUCTED: u8 = 0x20;
/// Of a tag whose number follows in octets of its own (X.690 §8.1.2.4).
const LONG_TAG: u8 = 0x1f;
const END_OF_CONTENTS: &[u8] = &[0, 0];

/// 1.2.840.113549.1.5, PKCS #5: its schemes have salt and iterations as parameters (RFC 8018).
const PKCS5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
/// 1.2.840.113549.1.12.1, the schemes of PKCS #12 (RFC 7292 appendix C).
const PKCS12_SCHEMES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];
/// 1.2.840.113549.1.12.1.5 and .6, which encrypt with RC2 of 128 and 40 bits.
const RC2_SCHEMES: [u8; 2] = [5, 6];
/// 1.2.840.113549.1.12.10.1, the bags of PKCS #12 (RFC 7292 §4.2).
const BAGS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
/// The last arc of the bags with private keys, as they are and encrypted, and with other secrets.
const KEY_BAGS: [u8; 3] = [1, 2, 5];
/// 1.3.6.1.4.1.11591.4.11, scrypt (RFC 7914 §7).
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// What the outside of a protected file says.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Protection {
    iterations: u64,
    blocks: u64,
    rounds: u64,
    is_too_deep: bool,
    /// Private and secret keys in it that can be counted from outside.
    pub(super) keys: usize,
    /// True when a MAC tells a wrong passphrase from another fault.
    pub(super) has_mac: bool,
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

    /// That of an OpenSSH private key.
    pub(super) fn of_rounds(rounds: u32) -> Self {
        Self {
            rounds: u64::from(rounds),
            ..Self::default()
        }
    }

    /// Adds that of another part of the same file.
    pub(super) fn add(&mut self, other: Self) {
        self.iterations = self.iterations.saturating_add(other.iterations);
        self.blocks = self.blocks.saturating_add(other.blocks);
        self.rounds = self.rounds.saturating_add(other.rounds);
        self.is_too_deep |= other.is_too_deep;
        self.keys += other.keys;
        self.has_mac |= other.has_mac;
        self.is_rc2 |= other.is_rc2;
    }

    /// True when nobody should wait for it.
    pub(super) fn is_excessive(&self) -> bool {
        self.is_too_deep
            || self.iterations > MOST_ITERATIONS
            || self.blocks > MOST_BLOCKS
            || self.rounds > MOST_ROUNDS
    }

    fn visit(&mut self, mut bytes: &[u8], level: usize) {
        if level > MOST_LEVELS {
            self.is_too_deep |= Element::split(bytes).is_some();
            return;
        }
        while let Some((element, rest)) = Element::split(bytes) {
            bytes = rest;
            if element.tag == SEQUENCE {
                self.algorithm(element.content);
            }
            // What an octet string holds may be a document of its own, also when it comes in pieces.
            match element.tag {
                OCTET_STRING_IN_PIECES => self.visit(&joined(element.content), level + 1),
                OCTET_STRING => self.visit(element.content, level + 1),
                tag if tag & CONSTRUCTED != 0 || tag & 0x80 != 0 => {
                    self.visit(element.content, level + 1);
                }
                _ => {}
            }
        }
    }

    /// Takes down an AlgorithmIdentifier, or a bag with a key.
    fn algorithm(&mut self, content: &[u8]) {
        let Some((identifier, rest)) = Element::tagged(OBJECT_IDENTIFIER, content) else {
            return;
        };
        let oid = identifier.content;
        if let Some(&[kind]) = oid.strip_prefix(BAGS) {
            self.keys += usize::from(KEY_BAGS.contains(&kind));
        }
        let Some((parameters, _)) = Element::split(rest) else {
            return;
        };
        let numbers = || integers(parameters.content);
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
            // The tags tell it from a certificate, whose third member is its signature.
            let (pfx, _) = Element::tagged(SEQUENCE, bytes)?;
            let (_version, rest) = Element::tagged(INTEGER, pfx.content)?;
            let (_content, rest) = Element::tagged(SEQUENCE, rest)?;
            let (mac, _) = Element::tagged(SEQUENCE, rest)?;
            Some(integers(mac.content).next().unwrap_or(1))
        };
        if let Some(iterations) = mac() {
            self.has_mac = true;
            self.iterations = self.iterations.saturating_add(iterations);
        }
    }
}

/// A value with its tag (ITU-T X.690 §8.1).
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first value of `bytes`, and what follows it.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (tag, length, rest) = header(bytes)?;
        let (content, rest) = match length {
            Some(length) => rest.split_at_checked(length)?,
            None => until_end_of_contents(rest)?,
        };
        Some((Self { tag, content }, rest))
    }

    /// The first value, when it has this tag.
    fn tagged(tag: u8, bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        bytes.starts_with(&[tag]).then(|| Self::split(bytes))?
    }
}

/// The tag of the first value of `bytes`, the length of its content, none when its end is marked, and what
/// follows (X.690 §8.1.2 and §8.1.3).
fn header(bytes: &[u8]) -> Option<(u8, Option<usize>, &[u8])> {
    let (&tag, mut rest) = bytes.split_first()?;
    if tag & LONG_TAG == LONG_TAG {
        let last = rest.iter().position(|octet| octet & 0x80 == 0)?;
        rest = &rest[last + 1..];
    }
    let (&first, rest) = rest.split_first()?;
    match first {
        0..=0x7f => Some((tag, Some(usize::from(first)), rest)),
        0x80 => Some((tag, None, rest)),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let mut length = 0_usize;
            for &digit in digits {
                length = length.checked_mul(256)?.checked_add(usize::from(digit))?;
            }
            Some((tag, Some(length), rest))
        }
    }
}

/// Content whose end is marked by two zero octets, and what follows them. Values inside may end so, too.
fn until_end_of_contents(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes;
    let mut open = 1_usize;
    loop {
        if let Some(after) = rest.strip_prefix(END_OF_CONTENTS) {
            open -= 1;
            if open == 0 {
                return Some((&bytes[..bytes.len() - rest.len()], after));
            }
            rest = after;
            continue;
        }
        let (_, length, after) = header(rest)?;
        match length {
            Some(length) => (_, rest) = after.split_at_checked(length)?,
            None => (open, rest) = (open + 1, after),
        }
    }
}

/// The whole numbers directly in `content`; one too long to be a count is the greatest there is.
fn integers(mut content: &[u8]) -> impl Iterator<Item = u64> {
    std::iter::from_fn(move || {
        loop {
            let (element, rest) = Element::split(content)?;
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

/// The content of an octet string in pieces (§8.7.3), which may come in pieces themselves.
fn joined(pieces: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(pieces.len());
    let mut rest = pieces;
    while let Some((tag, length, after)) = header(rest) {
        let is_primitive = tag & CONSTRUCTED == 0;
        let Some((content, behind)) = length
            .filter(|_| is_primitive)
            .and_then(|length| after.split_at_checked(length))
        else {
            // The pieces of a piece follow its header.
            rest = after;
            continue;
        };
        whole.extend_from_slice(content);
        rest = behind;
    }
    whole
}

/// True when DER or BER that starts so is a private key under a passphrase: an encrypted PKCS #8 key, whose
/// scheme stands before it (RFC 5958 §3), or a PKCS #12 file that has a place for keys.
#[must_use]
pub fn is_protected_der(document: &[u8]) -> bool {
    let scheme = || {
        let (info, _) = Element::tagged(SEQUENCE, document)?;
        let (algorithm, rest) = Element::tagged(SEQUENCE, info.content)?;
        let (_octets, _) = Element::tagged(OCTET_STRING, rest)?;
        let (identifier, _) = Element::tagged(OBJECT_IDENTIFIER, algorithm.content)?;
        Some(identifier.content)
    };
    let is_protection = |oid: &[u8]| oid.starts_with(PKCS5) || oid.starts_with(PKCS12_SCHEMES);
    scheme().is_some_and(is_protection) || Protection::of(document).keys > 0
}

/// True when `document` is one value of BER from its first byte to its last.
pub(super) fn is_one_sequence(document: &[u8]) -> bool {
    document.first() == Some(&SEQUENCE)
        && Element::split(document).is_some_and(|(_, rest)| rest.is_empty())
}
